"""Maps figures to canonical indicators by rules that are data (data/indicators.yml, described in data/README.md).

A rule holds when the unit is one of its units, one of its triggers stands near the number, every group of
`requires` has a word there or in what the clause depends on, and no word of `excludes` stands near. Of several rules
that hold, the one whose words stand closest and say most wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...model import Indicator
from .contexts import Context

_PER_HEAD = re.compile(r"[人户日周月]均|平均")
_LONGEST_GAP = 12
_NEAR = 40  # points from which on the trigger stands near the number or in what it goes on from


class _Words:
    """Words of a rule. `审查…合同` is 审查 with 合同 at most 12 characters behind it in the same clause."""

    __slots__ = ("_patterns", "_plain")

    def __init__(self, words: Sequence[str]) -> None:
        self._plain = tuple(word for word in words if "…" not in word)
        self._patterns = tuple(
            (
                word.partition("…")[0],
                re.compile(rf"[^,。;:]{{0,{_LONGEST_GAP}}}?".join(map(re.escape, word.split("…")))),
                len(word) - 1,
            )
            for word in words
            if "…" in word
        )

    @property
    def starts(self) -> frozenset[str]:
        """The first two characters of each word."""
        return frozenset(word[:2] for word in (*self._plain, *(head for head, _, _ in self._patterns)))

    def within(self, field: str) -> bool:
        """Whether any of the words stands in the field."""
        for word in self._plain:
            if word in field:
                return True
        return any(head in field and pattern.search(field) for head, pattern, _ in self._patterns)

    def longest(self, field: str) -> int:
        """Length of the longest word that stands in the field, 0 if none does."""
        found = 0
        for word in self._plain:
            if word in field and len(word) > found:
                found = len(word)
        for head, pattern, length in self._patterns:
            if length > found and head in field and pattern.search(field):
                found = length
        return found

    def last(self, field: str) -> int:
        """Where the last of the words ends in the field, 0 if none stands there."""
        found = 0
        for word in self._plain:
            at = field.rfind(word)
            if at >= 0 and at + len(word) > found:
                found = at + len(word)
        for head, pattern, _ in self._patterns:
            if head in field:
                for match in pattern.finditer(field):
                    found = max(found, match.end())
        return found


@dataclass(frozen=True, slots=True)
class _Rule:
    indicator_id: str
    order: int
    triggers: _Words
    requires: tuple[_Words, ...]
    excludes: _Words
    not_part_of: _Words
    sections: frozenset[str]
    reach: str
    carries: bool


def _list(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(map(str, value)) if isinstance(value, Sequence) else ()


def _groups(value: object) -> tuple[_Words, ...]:
    """[[a, b], [c]] as it is; [a, b] is one group."""
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        return ()
    if all(isinstance(item, str) for item in value):
        return (_Words(_list(value)),)
    return tuple(_Words(_list(item)) for item in value)


@dataclass(frozen=True, slots=True)
class _Unit:
    """The rules of one unit, by the first two characters of their triggers, so that few need a closer look."""

    by_start: dict[str, list[_Rule]]
    far: dict[int, _Rule]

    def add(self, rule: _Rule) -> None:
        if rule.carries or rule.reach == "around" or any(len(start) < 2 for start in rule.triggers.starts):
            self.far[rule.order] = rule
            return
        for start in rule.triggers.starts:
            self.by_start.setdefault(start, []).append(rule)

    def candidates(self, field: str) -> Iterable[_Rule]:
        """Rules of which a trigger may stand in the field, and those that look further."""
        found = self.far.copy()
        for start in filter(self.by_start.__contains__, map(str.__add__, field, field[1:])):
            for rule in self.by_start[start]:
                found[rule.order] = rule
        return found.values()


class IndicatorIndex:
    """The rules of all indicators, by unit."""

    def __init__(self, indicators: Iterable[Indicator]) -> None:
        self._by_unit: dict[str, _Unit] = {}
        order = 0
        for indicator in indicators:
            for rule in indicator.alternatives:
                compiled = _Rule(
                    indicator.indicator_id,
                    order,
                    _Words(_list(rule.get("triggers"))),
                    _groups(rule.get("requires")),
                    _Words(_list(rule.get("excludes"))),
                    _Words(_list(rule.get("not_part_of"))),
                    frozenset(_list(rule.get("sections"))),
                    str(rule.get("reach", "clause")),
                    bool(rule.get("carries")),
                )
                order += 1
                for unit in indicator.units_of(rule):
                    self._by_unit.setdefault(unit, _Unit({}, {})).add(compiled)

    def choose(self, context: Context) -> str | None:
        """Id of the indicator that the figure is a value of, None if no rule holds."""
        if _PER_HEAD.search(context.before):
            return None
        unit = self._by_unit.get(context.unit)
        if unit is None:
            return None
        best: tuple[float, int] | None = None
        chosen: str | None = None
        for rule in unit.candidates(context.near + "\x00" + context.topic):
            score = _score(rule, context)
            if score is not None and (best is None or (score, -rule.order) > best):
                best, chosen = (score, -rule.order), rule.indicator_id
        return chosen


def _score(rule: _Rule, context: Context) -> float | None:
    if rule.sections and context.section_kind not in rule.sections:
        return None
    found = _trigger(rule, context)
    if found is None:
        return None
    points, near, own = found
    if rule.excludes.within(own) or _borrows_wrongly(rule, context):
        return None
    # A trigger from afar must find its company near the number: not both may be borrowed.
    wide = _wide(rule, context) if points >= _NEAR else ""
    for group in rule.requires:
        if group.within(near):
            points += 6
        elif group.within(context.topic):
            points += 4
        elif group.within(context.kin):
            points += 3 * group.last(context.kin) / len(context.kin)
        elif wide and (end := group.last(wide)):
            points += 3 * end / len(wide)
        else:
            return None
    return points


def _borrows_wrongly(rule: _Rule, context: Context) -> bool:
    """Whether a part leans on a whole that `not_part_of` names; one whose clause or list says enough leans on none."""
    if not context.whole or not rule.not_part_of.within(context.whole):
        return False
    said = f"{context.before}\x00{context.behind}\x00{context.kin.removesuffix(context.whole)}"
    return not rule.requires or not all(group.within(said) for group in rule.requires)


def _trigger(rule: _Rule, context: Context) -> tuple[float, str, str] | None:
    """(points of the closest trigger, the words near the number for `requires`, those for `excludes`)."""
    near = context.near
    longest = rule.triggers.longest(near)
    if longest:
        # A measure may have borrowed words of a neighbour: what the clause itself says counts for more.
        clause = f"{context.before}\x00{context.behind}"
        if rule.triggers.within(clause):
            return 100 + 4 * longest + _closeness(rule, context), near, clause
        return 72 + 4 * longest, near, near
    if context.topic and rule.triggers.within(context.topic):
        return (
            40 + 30 * rule.triggers.last(context.topic) / len(context.topic),
            near + context.topic,
            near + context.topic,
        )
    if rule.carries and not context.is_part:
        end = rule.triggers.last(context.sentence)
        if end:
            return 20 * end / len(context.sentence), near, near
    if rule.reach == "around" and rule.triggers.within(context.around):
        return 10, near + context.around, near + context.around
    return None


def _closeness(rule: _Rule, context: Context) -> float:
    """Up to 8 points for a trigger that stands right before the number."""
    end = rule.triggers.last(context.before)
    return max(0, 8 - (len(context.before) - end)) if end else 0


def _wide(rule: _Rule, context: Context) -> str:
    if rule.reach == "sentence":
        return context.sentence
    if rule.reach == "section":
        return context.heading + "\x00" + context.previous + "\x00" + context.sentence
    return context.around if rule.reach == "around" else ""
