"""How figures belong together: parts of a whole (其中), changes (同比), a rate and what it is a rate of."""

from __future__ import annotations

import re

from . import lexicon
from .changes import link_changes
from .link_model import CHANGE_UNITS, Link
from .quantities import Found
from .wholes import link_parts

_RATE_WORD = re.compile(r"率|占比|比例|比重|占|度")
_SHARE_OF_WHOLE = re.compile(r"^[,、(]?(?:约|其)?占(?:比|总数|总量|全部)?[^,。;、]{0,8}$")
_RATE_STEM = re.compile(r"([\u4e00-\u9fff]{2})率")
_LONGEST_RATE_GAP = 14
# 受理120件。其中,简易程序80件: the whole stands in the sentence before
_CONTINUES = re.compile(r"[,\s]?其中")


def link(text: str, figures: list[Found], sentences: list[tuple[int, int]]) -> list[Link]:
    """Links of all figures; sentences[i] is the clean span of the sentence that figure i stands in."""
    links = [Link() for _ in figures]
    first = 0
    while first < len(figures):
        last = first
        while last + 1 < len(figures) and _together(text, sentences[last], sentences[last + 1]):
            last += 1
        group = range(first, last + 1)
        link_changes(text, figures, links, group, sentences[first][0])
        link_parts(text, figures, links, group, sentences[first][0])
        _rates(text, figures, links, group)
        first = last + 1
    return links


def _together(text: str, sentence: tuple[int, int], following: tuple[int, int]) -> bool:
    if sentence == following:
        return True
    start = following[0]
    return sentence[1] == start and text[start - 1] != "\n" and _CONTINUES.match(text, start) is not None


def _rates(text: str, figures: list[Found], links: list[Link], group: range) -> None:
    """A rate in the clause behind a count is a rate of that count, and so are the rates that follow it."""
    for index in group[1:]:
        figure, before = figures[index], figures[index - 1]
        if figure.unit not in ("%", "‰") or links[index].change or links[index - 1].change:
            continue
        if before.unit in lexicon.DURATIONS:  # 0.5个工作日,网办率98%: no share of days
            continue
        gap = text[before.tail : figure.head]
        if len(gap) > _LONGEST_RATE_GAP or gap[:1] not in ",、(;" or _RATE_WORD.search(gap) is None:
            continue
        if before.unit in CHANGE_UNITS:
            links[index].rate_of = links[index - 1].rate_of
        elif links[index - 1].parent is not None and _SHARE_OF_WHOLE.match(gap):
            links[index].rate_of = links[index - 1].parent
        else:
            links[index].rate_of = _denominator(text, figures, links, group, index)


def _denominator(text: str, figures: list[Found], links: list[Link], group: range, index: int) -> int:
    """The count before a rate, or the one before that if the rate says how many of them got there.

    受理95件,办结94件,办结率98.9%: a rate of the 95.
    """
    near, far = index - 1, index - 2
    stem = _RATE_STEM.search(text, figures[near].tail, figures[index].head)
    if stem is None or far not in group or figures[far].unit != figures[near].unit or links[far].change:
        return near
    return far if stem[1] in text[figures[far].tail : figures[near].head] else near
