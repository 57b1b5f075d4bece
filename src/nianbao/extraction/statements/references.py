"""Every 《…》 of a text with its kind, judged by its own words and those before it."""

from __future__ import annotations

import re

from ...model import Reference
from ..text.cleaning import fold
from .title_kinds import title_kind

# A title may hold another; a lone 《 that never closes within a sentence or two is no title.
_QUOTED = re.compile(r"《[^《》]{1,160}(?:《[^《》]{1,100}》[^《》]{0,100}){0,4}》")
_BETWEEN = re.compile(r"[\s、,]*(?:和|及|与|以及|或)?\s*$")
_REACH = 30  # characters before a title that may say who made it


def read_references(text: str) -> tuple[Reference, ...]:
    """All 《…》 in the raw text in order."""
    folded = fold(text)
    found: list[Reference] = []
    kind, before, end_before = "", "", -1
    for match in _QUOTED.finditer(folded):
        start, end = match.span()
        listed = end_before >= 0 and start - end_before <= 6 and _BETWEEN.match(folded, end_before, start)
        if not listed:
            kind, before = "", "".join(folded[max(0, start - _REACH) : start].split())
            before = before[max(before.rfind(mark) for mark in "。;》\n") + 1 :]
        title = "".join(folded[start + 1 : end - 1].split())
        kind, end_before = title_kind(title, before, kind), end
        found.append(Reference(start, end, text[start:end], kind))
    return tuple(found)
