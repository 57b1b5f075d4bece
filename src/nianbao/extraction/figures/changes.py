"""Which figures say a change (同比增长5%), in which direction, and of which level."""

from __future__ import annotations

import re

from .lexicon import COMPARISON
from .link_model import CHANGE_UNITS, Link
from .quantities import Found

_RISE = r"增长|增加|上升|提升|提高|增幅|增速|涨幅|升幅|多|扩大|上涨|新增|递增|攀升|增|高出?|升"
_FALL = r"下降|减少|降低|压缩|压减|缩短|缩减|下滑|精简|降幅|减幅|少|回落|压降|递减|下跌|降|减|低"
_SAID = r"(?:了|幅度?(?:为|达|是)?|率为?|率达|速度?(?:为|达)?|为|达到?|约|近|超过|超|逾|不低于|分别)*$"
# a cheap look at the clause's end before _CHANGE tries every start
_CHANGE_AT_END = re.compile(rf"(?:{_RISE}|{_FALL}){_SAID}")
_CHANGE = re.compile(
    rf"(?P<compare>{COMPARISON})?(?P<words>[^,。;:!?\n\d]{{0,14}}?)(?:(?P<rise>{_RISE})|(?P<fall>{_FALL})){_SAID}"
)
# 提高到 and 降为 name a level, 增幅为 and 增速达 a change
_LEVEL = re.compile(r"[至到]$|(?<!幅)(?<!幅度)(?<!增速)(?<!率)为$|(?:增|降|升|提高|提升|减少)达到?$")
_COMPARED = re.compile(COMPARISON)
_CLAUSE_END = re.compile(r"[,。;:\n]")
# Words that mean a change only where something is compared: 多26件, 新增3名, 减少45份.
_WEAK = frozenset(["多", "少", "降", "减", "增", "精简", "扩大", "高", "高出", "低", "升"])
_SHORTENED = re.compile(
    rf"^(?!.*(?:{COMPARISON}))[^,。;]*(?:压缩|压减|缩短|精简|缩减)(?:了|率|幅度?|约|近|超过|超|逾|达到?|不低于|为)*$"
)
_BEYOND = re.compile(
    r"(?:(?P<rise>[高多]出?于?)|(?P<fall>[低少]于?))(?:去年|上年)(?:同期|度)?(?:约|近|超)?$"  # 高出去年同期2个百分点
)
_SIGNS = {"+": "increase", "↑": "increase", "-": "decrease", "−": "decrease", "↓": "decrease"}
_FROM = re.compile(r"[由从]")
_TO = re.compile(r"[^,。;]{0,10}?[至到为]|[^,。;]{0,6}(?:达到|增至|降至|升至)(?:约|近|超|逾)?")
_ONWARD = re.compile(r"[,、]?(?:达到?|增至|升至|降至|增加到|增长到|减少到|下降到|总[量数]达到?|总[量数]为)$")
_JOINT = re.compile(r"[、和及与]|以及")
_EARLIER = re.compile(
    rf"(?:(?:去年|上年|上一年)(?:度|同期|全年)?|(?:[比较]|相比)(?:20\d\d|19\d\d)年(?:度|同期)?)(?:(?!{_RISE}|{_FALL})[^,。;、\d]){{0,8}}$"
)
_BY = re.compile(rf",?(?:同比)?(?:略|大幅|明显)?(?:(?P<rise>{_RISE})|(?P<fall>{_FALL}))(?:了|约|近|超)*")
_SUBJECT_NOISE = re.compile(
    rf"(?:{COMPARISON})|{_RISE}|{_FALL}|[去上]年(?:同期|度)?|分别|总量|总数|数量|总体|整体|全年|合计|累计|共|均|各|比例|占比|比重|同口径|实现|又|再|并|也|则|约|净|其中|相?比|与|较|[有略大明显小幅稳步持续上了的,()+↑↓−-]"
)
_FURTHEST_BASE = 12


def link_changes(
    text: str, figures: list[Found], links: list[Link], group: range, sentence_start: int
) -> None:
    """Marks the changes of one group of figures and what they are changes of."""
    _levels_before(text, figures, links, group, sentence_start)
    spread: list[int] = []  # changes of one list so far: 同比分别增长10%、5%
    for index in group:
        figure = figures[index]
        before = figures[index - 1].tail if index > group.start else sentence_start
        gap = text[max(before, figure.head - 40) : figure.head]
        if figure.rule == "quantity.share" and figure.unit == "倍":
            links[index].direction, links[index].change = "increase", True
            continue
        clause = _CLAUSE_END.split(gap)[-1]
        direction = _direction(clause, figure.unit)
        if direction is None and index > group.start and links[index - 1].earlier:
            by = _BY.fullmatch(gap)  # 较上年36件增加9件
            direction = None if by is None else "increase" if by["rise"] else "decrease"
        listed = index > group.start and links[index - 1].change and _JOINT.fullmatch(gap) is not None
        if direction is None and listed and figure.unit == figures[index - 1].unit:
            direction = links[index - 1].direction
        if direction is None:
            spread = []
            continue
        links[index].direction, links[index].change = direction, True
        if _SHORTENED.search(clause) and not any(
            links[other].from_value for other in range(group.start, index)
        ):
            # 承诺时限压缩76%: against the limit the law allows, not against last year
            links[index].direction = None
            continue
        if listed and spread:
            spread.append(index)
            _distribute(figures, links, group, spread)
            continue
        spread = [index] if "分别" in gap else []
        links[index].yoy_of = _base(text, figures, links, group, index, clause)


def _levels_before(
    text: str, figures: list[Found], links: list[Link], group: range, sentence_start: int
) -> None:
    """Finds the levels that a change starts from, and those of the year before."""
    for index in group:
        low = figures[index - 1].tail if index > group.start else sentence_start
        before = text[max(low, figures[index].head - 20) : figures[index].head]
        links[index].earlier = _EARLIER.search(before) is not None
        if index + 1 not in group or figures[index].unit != figures[index + 1].unit:
            continue
        start = text[max(low, figures[index].head - 14) : figures[index].head]
        between = text[figures[index].tail : figures[index + 1].head]
        links[index].from_value = _FROM.search(start) is not None and _TO.fullmatch(between) is not None


def _direction(clause: str, unit: str) -> str | None:
    """increase or decrease if the words before a number say that it is a change, not a level."""
    if _LEVEL.search(clause):
        return None
    if clause[-1:] in _SIGNS and _COMPARED.search(clause):
        return _SIGNS[clause[-1]]
    beyond = _BEYOND.search(clause)
    if beyond is not None:
        return "increase" if beyond["rise"] else "decrease"
    match = _CHANGE.search(clause) if _CHANGE_AT_END.search(clause) else None
    if match is None:
        return None
    compared = _COMPARED.search(clause) is not None
    word = match["rise"] or match["fall"]
    if word == "新增" or (word in _WEAK and not compared):
        return None
    if not compared and unit not in CHANGE_UNITS:
        return None
    return "increase" if match["rise"] else "decrease"


def _base(
    text: str, figures: list[Found], links: list[Link], group: range, index: int, clause: str
) -> int | None:
    """The level that a change at `index` is a change of: the nearest one before it, or the one it arrives at."""
    subject = _subject(clause)
    for other in range(index - 1, max(group.start, index - _FURTHEST_BASE) - 1, -1):
        link = links[other]
        if link.change or link.from_value or link.earlier:
            continue
        if not subject or figures[other].unit in subject:
            return other
        if _shares(subject, _own_words(text, figures, group, other)):
            return other
    following = index + 1
    if following in group and _ONWARD.fullmatch(text[figures[index].tail : figures[following].head]):
        return following
    return None


def _distribute(figures: list[Found], links: list[Link], group: range, changes: list[int]) -> None:
    """同比分别增长10%、5%: each change belongs to one of as many levels before the list, in the same order."""
    levels = [
        other
        for other in range(max(group.start, changes[0] - _FURTHEST_BASE), changes[0])
        if not (links[other].change or links[other].from_value or links[other].earlier)
    ]
    if len(levels) == 1:
        levels *= len(changes)  # 较2021年、2022年分别减少
    if len(levels) < len(changes):
        return
    for level, change in zip(levels[-len(changes) :], changes, strict=True):
        links[change].yoy_of = level


def _subject(clause: str) -> str:
    """The noun of its own that a change is stated of, '' if the clause names none."""
    match = _CHANGE.search(clause)
    words = clause[: match.start("rise" if match["rise"] else "fall")] if match else clause
    words = _SUBJECT_NOISE.sub("", words)
    return words if len(words) >= 2 else ""


def _own_words(text: str, figures: list[Found], group: range, index: int) -> str:
    """The text around a level from the figure before it to its end, with what follows its unit."""
    low = figures[index - 1].tail if index > group.start else max(0, figures[index].head - 60)
    high = figures[index + 1].head if index + 1 in group else figures[index].tail
    return (
        text[max(low, figures[index].head - 60) : figures[index].head]
        + text[figures[index].tail : min(high, figures[index].tail + 12)].split(",")[0]
    )


def _shares(subject: str, words: str) -> bool:
    """Whether two texts have two neighbouring characters in common."""
    return any(subject[i : i + 2] in words for i in range(len(subject) - 1))
