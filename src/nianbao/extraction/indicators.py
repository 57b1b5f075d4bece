"""Maps figures to canonical indicators by rules that are data (data/indicators.yml).

A rule holds when the unit is one of its units, one of its triggers stands near the number, every group of
`requires` has a word there and no word of `excludes` does. Of several rules that hold, the one whose trigger stands
closest (measure, clause, sentence) and says most wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..model import Indicator


@dataclass(frozen=True, slots=True)
class Context:
    """The words around a figure that rules look at. whole: measure of the figure it is a part of, '' if none."""

    unit: str
    measure: str
    before: str
    behind: str
    sentence: str
    section_kind: str
    is_part: bool
    whole: str
    around: str
    heading: str


@dataclass(frozen=True, slots=True)
class _Rule:
    indicator_id: str
    order: int
    triggers: tuple[str, ...]
    requires: tuple[tuple[str, ...], ...]
    excludes: tuple[str, ...]
    sections: frozenset[str]
    whole_sentence: bool
    around: bool
    heading: bool
    parts: bool
    inherits: bool


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(map(str, value)) if isinstance(value, Sequence) else ()


def _groups(value: object) -> tuple[tuple[str, ...], ...]:
    """[[a, b], [c]] as it is; [a, b] is one group."""
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        return ()
    if all(isinstance(item, str) for item in value):
        return (_words(value),)
    return tuple(_words(item) for item in value)


class IndicatorIndex:
    """The rules of all indicators, by unit."""

    def __init__(self, indicators: Iterable[Indicator]) -> None:
        self._by_unit: dict[str, list[_Rule]] = {}
        order = 0
        for indicator in indicators:
            for rule in self._alternatives(indicator.rules):
                units = _words(rule.get("units")) or (indicator.unit,)
                compiled = _Rule(
                    indicator.indicator_id,
                    order,
                    _words(rule.get("triggers")),
                    _groups(rule.get("requires")),
                    _words(rule.get("excludes")),
                    frozenset(_words(rule.get("sections"))),
                    rule.get("reach") == "sentence",
                    rule.get("reach") == "around",
                    rule.get("reach") == "section",
                    bool(rule.get("parts")),
                    bool(rule.get("inherits")),
                )
                order += 1
                for unit in units:
                    self._by_unit.setdefault(unit, []).append(compiled)

    @property
    def units(self) -> frozenset[str]:
        """The units under which any rule is asked; figures in other units never have an indicator."""
        return frozenset(self._by_unit)

    @staticmethod
    def _alternatives(rules: Mapping[str, object]) -> list[Mapping[str, object]]:
        """The rule itself and those under `also`, which take from it what they do not say."""
        if not rules.get("triggers"):
            return []
        result = [rules]
        also = rules.get("also")
        if isinstance(also, Sequence) and not isinstance(also, str):
            shared = {
                key: value for key, value in rules.items() if key not in ("also", "requires", "excludes")
            }
            result += [{**shared, **item} for item in also if isinstance(item, Mapping)]
        return result

    def choose(self, context: Context) -> str | None:
        """Id of the indicator that the figure is a value of, None if no rule holds."""
        best: tuple[int, int] | None = None
        chosen: str | None = None
        clause = context.before + "\x00" + context.behind
        for rule in self._by_unit.get(context.unit, ()):
            score = _score(rule, context, clause)
            if score is not None and (best is None or (score, -rule.order) > best):
                best, chosen = (score, -rule.order), rule.indicator_id
        return chosen


def _score(rule: _Rule, context: Context, clause: str) -> int | None:
    if rule.sections and context.section_kind not in rule.sections:
        return None
    if context.is_part and not rule.parts and not rule.inherits:
        local = context.measure + clause
        if not any(word in local for word in rule.triggers):
            return None
    reach = _reach(rule, context, clause)
    if reach is None:
        return None
    points, field = reach
    for group in rule.requires:
        if not any(word in field for word in group):
            return None
        points += 3
    local = context.measure + clause if points >= 100 else field
    if (
        rule.inherits
        and context.is_part
        and not all(any(w in context.measure for w in g) for g in rule.requires)
    ):
        local += context.whole
    if rule.around:
        local += field
    if any(word in local for word in rule.excludes):
        return None
    return points


def _longest(words: tuple[str, ...], field: str) -> int:
    longest = 0
    for word in words:
        if word in field and len(word) > longest:
            longest = len(word)
    return longest


def _reach(rule: _Rule, context: Context, clause: str) -> tuple[int, str] | None:
    """(points for the closest trigger, the words that `requires` may look at); None without a trigger."""
    inherited = context.whole if rule.inherits and context.is_part else ""
    wide = clause + "\x00" + context.measure + "\x00" + inherited
    if rule.whole_sentence:
        wide += context.sentence
    elif rule.around:
        wide += context.around
    elif rule.heading:
        wide += context.sentence + "\x00" + context.heading
    for points, field in ((200, context.measure), (100, clause)):
        longest = _longest(rule.triggers, field)
        if longest:
            return points + 4 * longest, wide
    if rule.whole_sentence or inherited:
        longest = _longest(rule.triggers, wide)
        if longest:
            return 4 * longest, wide
    return None
