"""What was read out of a text, laid over the text again: marks, and the text cut where a mark begins or ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..model import Rejection, Report

# Wider marks first: where two share a span, the later kind is drawn inside.
KINDS = ("shortcoming", "commitment", "heading", "reference", "rejected", "figure")


@dataclass(frozen=True, slots=True)
class Mark:
    """text[start:end] is item `index` of what was read of this kind (one of KINDS; statements count as one list)."""

    start: int
    end: int
    kind: str
    index: int


def marks_of(report: Report, rejections: Sequence[Rejection]) -> tuple[Mark, ...]:
    """All marks in the order of the text, enclosing ones before those they enclose."""
    found = [Mark(s.start, s.end, s.kind, i) for i, s in enumerate(report.statements)]
    found += [Mark(s.start, s.end, "heading", i) for i, s in enumerate(report.sections) if s.heading]
    found += [Mark(r.start, r.end, "reference", i) for i, r in enumerate(report.references)]
    found += [Mark(r.start, r.end, "rejected", i) for i, r in enumerate(rejections)]
    found += [Mark(f.start, f.end, "figure", i) for i, f in enumerate(report.figures)]
    return tuple(sorted(found, key=lambda mark: (mark.start, -mark.end, KINDS.index(mark.kind))))


def pieces(length: int, marks: Sequence[Mark]) -> Iterator[tuple[int, int, tuple[Mark, ...]]]:
    """The text from 0 to `length` in pieces (start, end, marks that cover it); marks may overlap in any way."""
    edges = sorted({0, length, *(m.start for m in marks), *(m.end for m in marks)})
    waiting = list(reversed(marks))
    open_: list[Mark] = []
    for start, end in pairwise(edges):
        open_ = [mark for mark in open_ if mark.end > start]
        while waiting and waiting[-1].start <= start:
            open_.append(waiting.pop())
        yield start, end, tuple(mark for mark in open_ if mark.end > start)
