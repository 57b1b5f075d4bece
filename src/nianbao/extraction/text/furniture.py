"""What does not belong to the text itself: leftover markup, page numbers, running headers. All become blanks.

Nothing changes the length of the text, so that an offset means the same before and after.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable

_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,6}|#[xX][0-9A-Fa-f]{2,5});")
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]{0,9})(?:[\s/][^<>]{0,300})?/?>|<!--[^<>]{0,300}-->")
_BREAKING = frozenset(("br", "p", "div", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5"))
_EMPHASIS = re.compile(
    r"\*{2,}|(?<![^\n])[^\S\n]{0,9}(?:#{1,6}|>{1,3})(?=[^\S\n])|__(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])__"
)
_PAGE_MARK = re.compile(
    r"\n[^\S\n]{0,80}(?:(?P<bare>\d{1,3})|[-—–―·•~]{1,2}[^\S\n]?\d{1,3}[^\S\n]?[-—–―·•~]{1,2}|"
    r"第[^\S\n]?\d{1,3}[^\S\n]?页(?:[^\S\n]{0,3}[,/|(]?[^\S\n]?共[^\S\n]?\d{1,3}[^\S\n]?页\)?)?)[^\S\n]{0,80}(?=[\n\r]|$)"
)
_WORDS_OF_LINE = re.compile(r"[^\s][^\n\r]*")
_CLOSED = "。!?;:,、…”）)"
_LONGEST_HEADER = 40
_LABEL = re.compile(r"[一二三四五六七八九十(\d第]")


def without_markup(text: str) -> str:
    """Blanks for tags, entities of blanks and marks of emphasis; a named character stands in its entity's place."""
    if "&" in text:
        text = _ENTITY.sub(_entity, text)
    if "<" in text:
        text = _TAG.sub(_tag, text)
    if "**" in text or "#" in text or "__" in text or ">" in text:
        text = _EMPHASIS.sub(_blank, text)
    return text


def without_furniture(text: str) -> str:
    """Blanks for page numbers on lines of their own and for the header that every page repeats."""
    if "\n" not in text and "\r" not in text:
        return text
    marks = list(_PAGE_MARK.finditer(text))
    numbers = [match for match in marks if match["bare"] is None]
    bare = [match for match in marks if match["bare"] is not None]
    numbers += _in_sequence(bare)
    return _blanked(text, [*(match.span() for match in numbers), *_headers(text)])


def _entity(match: re.Match[str]) -> str:
    character = html.unescape(match.group())
    length = len(match.group())
    if len(character) != 1 or character.isspace() or not character.isprintable():
        return _blank(match) if len(character) <= 1 else match.group()
    return character + " " * (length - 1)


def _tag(match: re.Match[str]) -> str:
    breaks = match[1] is not None and match[1].lower() in _BREAKING
    return ("\n" if breaks else " ") + " " * (len(match.group()) - 1)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _in_sequence(bare: list[re.Match[str]]) -> list[re.Match[str]]:
    """Lone numbers that count up by one, as page numbers do; others may be figures in cells of a table."""
    values = [int(match["bare"]) for match in bare]
    return [
        match
        for index, match in enumerate(bare)
        if (index and values[index] == values[index - 1] + 1)
        or (index + 1 < len(values) and values[index + 1] == values[index] + 1)
    ]


def _headers(text: str) -> Iterable[tuple[int, int]]:
    """Lines that come again and again, each time in the middle of a sentence."""
    rough = [
        line
        for line in map(str.strip, text.replace("\r", "\n").split("\n"))
        if 4 <= len(line) <= _LONGEST_HEADER
    ]
    if len(rough) < len(set(rough)) + 2:
        return []
    lines = [match.span() for match in _WORDS_OF_LINE.finditer(text)]
    short = [text[a:b].rstrip() for a, b in lines if 4 <= b - a <= _LONGEST_HEADER]
    repeated = {words for words, count in Counter(short).items() if count >= 3 and words[-1] not in _CLOSED}
    if not repeated:
        return []
    found: list[tuple[int, int]] = []
    for index in range(1, len(lines)):
        start, end = lines[index]
        if end - start > _LONGEST_HEADER or text[start:end].rstrip() not in repeated:
            continue
        before = text[slice(*lines[index - 1])].rstrip()
        if len(before) >= 15 and before[-1] not in _CLOSED and not _LABEL.match(before):
            found.append((start, end))
    return found


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with blanks instead of the spans; line feeds in them stay."""
    pieces: list[str] = []
    position = 0
    for start, end in sorted(spans):
        if start < position:
            continue
        pieces += (text[position:start], re.sub(r"[^\n\r]", " ", text[start:end]))
        position = end
    pieces.append(text[position:])
    return "".join(pieces) if position else text
