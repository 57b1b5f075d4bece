"""How much of what one statement is about another one is about too, whatever words they use.

A statement is read as units of meaning: notions of `words.yml`, where different words stand for one, and pairs of
characters of all that the list does not know. Stock words of administration count nothing, so two promises to "further
improve the working mechanism" have nothing in common.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import yaml

# What a notion of each group of words.yml weighs.
_WEIGHTS = {
    "background": 0.4,
    "wide_topics": 0.4,
    "topics": 0.9,
    "elsewhere": 0.9,
    "themes": 1.1,
    "things": 0.9,
    "aspects": 0.6,
}
_PAIR, _RUN = 0.5, 1.0  # weight of a pair, and of all pairs of one run of unknown characters together
_MISSING_PAIR = 0.5
_HANDED_DOWN = ("wide_topics", "topics", "themes")
_FULL = 0.9  # weight that the first clauses have to hold before those behind them weigh less
_LATER_CLAUSE = 0.6  # what follows the first comma mostly says what it is good for
# Factors for a passage about other matters, and about none or only a wider one.
_OTHER_MATTER, _NO_MATTER = 0.5, 0.75
# Factors for one about what no such report is about: at all, beside a theme in common, beside a topic in common.
_ELSEWHERE, _NEAR_ELSEWHERE, _BESIDE_ELSEWHERE = 0.5, 0.6, 0.8
_SAME_THEME = 0.2  # what other topics cost a passage on the same theme
_CLAUSE = re.compile(r"[^,:]+")
_AIM = re.compile(r"切?实?(?:提高|提升|增强|营造|确保|防止|减少|减轻|促进|力争|维护|提振|避免|争取|保障)")
_OTHER = re.compile(r"[^\u4e00-\u9fff]{1,1000}")
_TITLE = re.compile(r"[《》〈〉“”\"'「」]")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a statement is about.

    units: name of each unit → weight. clauses: those of each clause that could stand alone, the first one with content and the later ones with a
    theme or topic that name no mere aim. matters: its
    notions that say what it is about; themes, special: those of them that are themes, or topics that are not wide; elsewhere: those that
    belong to no rule-of-law report; aspects: its notions that say how something is. pairs: all its pairs of characters.
    """

    units: Mapping[str, float]
    clauses: Sequence[Set[str]]
    matters: Set[str]
    themes: Set[str]
    special: Set[str]
    elsewhere: Set[str]
    aspects: Set[str]
    pairs: Set[str]

    @property
    def weight(self) -> float:
        """All units together; near 0 for words without content."""
        return sum(self.units.values())


@dataclass(frozen=True, slots=True)
class _Words:
    """notions: word → names it stands for, none for a stock word. groups: group → its notions. lengths: first character
    → lengths of words, longest first.
    """

    notions: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, float]
    groups: Mapping[str, Set[str]]
    lengths: Mapping[str, tuple[int, ...]]


@cache
def _words() -> _Words:
    lists = yaml.safe_load(resources.files(__package__).joinpath("words.yml").read_text(encoding="utf-8"))
    notions: dict[str, tuple[str, ...]] = dict.fromkeys(lists["stock"], ())
    weights: dict[str, float] = {}
    for group, weight in _WEIGHTS.items():
        for name, words in lists[group].items():
            weights[name] = weight
            for word in words:
                notions[word] = (*notions.get(word, ()), name)
    elsewhere = frozenset(lists["elsewhere"])
    handed_down = [name for group in _HANDED_DOWN for name in lists[group]]
    parts = {word: frozenset(names).intersection(handed_down) for word, names in notions.items()}
    parts = {word: names for word, names in parts.items() if names}
    for word, names in notions.items():
        if names and elsewhere.isdisjoint(names):
            within = {name for part, found in parts.items() if part in word for name in found}
            notions[word] = (*names, *sorted(within.difference(names)))
    lengths: dict[str, set[int]] = {}
    for word in notions:
        lengths.setdefault(word[0], set()).add(len(word))
    by_length = {first: tuple(sorted(sizes, reverse=True)) for first, sizes in lengths.items()}
    return _Words(notions, weights, {group: frozenset(lists[group]) for group in _WEIGHTS}, by_length)


@lru_cache(maxsize=8192)  # an issuer's reports say many sentences again, year after year
def meaning(words: str) -> Meaning:
    """The units of meaning of a statement, given in plain words (passages.py)."""
    text = _TITLE.sub("", words)
    units: dict[str, float] = {}
    clauses: list[frozenset[str]] = []
    groups = _words().groups
    own = groups["themes"] | groups["topics"]
    for clause in _CLAUSE.findall(text):
        found = dict(_units(clause))
        factor = _LATER_CLAUSE if clauses else 1.0
        for unit, weight in found.items():
            units[unit] = max(units.get(unit, 0.0), weight * factor)
        if clauses and not own.isdisjoint(found) and not _AIM.match(clause):
            clauses.append(frozenset(found))
        elif not clauses and sum(units.values()) >= _FULL:
            clauses.append(frozenset(units))
    names = frozenset(units)
    special = names & (groups["topics"] | groups["elsewhere"])
    return Meaning(
        units=units,
        clauses=clauses,
        matters=special | names & (groups["wide_topics"] | groups["themes"]),
        themes=names & groups["themes"],
        special=special,
        elsewhere=names & groups["elsewhere"],
        aspects=names & groups["aspects"],
        pairs=frozenset(text[at : at + 2] for at in range(len(text) - 1)),
    )


def _units(clause: str) -> Iterator[tuple[str, float]]:
    """The units of a clause with their weights: notions of the longest words that fit, pairs of what lies between."""
    words = _words()
    notions = words.notions
    at = unread = 0
    while at < len(clause):
        sizes = words.lengths.get(clause[at], ())
        for size in sizes:
            word = clause[at : at + size]
            if word in notions:
                break
        else:
            at += 1
            continue
        yield from _pairs(clause[unread:at])
        for name in notions[word]:
            yield name, words.weights[name]
        at += len(word)
        unread = at
    yield from _pairs(clause[unread:])


def _pairs(run: str) -> Iterator[tuple[str, float]]:
    for piece in _OTHER.split(run):
        for at in range(len(piece) - 1):
            yield piece[at : at + 2], min(_PAIR, _RUN / (len(piece) - 1))


def shared(asked: Meaning, told: Meaning) -> list[str]:
    """Those units of `asked` that `told` has too."""
    return [unit for unit in asked.units if unit in told.units or unit in told.pairs]


def share(units: Iterable[str], common: Set[str], weights: Mapping[str, float]) -> float:
    """The share of `units` by weight that is in `common`; words that the list does not know weigh half where missing."""
    had = sum(weights[unit] for unit in units if unit in common)
    known = _words().weights
    missing = sum(
        weights[unit] * (1.0 if unit in known else _MISSING_PAIR) for unit in units if unit not in common
    )
    return had / (had + missing) if had else 0.0


def same_letters(asked: Meaning, told: Meaning) -> float:
    """The share of the pairs of characters of `asked` that `told` has too: tells two passages on one matter apart."""
    return len(asked.pairs & told.pairs) / max(1, len(asked.pairs))


def same_matter(asked: Meaning, told: Meaning, foreign: float) -> float:
    """1.0 where `told` is about the matters of `asked` and no others, less for others, at most `foreign` less."""
    own = asked.special | asked.themes or asked.matters
    strange = bool(told.elsewhere - asked.elsewhere)
    if own & told.matters:
        if strange:
            return _BESIDE_ELSEWHERE if asked.special & told.special else _NEAR_ELSEWHERE
        if asked.themes & told.themes or not asked.special:
            foreign = min(foreign, _SAME_THEME)
        return 1.0 - foreign * len(told.special - asked.matters) / max(1, len(told.special))
    if not own:
        kin = 1.0
    elif told.matters and not asked.matters & told.matters:
        kin = _OTHER_MATTER
    else:
        kin = _NO_MATTER
    return kin * _ELSEWHERE if strange else kin
