"""What a composed report states: its text, its sections, and every figure with its place, scope and period."""

from __future__ import annotations

import re
from datetime import date

from .composer import ReportText
from .truth import FigureTruth, SectionTruth

_SENTENCE_ENDS = "。！？\n"
_REGION = ("全区", "全县", "辖区", "各镇街")
_NAMED = re.compile("全[区县](?!委)|辖区|各镇街|我[局委办]|本局")
_TO_NOVEMBER = ("截至11月底", "今年1月至11月")


def canonical_text(report: ReportText) -> str:
    """The paragraphs stripped, joined by line feeds."""
    return "\n".join(line.piece.text.strip() for line in report.lines)


def sections_of(report: ReportText) -> tuple[SectionTruth, ...]:
    """All headings in order, the preamble (without a heading) first."""
    found: list[SectionTruth] = []
    offset = 0
    for line in report.lines:
        text = line.piece.text
        start, end = line.heading
        if line.kind:
            found.append(
                SectionTruth(text[start:end], line.kind, line.level or 1, offset, len(text) > end > 0)
            )
        offset += len(text) + 1
    return tuple(found)


def figures_of(report: ReportText, year: int, labels: dict[str, str]) -> tuple[FigureTruth, ...]:
    """All figures in order. labels: series key → what it counts."""
    text = canonical_text(report)
    found: list[FigureTruth] = []
    offset, kind = 0, ""
    for line in report.lines:
        if line.kind and line.level <= 1:
            kind = line.kind
        first = len(found)
        for mark in line.piece.marks:
            start, end = mark.start + offset, mark.end + offset
            found.append(
                FigureTruth(
                    text=text[start:end],
                    char_start=start,
                    char_end=end,
                    value=mark.quantity.value,
                    value_max=mark.quantity.value_max,
                    unit=mark.quantity.unit,
                    qualifier=mark.quantity.qualifier,
                    indicator=mark.indicator,
                    fact_year=year + mark.shift,
                    is_target=kind == "plan",
                    direction=mark.direction,
                    sentence=_sentence(text, start, end),
                    measure=labels[mark.series],
                    series=mark.series,
                    parent=None if mark.parent is None else first + mark.parent,
                    yoy_of=None if mark.yoy_of is None else first + mark.yoy_of,
                    scope=_scope(text, start),
                    covers_to=_covers_to(text, start, year) if mark.shift == 0 else None,
                )
            )
        offset += len(line.piece.text) + 1
    return tuple(found)


def _scope(text: str, start: int) -> str:
    """Whose number it is, by who was named last before it in its sentence."""
    named = [match.group() for match in _NAMED.finditer(text, _sentence_start(text, start), start)]
    return "region" if named and named[-1] in _REGION else "own"


def _covers_to(text: str, start: int, year: int) -> date | None:
    """The end of November if its sentence says so before it."""
    before = text[_sentence_start(text, start) : start]
    return date(year, 11, 30) if any(words in before for words in _TO_NOVEMBER) else None


def _sentence_start(text: str, start: int) -> int:
    return max(text.rfind(stop, 0, start) for stop in _SENTENCE_ENDS) + 1


def _sentence(text: str, start: int, end: int) -> str:
    left = _sentence_start(text, start)
    ends = [at for at in (text.find(stop, end) for stop in _SENTENCE_ENDS) if at >= 0]
    right = min(ends) + 1 if ends else len(text)
    return text[left:right].strip()
