"""Heads of published pages: is it such a report, and what its first lines say about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .gold import GoldDocument
from .matching import folded
from .result import Layer, Miss, counted

Row = Mapping[str, Any]
_FIELDS = {
    "year": "report_year",
    "issuer": "issuer",
    "region": "region",
    "date": "published_date",
    "title": "title",
}
_COUNTY_ENDS = "区县市旗"
_SHORTEST_NAME = 3


@dataclass(slots=True)
class HeadScore:
    """Adds up heads. Fields are counted on annual reports only, and only where the gold states a value."""

    counts: Counter[str] = field(default_factory=Counter)
    misses: list[Miss] = field(default_factory=list)

    def add(self, document: GoldDocument, predicted: Row) -> None:
        """Scores one head. predicted: the `document` object of the prediction."""
        gold: Row = document.annotation["gold"]
        truth, said = bool(gold["is_annual_rule_of_law_report"]), bool(predicted.get("is_report"))
        counts = self.counts
        counts["report right"] += said and truth
        counts["report predicted"] += said
        counts["report gold"] += truth
        if said != truth:
            self._miss(document, "report", str(truth), str(said))
        if not truth:
            return
        for name, key in _FIELDS.items():
            want, got = _plain(gold.get(key)), _plain(predicted.get(key))
            if want is None:
                continue
            right = got is not None and _same(name, want, got)
            counts[f"{name} gold"] += 1
            counts[f"{name} predicted"] += got is not None
            counts[f"{name} right"] += right
            if not right:
                self._miss(document, name, str(gold.get(key)), str(predicted.get(key) or ""))

    def _miss(self, document: GoldDocument, layer: str, expected: str, came: str) -> None:
        excerpt = document.text[:60].replace("\n", "⏎")
        self.misses.append(Miss(document.doc_id, layer, excerpt, expected, came))

    def layers(self) -> list[Layer]:
        """The table of a set."""
        return [counted(name, self.counts) for name in ("report", *_FIELDS)]


def _plain(value: object) -> str | None:
    return None if value in (None, "") else (folded(value) or "").replace("/", "")


def _same(name: str, want: str, got: str) -> bool:
    if name == "region":
        # A region is a county-level division or higher; the gold may go on to a street, a town or a zone.
        return want.endswith(got) or got.endswith(want) or (want.startswith(got) and got[-1:] in _COUNTY_ENDS)
    if name == "issuer":
        long_enough = min(len(got), len(want)) >= _SHORTEST_NAME
        return got == want or (long_enough and (got.endswith(want) or want.endswith(got)))
    return got == want
