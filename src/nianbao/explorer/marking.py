"""A report's text cut into pieces, each with what was read there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nianbao.extraction.marks import Mark, pieces


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text under the same marks. kinds: of these marks. anchors: ids that begin here.

    figure: the figure it is a part of, None outside figures. reference: likewise.
    """

    text: str
    kinds: str
    anchors: tuple[str, ...]
    figure: Mapping[str, Any] | None
    reference: Mapping[str, Any] | None


def anchor(row: Mapping[str, Any], letter: str) -> str:
    """The id of a mark within its page."""
    return f"{letter}-{row['start_offset']}-{row['end_offset']}"


def marked_text(
    text: str,
    figures: Sequence[Mapping[str, Any]],
    sections: Sequence[Mapping[str, Any]],
    references: Sequence[Mapping[str, Any]],
    statements: Sequence[Mapping[str, Any]],
) -> list[Piece]:
    """The whole text in pieces. All rows have start_offset and end_offset in it; sections mark their headings."""
    lists: dict[str, Sequence[Mapping[str, Any]]] = {
        "heading": [row for row in sections if row["heading"]],
        "reference": references,
        "figure": figures,
        "shortcoming": [row for row in statements if row["kind"] == "shortcoming"],
        "commitment": [row for row in statements if row["kind"] != "shortcoming"],
    }
    marks = [
        Mark(row["start_offset"], row["end_offset"], kind, index)
        for kind, rows in lists.items()
        for index, row in enumerate(rows)
    ]
    order = ("shortcoming", "commitment", "heading", "reference", "figure")
    marks.sort(key=lambda mark: (mark.start, -mark.end, order.index(mark.kind)))
    letters = {"figure": "f", "reference": "r", "heading": "s", "shortcoming": "p", "commitment": "c"}
    cut = []
    for start, end, covering in pieces(len(text), [mark for mark in marks if mark.end <= len(text)]):
        inside = {mark.kind: lists[mark.kind][mark.index] for mark in covering}
        cut.append(
            Piece(
                text[start:end],
                " ".join(dict.fromkeys(mark.kind for mark in covering)),
                tuple(
                    anchor(lists[mark.kind][mark.index], letters[mark.kind])
                    for mark in covering
                    if mark.start == start
                ),
                inside.get("figure"),
                inside.get("reference"),
            )
        )
    return cut
