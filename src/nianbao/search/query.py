"""What people type, as words that must stand in a hit and words that must not.

复议 应诉      both words must stand in it
"依法 行政"    the same as 依法行政: blanks never count
复议 -信访     the first must, the second must not
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nianbao.search.folding import fold, is_word

LONGEST = 400
MOST_WORDS = 24
# Quotation marks that hold words together; every other kind is text, and falls away as it does in texts.
_PIECE = re.compile(r'(-?)(?:"([^"]*)"?|“([^”]*)”|([^\s"]+))')


@dataclass(frozen=True, slots=True)
class Query:
    """Folded words: each of `all_of` must stand in a hit, none of `none_of` may. trouble: what is wrong, as a sentence."""

    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    trouble: str = ""


def parse(typed: str) -> Query:
    """Reads a query. Never raises: what cannot be searched for is told in `trouble`."""
    if len(typed) > LONGEST:
        return Query(
            trouble=f"The query has {len(typed):,} characters; at most {LONGEST} can be searched for."
        )
    wanted: dict[str, None] = {}
    unwanted: dict[str, None] = {}
    for match in _PIECE.finditer(_surely_text(typed)):
        minus, *pieces = match.groups()
        word = fold(next((piece for piece in pieces if piece is not None), ""))
        if is_word(word):
            (unwanted if minus else wanted)[word] = None
    if not wanted and not unwanted:
        said = "The query is empty" if not typed.strip() else "The query holds nothing but punctuation"
        return Query(trouble=f"{said}; type one or more words.")
    if not wanted:
        return Query(
            trouble="The query only says what must not be found; type a word without - before it too."
        )
    if len(wanted) + len(unwanted) > MOST_WORDS:
        return Query(
            trouble=f"The query has {len(wanted) + len(unwanted)} words; at most {MOST_WORDS} can be searched for."
        )
    return Query(tuple(wanted), tuple(unwanted))


def _surely_text(typed: str) -> str:
    """Without halves of characters, which are no text and which nothing can look up."""
    return typed.encode("utf-8", "ignore").decode("utf-8").replace("\x00", " ")
