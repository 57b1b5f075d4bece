"""Proving reports: every number phenomenon of the reports, many times over, each figure known with all its labels.

The default worlds tell a plausible district; these tell extraction where it fails. docs/simulation.md lists the phenomena.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .annotation import annotation_of, region_rows, text_of, to_json
from .report import compose

__all__ = ["proving_gold", "region_rows", "to_json"]


def proving_gold(seed: int = 1, count: int = 80) -> Iterator[tuple[str, dict[str, Any]]]:
    """(text, annotation in the gold format) of so many reports; the same arguments give the same bytes."""
    for index in range(count):
        report = compose(seed, index)
        yield text_of(report), annotation_of(report)
