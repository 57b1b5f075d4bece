"""One door to all readers."""

from __future__ import annotations

from nianbao.model import Document, Outcome, UnreadableError
from nianbao.reading import sniffing
from nianbao.reading.decoding import decode
from nianbao.reading.furniture import trimmed
from nianbao.reading.html import read_html
from nianbao.reading.lines import Line, document, split, squeeze


def read_document(body: bytes, *, content_type: str = "", url: str = "") -> Document:
    """The text of a body, with what its format says about it.

    content_type: the Content-Type header, used only for its charset and only where the bytes do not contradict it.
    url: the body's own address, which makes attachments' addresses absolute.
    Raises UnreadableError with a sentence (to be put behind the address) and its outcome: EMPTY, UNSUPPORTED_FORMAT,
    OVERSIZED or UNREADABLE.
    """
    media_type = sniffing.sniff(body)
    if media_type == sniffing.PDF:
        from nianbao.reading.pdf import read_pdf

        return read_pdf(body)
    if media_type == sniffing.DOCX:
        from nianbao.reading.word import read_docx

        return read_docx(body)
    decoded = decode(body, content_type)
    if sniffing.is_html(decoded.text, content_type):
        return read_html(decoded, url)
    lines = [
        Line(text, line.source_start)
        for line in split(decoded.text)
        for text in trimmed([squeeze(line.text)])
    ]
    if not lines:
        raise UnreadableError("the text is empty; look at the address by hand", Outcome.EMPTY)
    return document(lines, sniffing.TEXT, encoding=decoded.encoding, warnings=decoded.warnings)
