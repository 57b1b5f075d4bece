"""One door to all readers."""

from __future__ import annotations

from nianbao.model import Document, Outcome, UnreadableError
from nianbao.reading import sniffing
from nianbao.reading.decoding import decode
from nianbao.reading.furniture import trimmed
from nianbao.reading.html import read_html
from nianbao.reading.json_page import is_json, read_json
from nianbao.reading.lines import Line, document, split, squeeze
from nianbao.reading.ocr import Ocr, read_picture

# Larger bodies are not fetched either; an imported file may be of any size.
MAX_BYTES = 100_000_000


def read_document(body: bytes, *, content_type: str = "", url: str = "", ocr: Ocr | None = None) -> Document:
    """The text of a body, with what its format says about it.

    content_type: the Content-Type header, used only for its charset and only where the bytes do not contradict it.
    url: the body's own address, which makes attachments' addresses absolute.
    ocr: the engine that reads pictures and scanned pages; without one they raise UNSUPPORTED_FORMAT.
    Raises UnreadableError with a sentence (to be put behind the address) and its outcome: EMPTY, UNSUPPORTED_FORMAT,
    OVERSIZED or UNREADABLE.
    """
    if len(body) > MAX_BYTES:
        raise UnreadableError(
            f"it has {len(body) // 1_000_000} MB, far more than a report; look at it by hand",
            Outcome.OVERSIZED,
        )
    media_type = sniffing.sniff(body)
    if media_type:
        return _read_file(body, media_type, url, ocr)
    decoded = decode(body, content_type)
    if is_json(decoded.text):
        found = read_json(decoded, url)
        if found is not None:
            return found
    if sniffing.is_html(decoded.text, content_type):
        return read_html(decoded, url, body)
    lines = [
        Line(text, line.source_start)
        for line in split(decoded.text)
        for text in trimmed([squeeze(line.text)])
    ]
    if not lines:
        raise UnreadableError("the text is empty; look at the address by hand", Outcome.EMPTY)
    return document(lines, sniffing.TEXT, encoding=decoded.encoding, warnings=decoded.warnings)


def _read_file(body: bytes, media_type: str, url: str, ocr: Ocr | None) -> Document:
    """Each parser is imported when its first file comes."""
    if media_type == sniffing.PDF:
        from nianbao.reading.pdf import read_pdf

        return read_pdf(body, ocr)
    if media_type == sniffing.DOCX:
        from nianbao.reading.word import read_docx

        return read_docx(body)
    if media_type == sniffing.DOC:
        from nianbao.reading.doc import read_doc

        return read_doc(body)
    if media_type == sniffing.OFD:
        from nianbao.reading.ofd import read_ofd

        return read_ofd(body)
    if media_type in sniffing.PICTURES:
        return read_picture(body, media_type, ocr)
    from nianbao.reading.rtf import read_mhtml, read_rtf

    return read_rtf(body) if media_type == sniffing.RTF else read_mhtml(body, url)
