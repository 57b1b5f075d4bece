"""Rates, fractions and changes: what is said in percent, in tenths, in points, in multiples."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ..dice import Dice
from ..wording import Quantity, plain
from .numbers import DIGITS, WIDE, chinese_below, decimal, quantity_of, whole, worded


def rate_after(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """95%以上."""
    return worded(whole(dice, low, high), "%", "approx_over", ("", "以上"))


def rate(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """98.6%, 100%."""
    if high >= 99 and dice.chance(0.15, "full"):
        return quantity_of("100%", Decimal(100), "%")
    value = decimal(dice, low, high)
    return quantity_of(f"{plain(value)}%", value, "%")


def rate_wide(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """９８．６％, 98.6％."""
    inner = rate(dice, low, high, unit)
    text = inner.span.translate(WIDE) if dice.chance(0.6, "all") else inner.span.replace("%", "％")
    return replace(inner, span=text)


def rate_spaced(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """98.6 %."""
    inner = rate(dice, low, high, unit)
    return replace(inner, span=inner.span.replace("%", " %"))


def rate_chinese(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """百分之九十八, 百分之九十八点五."""
    value = whole(dice, low, min(high, Decimal(99)))
    if dice.chance(0.4, "decimal"):
        tenth = dice.between(1, 9, "tenth")
        return quantity_of(
            f"百分之{chinese_below(int(value))}点{DIGITS[tenth]}", value + Decimal(tenth) / 10, "%"
        )
    return quantity_of(f"百分之{chinese_below(int(value))}", value, "%")


def fraction(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """三分之二, 六成, 四分之三, 十分之一, 1/4."""
    kind = dice.between(0, 4, "kind")
    if kind == 3:
        return quantity_of("1/4", Decimal(25), "%")
    if kind == 4:
        return quantity_of("十分之一", Decimal(10), "%")
    if kind == 0:
        tenths = dice.between(2, 9, "tenths")
        return quantity_of(f"{DIGITS[tenths]}成", Decimal(tenths * 10), "%")
    if kind == 1:
        return quantity_of("四分之三", Decimal(75), "%")
    return quantity_of(
        "五分之" + (word := dice.pick("二三四", "fifths")), Decimal(20 * DIGITS.index(word)), "%"
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
    value = decimal(dice, Decimal(1), Decimal(70))
    return quantity_of(f"{plain(value)}%", value, "%")


def points(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """2.3个百分点."""
    value = decimal(dice, Decimal(1), Decimal(9))
    return quantity_of(f"{plain(value)}个百分点", value, "百分点")


def times(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """1.8倍."""
    value = decimal(dice, Decimal(1), Decimal(4))
    return quantity_of(f"{plain(value)}倍", value, "倍")


def zero_rate(dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """0%, 0.00%."""
    return quantity_of(dice.pick(("0%", "0.00%"), "zero"), Decimal(0), "%")
