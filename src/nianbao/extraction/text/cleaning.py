"""A raw text made easy to match, with a way back: every position of the clean text knows its raw offset.

Two views of the same text are used. `Line` gives the raw lines (for headings and metadata); `Clean` gives one
string without blanks, in half-width letters, in which only real paragraph ends are left as line feeds, so that
a number that a PDF cut in two stands in one piece.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from .characters import fold_characters
from .flattened import flattened
from .furniture import without_furniture, without_markup

# What PDF conversion and web editors leave between characters of one word: blanks, invisible marks, and what `fold`
# made blank.
_NOISE_CLASS = (
    r"[\s\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\x00-\x08\x0e-\x1f"
    r"\U000e0000-\U000e01ef]"
)
# one character of the class and then more: the engine looks for a class fast, but not for its repetition
_NOISE = re.compile(f"{_NOISE_CLASS}{_NOISE_CLASS}*")
_TERMINAL = frozenset("。！？；：!?;:…”’」）)】")
_NUMERALS = frozenset("0123456789〇零一二两三四五六七八九十百千万亿余多几")
_LABEL_AHEAD = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.](?:(?!\d)|\d+[条项个件次名家场])|第[一二三四五六七八九十]+[章节部条]"
)
_LINE = re.compile(r"[^\s\u200b\ufeff|](?:[^\n\r]*[^\s\u200b\ufeff|])?")


@dataclass(frozen=True, slots=True)
class Line:
    """A raw line without its surrounding blanks: raw[start:end]; `text` is its half-width form, as long."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Clean:
    """The clean text with its way back: from clean position starts[i] on it runs as the raw text does from raws[i] on."""

    text: str
    starts: list[int]
    raws: list[int]

    def raw(self, position: int) -> int:
        """Raw offset of the character at a clean position."""
        run = bisect_right(self.starts, position) - 1
        return self.raws[run] + position - self.starts[run]

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Raw span of the clean span start–end (not empty)."""
        return self.raw(start), self.raw(end - 1) + 1

    def position(self, raw: int) -> int:
        """First clean position whose raw offset is at least `raw`."""
        run = bisect_right(self.raws, raw) - 1
        if run < 0:
            return 0
        end = self.starts[run + 1] if run + 1 < len(self.starts) else len(self.text)
        return min(self.starts[run] + raw - self.raws[run], end)


@lru_cache(maxsize=16)
def fold(text: str) -> str:
    """The text in half-width, everyday characters, with blanks for markup and page furniture; same length.

    Lines, outline, references and the clean view all begin with it, hence the cache: small, but not so small that the
    names and titles folded in between crowd the text out.
    """
    text = without_markup(fold_characters(text))
    return without_furniture(text) if "\n" in text or "\r" in text else text


def lines_of(text: str) -> list[Line]:
    """Lines of the raw text that hold anything but blanks."""
    folded = fold(text)
    lines: list[Line] = []
    for match in _LINE.finditer(folded):
        start, end = match.span()
        for first, last in flattened(folded, start, end) or ((start, end),):
            lines.append(Line(first, last, folded[first:last]))
    return lines


def clean(text: str, own_lines: Collection[int] = ()) -> Clean:
    """The clean view of `text`.

    own_lines: raw offsets at which a line stands by itself (headings); a line feed is kept before and after it.
    """
    folded = fold(text)
    pieces: list[str] = []
    starts: list[int] = []
    raws: list[int] = []
    size = position = 0
    hold = frozenset(own_lines)
    line_alone = 0 in hold
    for match in _NOISE.finditer(folded):
        start, end = match.span()
        if start > position:
            pieces.append(folded[position:start])
            starts.append(size)
            raws.append(position)
            size += start - position
        position = end
        gap = match.group()
        if start == 0 or end == len(folded):
            line_alone = line_alone or end in hold
            continue
        if "\n" in gap or "\r" in gap:
            keep = line_alone or end in hold or _paragraph_end(folded, start, end, gap)
            # a figure's span holds nothing but its number and unit, so no page number may hide inside it
            keep = keep or (folded[start - 1] in _NUMERALS and not text[start:end].isspace())
            line_alone = end in hold
            mark = "\n" if keep else ""
        else:
            mark = _blank(folded, start, end) if any(map(str.isspace, gap)) else ""
            if end in hold:  # a heading in the middle of a line that was run together
                mark = "\n"
        if mark:
            pieces.append(mark)
            starts.append(size)
            raws.append(start)
            size += 1
    if position < len(folded):
        pieces.append(folded[position:])
        starts.append(size)
        raws.append(position)
    return Clean("".join(pieces), starts, raws)


def _paragraph_end(text: str, start: int, end: int, gap: str) -> bool:
    """Whether the line feeds in the gap start–end end a paragraph instead of cutting a sentence."""
    before = text[start - 1]
    if before in _TERMINAL:
        return True
    if _LABEL_AHEAD.match(text, end):
        return not (before.isdigit() and text[end].isdigit())
    # an indented new line is a new paragraph unless the line before stopped inside a number or after a comma
    indent = len(gap) - max(gap.rfind("\n"), gap.rfind("\r")) - 1
    return indent >= 2 and before not in ",、." and not text[end].isdigit()


def _blank(text: str, start: int, end: int) -> str:
    """What a blank inside a line becomes: nothing, unless it keeps two numbers or two Latin words apart."""
    before, after = text[start - 1], text[end]
    if before.isascii() and after.isascii() and before.isalnum() and after.isalnum():
        if before.isdigit() and after.isdigit():
            group = text[end : end + 4]
            grouped = len(group) >= 3 and group[:3].isdigit() and not group[3:].isdigit()
            return "" if grouped and not text[max(0, start - 4) : start].isdigit() else " "
        return " "
    return ""
