"""What counts as an indicator, in words: its rules as the indicators' file has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from nianbao.model import Indicator
from nianbao.settings import project_dir


@dataclass(frozen=True, slots=True)
class Rule:
    """units: counted in. triggers: words that make it this one. requires: of each group one must stand there as well.

    excludes: words that make it another one.
    """

    units: tuple[str, ...]
    triggers: tuple[str, ...]
    requires: tuple[tuple[str, ...], ...]
    excludes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """rules: any of them makes a number a value. examples: sentences with the number in 【】; counter: those that are none."""

    rules: tuple[Rule, ...]
    examples: tuple[str, ...]
    counter: tuple[str, ...]


def definition(indicator_id: str) -> Definition | None:
    """The definition of one indicator by the rules that are installed; None for one that they do not know (any more)."""
    return _definitions().get(indicator_id)


@cache
def _definitions() -> Mapping[str, Definition]:
    content = yaml.load(
        (project_dir("data") / "indicators.yml").read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    return {str(entry["id"]): _definition(entry) for entry in content["indicators"]}


def _definition(entry: Mapping[str, Any]) -> Definition:
    indicator = Indicator(
        str(entry["id"]), "", "", str(entry["unit"]), str(entry["kind"]), entry.get("rules") or {}
    )
    examples: Sequence[object] = entry.get("examples") or ()
    return Definition(
        tuple(_rule(indicator, rule) for rule in indicator.alternatives),
        tuple(text for text in examples if isinstance(text, str)),
        tuple(str(text["not"]) for text in examples if isinstance(text, Mapping) and "not" in text),
    )


def _rule(indicator: Indicator, rule: Mapping[str, Any]) -> Rule:
    return Rule(
        indicator.units_of(rule),
        _words(rule.get("triggers")),
        _groups(rule.get("requires")),
        _words(rule.get("excludes")),
    )


def _groups(value: object) -> tuple[tuple[str, ...], ...]:
    """[[a, b], [c]] as it is; [a, b] is one group."""
    if not isinstance(value, list) or not value:
        return ()
    return tuple(map(_words, value)) if isinstance(value[0], list) else (_words(value),)


def _words(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)
