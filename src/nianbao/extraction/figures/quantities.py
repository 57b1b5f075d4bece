"""Finds the quantities in clean text: a number of the grammar with a unit that the text states as a result.

Every number that looks like a figure and is none is turned down by a named rule, a mask or a judgement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from . import numerals
from .judging import clause_left, judge
from .listed import bare_parts, row_amounts
from .masks import mask_name, masked
from .qualifiers import qualifier
from .readings import Reading, read

# 分别突破26.2万件、22.8万件: what is said before the first number holds for those it is listed with
_LISTED = re.compile(r"[、和及与]|以及")
_SHARED = re.compile(r"分别(?:已|也|均|共)?$")


@dataclass(slots=True)
class Found:
    """A quantity at clean span start–end. rule: what accepted it."""

    start: int
    end: int
    value: Decimal
    value_max: Decimal | None
    unit: str
    qualifier: str
    rule: str
    head: int  # where the number's own words begin, with its qualifier (约785亩 → 约)
    tail: int  # behind the unit and words that belong to it (以上, 左右)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A number that is not a figure, and the rule or mask that says so."""

    start: int
    end: int
    rule: str


def find(text: str, rejected: list[Rejected] | None = None) -> list[Found]:
    """All quantities of the clean text in order; the numbers turned down are added to `rejected` if given."""
    cover = masked(text)
    found: list[Found] = []
    shared = ""  # qualifier that holds for the numbers listed behind the last one
    given = row_amounts(text)  # numbers whose unit stands elsewhere
    position = 0
    search = numerals.NUMBER.search
    while (match := search(text, position)) is not None:
        position = match.end()
        rule: str | None
        if cover[match.start()]:
            if rejected is not None:
                rejected.append(Rejected(*match.span(), mask_name(cover[match.start()])))
            continue
        bare = given.get(match.start())
        reading = bare or read(text, match)
        if reading is None:
            continue
        hidden = cover[reading.start : reading.end].lstrip(b"\0")
        if hidden:
            if rejected is not None:
                rejected.append(Rejected(reading.start, reading.end, mask_name(hidden[0])))
            continue
        position = max(position, reading.end)
        left = clause_left(text, reading.start)
        rule = judge(text, reading, left) if bare is None else None
        item = None
        if rule is None:
            item, shared = _accept(text, reading, left, found[-1] if found else None, shared)
            rule = "out_of_range" if item is None else None
        if item is not None:
            found.append(item)
            if bare is None and text.startswith("(", reading.end):
                given.update(bare_parts(text, reading))
        elif rejected is not None and rule is not None:
            rejected.append(Rejected(reading.start, reading.end, rule))
    return found


def _accept(
    text: str, item: Reading, left: str, previous: Found | None, shared: str
) -> tuple[Found | None, str]:
    """The quantity, None if its value cannot be stored; and the qualifier shared with the numbers listed behind."""
    value, value_max = _stored(item.quantity.value), _stored(item.quantity.value_max)
    if value is None or (value_max is None and item.quantity.value_max is not None):
        return None, ""
    words, head, tail, prefixed = qualifier(text, item, left)
    if prefixed:
        shared = words if _SHARED.search(left, 0, len(left) - (item.start - head)) else ""
    elif shared and previous is not None and _LISTED.fullmatch(text, previous.tail, item.start):
        words = shared if words == "exact" else words
    else:
        shared = ""
    kind = item.kind if item.kind != "number" else "arabic" if item.arabic else "chinese"
    quantity = Found(item.start, item.end, value, value_max, item.unit, words, f"quantity.{kind}", head, tail)
    return quantity, shared


def _stored(value: Decimal | None) -> Decimal | None:
    try:
        return numerals.storable(value) if value is not None else None
    except InvalidOperation:
        return None
