"""Rich text files, which are often named .doc, and web pages saved by Word (MHTML) → Document."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import Message

from nianbao.model import Document, Outcome, UnreadableError
from nianbao.reading.decoding import decode
from nianbao.reading.html import read_html
from nianbao.reading.html_walk import CELL_BREAK
from nianbao.reading.lines import Line, document, split, squeeze
from nianbao.reading.sniffing import RTF

_DEPTH = 2_000
# Behind a list's mark stands a tabulator.
_LISTED = re.compile(r"^([（(]?[一二三四五六七八九十\d]{1,3}[、）．]) +")
# Deleted text of a tracked change: a group that begins so, up to its end.
_DELETED = re.compile(r"\{[^{}\\]{0,5}(?:\\[a-z]{1,20}-?\d{0,10} ?){0,20}\\deleted\b[^{}]{0,100000}\}")


def read_rtf(body: bytes) -> Document:
    """The paragraphs and table rows of a rich text file. Raises UnreadableError for damaged and empty ones."""
    from striprtf.striprtf import rtf_to_text

    if body.count(b"{") - body.count(b"\\{") > 1_000_000 or _depth(body) > _DEPTH:
        raise UnreadableError("the rich text file is nested as no program writes it; look at it by hand")
    try:
        text = rtf_to_text(_DELETED.sub("", body.decode("latin-1")), encoding="gb18030", errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, TypeError, OverflowError) as error:
        raise UnreadableError(
            f"the rich text file is damaged ({error}); save it as Word (.docx) and import that file"
        ) from error
    # Characters beyond the first 65,536 are written as two halves.
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    lines = [Line(shown) for line in split(text) if (shown := _row(line.text))]
    if not lines:
        raise UnreadableError("the rich text file holds no text; bring one with text", Outcome.EMPTY)
    return document(lines, RTF)


def read_mhtml(body: bytes, url: str) -> Document:
    """The page in a web archive (.mht, or .doc as Word saves it). Raises UnreadableError if there is none."""
    message = email.message_from_bytes(body, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload:
                return read_html(decode(payload, _content_type(part)), url)
    raise UnreadableError("the web archive holds no page; look at it by hand", Outcome.EMPTY)


def _content_type(part: Message) -> str:
    charset = part.get_content_charset()
    return f"text/html; charset={charset}" if charset else "text/html"


def _row(line: str) -> str:
    """A table row comes as its cells with a stroke behind each; a stroke in a sentence is left alone."""
    if not line.endswith("|"):
        return _LISTED.sub(r"\1", squeeze(line))
    return CELL_BREAK.join(squeeze(cell) for cell in line[:-1].split("|")).strip()


def _depth(body: bytes) -> int:
    deepest = depth = 0
    for brace in re.findall(rb"[{}]", body):
        depth += 1 if brace == b"{" else -1
        deepest = max(deepest, depth)
    return deepest
