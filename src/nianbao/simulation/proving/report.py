"""One proving report: the ordinary parts of an annual report, filled with sentences that each show a phenomenon."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from ..dates import published_at
from ..dice import Dice
from ..places import GOVERNMENT, PROVING_DISTRICTS, Office, bodies, district, max_issuers, office
from ..style import Style, numeral, style_of
from ..texts import load
from .blocks import Block, Heading, bare_sentence, block_of, enumerated, headed, joined, plain_block, wrapped
from .template import NegativeMark, Sentence, Writer

_HALF_WIDTH = str.maketrans("，：；（）", ",:;()")
_YEARS = range(2018, 2026)
_LABELS = {"full": "（{n}）", "half": "({n})", "dot": "{i}.", "comma": "{i}、", "none": ""}
_PART = 7  # of ten phenomena, how many a report shows


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
        where = district(index % PROVING_DISTRICTS)
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
            blocks += [
                plain_block(self._office.short),
                plain_block(f"{signed.year}年{signed.month}月{signed.day}日"),
            ]
        blocks += [block_of([sentence]) for sentence in foot]
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
            if where == "wrapped":
                sentence = replace(sentence, wrapped=True)
            places["own" if where in ("lines", "wrapped") else where].append(sentence)
        places[""] += [
            bare_sentence(self._say(text)) for text in self._drawn("cites", 4) + self._drawn("fillers", 3)
        ]
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
        blocks = [block_of([sentence]) for sentence in front]
        if published:
            words = {
                "iso": published.isoformat(), "slash": published.strftime("%Y/%m/%d"), "source": str(source),
                "cn_date": f"{published.year}年{published.month}月{published.day}日",
            }  # fmt: skip
            line = str(self._dice.pick(self._frames["page_lines"], "page line"))
            blocks.append(plain_block(re.sub(r"\{(\w+)\}", lambda match: words[match[1]], line)))
        if number:
            blocks += [plain_block(f"{self._office.short}文件"), plain_block(number)]
        middle = title.find("法治")
        split = len(title) > 18 and middle > 4 and self._dice.chance(0.25, "split")
        blocks.append(plain_block(f"{title[:middle]}\n{title[middle:]}" if split else title))
        if recipient:
            blocks.append(plain_block(f"{recipient}："))
        lead = self._choose("leads")
        return [*blocks, replace(plain_block(lead), heading=Heading(0, 0, "preamble", 1))]

    # --- parts -----------------------------------------------------------------------------------------------

    def _parts(self, measures: list[Sentence], plans: list[Sentence], own: list[Sentence]) -> list[Block]:
        order = self._style.order
        blocks: list[Block] = []
        if self._style.overview:
            blocks += [*self._part("overview", "part_overview"), plain_block(self._choose("overview"))]
        if order == "duty_first":
            blocks += self._duty()
        blocks += [*self._part("measures", "part_measures"), *self._topics(measures, own)]
        if order not in ("duty_first", "duty_last"):
            blocks += self._duty()
        blocks += [*self._part("problems", "part_problems"), *self._deficits()]
        if order == "duty_last":
            blocks += self._duty()
        blocks += [*self._part("plan", "part_plan"), *self._plans(plans)]
        if self._dice.chance(0.2, "other"):
            blocks += [*self._part("other", "part_other"), plain_block(self._choose("other"))]
        return blocks

    def _duty(self) -> list[Block]:
        return [*self._part("responsibility", "part_duty"), plain_block("".join(self._drawn("duty", 3)))]

    def _part(self, kind: str, name: str) -> list[Block]:
        self._top += 1
        return [headed(f"{numeral(self._top)}、", self._choose(name), kind, 1)]

    def _under(self, number: int, heading: str, kind: str, body: Block) -> list[Block]:
        """A second-level section, its heading on its own line or run into the text."""
        label = _LABELS[self._style.sub].format(n=numeral(number), i=number)
        head = headed(label, heading, kind, 2)
        if not (self._style.run_in or self._style.sub == "none"):
            return [head, body]
        assert head.heading is not None  # noqa: S101 - a headed block has a heading
        head = replace(head, text=head.text + "。", heading=replace(head.heading, inline=True))
        return [joined((head, body))]

    def _topics(self, sentences: list[Sentence], own: list[Sentence]) -> list[Block]:
        count = max(4, len(sentences) // 8)
        names = self._drawn("topics", count)
        blocks: list[Block] = []
        for number, name in enumerate(names, start=1):
            part = sentences[(number - 1) * len(sentences) // count : number * len(sentences) // count]
            itemised = self._style.itemise and number % 2 == 0
            blocks += self._under(number, name, "measures", enumerated(part) if itemised else block_of(part))
            blocks += [self._own(sentence) for sentence in own[number - 1 :: count]]
        return blocks

    def _own(self, sentence: Sentence) -> Block:
        block = block_of([sentence])
        return wrapped(block, self._dice.of("wrap")) if sentence.wrapped else block

    def _day(self, day: date) -> str:
        if self._dice.chance(0.25, "chinese day"):
            year = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(day.year))
            return f"{year}年{numeral(day.month)}月{numeral(day.day)}日"
        gap = self._dice.pick(("", "", " "), "day gap")
        return f"{day.year}{gap}年{gap}{day.month}{gap}月{gap}{day.day}{gap}日"

    def _deficits(self) -> list[Block]:
        """Counted in one paragraph, counted in a paragraph each, or not counted and divided by semicolons."""
        way = self._dice.pick(("line", "line", "lines", "bare"), "deficits way")
        chosen = self._drawn("deficits", 9)
        # without a label only a deficit of one clause is one for sure
        chosen = [text for text in chosen if way != "bare" or not re.search("[，。]", text)]
        chosen = chosen[: self._dice.between(2, 4, "deficits")]
        parts: list[Block] = []
        for number, text in enumerate(chosen, start=1):
            label = f"{numeral(number)}是" if way != "bare" else ""
            mark = (NegativeMark(0, len(label), "enumerator", "enumerator"),) if label else ()
            end = "。" if number == len(chosen) or "。" in text or way == "lines" else "；"
            statement = (len(label), len(label) + len(text), "shortcoming")
            parts.append(Block(label + text + end, (), mark, statements=(statement,)))
        intro = [plain_block("对照上级要求，仍有一些不足。")] if self._dice.chance(0.5, "intro") else []
        return [*intro, *parts] if way == "lines" else [joined([*intro, *parts])]

    def _plans(self, sentences: list[Sentence]) -> list[Block]:
        promises = [bare_sentence(text + "。") for text in self._drawn("promises", 4)]
        said = self._dice.of("plan").shuffled([*sentences, *promises])
        names = self._drawn("plan_topics", 3)
        blocks: list[Block] = []
        for number, name in enumerate(names, start=1):
            parts = []
            for sentence in said[number - 1 :: len(names)]:
                block = block_of([sentence])
                parts.append(replace(block, statements=((0, len(block.text) - 1, "commitment"),)))
            blocks += self._under(number, name, "plan", joined(parts))
        return blocks
