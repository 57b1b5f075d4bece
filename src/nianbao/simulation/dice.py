"""Choices that depend on their key alone: the same seed and key give the same choice, whatever was drawn before.

Python's own generators give a sequence, so one more draw would change everything behind it. Here a report keeps its
text when a world gets another year, issuer or district.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A source of choices under one seed and key path."""

    __slots__ = ("_path",)

    def __init__(self, *path: object) -> None:
        self._path = "/".join(str(part) for part in path)

    def of(self, *more: object) -> Dice:
        """The dice for a longer key path."""
        return Dice(self._path, *more)

    def integer(self, *key: object) -> int:
        """A whole number from 0 to 2**64 - 1."""
        text = "/".join((self._path, *(str(part) for part in key)))
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")

    def unit(self, *key: object) -> float:
        """A number from 0 (inclusive) to 1 (exclusive)."""
        return (self.integer(*key) >> 11) / (1 << 53)

    def between(self, low: int, high: int, *key: object) -> int:
        """A whole number from low to high, both inclusive."""
        return low + self.integer(*key) % (high - low + 1)

    def chance(self, probability: float, *key: object) -> bool:
        """True with the given probability."""
        return self.unit(*key) < probability

    def pick(self, items: Sequence[T], *key: object) -> T:
        """One of the items."""
        return items[self.integer(*key) % len(items)]

    def shuffled(self, items: Sequence[T], *key: object) -> list[T]:
        """The items in another order."""
        return [items[n] for n in sorted(range(len(items)), key=lambda n: self.integer(*key, "order", n))]
