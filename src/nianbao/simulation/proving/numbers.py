"""Every way to word a number that these reports know. A wording and its value come from one place.

A wording is a function of (dice, low, high, unit) that draws a value from the range and words it; wordings.py names them.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ..dice import Dice
from ..wording import Quantity, plain

DIGITS = "零一二三四五六七八九"
WIDE = str.maketrans("0123456789.%", "０１２３４５６７８９．％")
TEN_THOUSAND = 10_000


def in_chinese(number: int) -> str:
    """A whole number below 100 million in Chinese numerals, with 两 where it is spoken before a classifier."""
    if number == 2:
        return "两"
    if number >= TEN_THOUSAND:
        tens, rest = divmod(number, TEN_THOUSAND)
        return in_chinese(tens) + "万" + (("零" if rest < 1000 else "") + chinese_below(rest) if rest else "")
    return chinese_below(number)


def chinese_below(number: int) -> str:
    """A whole number below ten thousand in Chinese numerals."""
    text, gap = "", False
    for value, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, value)
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + sign
            gap = False
        else:
            gap = True
    # only 10 to 19 are spoken without the leading one
    return text.removeprefix("一") if text.startswith("一十") else text


def quantity_of(
    span: str, value: Decimal, unit: str, qualifier: str = "exact", upper: Decimal | None = None
) -> Quantity:
    """A quantity that is all span."""
    return Quantity("", span, "", value, upper, unit, qualifier)


def whole(dice: Dice, low: Decimal, high: Decimal) -> Decimal:
    """A whole number of the range."""
    return Decimal(dice.between(int(low), max(int(low), int(high)), "whole"))


def _round(dice: Dice, low: Decimal, high: Decimal) -> Decimal:
    """A round number, at least 20."""
    value = int(whole(dice, max(low, Decimal(20)), max(high, Decimal(90))))
    step = 10 ** (len(str(value)) - 1) if value < 1000 else 10 ** (len(str(value)) - 2)
    return Decimal(max(20, value // step * step))


def decimal(dice: Dice, low: Decimal, high: Decimal) -> Decimal:
    """One or two decimals in the range, never a whole number."""
    places = dice.between(1, 2, "places")
    scale = 10**places
    value = dice.between(int(low * scale), int(high * scale), "decimal")
    return Decimal(value + int(value % 10 == 0)) / Decimal(scale)


def exact(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """35件."""
    value = whole(dice, low, high)
    return quantity_of(f"{value}{unit}", value, unit)


def spaced(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """35 件, 1 286 件."""
    value = whole(dice, low, high)
    digits = f"{value:,}".replace(",", dice.pick((" ", ""), "group"))
    return quantity_of(f"{digits} {unit}", value, unit)


def wide(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """３５件."""
    value = whole(dice, low, high)
    return quantity_of(f"{str(value).translate(WIDE)}{unit}", value, unit)


def grouped(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """1,286件, with a comma of either width."""
    value = whole(dice, max(low, Decimal(1000)), max(high, Decimal(98_000)))
    return quantity_of(f"{value:,}".replace(",", dice.pick((",", "，"), "comma")) + unit, value, unit)


def chinese(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """十二件, 两件, 三十五件."""
    value = whole(dice, Decimal(2), min(high, Decimal(60)))
    return quantity_of(in_chinese(int(value)) + unit, value, unit)


def chinese_large(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """五百余件, 两千三百件, 二百一十六件, 一万二千余件."""
    value = int(whole(dice, Decimal(100), Decimal(max(int(high), 30_000))))
    step = 10 ** max(1, len(str(value)) - 2)
    if dice.chance(0.35, "full"):
        return quantity_of(in_chinese(value) + unit, Decimal(value), unit)
    value -= value % step
    infix = dice.pick(("余", "多", ""), "infix")
    return quantity_of(
        in_chinese(value) + infix + unit, Decimal(value), unit, "approx_over" if infix else "exact"
    )


def mixed(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """9百余件, 3千多件."""
    sign, size = dice.pick((("百", 100), ("千", 1000)), "sign")
    digit = dice.between(2, 9, "digit")
    return quantity_of(
        f"{digit}{sign}{dice.pick(('余', '多'), 'infix')}{unit}", Decimal(digit * size), unit, "approx_over"
    )


def ten_thousands(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """44.89万件, 3万件."""
    value = (
        decimal(dice, Decimal(1), Decimal(90))
        if dice.chance(0.8, "decimals")
        else whole(dice, Decimal(2), Decimal(60))
    )
    return quantity_of(f"{plain(value)}万{unit}", value * TEN_THOUSAND, unit)


def ten_thousands_over(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """1.25万余人次, 2.5万多人次."""
    value = decimal(dice, Decimal(1), Decimal(40))
    return quantity_of(
        f"{plain(value)}万{dice.pick(('余', '多'), 'infix')}{unit}", value * TEN_THOUSAND, unit, "approx_over"
    )


def hundred_millions(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """4.7亿元."""
    value = decimal(dice, Decimal(1), Decimal(30))
    return quantity_of(f"{plain(value)}亿{unit}", value * 100_000_000, unit)


def over_inside(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """60余件, 130多件, 百余件."""
    if dice.chance(0.12, "bare"):
        return quantity_of(f"百余{unit}", Decimal(100), unit, "approx_over")
    value = _round(dice, low, high)
    return quantity_of(f"{value}{dice.pick(('余', '多', '余'), 'infix')}{unit}", value, unit, "approx_over")


def over_exact(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """16余件: a qualifier on a number that is not round."""
    value = dice.between(1, 9, "tens") * 10 + dice.between(1, 9, "ones")
    return quantity_of(f"{value}余{unit}", Decimal(value), unit, "approx_over")


def worded(value: Decimal, unit: str, qualifier: str, around: tuple[str, str]) -> Quantity:
    """A whole quantity, above ten thousand in 万, with the words before and after it."""
    digits, scale = (plain(value / TEN_THOUSAND), "万") if value >= TEN_THOUSAND else (plain(value), "")
    inner = quantity_of(f"{digits}{scale}{unit}", value, unit, qualifier)
    return replace(inner, before=around[0], after=around[1])


def over_before(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """超过60件, 逾60件, 突破2万件."""
    word = dice.pick(("超过", "逾", "超", "突破", "高于"), "word")
    return worded(_round(dice, low, high), unit, "approx_over", (word, ""))


def over_after(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """60件以上, 300件有余."""
    return worded(
        _round(dice, low, high), unit, "approx_over", ("", dice.pick(("以上", "以上", "有余"), "word"))
    )


def under(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """近400件, 接近2万件, 不足30件."""
    word = dice.pick(("近", "接近", "将近", "近", "不足"), "word")
    return worded(_round(dice, low, high), unit, "approx_under", (word, ""))


def about(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """约785亩, 300件左右, 大约40件."""
    around = dice.pick((("约", ""), ("大约", ""), ("", "左右"), ("", "上下"), ("约", "")), "word")
    return worded(_round(dice, low, high), unit, "about", around)


def at_least(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """不少于12件, 不低于98%, 至少3件."""
    words = ("不低于",) if unit == "%" else ("不少于", "至少", "不少于", "不低于")
    return worded(whole(dice, low, high), unit, "at_least", (dice.pick(words, "word"), ""))


def at_most(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """不超过2件, 控制在5件以内."""
    around = dice.pick((("不超过", ""), ("不高于", ""), ("控制在", "以内"), ("至多", "")), "word")
    return worded(whole(dice, low, high), unit, "at_most", around)


def within(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """5天以内, 3%以下."""
    return worded(whole(dice, low, high), unit, "at_most", ("", dice.pick(("以内", "以下"), "word")))


def span_of_two(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """1至2件, 3-5件, 12—15件."""
    first = whole(dice, min(low, Decimal(12)), min(high, Decimal(40)))
    last = first + dice.between(1, 6, "more")
    joint = dice.pick(("至", "-", "—", "～", "到"), "joint")
    doubled = unit if joint in ("至", "到") and dice.chance(0.3, "doubled") else ""
    return quantity_of(f"{first}{doubled}{joint}{last}{unit}", first, unit, "exact", last)


def span_of_neighbours(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """两三件, 五六件."""
    first = dice.between(2, 8, "first")
    return quantity_of(
        in_chinese(first) + DIGITS[first + 1] + unit, Decimal(first), unit, "about", Decimal(first + 1)
    )


def span_of_ten_thousands(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """1.5万至2万人次."""
    first = decimal(dice, Decimal(1), Decimal(9))
    last = Decimal(int(first) + dice.between(1, 3, "more"))
    ten = dice.pick(("万", ""), "scale")
    return quantity_of(
        f"{plain(first)}{ten}至{plain(last)}万{unit}",
        first * TEN_THOUSAND,
        unit,
        "exact",
        last * TEN_THOUSAND,
    )


def table_ten_thousands(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """59237.24 under a head that says 万元."""
    value = Decimal(dice.between(10_000, 9_000_000, "cents")) / 100
    return quantity_of(f"{value:.2f}", value * TEN_THOUSAND, "元")


def bare(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """35 in a list whose unit was said once before."""
    value = whole(dice, low, high)
    return quantity_of(f"{value}", value, unit)


def zero(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """0件."""
    return quantity_of(f"0{unit}", Decimal(0), unit)
