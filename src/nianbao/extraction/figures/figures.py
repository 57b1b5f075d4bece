"""Quantities of a text made into figures: period, year, measure, scope, links, section, sentence."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from ...model import Figure, Section
from ..indicators.contexts import Text
from ..indicators.indicators import IndicatorIndex
from ..measures.measures import measures
from ..outline.outline import prevailing_kinds
from ..text.cleaning import Clean
from .link_model import Link
from .links import link
from .periods import PeriodReader, timing
from .quantities import Found, Rejected, find

# begins with a set of characters, which the engine looks for faster than for alternatives
_SENTENCE_END = re.compile(r"[。!?\n](?:(?<!\n)[。!?]*[”’」)]?)?")
_PART_OF_YEAR = re.compile(r"季度|半年|\d月")
_YEAR_SAID = re.compile(r"\d{4}|[上去]年|上一年")
_ACTOR = re.compile(
    r"(?P<system>全系统|系统内|本系统|全[区县市省州旗][^,。;、]{0,8}系统|系统各单位)"
    r"|(?P<region>全[区县市省州旗域街镇乡](?!委|前|首|第|率先|最|一盘棋|平均|唯一|排)|辖区|区域内|[区县市]域|各[街镇乡区县](?!道?[局委办]))"
    r"|(?P<own>我[局委办院中街镇乡](?!市)|本[局委办院机街镇乡]|局机关|委机关|机关(?:本级|内部)|局系统|局党[组委]|委党组|党工委)"
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the reading of figures knows about the text. fixed_kind: section kind of an isolated sentence."""

    raw: str
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
        self.kinds = prevailing_kinds(setting.sections, setting.report_year)
        self.places = [self._section(clean.raw(item.start)) for item in found]

    def build(self) -> tuple[Figure, ...]:
        """Figures in order; measures first, since indicators of parts look at the whole's."""
        counted = measures(self.text, self.found, self.sentences, self.links)
        chosen: list[str | None] = [None] * len(self.found)
        surroundings = Text(self.text, self.found, self.sentences, self.links, counted)
        for index, bond in enumerate(self.links):
            if bond.change:
                continue
            section, kind = self.places[index]
            heading = self.setting.sections[section].heading if section is not None else ""
            context = surroundings.context(index, kind, heading)
            chosen[index] = self.indicators.choose(context)
            if context.thin and index and self.sentences[index - 1] == self.sentences[index]:
                chosen[index] = self._stage(index, context.before, chosen[index - 1], chosen[index])
        for index, bond in enumerate(self.links):
            if bond.parent is not None and chosen[index] == chosen[bond.parent]:
                chosen[index] = None
        return tuple(self._figure(index, counted[index], chosen[index]) for index in range(len(self.found)))

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

    def _section(self, raw: int) -> tuple[int | None, str]:
        index = bisect_right(self.starts, raw) - 1
        if self.setting.fixed_kind is not None:
            return None, self.setting.fixed_kind
        if index < 0:
            return None, "other"
        return index, self.kinds[index]

    def _figure(self, index: int, words: str, indicator: str | None) -> Figure:
        item, bond = self.found[index], self.links[index]
        start, end = self.clean.raw_span(item.start, item.end)
        section, kind = self.places[index]
        is_target = kind == "plan"
        low, high = self.sentences[index]
        earlier = self.found[index - 1].start if index and self.found[index - 1].start >= low else -1
        period = self.periods.governing(low, item.start, earlier)
        period = self.periods.bracketed(item.tail) or period
        when = timing(period, self.setting.report_year, is_target)
        year = when.year
        if bond.from_value and year is not None and not _YEAR_SAID.search(when.text or ""):
            year -= 1
        sentence_start, sentence_end = self._raw_sentence(low, high)
        return Figure(
            start=start,
            end=end,
            text=self.setting.raw[start:end],
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
        """Whose number it is: the actor named last before it in its sentence, the body itself if none is."""
        item = self.found[index]
        low, _ = self.sentences[index]
        scope = "own"
        for match in _ACTOR.finditer(self.text, max(low, item.head - 150), item.head):
            scope = match.lastgroup or "own"
        return scope
