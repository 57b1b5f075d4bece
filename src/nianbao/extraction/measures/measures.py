"""What each figure counts: the phrase around it, with what it shares with the figures and clauses before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce

from ..figures.link_model import Link
from ..figures.quantities import Found
from . import phrases_behind
from .chain import RATIO_UNITS, Chain
from .changes import change, ratio
from .counts import count, labelled, part, shared_end
from .phrases import Phrase, clause_before, lead_off, tidy

_TO = re.compile(r"[^,。;]{0,6}(?:至|到|为|达)$")
_FROM = re.compile(r"[由从](?:(?:20\d\d|去|上)年(?:度)?的?)?$")
_TOTAL = re.compile(r"(?:合计|总计|共计|总共|累计|共)(?:为|达|有)?$")
_REST = re.compile(r"^(?:领域|类|等|的|街道|镇|区)+")
_RATE_OF_CHANGE = re.compile(r"率(?:达到?|为|约)?$")
_NO_COMPARISON = ("比例", "比赛", "较大")


def measures(
    text: str, found: Sequence[Found], sentences: Sequence[tuple[int, int]], links: Sequence[Link]
) -> list[str]:
    """Measures of all figures of the clean text; sentences[i] is the span of the sentence of figure i."""
    chain = Chain(text, found, sentences, links)
    for index, item in enumerate(found):
        low, high = chain.bounds(index)
        low = chain.behind_noun(index, low, item.head)
        _, clause = clause_before(text, low, item.head)
        phrase = phrases_behind.read(text, clause, item.tail, high)
        chain.phrases.append(phrase)
        words, noun = _restored(chain, index, phrase, low, clause)
        chain.results.append(tidy(words))
        chain.nouns.append(noun)
    _sums(chain)
    return chain.results


def _restored(chain: Chain, index: int, phrase: Phrase, low: int, clause: str) -> tuple[str, str]:
    """Measure of a figure, and the noun in it that others may share."""
    item, bond = chain.found[index], chain.links[index]
    gap = chain.text[low : item.head]
    if bond.change and not _RATE_OF_CHANGE.search(clause) and bond.direction is not None:
        return change(chain, index, clause)
    if chain.near(index) and _continues(chain, index, gap):
        return chain.results[index - 1], chain.nouns[index - 1]
    labels = labelled(chain, index)
    if labels is not None:
        return labels
    if item.unit in RATIO_UNITS:
        return ratio(chain, index, phrase, clause, low)
    if clause[:1] in ("比", "较") and clause[:2] not in _NO_COMPARISON and chain.near(index):
        return chain.results[index - 1] + clause.rstrip("了约近达到"), chain.nouns[index - 1]
    same = bond.parent is not None and chain.found[bond.parent].unit == item.unit
    if bond.parent is not None and bond.parent < index and same:
        return part(chain, index, phrase, bond.parent, clause)
    if bond.parent is not None and bond.parent > index and not phrase.behind:
        words = lead_off(clause)
        return words, words
    return count(chain, index, phrase, low)


def _continues(chain: Chain, index: int, gap: str) -> bool:
    """Whether the figure is the second of 由…至…."""
    if chain.links[index - 1].from_value:
        return True
    before = chain.text[chain.bounds(index - 1)[0] : chain.found[index - 1].head]
    return bool(_FROM.search(before) and _TO.match(gap))


def _sums(chain: Chain) -> None:
    """A sum behind its parts counts what they have in common."""
    parts: dict[int, list[int]] = {}
    for index, bond in enumerate(chain.links):
        if bond.parent is not None and bond.parent > index:
            parts.setdefault(bond.parent, []).append(index)
    for index, members in parts.items():
        head = chain.found[index].head
        if len(members) < 2 or not _TOTAL.search(chain.text[max(0, head - 6) : head]):
            continue
        shared = _REST.sub("", reduce(shared_end, [chain.results[i] for i in members]))
        if len(shared) >= 2:
            chain.results[index] = tidy(shared)
