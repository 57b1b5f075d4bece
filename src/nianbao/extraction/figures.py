"""Quantities of a text made into figures: period, year, measure, scope, links, section, sentence."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from ..model import Figure, Section
from .cleaning import Clean
from .contexts import Text
from .indicators import IndicatorIndex
from .links import Link, link
from .measures import change, complete, measure
from .periods import PeriodReader, timing
from .quantities import Found, Rejected, find

_SENTENCE_END = re.compile(r"[。!?]+[”’」)]?|\n")
_PART_OF_YEAR = re.compile(r"季度|半年|\d月")
_REGION = re.compile(r"全[区县市省州旗域]|辖区|各[街镇乡]|区域内|[区县市]域|各区|各县|全[街镇乡]")
_SYSTEM = re.compile(r"全系统|系统内|本系统|全[区县市][^,。;]{0,8}系统")


@dataclass(frozen=True, slots=True)
class Setting:
    """What the reading of figures knows about the text. fixed_kind: section kind of an isolated sentence."""

    sections: Sequence[Section]
    report_year: int | None
    fixed_kind: str | None
    body_start: int  # raw offsets between which figures are looked for
    body_end: int


def read_figures(
    clean: Clean, setting: Setting, indicators: IndicatorIndex, rejected: list[Rejected] | None = None
) -> tuple[Figure, ...]:
    """All figures of the clean text in order. Numbers turned down are added to `rejected` (clean offsets)."""
    text = clean.text
    low, high = clean.position(setting.body_start), clean.position(setting.body_end)
    found = [item for item in find(text, rejected) if item.start >= low and item.end <= high]
    if not found:
        return ()
    bounds = _sentence_bounds(text)
    sentences = [_sentence(bounds, item.start, len(text)) for item in found]
    links = link(text, found, sentences)
    builder = _Builder(clean, setting, indicators, found, sentences, links)
    return builder.build()


def _sentence_bounds(text: str) -> list[int]:
    return [0, *(match.end() for match in _SENTENCE_END.finditer(text))]


def _sentence(bounds: list[int], position: int, length: int) -> tuple[int, int]:
    index = bisect_right(bounds, position)
    return bounds[index - 1], bounds[index] if index < len(bounds) else length


class _Builder:
    def __init__(
        self,
        clean: Clean,
        setting: Setting,
        indicators: IndicatorIndex,
        found: list[Found],
        sentences: list[tuple[int, int]],
        links: list[Link],
    ) -> None:
        self.clean, self.text, self.setting, self.indicators = clean, clean.text, setting, indicators
        self.found, self.sentences, self.links = found, sentences, links
        self.periods = PeriodReader(clean.text)
        self.starts = [section.start for section in setting.sections]

    def build(self) -> tuple[Figure, ...]:
        """Figures in order; measures first, since indicators of parts look at the whole's."""
        measures = self._measures()
        chosen: list[str | None] = [None] * len(self.found)
        surroundings = Text(self.text, self.found, self.sentences, self.links, measures)
        for index, bond in enumerate(self.links):
            if bond.change:
                continue
            section, kind = self._section(self.clean.offsets[self.found[index].start])
            heading = self.setting.sections[section].heading if section is not None else ""
            context = surroundings.context(index, kind, heading)
            chosen[index] = self.indicators.choose(context)
            if context.thin and index and self.sentences[index - 1] == self.sentences[index]:
                chosen[index] = self._stage(index, context.before, chosen[index - 1], chosen[index])
        for index, bond in enumerate(self.links):
            if bond.parent is not None and chosen[index] == chosen[bond.parent]:
                chosen[index] = None
        return tuple(self._figure(index, measures[index], chosen[index]) for index in range(len(self.found)))

    def _stage(self, index: int, before: str, last: str | None, own: str | None) -> str | None:
        """Indicator of a figure whose clause names nothing, behind one with indicator `last` in the same sentence.

        受理50件,办结48件: another stage of the first, not its value. 上半年50件,下半年48件: the same of another time.
        """
        same_unit = self.found[index - 1].unit == self.found[index].unit
        if own is None and same_unit and _PART_OF_YEAR.search(before):
            return last
        if own != last or self.links[index - 1].from_value or self.links[index - 1].parent == index:
            return own
        return own if _PART_OF_YEAR.search(before) else None

    def _measures(self) -> list[str]:
        result: list[str] = []
        for index, item in enumerate(self.found):
            start, end = self.sentences[index]
            same_before = index > 0 and self.sentences[index - 1] == self.sentences[index]
            same_behind = index + 1 < len(self.found) and self.sentences[index + 1] == self.sentences[index]
            tail = self.found[index - 1].tail if same_before else start
            following = self.found[index + 1].head if same_behind else end
            result.append(
                measure(self.text, tail, item.head, item.tail, following, result[-1] if same_before else "")
            )
        return [self._completed(index, result) for index in range(len(result))]

    def _completed(self, index: int, measures: list[str]) -> str:
        """The measure with what it shares with its neighbours; `measures` is completed from left to right."""
        bond, item = self.links[index], self.found[index]
        words = measures[index]
        if bond.change and bond.yoy_of is not None and bond.direction is not None:
            compared = "环比" if "环比" in self.text[max(0, item.head - 12) : item.head] else "同比"
            words = change(measures[bond.yoy_of], bond.direction, compared)
        elif index and self.links[index - 1].from_value:
            words = measures[index - 1]
        elif bond.rate_of is not None and len(words) <= 4:
            words = measures[bond.rate_of] + words
        else:
            near = index > 0 and self.sentences[index - 1] == self.sentences[index]
            words = complete(
                words,
                whole=measures[bond.parent] if bond.parent is not None and bond.parent != index else "",
                previous=measures[index - 1] if near else "",
                same_unit=near and self.found[index - 1].unit == item.unit,
            )
        measures[index] = words
        return words

    def _section(self, raw: int) -> tuple[int | None, str]:
        index = bisect_right(self.starts, raw) - 1
        if self.setting.fixed_kind is not None:
            return None, self.setting.fixed_kind
        if index < 0:
            return None, "other"
        return index, self.setting.sections[index].kind

    def _figure(self, index: int, words: str, indicator: str | None) -> Figure:
        item, bond = self.found[index], self.links[index]
        start, end = self.clean.raw_span(item.start, item.end)
        section, kind = self._section(start)
        is_target = kind == "plan"
        low, high = self.sentences[index]
        earlier = self.found[index - 1].start if index and self.found[index - 1].start >= low else -1
        period = self.periods.governing(low, item.start, earlier)
        when = timing(period, self.setting.report_year, is_target)
        year = when.year
        if bond.from_value and year is not None and not re.search(r"\d{4}|[上去]年|上一年", when.text or ""):
            year -= 1
        sentence_start, sentence_end = self._raw_sentence(low, high)
        return Figure(
            start=start,
            end=end,
            text="",
            value=item.value,
            value_max=item.value_max,
            unit=item.unit,
            qualifier=item.qualifier,
            measure=words,
            scope=self._scope(index),
            fact_year=year,
            is_target=is_target,
            sentence_start=sentence_start,
            sentence_end=sentence_end,
            rule=item.rule,
            indicator=indicator,
            direction=bond.direction,
            parent=bond.parent,
            yoy_of=bond.yoy_of,
            rate_of=bond.rate_of,
            period_text=when.text,
            period_start=when.first,
            period_end=when.last,
            section=section,
        )

    def _raw_sentence(self, low: int, high: int) -> tuple[int, int]:
        while high - 1 > low and self.text[high - 1] in "\n ":
            high -= 1
        return self.clean.raw_span(low, high)

    def _scope(self, index: int) -> str:
        item = self.found[index]
        low, _ = self.sentences[index]
        words = self.text[max(low, item.head - 60) : item.head]
        if _SYSTEM.search(words):
            return "system"
        return "region" if _REGION.search(words) else "own"
