"""Word files (.docx) → Document."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from nianbao.model import Document, Outcome, UnreadableError
from nianbao.reading.html_walk import CELL_BREAK
from nianbao.reading.lines import Line, document, split, squeeze
from nianbao.reading.packed import Packed
from nianbao.reading.sniffing import DOCX
from nianbao.reading.word_numbers import ListNumbers

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Deleted by an author, or instructions to Word: not what a reader sees.
_UNSEEN = frozenset({f"{_W}del", f"{_W}delText", f"{_W}instrText", f"{_W}moveFrom", _FALLBACK})
_INLINE = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def read_docx(body: bytes) -> Document:
    """The paragraphs and table rows of a Word file in order; headers and footers are not part of it.

    Raises UnreadableError for damaged files and files without text.
    """
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml import etree

    Packed(body).refuse_document_types()
    try:
        opened = docx.Document(io.BytesIO(body))
        texts = list(_paragraphs(opened.element.body, ListNumbers.of(opened)))
    except (
        PackageNotFoundError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        SyntaxError,
        OSError,
        EOFError,
        NotImplementedError,
        AttributeError,
        RuntimeError,
        etree.Error,
        zlib.error,
    ) as error:
        # python-docx takes parts as they come: what is missing or of another kind fails in many ways.
        raise UnreadableError(
            f"the Word file is damaged ({error}); fetch it again or save it anew"
        ) from error
    lines = [line for text in texts for line in split(text)]
    if not lines:
        raise UnreadableError(
            "the Word file holds no text (perhaps pictures); bring one with text", Outcome.EMPTY
        )
    return document((Line(line.text) for line in lines), DOCX)


def _paragraphs(parent: Any, numbers: ListNumbers) -> Iterator[str]:
    """Texts of paragraphs and rows, looking into content controls and other wrappers."""
    for node in parent:
        if node.tag == f"{_W}p":
            text = _text(node)
            yield numbers.before(node) + text if text.strip() else ""
        elif node.tag == f"{_W}tbl":
            yield from _rows(node, numbers)
        elif node.tag not in _UNSEEN:
            yield from _paragraphs(node, numbers)


def _rows(table: Any, numbers: ListNumbers) -> Iterator[str]:
    for row in table.iter(f"{_W}tr"):
        cells = [squeeze(" ".join(_paragraphs(cell, numbers))) for cell in row.iterchildren(f"{_W}tc")]
        if any(cells):
            yield CELL_BREAK.join(cells).strip()


def _text(node: Any) -> str:
    parts = []
    for child in node:
        if child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif child.tag in _INLINE:
            parts.append(_INLINE[child.tag])
        elif child.tag == f"{_W}p":  # a text box within the paragraph
            parts.append(f"\n{_text(child)}\n")
        elif child.tag not in _UNSEEN:
            parts.append(_text(child))
    return "".join(parts)
