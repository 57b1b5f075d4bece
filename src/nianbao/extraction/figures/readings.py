"""Reads one number of the grammar together with its unit; context is not asked yet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from . import lexicon, numerals
from .numerals import Quantity

# Scale characters without a digit count only with a word of size beside them: 近百人次, 千余人.
_SCALE_ONLY = {
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "百亿": 10**10,
    "千亿": 10**11,
}
_SIZE_BEFORE = re.compile(r"(?:将近|接近|不足|近|约|超过?|逾|突破|超出)(?:了|达|有|到)?$")
_LABELLED = frozenset("件项条个次名人家场份起宗户篇期")
# What a number with a unit, or the lower bound of a range, can go on with: asked first, since most do not.
_MAY_FOLLOW = frozenset(unit[0] for unit in lexicon.UNITS) | frozenset(numerals.RANGE_MARKS)
# first character → lengths of the units that begin with it, longest first
_UNIT_LENGTHS = {
    first: tuple(sorted({len(unit) for unit in lexicon.UNITS if unit[0] == first}, reverse=True))
    for first in {unit[0] for unit in lexicon.UNITS}
}
_LIST_MARKS = frozenset("、和及与")
_LISTED = re.compile(r"[、和及与](?:\d{1,9}(?:\.\d{1,6})?)(?![\d.])")
_RESPECTIVELY = re.compile(r"分别[^,。;:\n]{0,20}$")
_BROKEN_OFF = re.compile(r"\n(?:\d|[^\n]{1,3}以[上下])")  # 人数14 / 3人以上: a line break inside the number
_CLAUSE_ENDS = frozenset(["", *",。;、)!?\n"])
_GOES_ON = _MAY_FOLLOW | _LIST_MARKS | _CLAUSE_ENDS | numerals.INFIXES
_UNIT_BEFORE = re.compile(
    r"(?P<unit>人次|场次|户次|件次|家次|车次|人数|次数|户数|件数)(?:总计|累计|共计|合计|已|均|约|近|超过?|逾|突破|达到?|为|高达)*$"
)
_NOT_TENTHS = re.compile(r"[,。;:、()!?\n以左多五]|$")


@dataclass(slots=True)
class Reading:
    """A number with its unit at clean span start–end. unit_start: where the unit begins.

    infix: 余, 多, 几 or 来 stands inside. kind: number, range, share (百分之, N分之M, 成, 一半, 翻番) or vague
    (a scale without a digit: 上百场).
    """

    start: int
    end: int
    unit_start: int
    quantity: Quantity
    unit: str
    numeral: str
    infix: bool
    kind: str

    @property
    def arabic(self) -> bool:
        """Whether the number begins with an Arabic digit."""
        return self.numeral[0].isascii()


def read(text: str, match: re.Match[str]) -> Reading | None:
    """The reading of a match of `numerals.NUMBER` in the clean text, None if no unit follows."""
    if match["number"] is None:
        return _share(text, match)
    start, position = match.span()
    if text[position : position + 1] not in _GOES_ON:
        return None
    numeral = match.group()
    infix, scale, position = _after_number(text, position)
    if text[position : position + 1] not in _MAY_FOLLOW:
        return _sharing(text, match) or _preposed(text, match)
    if (
        "." in numeral
        and (start == 0 or text[start - 1] == "\n")
        and text[position : position + 1] in _LABELLED
    ):
        start, numeral = _without_label(start, numeral)
    value = numerals.parse(numeral)
    sized = True
    if value is None and numeral in _SCALE_ONLY:
        value = Decimal(_SCALE_ONLY[numeral])
        sized = infix or _SIZE_BEFORE.search(text, max(0, start - 6), start) is not None
    if value is None:
        return None
    pair = None if numeral[0].isascii() else numerals.adjacent(numeral)
    quantity = pair or Quantity(value * scale)
    unit, unit_end = unit_at(text, position)
    unit_start = position
    upper = _range(text, unit_end if unit else position, quantity)
    if upper is not None:
        quantity, unit, unit_start, unit_end, upper_infix = upper
        infix = infix or upper_infix
    if not unit:
        return None
    kind = "range" if upper else "number" if sized else "vague"
    return Reading(start, unit_end, unit_start, quantity, unit, numeral, infix, kind)


def _sharing(text: str, match: re.Match[str]) -> Reading | None:
    """分别提高5.6和7.2个百分点: the first number takes the unit of those it is listed with."""
    start, end = match.span()
    if (
        text[end : end + 1] not in _LIST_MARKS
        or _RESPECTIVELY.search(text, max(0, start - 24), start) is None
    ):
        return None
    position = end
    while (following := _LISTED.match(text, position)) is not None:
        position = following.end()
    unit, _ = unit_at(text, position)
    value = numerals.parse(match.group())
    if position == end or not unit or value is None:
        return None
    return Reading(start, end, end, Quantity(value), unit, match.group(), False, "number")


def _preposed(text: str, match: re.Match[str]) -> Reading | None:
    """观看人次超1232万: the noun before the number ends in the unit, and nothing follows."""
    start, end = match.span()
    if text[end : end + 1] not in _CLAUSE_ENDS or _BROKEN_OFF.match(text, end) is not None:
        return None
    noun = _UNIT_BEFORE.search(text, max(0, start - 12), start)
    value = numerals.parse(match.group())
    if noun is None or value is None:
        return None
    unit = noun["unit"].removesuffix("数")
    return Reading(start, end, end, Quantity(value), unit, match.group(), False, "number")


def unit_at(text: str, position: int) -> tuple[str, int]:
    """Longest unit at `position` as (unit, its end); ('', position) if there is none."""
    if text.startswith("个", position):
        for word in lexicon.AFTER_GE:
            if text.startswith(word, position + 1):
                return lexicon.UNIT_ALIASES.get(word, word), position + 1 + len(word)
    for length in _UNIT_LENGTHS.get(text[position : position + 1], ()):
        word = text[position : position + length]
        if word in lexicon.UNITS:
            end = position + len(word)
            follower = text[end : end + 1]
            if follower and follower in lexicon.CONTINUED.get(word, ""):
                continue
            if word in lexicon.ONLY_BEFORE and follower and follower not in lexicon.ONLY_BEFORE[word]:
                continue
            word = word.replace(lexicon.UNIT_MARK, "")
            return _bracketed(text, lexicon.UNIT_ALIASES.get(word, word), end)
    return "", position


def _bracketed(text: str, unit: str, end: int) -> tuple[str, int]:
    """人(次) is 人次; 件(册) names a second unit beside the first, which stays the unit."""
    if not text.startswith("(", end) or not text.startswith(")", end + 2):
        return unit, end
    second = text[end + 1]
    if second not in lexicon.UNITS:
        return unit, end
    return (unit + second if unit + second in lexicon.UNITS else unit), end + 3


def _without_label(start: int, numeral: str) -> tuple[int, str]:
    """At the start of a line 1.52条 is item 1 with 52条: a short whole number before the point is a label."""
    label, _, rest = numeral.partition(".")
    if label.isdigit() and int(label) <= 30 and rest and not rest.startswith("0"):
        return start + len(label) + 1, rest
    return start, numeral


def _after_number(text: str, position: int) -> tuple[bool, int, int]:
    """余/多/几 and scale characters behind the number: whether there was one, the scale, where it ends."""
    if text[position : position + 1] not in numerals.INFIXES:
        return False, 1, position
    infix = numerals.INFIX.match(text, position)
    if infix is None:
        return False, 1, position
    position = infix.end()
    scale = numerals.SCALE.match(text, position)
    if scale is None:
        return True, 1, position
    return True, numerals.scale_of(scale.group()), scale.end()


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
    unit, unit_end = unit_at(text, end)
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


def _share(text: str, match: re.Match[str]) -> Reading | None:
    """百分之, N分之M, 成, 一半 as percentages, 翻番 as a multiple."""
    start, end = match.span()
    unit = "%"
    quantity: Quantity | None
    if match["percent"] is not None:
        value = Decimal(100) if match["percent"] == "百" else numerals.parse(match["percent"])
        quantity = Quantity(value) if value is not None else None
    elif match["whole"] is not None:
        quantity = Quantity(Decimal(100))
    elif match["below"] is not None:
        quantity = _fraction(match["below"], match["above"])
    elif match["slash"] is not None:
        above, _, below = match["slash"].partition("/")
        quantity = _fraction(below, above) if int(above) < int(below) else None
    elif match["double"] is not None:
        quantity, unit = Quantity(Decimal(2) ** int(numerals.parse(match["times"] or "一") or 1)), "倍"
    elif match["tenths"] is not None:
        quantity = _tenths(text, match)
    else:
        quantity = Quantity(Decimal(50))
    if quantity is None:
        return None
    return Reading(start, end, end, quantity, unit, match.group(), False, "share")


def _fraction(below: str, above: str) -> Quantity | None:
    """above / below in percent; 千分之三 and 万分之三 name their base without a digit."""
    divisor = Decimal({"千": 1000, "万": 10**4}.get(below, 0)) or numerals.parse(below)
    dividend = numerals.parse(above)
    return Quantity(dividend / divisor * 100) if divisor and dividend is not None else None


def _tenths(text: str, match: re.Match[str]) -> Quantity | None:
    """三成 → 30, 七八成 → 70..80, 九成五 → 95. 一成 is a share only where nothing goes on behind it (一成不变)."""
    words = match["tenths"]
    if words == "一成" and _NOT_TENTHS.match(text, match.end()) is None:
        return None
    digits = [numerals.parse(c) for c in words if c in "一二两三四五六七八九123456789"]
    low = (digits[0] or Decimal(0)) * 10
    if match["half5"]:
        low += 5
    if len(digits) == 1 or digits[1] is None:
        return Quantity(low)
    if digits[1] * 10 <= low:
        return None  # 21成 says nothing
    adjoining = numerals.adjacent(words[:2]) is not None
    return Quantity(low, digits[1] * 10, about=adjoining)
