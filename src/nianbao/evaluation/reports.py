"""Sections, document metadata, references and statements of one report against its gold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .gold import GoldDocument
from .matching import folded, matched
from .result import Layer, Miss, counted

Row = Mapping[str, Any]
METADATA = (
    "title", "report_year", "issuer", "region", "doc_number", "signer", "signed_date", "published_date", "source",
    "recipient",
)  # fmt: skip
# layer name, key in gold and prediction, share of common characters that makes two spans the same
_SPANS = (("references", "laws", 0.8), ("shortcomings", "shortcomings", 0.5), ("commitments", "plans", 0.5))
_LONGEST = 40


@dataclass(slots=True)
class ReportScore:
    """Adds up documents; `layers` gives the table."""

    counts: Counter[str] = field(default_factory=Counter)
    misses: list[Miss] = field(default_factory=list)

    def add(self, document: GoldDocument, predicted: Row) -> None:
        """Scores one report. predicted: the object that `nianbao extract --jsonl` prints."""
        if "sections" not in document.annotation:
            return
        self._sections(document, predicted.get("sections") or ())
        self._metadata(document, predicted.get("document") or {})
        for name, key, least in _SPANS:
            self._spans(document, name, key, least, predicted.get(key) or ())

    def _sections(self, document: GoldDocument, predicted: Sequence[Row]) -> None:
        counts, gold = self.counts, document.annotation["sections"]
        counts["sections gold"] += len(gold)
        counts["sections predicted"] += len(predicted)
        used: set[int] = set()
        for wanted in gold:
            best = _nearest(wanted, predicted, used)
            if best is None:
                self._miss(document, "section missed", wanted, f"{wanted['kind']} {wanted['level']}", "")
                continue
            used.add(best)
            got = predicted[best]
            counts["sections right"] += 1
            for name in ("kind", "level"):
                same = got.get(name) == wanted[name]
                counts[f"sections {name}"] += same
                if not same:
                    self._miss(document, f"section {name}", wanted, str(wanted[name]), str(got.get(name)))
        for j, got in enumerate(predicted):
            if j not in used:
                self._miss(document, "no section", got, "", f"{got.get('kind')} {got.get('level')}")
        length = len(document.text)
        counts["characters"] += length
        wanted_runs, got_runs = _runs(gold, length), _runs(predicted, length)
        counts["characters right"] += sum(
            max(0, min(end, other_end) - max(start, other_start))
            for start, end, kind in wanted_runs
            for other_start, other_end, other_kind in got_runs
            if kind == other_kind
        )

    def _metadata(self, document: GoldDocument, predicted: Row) -> None:
        gold: Row = document.annotation["document"]
        accepted: Row = document.annotation.get("document_accept") or {}
        for name in METADATA:
            answers = [folded(value) for value in (gold.get(name), *accepted.get(name, ()))]
            got = folded(predicted.get(name))
            counts, good = self.counts, folded(predicted.get(name)) in answers
            counts[f"{name} same"] += good
            counts[f"{name} right"] += good and got is not None
            counts[f"{name} predicted"] += got is not None
            # null among the accepted answers: not stated by the letter, so missing it is no miss
            counts[f"{name} gold"] += answers[0] is not None and (got is not None or None not in answers)
            counts[f"{name} documents"] += 1
            if not good:
                expected, came = gold.get(name), predicted.get(name)
                self.misses.append(
                    Miss(document.doc_id, name, "", str(expected or ""), str(came or ""), document.tags)
                )

    def _spans(
        self, document: GoldDocument, name: str, key: str, least: float, predicted: Sequence[Row]
    ) -> None:
        gold: Sequence[Row] = document.annotation.get(key) or ()
        pairs = matched(gold, predicted, least)
        counts = self.counts
        counts[f"{name} gold"] += len(gold)
        counts[f"{name} predicted"] += len(predicted)
        counts[f"{name} right"] += len(pairs)
        for i, wanted in enumerate(gold):
            if i not in pairs:
                self._miss(document, f"{name} missed", wanted, str(wanted.get("kind") or "a span"), "")
            elif wanted.get("kind") == (came := predicted[pairs[i]].get("kind")):
                counts[f"{name} kind"] += 1
            else:
                self._miss(document, f"{name} kind", wanted, str(wanted.get("kind")), str(came))
        for j, got in enumerate(predicted):
            if j not in set(pairs.values()):
                self._miss(document, f"{name} spurious", got, "", str(got.get("kind") or "a span"))

    def _miss(self, document: GoldDocument, layer: str, row: Row, expected: str, came: str) -> None:
        start, end = row["char_start"], max(row["char_end"], row["char_start"] + 1)
        excerpt = document.text[start : min(end, start + _LONGEST)].replace("\n", "⏎")
        self.misses.append(Miss(document.doc_id, layer, excerpt, expected, came, document.tags))

    def layers(self) -> list[Layer]:
        """The table of a set; [] where no document has these annotations."""
        counts = self.counts
        if not counts["sections gold"]:
            return []
        found = counts["sections right"]
        rows = [
            Layer("sections", found, counts["sections predicted"], counts["sections gold"]),
            *(
                Layer(
                    f"section {name}",
                    counts[f"sections {name}"],
                    counts["sections predicted"],
                    counts["sections gold"],
                    counts[f"sections {name}"] / found if found else None,
                    found,
                )
                for name in ("kind", "level")
            ),
            Layer(
                "text under the right kind",
                share=counts["characters right"] / counts["characters"],
                share_of=counts["characters"],
            ),
        ]
        for name in METADATA:
            documents = counts[f"{name} documents"]
            rows.append(counted(name, counts, counts[f"{name} same"] / documents, documents))
        for name, _, _ in _SPANS:
            right = counts[f"{name} right"]
            kinds = (counts[f"{name} kind"] / right, right) if right and name == "references" else (None, 0)
            rows.append(counted(name, counts, *kinds))
        return rows


def _nearest(wanted: Row, predicted: Sequence[Row], used: set[int]) -> int | None:
    """The free prediction that begins on the heading's line up to its end, nearest to the heading's first character."""
    last = max(wanted["char_end"] - 1, wanted["char_start"])
    near = [
        (abs(got["char_start"] - wanted["char_start"]), j)
        for j, got in enumerate(predicted)
        if j not in used and wanted["line_start"] <= got["char_start"] <= last
    ]
    return min(near)[1] if near else None


def _runs(sections: Sequence[Row], length: int) -> list[tuple[int, int, str]]:
    """The text cut into (start, end, kind) by its headings; what stands before the first is other."""
    found, previous, kind = [], 0, "other"
    for start, new in sorted((row["char_start"], row["kind"]) for row in sections):
        found.append((previous, start, kind))
        previous, kind = start, new
    return [*found, (previous, length, kind)]
