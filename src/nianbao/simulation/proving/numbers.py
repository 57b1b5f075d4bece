"""Every way to word a number that these reports know. A wording and its value come from one place.

A wording is a function of (dice, low, high, unit) that draws a value from the range and words it; WORDINGS names them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from ..dice import Dice
from ..wording import Quantity, plain

_DIGITS = "零一二三四五六七八九"
_WIDE = str.maketrans("0123456789.%", "０１２３４５６７８９．％")
TEN_THOUSAND = 10_000

Wording = Callable[[Dice, Decimal, Decimal, str], Quantity]


def in_chinese(number: int) -> str:
    """A whole number below 100 million in Chinese numerals, with 两 where it is spoken before a classifier."""
    if number == 2:
        return "两"
    if number >= TEN_THOUSAND:
        tens, rest = divmod(number, TEN_THOUSAND)
        return in_chinese(tens) + "万" + (("零" if rest < 1000 else "") + _below(rest) if rest else "")
    return _below(number)


def _below(number: int) -> str:
    text, gap = "", False
    for value, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, value)
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + sign
            gap = False
        else:
            gap = True
    # only 10 to 19 are spoken without the leading one
    return text.removeprefix("一") if text.startswith("一十") else text


def _quantity(
    span: str, value: Decimal, unit: str, qualifier: str = "exact", upper: Decimal | None = None
) -> Quantity:
    return Quantity("", span, "", value, upper, unit, qualifier)


def _whole(dice: Dice, low: Decimal, high: Decimal) -> Decimal:
    return Decimal(dice.between(int(low), max(int(low), int(high)), "whole"))


def _round(dice: Dice, low: Decimal, high: Decimal) -> Decimal:
    """A round number, at least 20."""
    value = int(_whole(dice, max(low, Decimal(20)), max(high, Decimal(90))))
    step = 10 ** (len(str(value)) - 1) if value < 1000 else 10 ** (len(str(value)) - 2)
    return Decimal(max(20, value // step * step))


def _decimal(dice: Dice, low: Decimal, high: Decimal) -> Decimal:
    """One or two decimals in the range, never a whole number."""
    places = dice.between(1, 2, "places")
    scale = 10**places
    value = dice.between(int(low * scale), int(high * scale), "decimal")
    return Decimal(value + int(value % 10 == 0)) / Decimal(scale)


def exact(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """35件."""
    value = _whole(dice, low, high)
    return _quantity(f"{value}{unit}", value, unit)


def spaced(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """35 件, 1 286 件."""
    value = _whole(dice, low, high)
    digits = f"{value:,}".replace(",", dice.pick((" ", ""), "group"))
    return _quantity(f"{digits} {unit}", value, unit)


def wide(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """３５件."""
    value = _whole(dice, low, high)
    return _quantity(f"{str(value).translate(_WIDE)}{unit}", value, unit)


def grouped(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """1,286件, with a comma of either width."""
    value = _whole(dice, max(low, Decimal(1000)), max(high, Decimal(98_000)))
    return _quantity(f"{value:,}".replace(",", dice.pick((",", "，"), "comma")) + unit, value, unit)


def chinese(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """十二件, 两件, 三十五件."""
    value = _whole(dice, Decimal(2), min(high, Decimal(60)))
    return _quantity(in_chinese(int(value)) + unit, value, unit)


def chinese_large(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """五百余件, 两千三百件, 二百一十六件, 一万二千余件."""
    value = int(_whole(dice, Decimal(100), Decimal(max(int(high), 30_000))))
    step = 10 ** max(1, len(str(value)) - 2)
    if dice.chance(0.35, "full"):
        return _quantity(in_chinese(value) + unit, Decimal(value), unit)
    value -= value % step
    infix = dice.pick(("余", "多", ""), "infix")
    return _quantity(
        in_chinese(value) + infix + unit, Decimal(value), unit, "approx_over" if infix else "exact"
    )


def mixed(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """9百余件, 3千多件."""
    sign, size = dice.pick((("百", 100), ("千", 1000)), "sign")
    digit = dice.between(2, 9, "digit")
    return _quantity(
        f"{digit}{sign}{dice.pick(('余', '多'), 'infix')}{unit}", Decimal(digit * size), unit, "approx_over"
    )


def ten_thousands(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """44.89万件, 3万件."""
    value = (
        _decimal(dice, Decimal(1), Decimal(90))
        if dice.chance(0.8, "decimals")
        else _whole(dice, Decimal(2), Decimal(60))
    )
    return _quantity(f"{plain(value)}万{unit}", value * TEN_THOUSAND, unit)


def ten_thousands_over(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """1.25万余人次, 2.5万多人次."""
    value = _decimal(dice, Decimal(1), Decimal(40))
    return _quantity(
        f"{plain(value)}万{dice.pick(('余', '多'), 'infix')}{unit}", value * TEN_THOUSAND, unit, "approx_over"
    )


def hundred_millions(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """4.7亿元."""
    value = _decimal(dice, Decimal(1), Decimal(30))
    return _quantity(f"{plain(value)}亿{unit}", value * 100_000_000, unit)


def over_inside(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """60余件, 130多件, 百余件."""
    if dice.chance(0.12, "bare"):
        return _quantity(f"百余{unit}", Decimal(100), unit, "approx_over")
    value = _round(dice, low, high)
    return _quantity(f"{value}{dice.pick(('余', '多', '余'), 'infix')}{unit}", value, unit, "approx_over")


def over_exact(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """16余件: a qualifier on a number that is not round."""
    value = dice.between(1, 9, "tens") * 10 + dice.between(1, 9, "ones")
    return _quantity(f"{value}余{unit}", Decimal(value), unit, "approx_over")


def _worded(dice: Dice, value: Decimal, unit: str, qualifier: str, around: tuple[str, str]) -> Quantity:
    digits, scale = (plain(value / TEN_THOUSAND), "万") if value >= TEN_THOUSAND else (plain(value), "")
    inner = _quantity(f"{digits}{scale}{unit}", value, unit, qualifier)
    return replace(inner, before=around[0], after=around[1])


def over_before(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """超过60件, 逾60件, 突破2万件."""
    word = dice.pick(("超过", "逾", "超", "突破", "高于"), "word")
    return _worded(dice, _round(dice, low, high), unit, "approx_over", (word, ""))


def over_after(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """60件以上, 300件有余."""
    return _worded(
        dice, _round(dice, low, high), unit, "approx_over", ("", dice.pick(("以上", "以上", "有余"), "word"))
    )


def under(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """近400件, 接近2万件, 不足30件."""
    word = dice.pick(("近", "接近", "将近", "近", "不足"), "word")
    return _worded(dice, _round(dice, low, high), unit, "approx_under", (word, ""))


def about(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """约785亩, 300件左右, 大约40件."""
    around = dice.pick((("约", ""), ("大约", ""), ("", "左右"), ("", "上下"), ("约", "")), "word")
    return _worded(dice, _round(dice, low, high), unit, "about", around)


def at_least(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """不少于12件, 不低于98%, 至少3件."""
    words = ("不低于",) if unit == "%" else ("不少于", "至少", "不少于", "不低于")
    return _worded(dice, _whole(dice, low, high), unit, "at_least", (dice.pick(words, "word"), ""))


def at_most(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """不超过2件, 控制在5件以内."""
    around = dice.pick((("不超过", ""), ("不高于", ""), ("控制在", "以内"), ("至多", "")), "word")
    return _worded(dice, _whole(dice, low, high), unit, "at_most", around)


def within(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """5天以内, 3%以下."""
    return _worded(dice, _whole(dice, low, high), unit, "at_most", ("", dice.pick(("以内", "以下"), "word")))


def rate_after(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """95%以上."""
    return _worded(dice, _whole(dice, low, high), "%", "approx_over", ("", "以上"))


def span_of_two(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """1至2件, 3-5件, 12—15件."""
    first = _whole(dice, low, min(high, Decimal(40)))
    last = first + dice.between(1, 6, "more")
    joint = dice.pick(("至", "-", "—", "～", "到"), "joint")
    doubled = unit if joint in ("至", "到") and dice.chance(0.3, "doubled") else ""
    return _quantity(f"{first}{doubled}{joint}{last}{unit}", first, unit, "exact", last)


def span_of_neighbours(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """两三件, 五六件."""
    first = dice.between(2, 8, "first")
    return _quantity(
        in_chinese(first) + _DIGITS[first + 1] + unit, Decimal(first), unit, "about", Decimal(first + 1)
    )


def span_of_ten_thousands(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """1.5万至2万人次."""
    first = _decimal(dice, Decimal(1), Decimal(9))
    last = Decimal(int(first) + dice.between(1, 3, "more"))
    ten = dice.pick(("万", ""), "scale")
    return _quantity(
        f"{plain(first)}{ten}至{plain(last)}万{unit}",
        first * TEN_THOUSAND,
        unit,
        "exact",
        last * TEN_THOUSAND,
    )


def rate(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """98.6%, 100%."""
    if high >= 99 and dice.chance(0.15, "full"):
        return _quantity("100%", Decimal(100), "%")
    value = _decimal(dice, low, high)
    return _quantity(f"{plain(value)}%", value, "%")


def rate_wide(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """９８．６％, 98.6％."""
    inner = rate(dice, low, high, unit)
    text = inner.span.translate(_WIDE) if dice.chance(0.6, "all") else inner.span.replace("%", "％")
    return replace(inner, span=text)


def rate_spaced(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """98.6 %."""
    inner = rate(dice, low, high, unit)
    return replace(inner, span=inner.span.replace("%", " %"))


def rate_chinese(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """百分之九十八, 百分之九十八点五."""
    value = _whole(dice, low, min(high, Decimal(99)))
    if dice.chance(0.4, "decimal"):
        tenth = dice.between(1, 9, "tenth")
        return _quantity(f"百分之{_below(int(value))}点{_DIGITS[tenth]}", value + Decimal(tenth) / 10, "%")
    return _quantity(f"百分之{_below(int(value))}", value, "%")


def fraction(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """三分之二, 六成, 四分之三, 十分之一, 1/4."""
    kind = dice.between(0, 4, "kind")
    if kind == 3:
        return _quantity("1/4", Decimal(25), "%")
    if kind == 4:
        return _quantity("十分之一", Decimal(10), "%")
    if kind == 0:
        tenths = dice.between(2, 9, "tenths")
        return _quantity(f"{_DIGITS[tenths]}成", Decimal(tenths * 10), "%")
    if kind == 1:
        return _quantity("四分之三", Decimal(75), "%")
    return _quantity(
        "五分之" + (word := dice.pick("二三四", "fifths")), Decimal(20 * _DIGITS.index(word)), "%"
    )


def fraction_about(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """近六成, 七成以上, 四分之一左右."""
    before, after, qualifier = dice.pick(
        (
            ("近", "", "approx_under"),
            ("", "以上", "approx_over"),
            ("", "左右", "about"),
            ("超过", "", "approx_over"),
        ),
        "around",
    )
    return replace(fraction(dice, low, high, unit), before=before, after=after, qualifier=qualifier)


def share_of_change(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """29.4%, between 1 and 70."""
    value = _decimal(dice, Decimal(1), Decimal(70))
    return _quantity(f"{plain(value)}%", value, "%")


def points(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """2.3个百分点."""
    value = _decimal(dice, Decimal(1), Decimal(9))
    return _quantity(f"{plain(value)}个百分点", value, "百分点")


def times(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """1.8倍."""
    value = _decimal(dice, Decimal(1), Decimal(4))
    return _quantity(f"{plain(value)}倍", value, "倍")


def table_ten_thousands(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """59237.24 under a head that says 万元."""
    value = Decimal(dice.between(10_000, 9_000_000, "cents")) / 100
    return _quantity(f"{value:.2f}", value * TEN_THOUSAND, "元")


def bare(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """35 in a list whose unit was said once before."""
    value = _whole(dice, low, high)
    return _quantity(f"{value}", value, unit)


def zero(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """0件."""
    return _quantity(f"0{unit}", Decimal(0), unit)


def zero_rate(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """0%, 0.00%."""
    return _quantity(dice.pick(("0%", "0.00%"), "zero"), Decimal(0), "%")


WORDINGS: Mapping[str, Wording] = {
    "exact": exact, "spaced": spaced, "wide": wide, "grouped": grouped, "chinese": chinese,
    "chinese_large": chinese_large, "mixed": mixed, "wan": ten_thousands, "wan_over": ten_thousands_over,
    "yi": hundred_millions, "over": over_inside, "over_exact": over_exact, "over_before": over_before,
    "over_after": over_after, "under": under, "about": about, "at_least": at_least, "at_most": at_most, "within": within, "rate_after": rate_after,
    "range": span_of_two, "neighbours": span_of_neighbours, "range_wan": span_of_ten_thousands, "rate": rate,
    "rate_wide": rate_wide, "rate_spaced": rate_spaced, "rate_chinese": rate_chinese, "fraction": fraction,
    "fraction_about": fraction_about, "change": share_of_change, "points": points, "times": times,
    "table": table_ten_thousands, "bare": bare, "zero": zero, "zero_rate": zero_rate,
}  # fmt: skip
