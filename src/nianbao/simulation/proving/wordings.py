"""The wordings by the names that templates use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from ..dice import Dice
from ..wording import Quantity
from . import numbers, shares

Wording = Callable[[Dice, Decimal, Decimal, str], Quantity]

WORDINGS: Mapping[str, Wording] = {
    "exact": numbers.exact, "spaced": numbers.spaced, "wide": numbers.wide, "grouped": numbers.grouped, "chinese": numbers.chinese,
    "chinese_large": numbers.chinese_large, "mixed": numbers.mixed, "wan": numbers.ten_thousands, "wan_over": numbers.ten_thousands_over,
    "yi": numbers.hundred_millions, "over": numbers.over_inside, "over_exact": numbers.over_exact, "over_before": numbers.over_before,
    "over_after": numbers.over_after, "under": numbers.under, "about": numbers.about, "at_least": numbers.at_least, "at_most": numbers.at_most, "within": numbers.within, "rate_after": shares.rate_after,
    "range": numbers.span_of_two, "neighbours": numbers.span_of_neighbours, "range_wan": numbers.span_of_ten_thousands, "rate": shares.rate,
    "rate_wide": shares.rate_wide, "rate_spaced": shares.rate_spaced, "rate_chinese": shares.rate_chinese, "fraction": shares.fraction,
    "fraction_about": shares.fraction_about, "change": shares.share_of_change, "points": shares.points, "times": shares.times,
    "table": numbers.table_ten_thousands, "bare": numbers.bare, "zero": numbers.zero, "zero_rate": shares.zero_rate,
}  # fmt: skip
