"""How figures belong together: parts of a whole (其中), changes (同比), a rate and what it is a rate of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from .lexicon import COMPARISON
from .quantities import Found

_RISE = r"增长|增加|上升|提升|提高|增幅|多|扩大|上涨|新增|递增|增"
_FALL = r"下降|减少|降低|压缩|压减|缩短|缩减|下滑|精简|降幅|减幅|少|回落|压降|递减|降|减"
_CHANGE = re.compile(
    rf"(?P<compare>{COMPARISON})?(?P<words>[^,。;:!?\n\d]{{0,14}}?)(?:(?P<rise>{_RISE})|(?P<fall>{_FALL}))"
    r"(?:了|幅度?(?:为|达)?|率为?|率达|约|近|超过|超|逾|达|不低于|分别)*$"
)
_LEVEL = re.compile(r"[至到为]$|(?:达到|增至|降至|升至)$")
_COMPARED = re.compile(COMPARISON)
_CHANGE_UNITS = frozenset({"%", "百分点", "倍", "‰"})
_MARKER = re.compile(r"其中|包括|包含|(?<![\u4e00-\u9fff])含(?!量|金)|(?<=[(,])含|分别(?:为|是|达|有)?")
_SUM = re.compile(r"(?:合计|总计|共计|总共|累计|共)(?:为|达|有)?$")
_AMONG = re.compile(r"^[^,。;:\d]{0,14}中,?(?:有|,)")
_RATE_WORD = re.compile(r"率|占比|比例|比重|占")


@dataclass(slots=True)
class Link:
    """What one figure has to do with the others, as indices into the same list."""

    direction: str | None = None
    parent: int | None = None
    yoy_of: int | None = None
    rate_of: int | None = None
    change: bool = False
    from_value: bool = False


def link(text: str, figures: list[Found], sentences: list[tuple[int, int]]) -> list[Link]:
    """Links of all figures; sentences[i] is the clean span of the sentence that figure i stands in."""
    links = [Link() for _ in figures]
    first = 0
    while first < len(figures):
        last = first
        while last + 1 < len(figures) and sentences[last + 1] == sentences[first]:
            last += 1
        group = range(first, last + 1)
        _changes(text, figures, links, group, sentences[first][0])
        _parts(text, figures, links, group, sentences[first][0])
        _rates(text, figures, links, group)
        first = last + 1
    return links


# --- changes ----------------------------------------------------------------------------------------------


def _changes(text: str, figures: list[Found], links: list[Link], group: range, sentence_start: int) -> None:
    for index in group:
        figure = figures[index]
        before = figures[index - 1].tail if index > group.start else sentence_start
        gap = text[max(before, figure.head - 40) : figure.head]
        if figure.rule.startswith("quantity.share") and figure.unit == "倍":
            links[index].direction, links[index].change = "increase", True
            continue
        clause = re.split(r"[,。;:\n]", gap)[-1]
        direction = _direction(clause, figure.unit)
        if (
            direction is None
            and index > group.start
            and re.fullmatch(r"[、和及]", gap)
            and links[index - 1].change
        ):
            direction = links[index - 1].direction if figure.unit == figures[index - 1].unit else None
        if direction is not None:
            links[index].direction, links[index].change = direction, True
            links[index].yoy_of = _base(figures, links, group, index)
    for index in group[1:]:
        between = text[figures[index - 1].tail : figures[index].head]
        start = text[max(sentence_start, figures[index - 1].head - 14) : figures[index - 1].head]
        if re.search(r"[由从]", start) and re.search(
            r"^[^,。;]{0,10}?[至到为]$|^[^,。;]{0,6}(?:达到|增至|降至|升至)", between
        ):
            links[index - 1].from_value = figures[index - 1].unit == figures[index].unit


def _direction(clause: str, unit: str) -> str | None:
    """increase or decrease if the words before a number say that it is a change, not a level."""
    if _LEVEL.search(clause):
        return None
    match = _CHANGE.search(clause)
    if match is None:
        return None
    compared = _COMPARED.search(clause) is not None
    word = match["rise"] or match["fall"]
    if word in ("多", "少", "降", "减", "增", "新增", "精简", "扩大") and not compared:
        return None
    if not compared and unit not in _CHANGE_UNITS:
        return None
    if word == "新增":
        return None
    return "increase" if match["rise"] else "decrease"


def _base(figures: list[Found], links: list[Link], group: range, index: int) -> int | None:
    """The level that a change at `index` starts from: the nearest figure before it that is no change."""
    for other in range(index - 1, max(group.start, index - 12) - 1, -1):
        if not links[other].change:
            return other
    return None


# --- parts ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Whole:
    index: int
    rest: Decimal
    depth: int
    strict: bool


def _parts(text: str, figures: list[Found], links: list[Link], group: range, sentence_start: int) -> None:
    """Follows 其中, 包括, brackets and colons from left to right; a whole is left when its parts add up to it."""
    open_: list[_Whole] = []
    depth = 0
    position = sentence_start
    last: int | None = None  # the last figure that can be a whole
    for index in group:
        figure = figures[index]
        gap = text[position : figure.start]
        opened = False
        for char_at, mark in _marks(gap):
            if mark == "(":
                depth += 1
            elif mark == ")":
                depth -= 1
                while open_ and open_[-1].depth > depth:
                    open_.pop()
            elif last is not None and _opens(mark, gap, char_at, figures, links, group, index, last):
                open_.append(_Whole(last, figures[last].value, depth, mark == ":"))
                opened = True
        if not links[index].change:
            if not opened and last is not None and _AMONG.match(gap) and last == index - 1:
                links[index].parent = last
            elif open_ and _same_kind(figures, open_[-1], index):
                _take(figures, links, open_, index)
            last = index
        position = figure.end
    _sums(text, figures, links, group)


def _marks(gap: str) -> list[tuple[int, str]]:
    """Brackets, markers and colons of a gap in order."""
    return [(m.start(), m.group()) for m in re.finditer(rf"[()]|{_MARKER.pattern}|:", gap)]


def _opens(
    mark: str, gap: str, at: int, figures: list[Found], links: list[Link], group: range, index: int, last: int
) -> bool:
    """Whether a marker makes the last figure a whole of what follows."""
    if figures[last].unit in _CHANGE_UNITS:
        return False
    following = [
        i
        for i in range(index, min(group.stop, index + 40))
        if not links[i].change and figures[i].unit not in _CHANGE_UNITS
    ]
    if mark.startswith("分别"):
        parts = [figures[i].value for i in following[:6] if figures[i].unit == figures[last].unit]
        return len(parts) > 1 and _adds_up(parts, figures[last].value)
    if mark == ":":
        same = [figures[i].value for i in following if figures[i].unit == figures[last].unit]
        return at <= 8 and len(same) > 1 and _adds_up(same, figures[last].value)
    return True


def _adds_up(parts: list[Decimal], whole: Decimal) -> bool:
    total = Decimal(0)
    for part in parts:
        total += part
        if total == whole:
            return True
    return False


def _same_kind(figures: list[Found], whole: _Whole, index: int) -> bool:
    """Parts are counted like the whole; shares of it are no parts."""
    return figures[index].unit not in _CHANGE_UNITS


def _take(figures: list[Found], links: list[Link], open_: list[_Whole], index: int) -> None:
    figure = figures[index]
    while open_ and figure.value > open_[-1].rest:
        open_.pop()
    if not open_:
        return
    links[index].parent = open_[-1].index
    if figure.unit == figures[open_[-1].index].unit or len(open_) == 1:
        open_[-1].rest -= figure.value
    while open_ and open_[-1].rest == 0:
        open_.pop()


def _sums(text: str, figures: list[Found], links: list[Link], group: range) -> None:
    """合计75件 behind its parts: they are parts of it if they add up."""
    for index in group[2:]:
        figure = figures[index]
        if not _SUM.search(text[max(0, figure.head - 6) : figure.head]):
            continue
        total = Decimal(0)
        parts: list[int] = []
        for other in range(index - 1, max(group.start, index - 60) - 1, -1):
            if figures[other].unit != figure.unit or links[other].change or links[other].parent is not None:
                break
            total += figures[other].value
            parts.append(other)
            if total >= figure.value:
                break
        if len(parts) > 1 and total == figure.value:
            for other in parts:
                links[other].parent = index


# --- rates ------------------------------------------------------------------------------------------------


def _rates(text: str, figures: list[Found], links: list[Link], group: range) -> None:
    """A rate in the clause behind a count is a rate of that count."""
    for index in group[1:]:
        figure, before = figures[index], figures[index - 1]
        if figure.unit not in ("%", "‰") or links[index].change or before.unit in _CHANGE_UNITS:
            continue
        if links[index - 1].change:
            continue
        gap = text[before.tail : figure.head]
        if len(gap) <= 12 and gap[:1] in ",、(;" and _RATE_WORD.search(gap):
            links[index].rate_of = index - 1
