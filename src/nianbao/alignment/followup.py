"""What a report says about the commitments of the one before it: for each the best passage, or nothing."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from rapidfuzz import fuzz

from .likeness import Meaning, meaning, same_letters, same_matter, share, shared
from .passages import Passage, masked, plain, sentences

_FOUND = 0.45  # share of what a commitment is about that its passage has to be about
_CONTENT = 0.5  # weight that has to be shared; with less only the same words count
_SAME_WORDS = 75.0  # rapidfuzz's ratio, 0 to 100
_SHORTEST = 8
_LEAST_RARE = 0.7
_CANDIDATES = 8
_FOREIGN = 0.3
_ALL_FOREIGN = 0.5
_CLAUSE = 0.85
_MUCH = 1.4
_LETTERS = 0.15


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A passage of a report that tells what became of a commitment. Offsets are those of the text; score: 0 to 1."""

    start: int
    end: int
    score: float


def followup(
    commitments: Sequence[str], later: str, plan: Iterable[tuple[int, int]] = ()
) -> list[FollowUp | None]:
    """For each commitment the sentence of `later` that is most about it, None where none is.

    plan: spans of `later` that tell its own plans, which follow nothing up.
    """
    spans = list(plan)
    told = [
        passage
        for passage in sentences(later)
        if len(passage.plain) >= _SHORTEST and not any(a <= passage.start < b for a, b in spans)
    ]
    index = _Index(told)
    return [index.best(commitment) for commitment in commitments]


class _Index:
    """The sentences of a report by the units of meaning that they hold."""

    def __init__(self, told: Sequence[Passage]) -> None:
        self._told = told
        self._meanings = [meaning(passage.plain) for passage in told]
        self._holders: dict[str, set[int]] = defaultdict(set)
        for at, found in enumerate(self._meanings):
            for unit in (*found.units, *found.pairs):
                self._holders[unit].add(at)

    def best(self, commitment: str) -> FollowUp | None:
        asked = meaning(commitment)
        weights = self._rare(asked)
        held: dict[int, float] = defaultdict(float)
        for unit, weight in weights.items():
            for at in self._holders.get(unit, ()):
                held[at] += weight
        words = masked(plain(commitment))
        best: FollowUp | None = None
        for at, _ in sorted(held.items(), key=lambda item: (-item[1], item[0]))[:_CANDIDATES]:
            if asked.weight < _CONTENT:
                score = fuzz.ratio(words, masked(self._told[at].plain), score_cutoff=_SAME_WORDS) / 100
            else:
                score = _score(asked, self._meanings[at], weights)
            if score >= _FOUND and (best is None or score > best.score):
                best = FollowUp(self._told[at].start, self._told[at].end, round(score, 4))
        return best

    def _rare(self, asked: Meaning) -> Mapping[str, float]:
        """The commitment's units, those weighing less that stand all over the report."""
        n = len(self._told) + 1
        return {
            unit: weight
            * max(_LEAST_RARE, 1 - math.log(max(1, len(self._holders.get(unit, ())))) / math.log(n + 1))
            for unit, weight in asked.units.items()
        }


def _score(asked: Meaning, told: Meaning, weights: Mapping[str, float]) -> float:
    """How much a passage is about what is asked: less for one with other matters, more for one in the same words."""
    both = shared(asked, told)
    content = sum(asked.units[unit] for unit in both)
    if content < _CONTENT:
        return 0.0
    common = frozenset(both)
    part = _share(asked.units, asked, common, weights)
    for clause in asked.clauses:
        part = max(part, _CLAUSE * _share(clause, asked, common, weights))
    score = (1 - _LETTERS) * part + _LETTERS * same_letters(asked, told)
    return score * same_matter(asked, told, _FOREIGN if content >= _MUCH else _ALL_FOREIGN)


def _share(units: Iterable[str], asked: Meaning, common: Set[str], weights: Mapping[str, float]) -> float:
    """The share that some units of a commitment have in common with a passage; its matters count for half of it."""
    matters = asked.matters.intersection(units)
    whole = share(units, common, weights)
    return (whole + share(matters, common, weights)) / 2 if matters else whole
