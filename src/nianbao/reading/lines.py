"""Lines of text → the text and blocks of a Document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import NamedTuple

from nianbao.model import Block, Document

_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
# Whitespace of any width, and what has no width at all.
_EDGE = " \t\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_EDGE += "\u200b\u200c\u200d\u2060\ufeff\x00"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\x00"
_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\u3001-\u303f]"
_BROKEN = re.compile(rf"(?<={_WIDE})[^\S\r\n]*[\r\n]\s*(?={_WIDE})")


class Line(NamedTuple):
    """One line to be, with where it came from."""

    text: str
    source_start: int | None = None
    page: int | None = None


def split(text: str) -> list[Line]:
    """The stripped non-empty lines of plain text; source_start counts in `text`, line ends untranslated."""
    lines, start = [], 0
    for end in [*(match.span() for match in _BREAK.finditer(text)), (len(text), len(text))]:
        raw = text[start : end[0]]
        stripped = raw.lstrip(_EDGE)
        kept = stripped.rstrip(_EDGE)
        if kept:
            lines.append(Line(kept, start + len(raw) - len(stripped)))
        start = end[1]
    return lines


def squeeze(text: str) -> str:
    """Runs of blanks as one, as a browser shows them; a line end in the source between two Chinese characters is none."""
    return spaced(visible(text))


def visible(text: str) -> str:
    """A text without the characters that have no width."""
    for character in _INVISIBLE:
        if character in text:
            text = text.replace(character, "")
    return text


def spaced(text: str) -> str:
    """Like squeeze, for a text that is visible already."""
    if "\n" in text or "\r" in text:
        text = _BROKEN.sub("", text)
    return " ".join(text.split())


def unspaced(text: str) -> str:
    """A text without any blanks, so that texts that are spaced differently compare."""
    return "".join(visible(text).split())


def document(
    lines: Iterable[Line],
    media_type: str,
    *,
    encoding: str = "",
    title: str = "",
    meta: Mapping[str, str] | None = None,
    attachments: Iterable[tuple[str, str]] = (),
    warnings: Iterable[str] = (),
) -> Document:
    """A Document of lines that are stripped and not empty."""
    texts, sources, pages = [], [], []
    for text, source, page in lines:
        texts.append(text)
        sources.append(source)
        pages.append(page)
    starts = [0, *accumulate(len(text) + 1 for text in texts)]
    ends = [start - 1 for start in starts[1:]]
    return Document(
        text="\n".join(texts),
        blocks=tuple(map(Block, starts, ends, sources, pages)),
        media_type=media_type,
        encoding=encoding,
        title=title,
        meta=dict(meta or {}),
        attachments=tuple(attachments),
        warnings=tuple(warnings),
    )
