"""What scoring comes to: a line per layer, a line per tag, and the misses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layer:
    """One measured thing. right, predicted, gold: counts behind precision and recall.

    share: for labels, how many of the found mentions have the right one (right_share of share_of); for a mean such as
    the measure's character F1, the mean itself with share_of mentions. None where it says nothing.
    """

    name: str
    right: int | None = None
    predicted: int | None = None
    gold: int | None = None
    share: float | None = None
    share_of: int = 0

    @property
    def precision(self) -> float | None:
        """Share of the predicted that is right; 1 where nothing was predicted and nothing is there."""
        if self.right is None or self.predicted is None:
            return None
        return self.right / self.predicted if self.predicted else (0.0 if self.gold else 1.0)

    @property
    def recall(self) -> float | None:
        """Share of the gold that was found; 1 where there is none."""
        if self.right is None or self.gold is None:
            return None
        return self.right / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall."""
        precision, recall = self.precision, self.recall
        if precision is None or recall is None:
            return None
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    def value(self, name: str) -> float | None:
        """precision, recall, f1 or share by name."""
        return {"precision": self.precision, "recall": self.recall, "f1": self.f1, "share": self.share}[name]


def counted(name: str, counts: Mapping[str, int], share: float | None = None, share_of: int = 0) -> Layer:
    """The layer of the counts "<name> right", "<name> predicted" and "<name> gold"."""
    right, predicted, gold = (counts.get(f"{name} {side}", 0) for side in ("right", "predicted", "gold"))
    return Layer(name, right, predicted, gold, share, share_of)


@dataclass(frozen=True, slots=True)
class Miss:
    """One difference. excerpt: the text around it; expected, came: in words, '' for nothing."""

    doc_id: str
    layer: str
    excerpt: str
    expected: str
    came: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TagRow:
    """One phenomenon: how many figures show it, and how many of them came out right in each respect.

    of: how many figures state the respect at all, where not all do.
    """

    tag: str
    gold: int
    right: Mapping[str, int]
    of: Mapping[str, int]

    def share(self, respect: str) -> float | None:
        """Right figures of those that state the respect, None where none does."""
        of = self.of.get(respect, self.gold)
        return self.right[respect] / of if of else None


@dataclass(frozen=True, slots=True)
class NegativeRow:
    """One kind of number that is no figure: how often it is listed, and how often it was taken for a figure."""

    tag: str
    listed: int
    taken: int


@dataclass(frozen=True, slots=True)
class SetResult:
    """A set's layers, phenomena and misses. documents, characters: how much was read. note: for whoever reads them."""

    name: str
    kind: str
    documents: int
    characters: int
    layers: tuple[Layer, ...]
    tags: tuple[TagRow, ...] = ()
    negatives: tuple[NegativeRow, ...] = ()
    misses: tuple[Miss, ...] = ()
    note: str = ""
