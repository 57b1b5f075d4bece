"""Visual lines of PDF pages → paragraphs. Pure text and geometry, no PDF library."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

_PAGE_NUMBER = re.compile(
    r"^[-—–－·•\s]*第?\s*(\d{1,4})\s*页?(?:\s*[/／,，]?\s*共?\s*\d{1,4}\s*页?)?[-—–－·•\s]*$"
)
_DECORATED = re.compile(r"^(?:[-—–－·•].*[-—–－·•]|.*页.*|.*[/／].*)$")
_SENTENCE_END = re.compile(r"[。！？；：:;!?…][”’」』）)]*$")
_NEW_PARAGRAPH = re.compile(
    r"^(?:第[一二三四五六七八九十百]+[章节条部分]|[（(][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+\s*[、.．]"
    r"|[（(]\d{1,2}[)）]|\d{1,2}\s*[、．]|\d{1,2}\.(?!\d)|[①-⑳]|[•●■◆·]|附件?\s*\d*\s*[:：]|[一二三四五六七八九十]{1,2}是)"
)
_HYPHENS = "\u0002\ufffe\u00ad"
_LATIN = re.compile(r"[A-Za-z]")
# In widths of one Chinese character: a first-line indent is two, punctuation at a line's end may leave one free.
_INDENT, _FREE = 1.2, 2.5
_REPEATED = 0.6


@dataclass(frozen=True, slots=True)
class PageLine:
    """A visual line. left, right, bottom: edges in points, None if unknown. spaced: a blank stood at its end."""

    text: str
    page: int
    left: float | None = None
    right: float | None = None
    bottom: float | None = None
    spaced: bool = False


def without_running_lines(pages: Sequence[Sequence[PageLine]]) -> list[PageLine]:
    """All lines but page numbers, and headers and footers: what most pages show at the same height."""
    offset = _number_offset(pages)
    often = max(2, round(_REPEATED * len(pages)))
    running = Counter(place for page in pages for place in {_place(line) for line in _edge_lines(page)})
    return [
        line
        for page in pages
        for line in page
        if line not in _edge_lines(page)
        or not (running[_place(line)] >= often or _is_page_number(line, offset))
    ]


def paragraphs(lines: Sequence[PageLine]) -> list[tuple[str, int]]:
    """Paragraphs with the page on which each begins: a line that runs to the margin goes on in the next one.

    Conservative: a break is kept where a sentence ends, where the line is short, and before headings and indents.
    """
    margins = _margins(lines)
    found: list[tuple[str, int]] = []
    before: PageLine | None = None
    for line in lines:
        if before is not None and _goes_on(before, line, margins):
            text, page = found[-1]
            found[-1] = (_join(text, line.text, before.spaced), page)
        else:
            found.append((line.text.strip(_HYPHENS), line.page))
        before = line
    return [(text, page) for text, page in found if text]


@dataclass(frozen=True, slots=True)
class _Margins:
    left: float | None
    right: float | None
    character: float
    longest: int


def _margins(lines: Sequence[PageLine]) -> _Margins:
    """The text block's edges: the left most lines share, the right that the longest lines reach."""
    longest = max((len(line.text) for line in lines), default=0)
    placed = [
        (ln.left, ln.right, len(ln.text)) for ln in lines if ln.left is not None and ln.right is not None
    ]
    full = [(left, right, size) for left, right, size in placed if size >= 0.8 * longest]
    if not full:
        return _Margins(None, None, 0.0, longest)
    character = median((right - left) / size for left, right, size in full)
    lefts = Counter(round(left) for left, _, size in placed if size >= 0.5 * longest)
    # Of edges that are about as common, the outer one: in short documents as many lines are indented as not.
    common = max(lefts.values())
    left = min(edge for edge, count in lefts.items() if count >= max(1, common // 4))
    return _Margins(float(left), median(right for _, right, _ in full), character, longest)


def _goes_on(line: PageLine, after: PageLine, margins: _Margins) -> bool:
    if _SENTENCE_END.search(line.text) or _NEW_PARAGRAPH.match(after.text):
        return False
    if margins.left is None or margins.right is None or line.right is None or after.left is None:
        return len(line.text) >= 0.85 * margins.longest
    reaches = line.right >= margins.right - _FREE * margins.character
    indented = after.left > margins.left + _INDENT * margins.character
    return reaches and not indented


def _join(text: str, after: str, spaced: bool) -> str:
    """Two parts of one line; only words of Latin letters are kept apart by a blank."""
    if text[-1] in _HYPHENS:
        return text.rstrip(_HYPHENS) + after
    apart = _LATIN.match(text[-1]) and _LATIN.match(after[0])
    return (
        f"{text} {after}"
        if apart or (spaced and _LATIN.match(after[0]) and text[-1].isascii())
        else text + after
    )


def _edge_lines(page: Sequence[PageLine]) -> Sequence[PageLine]:
    """The lines where headers, footers and page numbers stand."""
    return [*page[:2], *page[-2:]]


def _place(line: PageLine) -> tuple[str, int | None]:
    """What makes two lines of two pages the same header: text without numbers, and height."""
    height = None if line.bottom is None else round(line.bottom / 4)
    return re.sub(r"\d+", "0", re.sub(r"\s", "", line.text)), height


def _number_offset(pages: Sequence[Sequence[PageLine]]) -> int | None:
    """What a page's printed number is ahead of its place, if most pages agree; 0 for a single page."""
    if len(pages) < 2:
        return 0
    offsets = Counter[int]()
    for page in pages:
        for line in {*page[:1], *page[-1:]}:
            match = _PAGE_NUMBER.match(line.text)
            if match:
                offsets[int(match[1]) - line.page] += 1
    common = offsets.most_common(1)
    return common[0][0] if common and common[0][1] >= _REPEATED * len(pages) else None


def _is_page_number(line: PageLine, offset: int | None) -> bool:
    match = _PAGE_NUMBER.match(line.text)
    if match is None:
        return False
    return bool(_DECORATED.match(line.text)) or (offset is not None and int(match[1]) - line.page == offset)
