"""One proving report: the ordinary parts of an annual report, filled with sentences that each show a phenomenon."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from ..dates import published_at
from ..dice import Dice
from ..places import GOVERNMENT, Office, bodies, district, max_districts, max_issuers, office
from ..style import Style, numeral, style_of
from ..texts import load
from .template import FigureMark, NegativeMark, Sentence, Writer

_HALF_WIDTH = str.maketrans("，：；（）", ",:;()")
_YEARS = range(2018, 2026)
_LABELS = {"full": "（{n}）", "half": "({n})", "dot": "{i}.", "comma": "{i}、", "none": ""}
_PART = 7  # of ten phenomena, how many a report shows


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading at the head of a block: length of its label, its length with the label, kind and level."""

    label: int
    length: int
    kind: str
    level: int
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph (lines of it joined by line feeds) with everything that is true of it.

    statements: (start, end, kind) of deficits and promises.
    """

    text: str
    figures: tuple[FigureMark, ...] = ()
    negatives: tuple[NegativeMark, ...] = ()
    heading: Heading | None = None
    statements: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ProvingReport:
    """A finished report: its blocks, and what it says about itself."""

    doc_id: str
    office: Office
    year: int
    blocks: tuple[Block, ...]
    title: str
    doc_number: str | None
    signed: date | None
    published: date | None
    source: str | None
    recipient: str | None


def compose(seed: int, index: int) -> ProvingReport:
    """The report number `index` of a seed; the same arguments give the same report."""
    return _Composer(seed, index).write()


class _Composer:
    def __init__(self, seed: int, index: int) -> None:
        self._index = index
        self._dice = Dice("proving", seed, index)
        where = district(index % max_districts())
        which = (index * 7) % max_issuers()
        self._office = office(where, bodies(where, max_issuers())[which], which)
        self._year = _YEARS[index % len(_YEARS)]
        self._style: Style = style_of(self._dice, index, index % 3)
        self._frames: Mapping[str, Any] = load("proving_frames")
        self._words = self._make_words()
        self._writer = Writer(self._words, self._dice.of("sentence"))
        self._top = 0

    def write(self) -> ProvingReport:
        measures, plans, lines, front, foot = self._sentences()
        published = published_at(
            self._dice, self._year, government=self._office.body is GOVERNMENT, late=False
        ).date()
        shown = self._dice.chance(0.4, "shown")
        source = (
            self._dice.pick((self._office.short, f"{self._office.district.name}司法局"), "source")
            if shown
            else None
        )
        title = self._title()
        number = self._doc_number(published)
        recipient = self._dice.pick(("{qu}委、{qu}政府", "{qu}政府", "市司法局", None, None), "recipient")
        recipient = self._say(recipient) if recipient else None
        head = self._front(title, number, published if shown else None, source, recipient, front)
        signed = (
            published - timedelta(days=self._dice.between(1, 6, "signed")) if self._style.signed else None
        )
        blocks = [*head, *self._parts(measures, plans, lines)]
        if signed:
            blocks += [_plain(self._office.short), _plain(f"{signed.year}年{signed.month}月{signed.day}日")]
        blocks += [_block([sentence]) for sentence in foot]
        if self._style.half:
            blocks = [replace(block, text=block.text.translate(_HALF_WIDTH)) for block in blocks]
        return ProvingReport(
            f"proving-{self._index:03d}", self._office, self._year, tuple(blocks), title, number, signed,
            published if shown else None, source, recipient,
        )  # fmt: skip

    # --- words and sentences ---------------------------------------------------------------------------------

    def _make_words(self) -> dict[str, str]:
        year, where = self._year, self._office.district
        name = self._dice.pick((self._office.short, self._office.name), "name")
        return {
            "y": str(year), "py": str(year - 1), "ny": str(year + 1), "y2": str(year + 2), "y3": str(year - 3), "D": where.name,
            "qu": where.suffix, "N": name, "org": self._office.local,
        }  # fmt: skip

    def _say(self, text: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda match: self._words[match[1]], text)

    def _choose(self, name: str) -> str:
        return self._say(self._dice.pick(self._frames[name], name))

    def _sentences(self) -> tuple[list[Sentence], ...]:
        """(measures, plan, paragraphs of their own, front lines, foot lines)."""
        places: dict[str, list[Sentence]] = {"": [], "plan": [], "own": [], "front": [], "foot": []}
        entries = [*load("phenomena").items(), *load("no_figures").items()]
        for number, (tag, entry) in enumerate(entries):
            if (self._index * 3 + number * 7) % 10 >= _PART:
                continue
            template = self._dice.pick(entry["say"], "template", tag)
            sentence = self._writer.write(template, tag, entry.get("reason", ""), entry.get("scope"))
            where = entry.get("where", "")
            if where in ("lines", "wrapped"):
                sentence = replace(sentence, own_lines=True, wrapped=where == "wrapped")
            places["own" if where in ("lines", "wrapped") else where].append(sentence)
        places[""] += [_bare(self._say(text)) for text in self._drawn("cites", 4) + self._drawn("fillers", 3)]
        mixed = self._dice.shuffled(places[""], "mixed")
        return mixed, places["plan"], places["own"], places["front"], places["foot"]

    def _drawn(self, name: str, count: int) -> list[str]:
        return self._dice.of(name).shuffled(self._frames[name])[:count]

    # --- front -----------------------------------------------------------------------------------------------

    def _title(self) -> str:
        titles = load("frames")["titles"][1:]
        words = self._words | {"y0": str(self._year)}
        return re.sub(r"\{(\w+)\}", lambda match: words[match[1]], str(self._dice.pick(titles, "title")))

    def _doc_number(self, published: date) -> str | None:
        if not self._style.numbered_document:
            return None
        body = self._office
        return f"{body.district.initial}{body.body.sign}〔{published.year}〕{self._dice.between(2, 38, 'number')}号"

    def _front(
        self,
        title: str,
        number: str | None,
        published: date | None,
        source: str | None,
        recipient: str | None,
        front: Iterable[Sentence],
    ) -> list[Block]:
        blocks = [_block([sentence]) for sentence in front]
        if published:
            blocks.append(_plain(f"发布时间：{published.isoformat()}　来源：{source}"))
        if number:
            blocks += [_plain(f"{self._office.short}文件"), _plain(number)]
        middle = title.find("法治")
        split = len(title) > 18 and middle > 4 and self._dice.chance(0.25, "split")
        blocks.append(_plain(f"{title[:middle]}\n{title[middle:]}" if split else title))
        if recipient:
            blocks.append(_plain(f"{recipient}："))
        lead = self._choose("leads")
        return [*blocks, replace(_plain(lead), heading=Heading(0, 0, "preamble", 1))]

    # --- parts -----------------------------------------------------------------------------------------------

    def _parts(self, measures: list[Sentence], plans: list[Sentence], own: list[Sentence]) -> list[Block]:
        order = self._style.order
        blocks: list[Block] = []
        if self._style.overview:
            blocks += [*self._part("overview", "part_overview"), _plain(self._choose("overview"))]
        if order == "duty_first":
            blocks += self._duty()
        blocks += [*self._part("measures", "part_measures"), *self._topics(measures, own)]
        if order not in ("duty_first", "duty_last"):
            blocks += self._duty()
        blocks += [*self._part("problems", "part_problems"), self._deficits()]
        if order == "duty_last":
            blocks += self._duty()
        blocks += [*self._part("plan", "part_plan"), *self._plans(plans)]
        if self._dice.chance(0.2, "other"):
            blocks += [*self._part("other", "part_other"), _plain(self._choose("other"))]
        return blocks

    def _duty(self) -> list[Block]:
        return [*self._part("responsibility", "part_duty"), _plain("".join(self._drawn("duty", 3)))]

    def _part(self, kind: str, name: str) -> list[Block]:
        self._top += 1
        return [_headed(f"{numeral(self._top)}、", self._choose(name), kind, 1)]

    def _under(self, number: int, heading: str, kind: str, body: Block) -> list[Block]:
        """A second-level section, its heading on its own line or run into the text."""
        label = _LABELS[self._style.sub].format(n=numeral(number), i=number)
        head = _headed(label, heading, kind, 2)
        if not (self._style.run_in or self._style.sub == "none"):
            return [head, body]
        assert head.heading is not None  # noqa: S101 - a headed block has a heading
        head = replace(head, text=head.text + "。", heading=replace(head.heading, inline=True))
        return [_joined((head, body))]

    def _topics(self, sentences: list[Sentence], own: list[Sentence]) -> list[Block]:
        count = max(4, len(sentences) // 8)
        names = self._drawn("topics", count)
        blocks: list[Block] = []
        for number, name in enumerate(names, start=1):
            part = sentences[(number - 1) * len(sentences) // count : number * len(sentences) // count]
            itemised = self._style.itemise and number % 2 == 0
            blocks += self._under(number, name, "measures", _enumerated(part) if itemised else _block(part))
            blocks += [self._own(sentence) for sentence in own[number - 1 :: count]]
        return blocks

    def _own(self, sentence: Sentence) -> Block:
        block = _block([sentence])
        return _wrapped(block, self._dice.of("wrap")) if sentence.wrapped else block

    def _deficits(self) -> Block:
        chosen = self._drawn("deficits", self._dice.between(2, 4, "deficits"))
        parts: list[Block] = [
            _plain("对照上级要求，仍有一些不足。" if self._dice.chance(0.5, "intro") else "")
        ]
        for number, text in enumerate(chosen, start=1):
            label = f"{numeral(number)}是"
            mark = NegativeMark(0, len(label), "enumerator", "enumerator")
            end = "。" if number == len(chosen) or "。" in text else "；"
            statement = (len(label), len(label) + len(text), "shortcoming")
            parts.append(Block(label + text + end, (), (mark,), statements=(statement,)))
        return _joined(parts)

    def _plans(self, sentences: list[Sentence]) -> list[Block]:
        promises = [_bare(text + "。") for text in self._drawn("promises", 4)]
        said = self._dice.of("plan").shuffled([*sentences, *promises])
        names = self._drawn("plan_topics", 3)
        blocks: list[Block] = []
        for number, name in enumerate(names, start=1):
            parts = []
            for sentence in said[number - 1 :: len(names)]:
                block = _block([sentence])
                parts.append(replace(block, statements=((0, len(block.text) - 1, "commitment"),)))
            blocks += self._under(number, name, "plan", _joined(parts))
        return blocks


# --- blocks -----------------------------------------------------------------------------------------------------


_FRAME_NUMBERS = (
    (re.compile(r"〔\d{4}〕\d+号"), "doc_number"),
    (re.compile(r"\d{4}-\d{4}年"), "plan_period"),
    (re.compile(r"\d{4}-\d\d-\d\d|\d{4}年\d+月\d+日|\d{4}年度?"), "date"),
    (re.compile(r"第一"), "ordinal"),
)


def _plain(text: str) -> Block:
    """Text around the proving sentences; its years and document numbers are no figures."""
    found: dict[int, NegativeMark] = {}
    for pattern, reason in _FRAME_NUMBERS:
        for match in pattern.finditer(text):
            if not any(mark.start < match.end() and match.start() < mark.end for mark in found.values()):
                found[match.start()] = NegativeMark(match.start(), match.end(), reason, reason)
    return Block(text, (), tuple(found[start] for start in sorted(found)))


def _bare(text: str) -> Sentence:
    return Sentence(text, (), _plain(text).negatives)


def _headed(label: str, heading: str, kind: str, level: int) -> Block:
    block = _plain(label + heading)
    marks = (NegativeMark(0, len(label), "section_label", "section_label"),) if label else ()
    return replace(
        block, negatives=(*marks, *block.negatives), heading=Heading(len(label), len(block.text), kind, level)
    )


def _block(sentences: Iterable[Sentence]) -> Block:
    return _joined(Block(each.text, each.figures, each.negatives) for each in sentences)


def _enumerated(sentences: Iterable[Sentence]) -> Block:
    parts: list[Block] = []
    for number, sentence in enumerate(sentences, start=1):
        label = f"{numeral(number)}是"
        parts += [
            Block(label, (), (NegativeMark(0, len(label), "enumerator", "enumerator"),)),
            _block([sentence]),
        ]
    return _joined(parts)


def _joined(blocks: Iterable[Block]) -> Block:
    """Blocks one behind the other as one; the first one's heading is the whole's."""
    text, figures, negatives = "", list[FigureMark](), list[NegativeMark]()
    statements: list[tuple[int, int, str]] = []
    heading: Heading | None = None
    for number, block in enumerate(blocks):
        offset, first = len(text), len(figures)
        heading = block.heading if number == 0 else heading
        figures += [_moved(figure, offset, first) for figure in block.figures]
        negatives += [
            replace(mark, start=mark.start + offset, end=mark.end + offset) for mark in block.negatives
        ]
        statements += [(start + offset, end + offset, kind) for start, end, kind in block.statements]
        text += block.text
    return Block(text, tuple(figures), tuple(negatives), heading, tuple(statements))


def _moved(figure: FigureMark, offset: int, first: int) -> FigureMark:
    return replace(
        figure,
        start=figure.start + offset,
        end=figure.end + offset,
        parent=None if figure.parent is None else figure.parent + first,
        yoy_of=None if figure.yoy_of is None else figure.yoy_of + first,
    )


def _wrapped(block: Block, dice: Dice) -> Block:
    """The paragraph in short lines, as files made from paper have it, with a break inside at least one number."""
    marks = block.figures or block.negatives
    inside = {at for mark in marks for at in range(mark.start + 1, mark.end)}
    widths = [width for width in range(18, 40) if inside & set(range(width, len(block.text), width))]
    width = dice.pick(widths, block.text)

    def at(position: int) -> int:
        return position + position // width

    def moved(mark: Any) -> Any:
        return replace(mark, start=at(mark.start), end=at(mark.end - 1) + 1)

    lines = [block.text[start : start + width] for start in range(0, len(block.text), width)]
    return replace(
        block,
        text="\n".join(lines),
        figures=tuple(moved(figure) for figure in block.figures),
        negatives=tuple(moved(mark) for mark in block.negatives),
    )
