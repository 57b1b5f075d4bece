"""Which of the problems that an issuer names in several years are the same problem."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from .likeness import Meaning, meaning, same_matter, share, shared
from .passages import masked, plain

# Chosen on the planted cases of tests/alignment (docs/alignment.md).
_SAME = 0.4  # least score of a recurrence
_CONTENT = 0.5  # weight of the units that have to be shared
_APART = 0.6  # factor for problems of one matter that lack different things
_FOREIGN = 0.3  # what other matters cost
_SAME_WORDS = 80.0  # rapidfuzz's ratio, 0 to 100, that problems without content have to reach
_OFTEN = 1000  # a unit in more problems than this tells none apart


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem that a report names. year: the report's; key: id of the edition, ordinal of the statement in it."""

    year: int
    key: tuple[str, int]
    text: str


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Two problems of different years that are the same. score: 0 to 1."""

    earlier: Problem
    later: Problem
    score: float


def recurrences(problems: Sequence[Problem]) -> list[Recurrence]:
    """All pairs of problems of different years that are the same one, in order of the problems given."""
    ordered = sorted(range(len(problems)), key=lambda at: (problems[at].year, at))
    words = [plain(problem.text) for problem in problems]
    meanings = [meaning(each) for each in words]
    holders: dict[str, list[int]] = defaultdict(list)
    found: list[Recurrence] = []
    for at in ordered:
        near = (holders[unit] for unit in (*meanings[at].units, words[at]) if len(holders[unit]) <= _OFTEN)
        for other in sorted({index for group in near for index in group}):
            if problems[other].year == problems[at].year:
                continue
            if min(meanings[other].weight, meanings[at].weight) < _CONTENT:
                score = fuzz.ratio(masked(words[other]), masked(words[at]), score_cutoff=_SAME_WORDS) / 100
            else:
                score = _score(meanings[other], meanings[at])
            if score >= _SAME:
                found.append(Recurrence(problems[other], problems[at], round(score, 4)))
        for unit in (*meanings[at].units, words[at]):
            holders[unit].append(at)
    return found


def _score(one: Meaning, other: Meaning) -> float:
    """How much two problems are about the same: both ways, less where they lack different things."""
    there, back = frozenset(shared(one, other)), frozenset(shared(other, one))
    if min(sum(one.units[unit] for unit in there), sum(other.units[unit] for unit in back)) < _CONTENT:
        return 0.0
    score = math.sqrt(share(one.units, there, one.units) * share(other.units, back, other.units))
    score *= min(same_matter(one, other, _FOREIGN), same_matter(other, one, _FOREIGN))
    return score * _APART if _apart(one, other) else score


def _apart(one: Meaning, other: Meaning) -> bool:
    """Whether both say more of a matter than its name, and nothing of that alike."""
    ours, theirs = one.themes | one.aspects, other.themes | other.aspects
    return bool(ours) and bool(theirs) and not ours & theirs
