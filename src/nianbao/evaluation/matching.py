"""Which prediction answers which annotation, and when two values are the same."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
_BLANK = re.compile(r"\s")
_TOLERANCE = 1e-6


def folded(value: object) -> str | None:
    """A value as comparable text: NFKC, without blanks; None stays None."""
    return None if value is None else _BLANK.sub("", unicodedata.normalize("NFKC", str(value)))


def matched(gold: Sequence[Row], predicted: Sequence[Row], least_iou: float = 0.0) -> dict[int, int]:
    """One-to-one pairs (gold index → prediction index) of spans that share a character, best overlap first.

    least_iou: smallest share of common characters among all of both spans.
    """
    order = sorted(range(len(predicted)), key=lambda j: predicted[j]["char_start"])
    candidates = []
    for i, wanted in enumerate(gold):
        start, end = wanted["char_start"], wanted["char_end"]
        for j in order:
            got = predicted[j]
            if got["char_start"] >= end:
                break
            common = min(end, got["char_end"]) - max(start, got["char_start"])
            if common > 0:
                iou = common / (max(end, got["char_end"]) - min(start, got["char_start"]))
                if iou >= least_iou:
                    candidates.append((-iou, i, j))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in sorted(candidates):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def same_span(one: Row, other: Row) -> bool:
    """Same first and last character."""
    return bool(one["char_start"] == other["char_start"] and one["char_end"] == other["char_end"])


def same_value(gold: Row, predicted: Row) -> bool:
    """Same value and upper bound, with a relative tolerance for decimals."""
    return _close(gold["value"], predicted.get("value")) and _close(
        gold.get("value_max"), predicted.get("value_max")
    )


def same_unit(gold: Row, predicted: Row) -> bool:
    """Same unit, whatever its width; no unit is the empty one."""
    return (folded(gold["unit"]) or "") == (folded(predicted.get("unit")) or "")


def character_f1(one: object, other: object) -> float:
    """How far two short texts consist of the same characters, 0 to 1."""
    a, b = Counter(folded(one) or ""), Counter(folded(other) or "")
    if not a and not b:
        return 1.0
    return 2 * sum((a & b).values()) / (sum(a.values()) + sum(b.values()))


def _close(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is None and other is None
    try:
        return abs(float(one) - float(other)) <= _TOLERANCE * max(1.0, abs(float(one)))
    except (TypeError, ValueError):
        return False
