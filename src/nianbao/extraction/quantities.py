"""Finds the quantities in clean text: a number of the grammar with a unit that the text states as a result.

Every number that looks like a figure and is none is turned down by a named rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from . import lexicon, numerals
from .masks import masked
from .numerals import Quantity

_BOUNDARY = ",。;:!?\n"
_CLAUSE_END = re.compile(r"[,。;:!?\n]")
_QUALIFIER_BEFORE = re.compile(
    r"(?:(?P<approx_under>将近|接近|不足|(?<![最附靠远临就新])近)|(?P<about>大约|大概|(?<![签合契节预违特制公条解履])约)"
    r"|(?P<at_least>不少于|不低于|不小于|不得少于|至少)|(?P<at_most>不超过|不高于|不多于|不得超过|至多|最多|控制在)"
    r"|(?P<approx_over>超过|超出|高于|多于|突破|逾|超))(?:了|达到|达|为|有|到|计)?$"
)
# 未发生一起…: nothing is counted, and no number is stated either
_NEGATED = re.compile(r"(?:未|没有?|不|无)再?(?:发生|出现|发现|产生|引发|有|接到|收到)过?$")
_QUALIFIER_AFAR = re.compile(
    r"(?P<at_least>至少|不少于|不低于|不得少于)|(?P<at_most>不超过|不高于|至多|不得超过)"
)
_QUALIFIER_BEHIND = re.compile(
    r"(?P<approx_over>及?以上|有余|之多)|(?P<about>左右|上下)|(?P<at_most>以内|以下|之内)"
)
_LIMIT_BEHIND = re.compile(
    r"(?:\([含不]*\))?(?:及|或)?(?:以上|以下|以内|之内)(?:\([含不]*\))?"
    r"(?:的|(?:企业|单位|项目|合同|案件|公司|工程|事项|人员|干部|职务|支出|资金|罚款|学校)"
    r"|[、和或及且][^,。;\n]{0,20}(?:以上|以下|以内)的?)"
)
_LIMIT_BEFORE = re.compile(r"(?:超过|达到|不足|不满|低于|高于|满)$")
_INTERVAL = re.compile(
    r"每(?:个|隔|满|逢)?$|每(?:个|隔)?(?:季度|季|月|周|旬|日|天|半年|半月|双周|两周|\d+周|星期|工作日|班)[^,。;\n]{0,12}$"
    r"|每(?:人|户|家|名|村|单位|件|场|期|镇|街|校|处)[^,。;\n]{0,6}$"
)
_DURATION_CUE = re.compile(
    r"时间|时长|时限|周期|用时|耗时|历时|缩短|压缩|压减|提速|平均|[由从][^,。;]{0,12}$|[降减]至|减少"
)
_RANK = re.compile(r"(?:前|位列|排名|位居|名列|TOP)$")
_STRUCTURE = re.compile(
    r"方面|层面|维度|环节|阶段|角度|步骤|文明|必须|坚持|到位|统一|转变|结合|聚焦|强化|突出|注重|不"
)
_LONE_REJECT_BEFORE = frozenset("每新这那某同任另统单进第唯逐之其不有同哪")
_LONE_EVENT = re.compile(r"获|被|受到|入选|通过|发生|办结|评为|列入|荣|纳入|立案|败诉|撤销|上报")
_LONE_VERB = re.compile(
    r"(?:新增|增加|增设|查处|发生|收到|受理|办理|办结|承办|聘请|聘任|选聘|外聘|举办|召开|出台|制定|发布|审理|移送|配备)了?$"
)
_LONE_UNITS = frozenset(["件", "起", "宗", "名", "位", "部", "场", "期", "次", "份", "家", "项", "人"])
_VAGUE_BEFORE = frozenset("数几上好成")
_SCALE_ONLY = {"百": 100, "千": 1000, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_COUNTABLE = frozenset(
    ["件", "项", "条", "个", "次", "名", "人", "家", "场", "份", "起", "宗", "户", "篇", "期"]
)


@dataclass(slots=True)
class Found:
    """A quantity at clean span start–end. unit_at: where the unit begins. rule: what accepted it."""

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
    """A number with a unit that is not a figure, and the rule that says so."""

    start: int
    end: int
    rule: str


@dataclass(slots=True)
class _Reading:
    """What the grammar read at one place, before context is asked."""

    start: int
    end: int
    unit_start: int
    quantity: Quantity
    unit: str
    numeral: str
    infix: bool
    kind: str


def find(text: str, rejected: list[Rejected] | None = None) -> list[Found]:
    """All quantities of the clean text in order; the numbers turned down are added to `rejected` if given."""
    cover = masked(text)
    found: list[Found] = []
    position = 0
    search = numerals.NUMBER.search
    while (match := search(text, position)) is not None:
        start = match.start()
        position = match.end()
        if cover[start]:
            continue
        reading = _read(text, match)
        if reading is None:
            continue
        if any(cover[reading.start : reading.end]):
            continue
        position = max(position, reading.end)
        verdict = _judge(text, reading)
        if verdict is None:
            item = _accept(text, reading)
            if item is not None:
                found.append(item)
        elif rejected is not None:
            rejected.append(Rejected(reading.start, reading.end, verdict))
    return found


# --- reading the number and its unit ----------------------------------------------------------------------


def _read(text: str, match: re.Match[str]) -> _Reading | None:
    if match["number"] is None:
        return _read_share(text, match)
    start, position = match.span()
    numeral = match.group()
    if start and (text[start - 1].isascii() and (text[start - 1].isalnum() or text[start - 1] in "+×/.")):
        return None
    if numeral[0] == "0" and numeral[1:2].isdigit():
        return None
    infix, scale, position = _after_number(text, position)
    if (
        "." in numeral
        and (start == 0 or text[start - 1] == "\n")
        and text[position : position + 1] in _COUNTABLE
    ):
        start, numeral = _without_label(start, numeral)
    value = numerals.parse(numeral)
    if (value is None and infix and numeral in _SCALE_ONLY) or (
        value is None and numeral in _SCALE_ONLY and _QUALIFIER_BEFORE.search(text, max(0, start - 6), start)
    ):
        value = Decimal(_SCALE_ONLY[numeral])
    if value is None:
        return None
    pair = numerals.adjacent(numeral) if not numeral[0].isascii() else None
    quantity = pair or Quantity(value * scale)
    unit, unit_end = _unit(text, position)
    unit_start = position
    upper = _range(text, unit_end if unit else position, quantity)
    if upper is not None:
        quantity, unit, unit_start, unit_end, upper_infix = upper
        infix = infix or upper_infix
    if not unit:
        return None
    return _Reading(
        start, unit_end, unit_start, quantity, unit, numeral, infix, "range" if upper else "number"
    )


def _without_label(start: int, numeral: str) -> tuple[int, str]:
    """At the start of a line 1.52条 is item 1 with 52条: a short whole number before the point is a label."""
    label, _, rest = numeral.partition(".")
    if label.isdigit() and int(label) <= 30 and rest and not rest.startswith("0"):
        return start + len(label) + 1, rest
    return start, numeral


def _after_number(text: str, position: int) -> tuple[bool, int, int]:
    """余/多/几 and scale characters behind the number: whether there was one, the scale, where it ends."""
    infix = numerals.INFIX.match(text, position)
    if infix is None:
        return False, 1, position
    position = infix.end()
    scale = numerals.SCALE.match(text, position)
    if scale is None:
        return True, 1, position
    return True, numerals.scale_of(scale.group()), scale.end()


def _unit(text: str, position: int) -> tuple[str, int]:
    """Longest unit at `position` as (unit, its end); ('', position) if there is none."""
    if text.startswith("个", position):
        for word in lexicon.AFTER_GE:
            if text.startswith(word, position + 1):
                return lexicon.UNIT_ALIASES.get(word, word), position + 1 + len(word)
    for length in range(min(lexicon.LONGEST_UNIT, len(text) - position), 0, -1):
        word = text[position : position + length]
        if word in lexicon.UNITS:
            end = position + length
            follower = text[end : end + 1]
            if follower and follower in lexicon.CONTINUED.get(word, ""):
                continue
            word = word.replace("(", "").replace(")", "")
            return lexicon.UNIT_ALIASES.get(word, word), end
    return "", position


def _range(text: str, position: int, lower: Quantity) -> tuple[Quantity, str, int, int, bool] | None:
    """至2次 behind 1: (range, unit, where the unit begins and ends, infix); None if no range follows."""
    match = numerals.RANGE.match(text, position)
    if match is None or lower.about:
        return None
    upper_text = match["upper"]
    upper = numerals.parse(upper_text)
    if upper is None:
        return None
    infix, scale, end = _after_number(text, match.end())
    unit, unit_end = _unit(text, end)
    if not unit:
        return None
    upper *= scale
    low = lower.value
    trailing = numerals.SCALE.search(upper_text) if upper_text[0].isascii() else None
    if trailing and low * numerals.scale_of(trailing.group()) <= upper:
        low *= numerals.scale_of(trailing.group())
    if low > upper:
        return None
    return Quantity(low, upper), unit, end, unit_end, infix


def _read_share(text: str, match: re.Match[str]) -> _Reading | None:
    """百分之, N分之M, 翻番, 成, 一半 as percentages (翻番 as a multiple)."""
    start, end = match.span()
    upper: Decimal | None = None
    unit = "%"
    value: Decimal | None
    if match["percent"] is not None:
        value = numerals.parse(match["percent"])
        if match["percent"] == "百":
            value = Decimal(100)
    elif match["below"] is not None:
        below, above = numerals.parse(match["below"]), numerals.parse(match["above"])
        value = above / below * 100 if below and above is not None else None
    elif match["double"] is not None:
        value, unit = Decimal(2) ** int(numerals.parse(match["times"] or "一") or 1), "倍"
    elif match["tenths"] is not None:
        digits = [numerals.parse(c) for c in match["tenths"] if c in "一二两三四五六七八九"]
        value = (digits[0] or Decimal(0)) * 10 + (5 if match["half5"] else 0)
        upper = digits[1] * 10 if len(digits) > 1 and digits[1] is not None else None
    else:
        value = Decimal(50)
    if value is None:
        return None
    return _Reading(start, end, end, Quantity(value, upper), unit, match.group(), False, "share")


# --- judging it in its context ----------------------------------------------------------------------------


def _judge(text: str, item: _Reading) -> str | None:
    """Name of the rule that turns the reading down, None if it is a figure."""
    left = _clause_left(text, item.start)
    before = text[item.start - 1] if item.start else ""
    if before == "第":
        return "ordinal"
    if before in _VAGUE_BEFORE and item.numeral[0] in "十百千万亿":
        return "vague"
    if _INTERVAL.search(left):
        return "frequency"
    if item.unit in ("名", "位", "家", "强") and _RANK.search(left):
        return "ordinal"
    if item.kind != "share" and _is_threshold(text, item, left):
        return "threshold"
    if item.unit in lexicon.DURATIONS:
        return _judge_duration(text, item, left)
    if item.kind == "number" and not item.numeral[0].isascii() and not item.infix:
        return _judge_word(text, item, left)
    return None


def _clause_left(text: str, start: int) -> str:
    """Text of the clause before `start`, at most 60 characters."""
    low = max(0, start - 60)
    for position in range(start - 1, low - 1, -1):
        if text[position] in _BOUNDARY:
            return text[position + 1 : start]
    return text[low:start]


def _is_threshold(text: str, item: _Reading, left: str) -> bool:
    if _LIMIT_BEHIND.match(text, item.end):
        return True
    return text.startswith("的", item.end) and _LIMIT_BEFORE.search(left) is not None and "对" in left


def _judge_duration(text: str, item: _Reading, left: str) -> str | None:
    if text.startswith(("内", "之内", "以内", "前", "后", "以前"), item.end):
        return "deadline"
    return None if _DURATION_CUE.search(left) else "duration"


def _judge_word(text: str, item: _Reading, left: str) -> str | None:
    """A number in Chinese numerals: is it a count, or structure, or part of a word?"""
    if item.unit in lexicon.DIGIT_ONLY:
        return "lexical"
    value = item.quantity.value
    if item.numeral == "零" or (value == 0 and item.numeral != "0"):
        return "zero_claim"
    if item.unit == "个" and value < 10 and _STRUCTURE.match(text, item.end):
        return "classification"
    if item.unit == "期" and text.startswith(("工程", "项目", "建设"), item.end):
        return "ordinal"
    if item.numeral == "一":
        return _judge_lone_one(text, item, left)
    return None


def _judge_lone_one(text: str, item: _Reading, left: str) -> str | None:
    """一 + classifier counts only behind its noun, as the subject of an event, or after a verb of one act."""
    before = text[item.start - 1] if item.start else ""
    if (
        before in _LONE_REJECT_BEFORE
        or "跑" in left
        or "每" in left
        or left.endswith(("一", "即", "成为", "作为", "只进"))
    ):
        return "indefinite"
    if _NEGATED.search(left):
        return "zero_claim"
    behind = text[item.end : item.end + 1]
    if not behind or behind in ",。;、:)!?\n" or text.startswith(("以上", "和", "以及"), item.end):
        postposed = len(left) >= 2 and "\u4e00" <= before <= "\u9fff"
        return None if postposed else "indefinite"
    clause_end = _CLAUSE_END.search(text, item.end, item.end + 60)
    right = text[item.end : clause_end.start() if clause_end else item.end + 60]
    if not left and item.unit in _LONE_UNITS and _LONE_EVENT.search(right):
        return None
    if item.unit in _LONE_UNITS and _LONE_VERB.search(left) and behind != "系":
        return None
    return "indefinite"


# --- what is accepted -------------------------------------------------------------------------------------


def _accept(text: str, item: _Reading) -> Found | None:
    try:
        value = numerals.storable(item.quantity.value)
        value_max = None
        if item.quantity.value_max is not None:
            value_max = numerals.storable(item.quantity.value_max)
            if value_max is None:
                return None
    except InvalidOperation:
        return None
    if value is None:
        return None
    qualifier, head, tail = _qualifier(text, item)
    rule = {"share": "share", "range": "range"}.get(
        item.kind, "arabic" if item.numeral[0].isascii() else "chinese"
    )
    return Found(item.start, item.end, value, value_max, item.unit, qualifier, f"quantity.{rule}", head, tail)


def _qualifier(text: str, item: _Reading) -> tuple[str, int, int]:
    """(qualifier, start with its words before, end with its words behind)."""
    head, tail = item.start, item.end
    qualifier = "exact"
    left = _clause_left(text, item.start)
    before = _QUALIFIER_BEFORE.search(left)
    if before is not None:
        head = item.start - len(left) + before.start()
        qualifier = before.lastgroup or "exact"
    behind = _QUALIFIER_BEHIND.match(text, item.end)
    if behind is not None:
        tail = behind.end()
        if qualifier == "exact":
            qualifier = behind.lastgroup or "exact"
    if qualifier == "exact" and item.infix:
        qualifier = "approx_over"
    if qualifier == "exact" and item.quantity.about:
        qualifier = "about"
    if qualifier == "exact" and item.quantity.value_max is None:
        afar = next(reversed(list(_QUALIFIER_AFAR.finditer(left))), None)
        if afar is not None and not re.search(r"\d", left[afar.end() :]):
            qualifier = afar.lastgroup or "exact"
    return qualifier, head, tail
