"""What a report says about the commitments of the one before it: for each the best passage, or nothing."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from .likeness import Meaning, meaning, same_letters, same_matter, share, shared
from .passages import Passage, masked, plain, sentences

# Chosen on the planted cases of tests/alignment (docs/alignment.md).
_FOUND = 0.45  # least score of a follow-up
_CONTENT = 0.5  # weight of the units that have to be shared
_SAME_WORDS = 75.0  # rapidfuzz's ratio, 0 to 100, that a commitment without content has to reach
_SHORTEST = 8  # characters; shorter ones are headings
_LEAST_RARE = 0.7  # what a unit that stands in every sentence keeps of its weight
_CANDIDATES = 8  # sentences that are looked at closely, those that share most
_CLAUSE = 0.85  # what following up one clause of a commitment is worth
_LETTERS = 0.15  # part of the score that tells the same words from other words for the same
_FOREIGN, _ALL_FOREIGN, _MUCH = (
    0.3,
    0.5,
    1.4,
)  # what other matters cost where much is shared, and where little is


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
    planned = _Spans(plan)
    told = [
        passage
        for passage in sentences(later)
        if len(passage.plain) >= _SHORTEST and passage.start not in planned
    ]
    index = _Index(told)
    return [index.best(commitment) for commitment in commitments]


class _Spans:
    """Places of a text: whether one lies in any of some spans."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            self._starts.append(start)
            self._ends.append(max(end, self._ends[-1]) if self._ends else end)

    def __contains__(self, place: int) -> bool:
        before = bisect_right(self._starts, place)
        return before > 0 and place < self._ends[before - 1]


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
        words = plain(commitment)
        asked = meaning(words)
        at, score = self._alike(asked) if asked.weight >= _CONTENT else self._same(masked(words))
        if at < 0:
            return None
        return FollowUp(self._told[at].start, self._told[at].end, round(score, 4))

    def _alike(self, asked: Meaning) -> tuple[int, float]:
        weights = self._rare(asked)
        held: dict[int, float] = defaultdict(float)
        for unit, weight in weights.items():
            for at in self._holders.get(unit, ()):
                held[at] += weight
        best, best_score = -1, 0.0
        for at, _ in sorted(held.items(), key=lambda item: (-item[1], item[0]))[:_CANDIDATES]:
            score = _score(asked, self._meanings[at], weights)
            if score >= _FOUND and score > best_score:
                best, best_score = at, score
        return best, best_score

    def _same(self, words: str) -> tuple[int, float]:
        """For a commitment that is all stock words: only a sentence in the same words is about it."""
        told = [masked(passage.plain) for passage in self._told]
        found = process.extractOne(words, told, scorer=fuzz.ratio, score_cutoff=_SAME_WORDS)
        return (found[2], found[1] / 100) if found else (-1, 0.0)

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
    matters = asked.matters & frozenset(units)
    whole = share(units, common, weights)
    return (whole + share(matters, common, weights)) / 2 if matters else whole
