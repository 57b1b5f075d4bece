"""One report's text: the prescribed parts, in the body's own order and numbering, with every figure known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from .dice import Dice
from .phrases import Mark, Piece, Voice, joined
from .places import GOVERNMENT, MUNICIPALITY, STREET, Office
from .records import Record, planned, section
from .series import Figures
from .style import Style, numeral
from .texts import load

_KEYS = re.compile(r"\[>*~?([a-z_0-9]+)")
_HALF_WIDTH = str.maketrans("，：；（）", ",:;()")
_LABELS = {
    "full": "（{n}）", "half": "({n})", "dot": "{i}.", "comma": "{i}、", "none": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph. role: title, red, number, addressee, text, heading or sign.

    heading: length of the heading at the head of the line (0: none), label: of its number. kind, level: of the
    section that begins here.
    """

    role: str
    piece: Piece
    heading: tuple[int, int] = (0, 0)
    kind: str = ""
    level: int = 0


@dataclass(frozen=True, slots=True)
class ReportText:
    """A composed report: its title, paragraphs and what it states about itself."""

    title: str
    lines: tuple[Line, ...]
    doc_number: str | None
    signed: date | None


@dataclass(frozen=True, slots=True)
class Assignment:
    """What to write: whose report on which year, published when, with which figures and habits. records: what has a section
    of its own."""

    office: Office
    year: int
    published: date
    figures: Figures
    style: Style
    dice: Dice
    records: tuple[Record, ...] = ()

    @property
    def early(self) -> bool:
        """Published before the year was over."""
        return self.published.year == self.year


class Composer:
    """Writes one report."""

    def __init__(self, task: Assignment) -> None:
        self._task = task
        self._style = task.style
        self._dice = task.dice
        self._frames = load("frames")
        self._used: set[str] = set()
        self.voice = self._make_voice()
        self._top = 0

    def write(self) -> ReportText:
        """The report."""
        task, style = self._task, self._style
        title = self.voice.say(self._title()).text
        lines = self._front(title)
        parts: list[list[Line]] = []
        if style.overview:
            parts.append(self._part("overview", "part_overview", [self._text(self._choose("overview"))]))
        duty = self._part("responsibility", "part_duty", self._duty()) if style.order != "duty_sub" else []
        if style.order == "duty_first":
            parts.append(duty)
        parts.append(self._measures())
        if style.order == "canonical":
            parts.append(duty)
        parts.append(self._part("problems", "part_problems", self._problems()))
        if style.order == "duty_last":
            parts.append(duty)
        parts.append(self._plan())
        if self._dice.chance(0.2, "other"):
            parts.append(self._part("other", "part_other", [self._text(self._choose("other"))]))
        for part in parts:
            lines += self._numbered(part)
        signed = self._signed_date()
        if signed:
            lines.append(Line("sign", Piece(task.office.short)))
            lines.append(Line("sign", Piece(f"{signed.year}年{signed.month}月{signed.day}日")))
        if style.half:
            lines = [replace(line, piece=_half_width(line.piece)) for line in lines]
        return ReportText(title, tuple(lines), self._doc_number(), signed)

    # --- words -----------------------------------------------------------------------------------------------

    def _make_voice(self) -> Voice:
        task, gap = self._task, self._style.gap
        where, body = task.office.district, task.office.body
        dice = self._dice.of("words")
        since = (
            ("截至11月底，", "今年1月至11月，", "截至目前，")
            if task.early
            else ("全年", f"{task.year}{gap}年", "一年来")
        )
        years = "2021-2025年" if task.year > 2020 else "2015-2020年"
        plans = (f"《法治政府建设实施纲要（{years}）》", f"《{MUNICIPALITY}法治政府建设规划（{years}）》")
        words = {
            "D": where.name, "d": where.stem, "qu": where.suffix, "city": MUNICIPALITY,
            "N": self._name_in_title(), "org": task.office.local,
            "me": body.me.format(q=where.suffix), "all": self._all(),
            "y": f"{task.year}{gap}", "ny": f"{task.year + 1}{gap}", "py": f"{task.year - 1}{gap}",
            "y0": str(task.year), "since": dice.pick(since, "since"), "plan5": dice.pick(plans, "plan"), "field": body.field,
            "congress": _congress(task.year), "ver": str(max(1, task.year - 2017)),
            "lawplan": "开展“九五”普法规划编制调研" if task.year >= 2024 else "做好“八五”普法中期评估",
        }  # fmt: skip
        return Voice(words, task.figures, task.year, self._dice.of("voice"), gap)

    def _name_in_title(self) -> str:
        office = self._task.office
        names = (office.short, office.name, office.short)
        if office.body is GOVERNMENT:
            names = (office.district.name, office.short, office.district.name)
        elif office.body is STREET:
            names = (office.short, office.district.name + office.local, office.local)
        return self._habit().pick(names, "name")

    def _all(self) -> str:
        body, suffix = self._task.office.body, self._task.office.district.suffix
        return {"government": f"全{suffix}", "subdistrict": "辖区"}.get(body.department_type, "本单位")

    def _habit(self) -> Dice:
        """Dice that fall alike every year for this issuer."""
        return Dice("habit", self._task.office.issuer_id)

    def _pick_variant(self, options: Sequence[str], *key: object) -> str:
        """A wording: neighbours use different ones, and a body changes its own from time to time."""
        office = self._task.office
        turn = office.district.index + 2 * office.index + self._habit().between(0, 1, *key)
        if self._dice.chance(0.3, "change", *key):
            turn += 1 + self._dice.between(0, 1, "by", *key)
        return options[(turn + Dice("place", *key).between(0, 5)) % len(options)]

    def _choose(self, name: str) -> str:
        return self._pick_variant(self._frames[name], name)

    def _text(self, template: str, *key: object, kind: str = "") -> Line:
        return Line("text", self.voice.say(template, *key, template[:8]), kind=kind)

    # --- front and end ---------------------------------------------------------------------------------------

    def _title(self) -> str:
        titles = self._frames["titles"]
        return str(
            self._pick_variant(titles[1:] if self._task.office.body is not GOVERNMENT else titles, "title")
        )

    def _front(self, title: str) -> list[Line]:
        style, office = self._style, self._task.office
        lines: list[Line] = []
        number = self._doc_number()
        if number:
            lines += [Line("red", Piece(f"{office.short}文件")), Line("number", Piece(number))]
        if style.title_in_body or number:
            lines.append(Line("title", Piece(title)))
        names = "addressee_government" if office.body is GOVERNMENT else "addressee_other"
        addressee = self._choose(names) if style.addressee else ""
        if addressee:
            lines.append(Line("addressee", self.voice.say(addressee)))
        lines.append(Line("text", self.voice.say(self._choose("leads"), "lead"), kind="preamble"))
        return lines

    def _doc_number(self) -> str | None:
        if not self._style.numbered_document:
            return None
        office = self._task.office
        number = self._dice.between(2, 38, "number")
        return f"{office.district.initial}{office.body.sign}〔{self._task.published.year}〕{number}号"

    def _signed_date(self) -> date | None:
        if not self._style.signed:
            return None
        back = self._dice.between(0, 6, "signed")
        published = self._task.published
        return published.replace(day=max(1, published.day - back))

    # --- parts -----------------------------------------------------------------------------------------------

    def _part(self, kind: str, heading: str, body: list[Line]) -> list[Line]:
        text = self.voice.say(self._choose(heading))
        return [Line("heading", text, (0, len(text.text)), kind, 1), *body]

    def _numbered(self, part: list[Line]) -> list[Line]:
        """First-level headings get their running number."""
        done = []
        for line in part:
            if line.role == "heading" and line.level == 1:
                self._top += 1
                line = _labelled(line, f"{numeral(self._top)}、")
            done.append(line)
        return done

    def _sub_label(self, number: int) -> str:
        return _LABELS[self._style.sub].format(n=numeral(number), i=number)

    def _under(self, heading: str, kind: str, number: int, body: list[Line]) -> list[Line]:
        """A second-level section: its heading on a line of its own or run into the first paragraph."""
        piece = self.voice.say(heading)
        line = _labelled(Line("heading", piece, (0, len(piece.text)), kind, 2), self._sub_label(number))
        bare = self._style.sub == "none"
        if (self._style.run_in or bare) and body:
            line = replace(line, piece=joined((line.piece, Piece("。"), body[0].piece)))
            return [line, *body[1:]]
        return [line, *body]

    def _measures(self) -> list[Line]:
        style, office = self._style, self._task.office
        # the part on emergencies came with the epidemic and went with it
        topics = [
            topic for topic in office.body.topics if topic != "emergency" or 2020 <= self._task.year <= 2022
        ]
        lines: list[Line] = []
        number = 0
        if style.order == "duty_sub":
            number += 1
            lines += self._topic_lines(
                "duty", self._choose("part_duty"), self._duty(), number, "responsibility"
            )
        for topic in topics:
            number += 1
            heading, body = self._topic(topic)
            lines += self._topic_lines(topic, heading, body, number, "measures")
        if self._task.records:
            lines += self._topic_lines("records", "主要工作数据", self._records(), number + 1, "measures")
        return lines if style.flat else self._part("measures", "part_measures", lines)

    def _records(self) -> list[Line]:
        said = section(self.voice, self._task.records, early=self._task.early)
        return [Line("text", said)] if said.text else []

    def _topic_lines(self, topic: str, heading: str, body: list[Line], number: int, kind: str) -> list[Line]:
        if self._style.flat:
            piece = self.voice.say(heading, topic)
            return [Line("heading", piece, (0, len(piece.text)), kind, 1), *body]
        return self._under(heading, kind, number, body)

    def _topic(self, topic: str) -> tuple[str, list[Line]]:
        raw: dict[str, Any] = load("measures").get(topic) or load("sector")[topic]
        heading = self._pick_variant(raw["headings"], topic, "heading")
        opener = self._pick_variant(raw["openers"], topic, "opener")
        first = self.voice.say(opener, topic)
        others = [other for other in raw["openers"] if other != opener]
        if self._dice.chance(0.55, topic, "second"):
            first += self.voice.say(self._dice.pick(others, topic, "second opener"), topic)
        sentences = [first, *self._sentences(topic, raw["groups"])]
        if self._style.deep and len(sentences) > 2:
            rest = [
                Line("text", joined((Piece(f"{n}."), one))) for n, one in enumerate(sentences[1:], start=1)
            ]
            return heading, [Line("text", sentences[0]), *rest]
        if self._style.itemise and len(sentences) > 2:
            sentences = [joined((Piece(f"{numeral(n)}是"), one)) for n, one in enumerate(sentences, start=1)]
        return heading, [Line("text", joined(sentences))]

    def _sentences(self, topic: str, groups: Sequence[Any]) -> list[Piece]:
        office = self._task.office
        kind = "street" if office.body is STREET else office.body.department_type
        most = 4 if office.body is GOVERNMENT else 2 + self._habit().between(0, 1, topic)
        said: list[Piece] = []
        order = self._habit().shuffled(range(len(groups)), topic)[:most]
        for number in sorted(order):
            group = groups[number]
            if isinstance(group, dict):
                if kind not in group.get("only", [kind]) or kind in group.get("not", []):
                    continue
                group = group["say"]
            template = self._fresh(group, topic, number)
            if template:
                said.append(self.voice.say(template, topic, number))
        return said

    def _fresh(self, group: Sequence[str], topic: str, number: int) -> str | None:
        """A wording that repeats no figure of this report; None when all would."""
        first = self._pick_variant(group, topic, number)
        for template in (first, *group):
            keys = set(_KEYS.findall(template))
            if not keys & self._used:
                self._used |= keys
                return template
        return None

    def _duty(self) -> list[Line]:
        count = 3 if self._task.office.body is GOVERNMENT else 2
        chosen = self._dice.of("duty").shuffled(self._frames["duty"])[:count]
        return [Line("text", joined([self.voice.say(sentence) for sentence in chosen]))]

    def _problems(self) -> list[Line]:
        count = self._dice.between(2, 4, "problems")
        chosen = self._dice.of("problems").shuffled(self._frames["problems"])[:count]
        intro, reason = self._choose("problem_intro"), self._choose("problem_reason")
        if self._style.itemise or self._style.sub == "none":
            body = "".join(f"{numeral(n)}是{text}。" for n, text in enumerate(chosen, start=1))
        else:
            body = "；".join(chosen) + "。"
        return [self._text(intro + body + reason)]

    def _plan(self) -> list[Line]:
        count = 5 if self._task.office.body is GOVERNMENT else self._dice.between(2, 4, "plans")
        chosen = self._dice.of("plan").shuffled(self._frames["plans"])[:count]
        intro = self._choose("plan_intro")
        lines = [self._text(intro)] if intro else []
        planning = replace(self.voice, plan=True, dice=self._dice.of("planning"))
        for number, item in enumerate(chosen, start=1):
            heading = self._pick_variant(item["head"], "plan", item["head"][0])
            said = planning.say(self._pick_variant(item["say"], "plan say", item["head"][0]), number)
            lines += self._under(heading, "plan", number, [Line("text", said)])
        lines += [Line("text", each) for each in planned(planning, self._task.records)]
        return self._part("plan", "part_plan", lines)


def _congress(year: int) -> str:
    """The Party document that a report of that year says it has studied."""
    if year <= 2021:
        return "党的十九届历次全会精神"
    return "党的二十大精神" if year <= 2023 else "党的二十届三中全会精神"


def _labelled(line: Line, label: str) -> Line:
    start, end = line.heading
    return replace(
        line, piece=joined((Piece(label), line.piece)), heading=(start + len(label), end + len(label))
    )


def _half_width(piece: Piece) -> Piece:
    marks: list[Mark] = [
        replace(mark, quantity=replace(mark.quantity, span=mark.quantity.span.translate(_HALF_WIDTH)))
        for mark in piece.marks
    ]
    return Piece(piece.text.translate(_HALF_WIDTH), tuple(marks))
