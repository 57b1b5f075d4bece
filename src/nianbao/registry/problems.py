"""Collects everything that is wrong with a registry, so that a person mends it in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path


class RegistryError(Exception):
    """A registry that cannot be used. problems: one sentence each, "file:line: what is wrong, what to do"."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: its file and 1-based line."""

    path: Path
    line: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(slots=True)
class Problems:
    """The problems found so far, in the order of files and lines."""

    found: list[tuple[Place, str]] = field(default_factory=list)

    def add(self, place: Place, sentence: str) -> None:
        """Notes one problem, on one line, whatever the value that it quotes."""
        self.found.append((place, " ".join(sentence.split())))

    def raise_if_any(self) -> None:
        """Raises RegistryError when something was noted."""
        if self.found:
            ordered = sorted(self.found, key=lambda item: (str(item[0].path), item[0].line))
            raise RegistryError(f"{place}: {sentence}" for place, sentence in ordered)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """'; did you mean …?' for a misspelt name, '' when nothing known is close."""
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else ""
