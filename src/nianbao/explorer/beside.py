"""Two texts side by side: paragraphs that stand for one another in one row, with the words that differ marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from rapidfuzz.distance import Indel

_LONGEST = 20_000  # characters of a paragraph that are compared one by one


@dataclass(frozen=True, slots=True)
class Beside:
    """A row: its two paragraphs in runs of (text, whether the other one lacks it). kind: equal, changed, gone or added."""

    kind: str
    left: tuple[tuple[str, bool], ...]
    right: tuple[tuple[str, bool], ...]


def beside(left: str, right: str) -> list[Beside]:
    """The paragraphs of two texts, paired; none is left out."""
    former, later = _paragraphs(left), _paragraphs(right)
    rows: list[Beside] = []
    matcher = SequenceMatcher(None, former, later, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            rows += [Beside("equal", ((text, False),), ((text, False),)) for text in former[a:b]]
        else:
            rows += [_row(one, other) for one, other in _paired(former[a:b], later[c:d])]
    return rows


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _paired(former: Sequence[str], later: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Each former paragraph with the next later one that is like it; what is like none stands alone."""
    at = 0
    for one in former:
        likest = max(
            range(at, len(later)),
            key=lambda index: Indel.normalized_similarity(one[:_LONGEST], later[index][:_LONGEST]),
            default=None,
        )
        if likest is None or Indel.normalized_similarity(one[:_LONGEST], later[likest][:_LONGEST]) < 0.5:
            yield one, None
            continue
        yield from ((None, other) for other in later[at:likest])
        yield one, later[likest]
        at = likest + 1
    yield from zip_longest((), later[at:])


def _row(one: str | None, other: str | None) -> Beside:
    if other is None:
        return Beside("gone", ((one or "", True),), ())
    if one is None:
        return Beside("added", (), ((other, True),))
    left: list[tuple[str, bool]] = []
    right: list[tuple[str, bool]] = []
    for step in Indel.opcodes(one[:_LONGEST], other[:_LONGEST]):
        same = step.tag == "equal"
        if step.src_end > step.src_start:
            left.append((one[step.src_start : step.src_end], not same))
        if step.dest_end > step.dest_start:
            right.append((other[step.dest_start : step.dest_end], not same))
    for runs, whole in ((left, one), (right, other)):
        if len(whole) > _LONGEST:
            runs.append((whole[_LONGEST:], False))
    return Beside("changed", tuple(left), tuple(right))
