"""How much of what one statement is about another one is about too, whatever words they use.

A statement is read as units of meaning: notions of `words.yml`, where different words stand for one, and pairs of
characters of all that the list does not know. Stock words of administration count nothing, so two promises to "further
improve the working mechanism" have nothing in common.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from .passages import plain

_WEIGHTS = {
    "background": 0.4,
    "wide_topics": 0.4,
    "topics": 0.9,
    "elsewhere": 0.9,
    "things": 1.0,
    "aspects": 0.6,
}
_TOPICS = ("wide_topics", "topics")
_FULL = 0.9  # weight of what the first clauses have to hold before the next ones weigh less
_PAIR, _RUN = 0.35, 0.7  # weight of a pair, and of all pairs of one run of unknown characters together
_LATER_CLAUSE = 0.6  # what follows the first comma mostly says what it is good for
_CLAUSE = re.compile(r"[^,:]+")
_OTHER = re.compile(r"[^\u4e00-\u9fff]{1,1000}")
_TITLE = re.compile(r"[《》〈〉“”\"'「」]")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a statement is about. units: name of each unit → weight; lead: those of the first clause with
    content; topics, wide (of the topics), aspects: those that are such; pairs: all its pairs
    of characters.
    """

    units: Mapping[str, float]
    lead: Set[str]
    topics: Set[str]
    wide: Set[str]
    aspects: Set[str]
    pairs: Set[str]

    @property
    def weight(self) -> float:
        """All units together; near 0 for words without content."""
        return sum(self.units.values())


@dataclass(frozen=True, slots=True)
class _Words:
    """notions: word → the names it stands for, none for a stock word. lengths: first character → lengths, longest first."""

    notions: Mapping[str, tuple[str, ...]]
    lengths: Mapping[str, tuple[int, ...]]
    weights: Mapping[str, float]
    topics: Set[str]
    wide: Set[str]
    aspects: Set[str]


@cache
def _words() -> _Words:
    lists = yaml.safe_load(resources.files(__package__).joinpath("words.yml").read_text(encoding="utf-8"))
    notions: dict[str, tuple[str, ...]] = {word: () for word in lists["stock"]}
    weights: dict[str, float] = {}
    for group, weight in _WEIGHTS.items():
        for name, words in lists[group].items():
            weights[name] = weight
            for word in words:
                notions[word] = (*notions.get(word, ()), name)
    own = {word: name for group in _TOPICS for name, words in lists[group].items() for word in words}
    for word, names in notions.items():
        if names and not any(name in lists["elsewhere"] for name in names):
            within = {topic for part, topic in own.items() if part in word and topic not in names}
            notions[word] = (*names, *sorted(within))
    lengths: dict[str, set[int]] = {}
    for word in notions:
        lengths.setdefault(word[0], set()).add(len(word))
    by_length = {first: tuple(sorted(sizes, reverse=True)) for first, sizes in lengths.items()}
    wide = frozenset(lists["wide_topics"])
    topics = wide.union(lists["topics"], lists["elsewhere"])
    return _Words(notions, by_length, weights, topics, wide, frozenset(lists["aspects"]))


def meaning(statement: str) -> Meaning:
    """The units of meaning of a statement (raw or plain words)."""
    text = _TITLE.sub("", plain(statement))
    units: dict[str, float] = {}
    lead: frozenset[str] = frozenset()
    share = 1.0
    for clause in _CLAUSE.findall(text):
        for unit, weight in _units(clause):
            units[unit] = max(units.get(unit, 0.0), weight * share)
        if share == 1.0 and sum(units.values()) >= _FULL:
            share, lead = _LATER_CLAUSE, frozenset(units)
    pairs = frozenset(text[at : at + 2] for at in range(len(text) - 1))
    names, words = frozenset(units), _words()
    return Meaning(units, lead, names & words.topics, names & words.wide, names & words.aspects, pairs)


def _units(clause: str) -> Iterator[tuple[str, float]]:
    """The units of a clause with their weights: notions of the longest words that fit, pairs of what lies between."""
    words = _words()
    at = unread = 0
    while at < len(clause):
        sizes = words.lengths.get(clause[at], ())
        word = next((clause[at : at + n] for n in sizes if clause[at : at + n] in words.notions), "")
        if not word:
            at += 1
            continue
        yield from _pairs(clause[unread:at])
        for name in words.notions[word]:
            yield name, words.weights[name]
        at += len(word)
        unread = at
    yield from _pairs(clause[unread:])


def _pairs(run: str) -> Iterator[tuple[str, float]]:
    for piece in _OTHER.split(run):
        for at in range(len(piece) - 1):
            yield piece[at : at + 2], min(_PAIR, _RUN / (len(piece) - 1))


def covered(asked: Meaning, told: Meaning) -> float:
    """The weight of those units of `asked` that `told` has too."""
    return sum(weight for unit, weight in asked.units.items() if unit in told.units or unit in told.pairs)


def same_letters(asked: Meaning, told: Meaning) -> float:
    """The share of the pairs of characters of `asked` that `told` has too, 0 to 1: tells two passages on one matter apart."""
    return len(asked.pairs & told.pairs) / max(1, len(asked.pairs))
