"""All headings of a report, each with the rank of its numbering style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..text.cleaning import Line
from .numbered import Heading, numbered
from .parts import named_part
from .unnumbered import SHORT_LINE, UNNUMBERED_PART, part_line, with_run_ins, with_short_lines


def find_headings(paragraphs: Sequence[Line], report_year: int | None) -> list[Heading]:
    """All headings in order."""
    found: list[Heading] = []
    for index in range(len(paragraphs)):
        item = numbered(paragraphs[index], index) or part_line(paragraphs, index, report_year)
        if item is not None:
            found.append(item)
    found = _ranked(_without_items(paragraphs, found), report_year)
    return with_run_ins(paragraphs, with_short_lines(paragraphs, found))


def _without_items(paragraphs: Sequence[Line], found: list[Heading]) -> list[Heading]:
    """Without numbered sentences that stand above no text: items of a list, whatever their number looks like."""
    by_index = {item.index: item for item in found}

    def is_item(item: Heading) -> bool:
        if item.rank < 2 or item.inline or paragraphs[item.index].text[-1] not in "。;":
            return False
        following = by_index.get(item.index + 1)
        return item.index + 1 == len(paragraphs) or (following is not None and following.rank <= item.rank)

    items = [is_item(item) for item in found]
    kept: list[Heading] = []
    for at, item in enumerate(found):
        beside = [
            items[near]
            for near in (at - 1, at + 1)
            if 0 <= near < len(found) and found[near].rank == item.rank and found[near].label
        ]
        if not items[at] or (beside and not all(beside)):
            kept.append(item)
    return kept


def _ranked(found: list[Heading], report_year: int | None) -> list[Heading]:
    """Ranks for the unnumbered parts: above 一、 if that begins anew under each, below it if a numbered part has the name."""
    ones = sum(item.label[:1] == "一" and item.rank == 1 for item in found)
    numbered = {named_part(item.words, report_year) for item in found if item.label and item.rank <= 1} - {
        None
    }
    result: list[Heading] = []
    for item in found:
        if item.label or item.rank != UNNUMBERED_PART:
            result.append(item)
        elif named_part(item.words, report_year) in numbered:
            if not item.inline:
                result.append(replace(item, rank=SHORT_LINE))
        else:
            result.append(replace(item, rank=0) if ones >= 2 else item)
    return result
