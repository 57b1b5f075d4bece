"""Lines that a page's width or a web editor has cut, joined again; whether a text is cut so is read off its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .cleaning import Line

_CLOSED = frozenset("。!?;:,、…”’」)】")
LABEL = re.compile(
    r"第\s?[一二三四五六七八九十]{1,3}\s?(?:部分|[章编篇])|[一二三四五六七八九十]{1,3}\s?[、.]|[(〔\[【]\s?[一二三四五六七八九十\d]{1,3}\s?[)〕\]】]|"
    r"\d{1,2}\s?(?:、|\.(?!\d)|\))|[①-⑳⑴-⒛㈠-㈩㊀-㊉❶-❿]|[一二三四五六七八九十]是"
)
# What a heading's second line begins with when the first stopped inside a word or phrase.
_TAIL = re.compile(
    r"(?:的|和|及|与|人?职责|任人|责任|况|情况|成效|举措|安排|打算|原因|作|施|题|足|建设|政府)"
)
_SHORTEST_CUT = 15
_LINES_JOINED = 4


def paragraphs_of(lines: Sequence[Line]) -> list[Line]:
    """The lines, those of one cut paragraph as one line; line feeds stand where it was cut.

    Of a long paragraph only the first lines are joined, the rest of it is left out: a heading is found at its start.
    """
    width = _width(lines)
    found: list[Line] = []
    index = 0
    while index < len(lines):
        last = index
        if _cut_here(lines, index):
            last += 1
            size = len(lines[index].text)
            while last + 1 < len(lines) and _cut_alike(lines, last, size):
                last += 1
        while last + 1 < len(lines) and _goes_on(lines, last, last == index, width):
            last += 1
        found.append(_joined(lines[index : min(last + 1, index + _LINES_JOINED)]))
        index = last + 1
    return found


def _width(lines: Sequence[Line]) -> int:
    """Characters after which the lines were cut; 0 if they were not."""
    long_lines = [line for line in lines if len(line.text) >= _SHORTEST_CUT]
    cut = sorted(
        len(line.text) for line in long_lines if line.text[-1] not in _CLOSED and not LABEL.match(line.text)
    )
    if len(cut) < 5 or len(cut) * 5 < len(long_lines) * 2:
        return 0
    width = cut[len(cut) * 3 // 4]
    # a page cuts its lines at one width; lines of every length are headings and paragraphs without a full stop
    alike = sum(width * 0.8 <= size <= width * 1.2 for size in cut)
    longer = sum(len(line.text) > width * 1.3 for line in long_lines)
    return width if alike * 2 >= len(cut) and longer * 10 <= len(long_lines) and width <= 80 else 0


def _goes_on(lines: Sequence[Line], index: int, first: bool, width: int) -> bool:
    """Whether the paragraph of line `index` goes on in the next line."""
    text, following = lines[index].text, lines[index + 1].text
    if LABEL.match(following):
        return False
    if width and width * 0.8 <= len(text) <= width * 1.3:
        return text[-1] not in _CLOSED or text[-1] in ",、;" or following[0] in "。,;、"
    if not first or text[-1] in _CLOSED or len(text) < 12 or len(following) > 12:
        return False
    return (
        LABEL.match(text) is not None and following[-1] not in _CLOSED and _TAIL.match(following) is not None
    )


def _cut_here(lines: Sequence[Line], index: int) -> bool:
    """Whether a paragraph begins here that was cut into lines, though the text as a whole is not.

    The line stops amid clauses, and the next is no longer: a paragraph below a heading would be.
    """
    text = lines[index].text
    if len(text) < 20 or text[-1] in _CLOSED or len(text) > 80 or index + 1 >= len(lines):
        return False
    if text.count(",") + text.count("、") + text.count(";") < 2 or LABEL.match(text):
        return False
    following = lines[index + 1].text
    if LABEL.match(following) or len(following) > len(text) * 1.2:
        return False
    return following[-1] in "。;!" or _cut_alike(lines, index + 1, len(text))


def _cut_alike(lines: Sequence[Line], index: int, size: int) -> bool:
    """Whether line `index` is as long as the one before it, of `size` characters, and stops amid a sentence too."""
    text = lines[index].text
    return (
        size * 0.8 <= len(text) <= size * 1.2
        and text[-1] not in "。;:!?"
        and index + 1 < len(lines)
        and len(lines[index + 1].text) <= size * 1.2
        and not LABEL.match(lines[index + 1].text)
    )


def _joined(lines: Sequence[Line]) -> Line:
    if len(lines) == 1:
        return lines[0]
    pieces: list[str] = []
    end = lines[0].start
    for line in lines:
        pieces += ("\n" * (line.start - end), line.text)
        end = line.end
    return Line(lines[0].start, end, "".join(pieces))
