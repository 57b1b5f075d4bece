"""Sentences with their truth: a template says what it counts, the dice say how much.

  [A exact]                 a figure: what slot A is about, worded as wordings.WORDINGS says
  [A2 exact of=A m=… ]      options: of=, yoy= (labels of other figures), up, down, m= (measure), u= (unit), i= (indicator,
                            - for none, added for that of an addition), n=lo..hi (range of values), y=-1 (fact year against the report's),
                            sum=B+C, less=A, more=A (value that follows from others), p=- (no period)
  {A.n} {A.v} {W.1}         noun and verb of a slot, first part of a whole
  {y} {py} {ny} {name}      words of the report;  {3..9} a number;  {@list} one of a list of words
  ‹…›                       the time expression that governs the figures behind it, up to the full stop
  ⟨…⟩ ⟨reason|…⟩            a number that is no figure

A slot's letter says what it holds: A to E counts, P people, R and S rates, M and N money, K and L stocks, W a whole with
parts, Q areas, T durations.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from ..dice import Dice
from ..texts import load
from ..wording import Quantity
from .numbers import in_chinese
from .wordings import WORDINGS

_FIGURE = re.compile(r"\[([A-Z]\d? [^\]]+)\]")
_TOKEN = re.compile(r"\[[A-Z]\d? [^\]]+\]|\{[^}]+\}|[‹›⟨⟩]|[^\[{‹›⟨⟩]+|\[")
_REASON = re.compile(r"[a-z_]+\|")
_KINDS = {
    **dict.fromkeys("ABCDE", "count"), "P": "people", "R": "rate", "S": "rate", "M": "money", "N": "money",
    "K": "stock", "L": "stock", "W": "whole", "Q": "area", "T": "duration",
}  # fmt: skip

_LARGE = {"wan", "wan_over", "grouped", "chinese_large", "mixed"}
_MANY = 2000


@dataclass(frozen=True, slots=True)
class FigureMark:
    """A figure in a sentence: text[start:end]. parent, yoy_of: positions in the sentence's figures."""

    start: int
    end: int
    quantity: Quantity
    measure: str
    indicator: str | None
    tags: tuple[str, ...]
    period: str | None = None
    year_shift: int | None = None
    direction: str | None = None
    parent: int | None = None
    yoy_of: int | None = None
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class NegativeMark:
    """A number that is no figure. reason: as the annotation rules name it; tag: the phenomenon."""

    start: int
    end: int
    reason: str
    tag: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A finished sentence. wrapped: to be broken into short lines, as files made from paper have them."""

    text: str
    figures: tuple[FigureMark, ...]
    negatives: tuple[NegativeMark, ...]
    wrapped: bool = False


@dataclass(slots=True)
class _State:
    text: str = ""
    figures: list[FigureMark] = field(default_factory=list)
    negatives: list[NegativeMark] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)
    links: list[tuple[int, str, str]] = field(default_factory=list)
    period: str | None = None
    opened: int = 0
    reason: str = ""
    tag: str = ""


class Writer:
    """Writes sentences for one report: words, dice, and what its slots are filled with."""

    def __init__(self, words: Mapping[str, str], dice: Dice) -> None:
        self._words = words
        self._dice = dice
        self._things: Mapping[str, Sequence[Mapping[str, Any]]] = load("proving_things")
        self._lists: Mapping[str, Sequence[str]] = load("proving_words")

    def write(self, template: str, tag: str, reason: str = "", scope: str | None = None) -> Sentence:
        """One sentence of a phenomenon. reason: of the ⟨…⟩ that give none. Raises KeyError for unknown names."""
        dice = self._dice.of(template)
        slots = self._slots(template, dice)
        values = self._values(template, slots, dice)
        state = _State()
        for number, part in enumerate(_TOKEN.findall(template)):
            if _FIGURE.fullmatch(part):
                self._figure(part[1:-1].split(), state, slots, values, (tag, scope))
            elif part.startswith("{"):
                state.text += self._word(part[1:-1], slots, dice.of(number))
            elif part in "‹⟨":
                state.opened, state.reason, state.tag = len(state.text), reason, tag
            elif part == "›":
                self._close_period(state)
            elif part == "⟩":
                state.negatives.append(NegativeMark(state.opened, len(state.text), state.reason, state.tag))
            else:
                _text(part, state)
        for position, link, label in state.links:
            _link(state, position, link, label)
        return Sentence(state.text, tuple(state.figures), tuple(state.negatives))

    # --- slots and values ------------------------------------------------------------------------------------

    def _slots(self, template: str, dice: Dice) -> dict[str, Mapping[str, Any]]:
        """A thing for each letter, no thing twice; one of which there are many where the wording needs a large number."""
        letters = sorted(set(re.findall(r"[\[{]([A-Z])", template)))
        large = {hole[0] for hole in _FIGURE.findall(template) if hole.split()[1] in _LARGE}
        taken: list[str] = []
        slots: dict[str, Mapping[str, Any]] = {}
        for letter in letters:
            things = [each for each in self._things[_KINDS[letter]] if each["n"] not in taken]
            if letter in large and _KINDS[letter] == "count":
                things = [each for each in things if each["r"][1] >= _MANY]
            slots[letter] = dice.pick(things, "slot", letter)
            taken.append(slots[letter]["n"])
        return slots

    def _values(
        self, template: str, slots: Mapping[str, Mapping[str, Any]], dice: Dice
    ) -> dict[str, Quantity]:
        """The quantity of each figure by label; those that follow from others last."""
        found: dict[str, Quantity] = {}
        later: list[tuple[str, str, str, dict[str, str]]] = []
        for hole in _FIGURE.findall(template):
            label, how, *options = hole.split()
            given = dict(option.split("=", 1) for option in options if "=" in option)
            if {"sum", "less", "more"} & given.keys():
                later.append((label, how, label[0], given))
            else:
                low, high = _range(given.get("n"), slots[label[0]])
                unit = given.get("u", slots[label[0]].get("u", ""))
                found[label] = _worded(how, dice.of("value", label), low, high, unit)
        for label, how, letter, given in later:
            value = _following(given, found, dice.of("value", label))
            unit = given.get("u", slots[letter].get("u", ""))
            found[label] = _worded(how, dice.of("value", label), value, value, unit)
        return found

    # --- tokens ----------------------------------------------------------------------------------------------

    def _word(self, name: str, slots: Mapping[str, Mapping[str, Any]], dice: Dice) -> str:
        if ".." in name:
            low, high = name.removeprefix("cn").split("..")
            number = dice.between(int(low), int(high), "number")
            return in_chinese(number).replace("两", "二") if name.startswith("cn") else str(number)
        if name.startswith("@"):
            return _filled(dice.pick(self._lists[name[1:]], name), self._words)
        if "." in name:
            letter, part = name.split(".")
            thing = slots[letter]
            return str(thing["parts"][int(part) - 1] if part.isdigit() else thing[part])
        return self._words[name]

    def _figure(
        self,
        hole: list[str],
        state: _State,
        slots: Mapping[str, Mapping[str, Any]],
        values: Mapping[str, Quantity],
        about: tuple[str, str | None],
    ) -> None:
        label, _, *options = hole
        given = dict(option.split("=", 1) for option in options if "=" in option)
        quantity, thing = values[label], slots[label[0]]
        state.text += quantity.before
        start = len(state.text)
        state.text += quantity.span
        end = len(state.text)
        state.text += quantity.after
        direction = "increase" if "up" in options else "decrease" if "down" in options else None
        measure = given.get("m", "{" + label[0] + ".m}")
        position = len(state.figures)
        state.labels[label] = position
        state.links += [
            (position, link, given[key])
            for key, link in (("of", "parent"), ("yoy", "yoy_of"))
            if key in given
        ]
        state.figures.append(
            FigureMark(
                start,
                end,
                quantity,
                measure=self._measure(measure, slots),
                indicator=_indicator(
                    given.get("i"),
                    thing,
                    plain_level=direction is None and "of" not in given and "u" not in given,
                ),
                tags=(about[0],),
                period=None if given.get("p") == "-" else state.period,
                year_shift=int(given["y"]) if "y" in given else None,
                direction=direction,
                scope=about[1],
            )
        )

    def _measure(self, measure: str, slots: Mapping[str, Mapping[str, Any]]) -> str:
        def word(match: re.Match[str]) -> str:
            letter, part = match[1].split(".")
            thing = slots[letter]
            if part.isdigit():
                return str(thing["parts"][int(part) - 1])
            return str(thing.get(part, thing["n"]))

        return re.sub(r"\{([A-Z]\.\w+)\}", word, measure)

    def _close_period(self, state: _State) -> None:
        text = state.text[state.opened :]
        state.period = text or None
        if re.search(r"[0-9一二三四五六七八九十半]", text):
            state.negatives.append(NegativeMark(state.opened, len(state.text), "date", "date"))


def _text(token: str, state: _State) -> None:
    """Literal text; right behind an opened mark it may begin with the mark's reason."""
    named = _REASON.match(token) if state.opened == len(state.text) and "|" in token else None
    if named:
        # a named reason is another phenomenon than the sentence's own
        state.reason = state.tag = named.group()[:-1]
        token = token[named.end() :]
    state.text += token
    if "。" in token or "\n" in token:
        state.period = None


def _worded(how: str, dice: Dice, low: Decimal, high: Decimal, unit: str) -> Quantity:
    """Worded as asked; 个 belongs to the span of 5个工作日, not to its unit."""
    quantity = WORDINGS[how](dice, low, high, unit)
    return (
        replace(quantity, unit=quantity.unit[1:])
        if quantity.unit[:1] == "个" and quantity.unit != "个"
        else quantity
    )


def _filled(text: str, words: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: words[match[1]], text)


def _range(given: str | None, thing: Mapping[str, Any]) -> tuple[Decimal, Decimal]:
    low, high = given.split("..") if given else thing["r"]
    return Decimal(str(low)), Decimal(str(high))


def _following(given: Mapping[str, str], found: Mapping[str, Quantity], dice: Dice) -> Decimal:
    """A value that others determine: their sum, a part of one, or more than one."""
    if "sum" in given:
        return sum((found[label].value for label in given["sum"].split("+")), Decimal(0))
    base = found[given.get("less") or given["more"]].value
    share = Decimal(dice.between(8, 40, "share")) / 100
    return (
        max(Decimal(1), (base * share).to_integral_value())
        if "less" in given
        else (base * (1 + share)).to_integral_value() + 1
    )


def _indicator(given: str | None, thing: Mapping[str, Any], *, plain_level: bool) -> str | None:
    if given is not None:
        return {"-": None, "added": thing.get("added")}.get(given, given)
    return thing.get("i") if plain_level else None


def _link(state: _State, position: int, link: str, label: str) -> None:
    figure, target = state.figures[position], state.labels[label]
    linked = replace(figure, parent=target) if link == "parent" else replace(figure, yoy_of=target)
    state.figures[position] = linked
