"""What reading makes of a body: a document of text blocks."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from .capture import Outcome


@dataclass(frozen=True, slots=True)
class Block:
    """One line of a document's text: text[start:end]. source_start: its offset in the decoded bytes
    (None where the format has no such offset); page: 1-based page number for paged formats."""

    start: int
    end: int
    source_start: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A body decoded to text blocks (文档): blocks are stripped lines, joined by one line feed each.

    media_type: what the bytes are (by magic, not by name). encoding: how text was decoded, '' for binary formats.
    title: the page's own title (meta ArticleTitle, h1, <title>), '' if none. meta: name → content of meta tags.
    attachments: (address, link text) of files the page offers. warnings: sentences on what was doubtful.
    ocr_confidence: mean confidence (0 to 1) of text that was read out of pictures, None for text that was text.
    """

    text: str
    blocks: tuple[Block, ...]
    media_type: str
    encoding: str = ""
    title: str = ""
    meta: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    attachments: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    ocr_confidence: float | None = None


class UnreadableError(Exception):
    """Bytes that no reader can turn into text; the message says what is wrong, for an outcome row."""

    def __init__(self, sentence: str, outcome: Outcome = Outcome.UNREADABLE) -> None:
        super().__init__(sentence)
        self.outcome = outcome


def edition_id(text: str) -> str:
    """The id of a content: a hash of its text without blanks, so that layout alone never makes a new edition."""
    normalised = "".join(unicodedata.normalize("NFKC", text).split())
    return hashlib.sha256(normalised.encode("utf-8", "surrogatepass")).hexdigest()[:20]
