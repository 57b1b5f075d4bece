"""Which piece of a hit's text is shown, and what is marked in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nianbao.search.folding import fold_with_offsets, joined, occurrences
from nianbao.search.found import Snippet

_WIDTH = 140
_LEAD = 30
_MOST_STARTS = 200


def marks(text: str, words: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Spans of folded words in a text as it is written: (start, end), in order, not overlapping."""
    return tuple(joined([span for spans in _by_word(text, words) for span in spans]))


def snippet(text: str, words: Sequence[str]) -> Snippet:
    """The piece of a text in which most of the folded words stand, the first of equals; its beginning where none does."""
    by_word = [spans for spans in _by_word(text, words) if spans]
    starts = sorted(start for spans in by_word for start, _ in spans)[:_MOST_STARTS]
    windows = [_window(text, start) for start in starts] or [_window(text, 0)]
    first, last = max(
        windows, key=lambda window: (sum(_any_in(window, spans) for spans in by_word), -window[0])
    )
    # A word that is longer than a snippet is shown, and marked, as far as there is room.
    inside = [
        (max(start, first) - first, min(end, last) - first)
        for spans in by_word
        for start, end in spans
        if start < last and end > first
    ]
    return Snippet(text[first:last], tuple(joined(inside)), first > 0, last < len(text))


def _by_word(text: str, words: Iterable[str]) -> list[list[tuple[int, int]]]:
    folded, offsets = fold_with_offsets(text)
    return [
        [(offsets[start], offsets[end - 1] + 1) for start, end in occurrences(folded, word)] for word in words
    ]


def _window(text: str, start: int) -> tuple[int, int]:
    first = max(0, min(start - _LEAD, len(text) - _WIDTH))
    return first, min(len(text), first + _WIDTH)


def _any_in(window: tuple[int, int], spans: list[tuple[int, int]]) -> bool:
    return any(window[0] <= start < window[1] for start, _ in spans)
