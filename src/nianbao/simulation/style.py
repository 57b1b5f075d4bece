"""How one body writes its reports: numbering, order of parts, punctuation. It keeps its habits from year to year."""

from __future__ import annotations

from dataclasses import dataclass

from .dice import Dice

_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Style:
    """The habits.

    sub: numbering of the second level: full （一）, half (一), dot 1., comma 1、 or none. run_in: text goes on in the
    heading's line. flat: the topics of the measures stand on the first level. itemise: 一是 … 二是 … inside a
    paragraph. deep: measures as numbered paragraphs 1. 2. under a second-level heading. half: half-width punctuation.
    gap: between digits and unit. order: canonical, duty_first, duty_last or duty_sub.
    """

    sub: str
    run_in: bool
    flat: bool
    itemise: bool
    deep: bool
    half: bool
    gap: str
    order: str
    overview: bool
    title_in_body: bool
    addressee: bool
    signed: bool
    numbered_document: bool


def numeral(number: int) -> str:
    """1 to 99 as a heading's number: 十二."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _NUMERALS[tens - 1] + "十")
    return head + (_NUMERALS[ones - 1] if ones else "")


def style_of(dice: Dice, district_index: int, issuer_index: int) -> Style:
    """The habits of an issuer; neighbours differ in the most visible ones."""
    turn = district_index * 3 + issuer_index
    sub = ("full", "half", "dot", "full", "none", "comma", "full")[turn % 7]
    flat = turn % 5 == 3
    return Style(
        sub=sub,
        run_in=dice.chance(0.4, "run_in") and sub != "none",
        flat=flat,
        itemise=dice.chance(0.35, "itemise"),
        deep=issuer_index == 0 and not flat and sub in ("full", "half"),
        half=turn % 6 == 4,
        gap=" " if turn % 7 == 5 else "",
        order=("canonical", "duty_last", "duty_first", "canonical", "duty_sub")[turn % 5],
        overview=dice.chance(0.35, "overview"),
        title_in_body=dice.chance(0.4, "title_in_body"),
        addressee=dice.chance(0.6, "addressee"),
        signed=dice.chance(0.45, "signed"),
        numbered_document=turn % 8 == 6,
    )
