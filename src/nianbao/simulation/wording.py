"""How a quantity is worded: digits, scales, Chinese numerals, approximations. Wording and value come from one place.

A worded quantity always says exactly what its value is: 近400 is the value 400 with the qualifier approx_under.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from .dice import Dice

_DIGITS = "零一二三四五六七八九"
_TEN_THOUSAND = Decimal(10_000)
_HUNDRED_MILLION = Decimal(100_000_000)
_NO_GENERAL_UNIT = {"%", "百分点"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A worded quantity: before + span + after as it is printed; only `span` is the figure.

    value, value_max: what it says, fully scaled. unit: as written after the scale. qualifier: exact,
    approx_over, approx_under, about, at_least or at_most.
    """

    before: str
    span: str
    after: str
    value: Decimal
    value_max: Decimal | None
    unit: str
    qualifier: str


def chinese(number: int) -> str:
    """0 to 99 in Chinese numerals as used before a classifier: 两, 十二, 二十次."""
    if not 0 <= number <= 99:
        raise ValueError(f"{number} has no short Chinese numeral; use digits")
    if number == 2:
        return "两"
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    head = "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


def plain(value: Decimal) -> str:
    """Digits without exponent and without trailing zeros."""
    text = format(value.normalize(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    """The value as a multiple of step."""
    return (value / step).to_integral_value(rounding=rounding) * step


def _step(value: Decimal) -> Decimal:
    """The step that leaves one or two telling digits: 63 → 10, 3200 → 100, 12500 → 500."""
    size = len(str(int(value)))
    if size <= 2:
        return Decimal(10)
    if size == 3:
        return Decimal(10)
    if size == 4:
        return Decimal(100)
    return Decimal(10) ** (size - 3) * 5


def scaled(value: Decimal) -> tuple[str, str]:
    """Digits and scale word: 1265700 → ("126.57", "万"). The value must be a multiple of what two decimals hold."""
    if value >= _HUNDRED_MILLION:
        return plain(value / _HUNDRED_MILLION), "亿"
    if value >= _TEN_THOUSAND:
        return plain(value / _TEN_THOUSAND), "万"
    return plain(value), ""


def sayable(value: Decimal) -> Decimal:
    """The value to the precision that reports print: above ten thousand two decimals of 万, of 亿 above that."""
    if value >= _HUNDRED_MILLION:
        return rounded(value, Decimal(1_000_000), ROUND_HALF_UP)
    if value >= 100_000:
        return rounded(value, Decimal(100), ROUND_HALF_UP)
    return value


def _quantity(value: Decimal, unit: str, gap: str, **parts: str) -> Quantity:
    digits, scale = scaled(value) if value >= 100_000 else (plain(value), "")
    infix = parts.get("infix", "")
    span = f"{digits}{gap}{scale}{infix}{unit}"
    qualifier = parts.get("qualifier", "exact")
    return Quantity(parts.get("before", ""), span, parts.get("after", ""), value, None, unit, qualifier)


def exact(value: Decimal, unit: str, gap: str = "") -> Quantity:
    """The value itself: 35次, 12.5%, 44.89万件."""
    if unit == "百分点":
        return Quantity("", f"{plain(value)}{gap}个百分点", "", value, None, unit, "exact")
    if unit in _NO_GENERAL_UNIT:
        return Quantity("", f"{plain(value)}{unit}", "", value, None, unit, "exact")
    return _quantity(value, unit, gap)


def in_chinese(value: Decimal, unit: str) -> Quantity:
    """十二次; digits where the number is too large for a short numeral or no whole one."""
    if value != int(value) or not 0 < value <= 99:
        return exact(value, unit)
    return Quantity("", chinese(int(value)) + unit, "", value, None, unit, "exact")


def over(value: Decimal, unit: str, gap: str, dice: Dice, *, at_end: bool) -> Quantity:
    """Rounded down and said to be more: 60余次, 1.2万余人次, 超过60次, 60次以上 (only at the end of a clause)."""
    value = rounded(value, _step(value), ROUND_FLOOR) if value >= 20 else value
    if value < 20:
        return exact(value, unit, gap)
    forms = [("", "余", ""), ("", "余", ""), ("", "多", ""), ("超过", "", ""), ("逾", "", ""), ("超", "", "")]
    if at_end:
        forms.append(("", "", "以上"))
    before, infix, after = dice.pick(forms, "over")
    if value >= 10_000:
        digits = plain(value / _TEN_THOUSAND)
        span = f"{digits}{gap}万{infix}{unit}"
        return Quantity(before, span, after, value, None, unit, "approx_over")
    parts = {"before": before, "infix": infix, "after": after, "qualifier": "approx_over"}
    return _quantity(value, unit, gap, **parts)


def near(value: Decimal, unit: str, gap: str, dice: Dice) -> Quantity:
    """Rounded up and said to be nearly reached: 近400人, 接近2万人次."""
    if value < 20:
        return exact(value, unit, gap)
    value = rounded(value, _step(value), ROUND_CEILING)
    before = dice.pick(("近", "近", "接近"), "near")
    digits, scale = (plain(value / _TEN_THOUSAND), "万") if value >= 10_000 else (plain(value), "")
    return Quantity(before, f"{digits}{gap}{scale}{unit}", "", value, None, unit, "approx_under")


def about(value: Decimal, unit: str, gap: str, dice: Dice, *, at_end: bool) -> Quantity:
    """Rounded and said to be about right: 约785亩, 300人左右."""
    if value < 20:
        return exact(value, unit, gap)
    value = rounded(value, _step(value), ROUND_HALF_UP)
    before, after = dice.pick((("约", ""), ("约", ""), ("大约", ""), ("", "左右" if at_end else "")), "about")
    qualifier = "about" if before or after else "exact"
    digits, scale = (plain(value / _TEN_THOUSAND), "万") if value >= 10_000 else (plain(value), "")
    return Quantity(before, f"{digits}{gap}{scale}{unit}", after, value, None, unit, qualifier)


def at_least(value: Decimal, unit: str, gap: str, dice: Dice) -> Quantity:
    """A lower bound, as plans set it: 不少于12次, 不低于98%."""
    words = ("不低于", "保持在", "达到") if unit in _NO_GENERAL_UNIT else ("不少于", "不少于", "至少")
    word = dice.pick(words, "least")
    suffix = "以上" if word in ("保持在", "达到") else ""
    qualifier = "approx_over" if suffix else "at_least"
    inner = exact(value, unit, gap)
    return Quantity(word, inner.span, suffix, value, None, unit, qualifier)


def at_most(value: Decimal, unit: str, gap: str, dice: Dice) -> Quantity:
    """An upper bound: 不超过2次, 控制在5%以内."""
    before, after = dice.pick((("不超过", ""), ("不高于", ""), ("控制在", "以内")), "most")
    inner = exact(value, unit, gap)
    return Quantity(before, inner.span, after, value, None, unit, "at_most")


def span_of_two(low: Decimal, high: Decimal, unit: str, dice: Dice) -> Quantity:
    """A range: 3至4次, 3-4次."""
    joint = dice.pick(("至", "至", "-", "—"), "range")
    return Quantity("", f"{plain(low)}{joint}{plain(high)}{unit}", "", low, high, unit, "exact")
