"""How good extraction is: predictions against gold files, layer by layer (docs/accuracy.md).

The package takes gold and predictions as plain values; it knows neither how the text was read nor who wrote the gold.
"""

from __future__ import annotations

from .gold import GoldDocument, GoldError, GoldSet, load_sets
from .result import Layer, Miss, SetResult
from .scoring import score
from .targets import Target, TargetsError, read_targets

__all__ = [
    "GoldDocument",
    "GoldError",
    "GoldSet",
    "Layer",
    "Miss",
    "SetResult",
    "Target",
    "TargetsError",
    "load_sets",
    "read_targets",
    "score",
]
