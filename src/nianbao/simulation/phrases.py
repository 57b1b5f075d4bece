"""Templates to text: every figure that a template names comes out with its span and its truth.

A template is a sentence with two kinds of holes:

  {name}               a plain word: {org}, {y}, {all}
  [key]                the series `key` of the report's year, exactly
  [key:style]          worded as over, near, about, cn, min, max or range
  [key@-1] [key@+1]    last year's value; next year's target
  [>key] [>>key]       a part of the figure before it (其中), nested by the number of marks
  [~key]               a clause that compares `key` with last year, with its leading comma
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from . import wording
from .dice import Dice
from .series import Figures, Series, catalogue
from .wording import Quantity

_HOLE = re.compile(
    r"\[(?P<depth>>*)(?P<change>~?)(?P<key>[a-z_0-9]+)(?P<shift>@[+-]1)?(?::(?P<style>[a-z]+))?\]"
)
_ENDS = "，。；、）"


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure in a piece of text: text[start:end], what it says, and what it is about.

    parent, yoy_of: positions in the same piece's marks. shift: fact year minus report year.
    """

    start: int
    end: int
    quantity: Quantity
    series: str
    indicator: str | None
    shift: int = 0
    direction: str | None = None
    parent: int | None = None
    yoy_of: int | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """Text with its figures."""

    text: str
    marks: tuple[Mark, ...] = ()

    def __add__(self, other: Piece) -> Piece:
        """Both texts one behind the other, marks moved along."""
        return joined((self, other))


def joined(pieces: Iterable[Piece], between: str = "") -> Piece:
    """The pieces as one, with the same text between each two of them."""
    text, marks = "", list[Mark]()
    for number, piece in enumerate(pieces):
        if number:
            text += between
        offset, first = len(text), len(marks)
        for mark in piece.marks:
            marks.append(
                replace(
                    mark,
                    start=mark.start + offset,
                    end=mark.end + offset,
                    parent=None if mark.parent is None else mark.parent + first,
                    yoy_of=None if mark.yoy_of is None else mark.yoy_of + first,
                )
            )
        text += piece.text
    return Piece(text, tuple(marks))


@dataclass(frozen=True, slots=True)
class Voice:
    """How one report speaks: its words for {name} holes, its figures, its year and its typography.

    gap: what stands between digits and unit ("" or a blank). plan: True in a section on next year. units: of series
    stated in another unit than their own. miscounted: of series whose changes are computed from another value of the year
    before than was stated, by how much it differs.
    """

    words: Mapping[str, str]
    figures: Figures
    year: int
    dice: Dice
    gap: str = ""
    plan: bool = False
    units: Mapping[str, str] = field(default_factory=dict)
    miscounted: Mapping[str, Decimal | int] = field(default_factory=dict)

    def say(self, template: str, *key: object) -> Piece:
        """The template as text with figures. Raises KeyError for a word or series nobody defined."""
        text, marks = "", list[Mark]()
        position = 0
        filled = template.format_map(self.words)
        for number, hole in enumerate(_HOLE.finditer(filled)):
            text += filled[position : hole.start()]
            position = hole.end()
            at_end = filled[position : position + 1] in _ENDS
            dice = self.dice.of("say", *key, number)
            if hole["change"]:
                text = self._compare(hole["key"], text, marks, dice)
            else:
                text = self._state(hole, text, marks, dice, at_end=at_end)
        return Piece(text + filled[position:], tuple(marks))

    def _state(self, hole: re.Match[str], text: str, marks: list[Mark], dice: Dice, *, at_end: bool) -> str:
        series = self._series(hole["key"])
        shift = int(hole["shift"][1:]) if hole["shift"] else (1 if self.plan else 0)
        quantity = self._quantity(series, shift, hole["style"] or "exact", dice, at_end=at_end)
        depth = len(hole["depth"])
        parents = [n for n, mark in enumerate(marks) if mark.depth < depth and mark.direction is None]
        start = len(text) + len(quantity.before)
        marks.append(
            Mark(
                start=start,
                end=start + len(quantity.span),
                quantity=quantity,
                series=series.key,
                indicator=series.indicator,
                shift=shift,
                parent=parents[-1] if depth and parents else None,
                depth=depth,
            )
        )
        return text + quantity.before + quantity.span + quantity.after

    def _series(self, key: str) -> Series:
        series = catalogue()[key]
        return replace(series, unit=self.units[key]) if key in self.units else series

    def _quantity(self, series: Series, shift: int, style: str, dice: Dice, *, at_end: bool) -> Quantity:
        value, unit = self.figures.value(series.key, self.year + min(shift, 0)), series.unit
        if shift > 0:
            value = _target(value, series)
        if style == "over":
            return wording.over(value, unit, self.gap, dice, at_end=at_end)
        if style == "near":
            return wording.near(value, unit, self.gap, dice)
        if style == "about":
            return wording.about(value, unit, self.gap, dice, at_end=at_end)
        if style == "cn":
            return wording.in_chinese(value, unit)
        if style == "min":
            return wording.at_least(value, unit, self.gap, dice)
        if style == "max":
            return wording.at_most(value, unit, self.gap, dice)
        if style == "range":
            return wording.span_of_two(value, value + max(Decimal(1), value // 4), unit, dice)
        if style != "exact":
            raise ValueError(f"no wording is called '{style}'; see the head of phrases.py")
        return wording.exact(value, unit, self.gap)

    def _compare(self, key: str, text: str, marks: list[Mark], dice: Dice) -> str:
        series = self._series(key)
        now, before = (self.figures.value(key, self.year - back) for back in (0, 1))
        before += self.miscounted.get(key, 0)
        base = next((n for n, mark in reversed(list(enumerate(marks))) if mark.series == key), None)
        if base is not None:
            now = marks[base].quantity.value
        quantity, up, verbs = _change(series, now, before, self.gap, dice)
        if quantity is None:
            return text + dice.pick(("，与上年基本持平", "，与去年同期基本持平"), "flat")
        against = dice.pick(("同比", "较上年", "比上年", "较去年同期"), "against")
        text += f"，{against}{verbs[0 if up else 1]}"
        marks.append(
            Mark(
                start=len(text),
                end=len(text) + len(quantity.span),
                quantity=quantity,
                series=key,
                indicator=None,
                direction="increase" if up else "decrease",
                yoy_of=base,
                depth=99,
            )
        )
        return text + quantity.span


def _target(value: Decimal, series: Series) -> Decimal:
    """A round target near this year's value: rates to a half percent below it, counts up to the next round number."""
    if series.rate:
        return Decimal(max(1, int(value)))
    if value < 20:
        return value
    step = max(Decimal(5), Decimal(10) ** (len(str(int(value))) - 2))
    return wording.rounded(value, step, ROUND_CEILING)


def _change(
    series: Series, now: Decimal, before: Decimal, gap: str, dice: Dice
) -> tuple[Quantity | None, bool, tuple[str, str]]:
    """The change as a quantity (None: none to speak of), whether it rises, and the verbs for up and down."""
    up = now > before
    if series.rate:
        points = abs(now - before)
        verbs = dice.pick((("提高", "下降"), ("上升", "下降")), "verbs")
        return (wording.exact(points, "百分点") if points else None), up, verbs
    if abs(now - before) < 100 and dice.chance(0.45, "absolute"):
        difference = abs(now - before)
        return (wording.exact(difference, series.unit, gap) if difference else None), up, ("增加", "减少")
    if not before:
        return None, up, ("增加", "减少")
    percent = (abs(now - before) * 100 / before).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    verbs = dice.pick((("增长", "下降"), ("上升", "下降"), ("增长", "减少")), "verbs")
    return (wording.exact(percent, "%") if percent else None), up, verbs
