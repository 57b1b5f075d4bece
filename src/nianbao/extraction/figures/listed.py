"""Numbers whose unit is written once for all of them: parts in a bracket behind their whole, rows under a head line.

办结50件(简易20,普通30) and a table headed 单位:万元 name the unit in front; the numbers themselves stand bare.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from ..text.cleaning import Line
from . import lexicon, numerals
from .numerals import Quantity
from .readings import Reading, unit_at

_AMOUNT = r"\d{1,3}(?:,\d{3}){1,4}(?!\d)(?:\.\d{1,6})?|\d{1,12}(?:\.\d{1,6})?"
_BRACKET = re.compile(r"\((?P<among>其中|包括|包含|含)?[::,]?(?P<items>[^()。\n]{2,200})\)")
_ITEM = re.compile(
    rf"(?:[,、;和及]|以及|^)(?P<label>[^\d,、;:。()]{{1,14}})[::]?(?P<amount>(?:{_AMOUNT})[万亿]?)(?=[,、;和及以]|$)"
)
_SCALED = re.compile(r"[百千万亿]+$")
# What stands before a number that is no part: 约, 达, 第3, 同比增长
_NO_LABEL = re.compile(r"(?:第|同比|环比|增长|增加|下降|减少|提高|提升|占比?|率|年|月|至|到|[+×*/-])$")

_HEAD = "单位:"
# 报送单位 and 联系单位 name a body
_HEAD_LINE = re.compile(
    r"(?:[^\n。;]{0,60}[(\s,:|])?(?:金额|数量|计量|货币)?单位:(?P<scale>[十百千万亿]{0,2})(?P<unit>[\u4e00-\u9fff]{1,4}|%)\s*\)?\s*"
)
_COLUMNS = re.compile(r"[^\d。;!?,:]{2,30}")
_ROW = re.compile(
    rf"(?:\d{{1,2}}[\s、.]*)?(?P<label>(?!联系|[^\d]{{0,8}}(?:电话|传真|邮编|编号|编码|代码|序号|年份|年度|页))[^\d。;!?,第]{{2,30}}?)[\s:|]*(?P<amounts>(?:{_AMOUNT})(?:[\s|]+(?:{_AMOUNT})){{0,5}})\s*"
)
_CJK = re.compile(r"[\u4e00-\u9fff]{2}")
_EACH_AMOUNT = re.compile(_AMOUNT)
_YEARS = re.compile(r"(?:19|20)\d\d(?:[\s|]+(?:19|20)\d\d)+")
_MOST_COLUMN_LINES = 2
_MOST_LINES = 200
_LONGEST_HEAD = 80
_LONGEST_ROW = 200


def bare_parts(text: str, whole: Reading) -> dict[int, Reading]:
    """Start → reading of the bare numbers in the bracket behind `whole`, {} unless all of the bracket is such parts.

    They must add up to the whole, or be said to be parts of it (其中).
    """
    bracket = _BRACKET.match(text, whole.end)
    if bracket is None or whole.quantity.value_max is not None or whole.unit in lexicon.DURATIONS:
        return {}
    items, offset = bracket["items"], bracket.start("items")
    amounts: list[tuple[int, str, Decimal]] = []
    position = 0
    while position < len(items):
        item = _ITEM.match(items, position)
        value = numerals.parse(item["amount"]) if item is not None else None
        if item is None or value is None or _NO_LABEL.search(item["label"]) is not None:
            return {}
        amounts.append((offset + item.start("amount"), item["amount"], value))
        position = item.end()
    scale = _scale(text, whole, [value for _, _, value in amounts], among=bracket["among"] is not None)
    return {
        start: Reading(
            start,
            start + len(words),
            start + len(words),
            Quantity(value * scale),
            whole.unit,
            words,
            False,
            "part",
        )
        for start, words, value in amounts
        if scale
    }


def _scale(text: str, whole: Reading, values: list[Decimal], *, among: bool) -> int:
    """What the parts are counted in: 1, the scale of the whole (86万元 → 10,000), or 0 if they are no parts."""
    written = _SCALED.search(text, whole.start, whole.unit_start)
    scale = numerals.scale_of(written.group()) if written is not None else 1
    total = whole.quantity.value
    if len(values) > 1 and sum(values) == total:
        return 1
    if len(values) > 1 and sum(values) * scale == total:
        return scale
    # of 2.5万份 no one can tell what 3 is one of; sums of money keep their scale
    told = among and (scale == 1 or whole.unit == "元")
    return scale if told and max(values) * scale <= total else 0


def row_lines(lines: Sequence[Line]) -> set[int]:
    """Offsets of the lines of tables whose head line names the unit, with that of the line behind each table."""
    found: set[int] = set()
    for index, line in enumerate(lines):
        if _HEAD in line.text and _HEAD_LINE.fullmatch(line.text):
            below = range(index + 1, min(index + _MOST_LINES, len(lines)))
            rows = _rows((place, lines[place].text) for place in below)
            if rows:
                found.update(each.start for each in lines[index : rows[-1][0] + 2])
    return found


def row_amounts(text: str) -> dict[int, Reading]:
    """Start → reading of the numbers of table rows in clean text, with the unit of the head line."""
    found: dict[int, Reading] = {}
    position = text.find(_HEAD)
    while position >= 0:
        low = text.rfind("\n", max(0, position - _LONGEST_HEAD), position)
        end = text.find("\n", position, position + _LONGEST_HEAD)
        if end >= 0 and (low >= 0 or position < _LONGEST_HEAD):
            head = _HEAD_LINE.fullmatch(text, low + 1, end)
            unit, unit_end = unit_at(head["unit"], 0) if head is not None else ("", 0)
            if head is not None and unit_end == len(head["unit"]) and unit not in lexicon.DURATIONS:
                found.update(_amounts(text, end + 1, unit, numerals.scale_of(head["scale"])))
        position = text.find(_HEAD, position + 1)
    return found


def _amounts(text: str, start: int, unit: str, scale: int) -> Iterator[tuple[int, Reading]]:
    for low, row in _rows(_lines(text, start)):
        for amount in _EACH_AMOUNT.finditer(row["amounts"]):
            value = numerals.parse(amount.group())
            if value is not None:
                begin = low + row.start("amounts") + amount.start()
                end = begin + len(amount.group())
                quantity = Quantity(value * scale)
                yield begin, Reading(begin, end, end, quantity, unit, amount.group(), False, "row")


def _lines(text: str, start: int) -> Iterator[tuple[int, str]]:
    """The next lines of clean text with their starts; of a line too long for a row only its beginning."""
    for _ in range(_MOST_LINES):
        if start >= len(text):
            return
        end = text.find("\n", start, start + _LONGEST_ROW)
        yield start, text[start : end if end >= 0 else start + _LONGEST_ROW]
        if end < 0:
            return
        start = end + 1


def _rows(lines: Iterable[tuple[int, str]]) -> list[tuple[int, re.Match[str]]]:
    """The rows that follow one another below a head line, behind at most two lines of column names.

    Two rows at least; none where the columns are years, since each would be of a year of its own.
    """
    rows: list[tuple[int, re.Match[str]]] = []
    for count, (place, line) in enumerate(lines):
        row = _ROW.fullmatch(line)
        if row is not None and _CJK.search(row["label"]):
            if not rows and _YEARS.fullmatch(row["amounts"]):
                return []
            rows.append((place, row))
        elif rows or count >= _MOST_COLUMN_LINES or _COLUMNS.fullmatch(line) is None:
            break
    return rows if len(rows) > 1 else []
