"""One numeral grammar: Arabic, Chinese, mixed, scaled, fractional; exact decimal values.

Works on clean text (half width, no blanks). No rule here knows what is counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

# Storage keeps 22 digits before the point and 6 behind it; whatever does not fit is not a figure.
_LIMIT = Decimal(10) ** 22
_STEP = Decimal("0.000001")
_LONGEST = 32

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "半": 0}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}

_CN = "〇零一二两三四五六七八九十百千万亿"
_ARABIC = r"\d{1,3}(?:,\d{3}){1,7}(?!\d)(?:\.\d{1,12})?|\d{1,24}(?:\.\d{1,12})?"
_ONE = rf"(?:(?:{_ARABIC})(?!\d)[百千万亿]{{0,3}}(?:\d{{1,4}}[百千万亿]{{1,2}}){{0,4}}|[{_CN}]{{1,20}}(?:点[〇零一二三四五六七八九]{{1,8}})?)"
# 七成事项 is a share, 三成员, 二成功 and 一成不变 are none
_AFTER_TENTHS = r"(?![员立功果为效本绩熟长年品就分交型文套人批不堂都像语片书了])"
NUMBER = re.compile(
    rf"(?=[\d翻半{_CN}])(?:(?P<fraction>百分之(?P<percent>{_ONE})|(?P<below>(?<![\d{_CN}]){_ONE})分之(?P<above>{_ONE}))"
    rf"|(?P<whole>(?<=[率度为达到])百分百)"
    rf"|(?P<slash>(?<![\d./])[1-9]/[2-9](?=以上|左右|的|强|多|[,。;、)]))"
    rf"|(?P<double>翻了?(?P<times>[一二两三四五六]?)番)"
    rf"|(?P<tenths>(?<![\d第半.{_CN}])[一二两三四五六七八九1-9](?:至|到|[-—~])?[一二三四五六七八九1-9]?成{_AFTER_TENTHS})(?P<half5>五?)"
    rf"|(?P<half>(?<![另这那每前后上下到])一半(?![路天夜])|(?<![过大])半数)"
    rf"|(?P<number>(?<![\d{_CN}]){_ONE}))"
)
INFIXES = frozenset("余多几来")
INFIX = re.compile(r"(?:[余几来]|多(?!元[化解调共矛纠治主联参]))(?=[万亿百千%‰\u4e00-\u9fff(])")
SCALE = re.compile(r"[百千万亿]+")
RANGE_MARKS = "至到-—–~～−―"
RANGE = re.compile(rf"(?:至|到|-{{1,2}}|[—–~～−―]{{1,2}})(?P<upper>{_ONE})")
_SCALED = re.compile(r"([\d,.]+)([百千万亿]*)")
_ADJACENT = re.compile(r"([一二两三四五六七八九])([二三四五六七八九])(?=[十百千万亿]|$)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value and, for a range, its upper bound. `about`: two neighbouring numerals (两三次)."""

    value: Decimal
    value_max: Decimal | None = None
    about: bool = False


def storable(value: Decimal) -> Decimal | None:
    """`value` rounded to six decimals, None if it does not fit DECIMAL(28,6)."""
    if abs(value) >= _LIMIT:
        return None
    rounded = value.quantize(_STEP)
    return rounded.normalize() + 0 if rounded else Decimal(0)


def scale_of(text: str) -> int:
    """Product of the scale characters in `text`: 百万 → 1,000,000."""
    product = 1
    for char in text:
        product *= _SMALL.get(char) or _LARGE.get(char) or 1
    return product


def parse(text: str) -> Decimal | None:
    """Value of one numeral of the grammar, None where it has none (百家: a scale without a digit is vague)."""
    if not text or len(text) > _LONGEST:
        return None
    if text[0].isascii():
        return _parse_mixed(text)
    whole, _, fraction = text.partition("点")
    value = _parse_chinese(whole)
    if value is None or not fraction:
        return value
    digits = "".join(str(_DIGITS[c]) for c in fraction)
    return value + Decimal("0." + digits)


def _parse_mixed(text: str) -> Decimal | None:
    total = Decimal(0)
    for digits, scales in _SCALED.findall(text):
        plain = digits.replace(",", "")
        if len(plain.partition(".")[2]) > 6 and not scales:
            return None
        total += Decimal(plain) * scale_of(scales)
    return total


def _parse_chinese(text: str) -> Decimal | None:
    if all(c in _DIGITS for c in text):
        # 二〇二四 is read digit by digit, a lone 三 as itself
        return Decimal(int("".join(str(_DIGITS[c]) for c in text)))
    total = section = digit = 0
    seen = False
    for char in text:
        if char in _DIGITS:
            digit, seen = _DIGITS[char], True
        elif char in _SMALL:
            if not seen and char != "十":
                return None
            section += (digit or 1) * _SMALL[char]
            digit, seen = 0, True
        else:
            if not seen:
                return None
            total = (
                (total + section + digit) * _LARGE[char]
                if char == "亿"
                else total + (section + digit) * 10**4
            )
            section = digit = 0
    return Decimal(total + section + digit)


def adjacent(text: str) -> Quantity | None:
    """两三 → 2..3, 二三十 → 20..30; None if the numeral is not of that form."""
    match = _ADJACENT.match(text)
    if match is None or _DIGITS[match[2]] != _DIGITS[match[1]] + 1:
        return None
    scale = scale_of(text[2:])
    return Quantity(Decimal(_DIGITS[match[1]] * scale), Decimal(_DIGITS[match[2]] * scale), about=True)
