"""PDF files → Document, by PDFium: the text layer, its lines, and nothing that is only drawn."""

from __future__ import annotations

import threading
import unicodedata
from typing import Any

from nianbao.model import Document, Outcome, UnreadableError
from nianbao.reading.lines import Line, document
from nianbao.reading.ocr import Ocr
from nianbao.reading.pdf_layout import PageLine, paragraphs, without_running_lines
from nianbao.reading.pdf_scan import with_scans
from nianbao.reading.sniffing import PDF

# PDFium keeps global state: one document at a time in a process.
_PDFIUM = threading.Lock()
_END_REACH = 65_536
# Fewer characters than this on a page are stamps and page numbers, not a text.
_TEXT_PAGE = 15
# Reports have 5 to 30 pages, whole yearbooks some hundreds.
MAX_PAGES = 2_000
# PDF makers write radicals (U+2E80–2FD5) for the characters that look the same; readers search for the characters.
_RADICALS = {
    code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)
} | str.maketrans(
    "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
    "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
)


def read_pdf(body: bytes, ocr: Ocr | None = None) -> Document:
    """The text of a PDF: running headers and page numbers removed, hard-wrapped lines joined; blocks know their page.

    ocr: reads the pages without text. Raises UnreadableError for locked, damaged and cut-off files, for those with
    more than MAX_PAGES pages, and for scans without a text layer where no engine is given.
    """
    import pypdfium2

    if b"%%EOF" not in body[-_END_REACH:]:
        raise UnreadableError("the PDF is cut off (its end mark is missing); fetch it again")
    with _PDFIUM:
        try:
            pages = _pages(body)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower():
                raise UnreadableError("the PDF is locked with a password; bring an unlocked copy") from error
            raise UnreadableError(f"the PDF is damaged ({error}); fetch it again") from error
    sizes = [sum(len(line.text) for line in page) for page in pages]
    without = [number for number, size in enumerate(sizes, 1) if size < _TEXT_PAGE]
    if ocr is not None and without:
        with _PDFIUM:
            return with_scans(body, pages, without, ocr)
    if len(without) == len(pages):
        raise UnreadableError(
            f"the PDF is a scan of {len(pages)} page(s) without text, which is read only with the extra `ocr`:"
            " pip install 'nianbao[ocr]'; or bring one with text, or the web page",
            Outcome.UNSUPPORTED_FORMAT,
        )
    bare = [number for number, size in enumerate(sizes, 1) if size == 0]
    warnings = (
        [f"page(s) {', '.join(map(str, bare))} of the PDF hold no text; look at the original"] if bare else []
    )
    joined = paragraphs(without_running_lines(pages))
    return document((Line(text, page=page) for text, page in joined), PDF, warnings=warnings)


def _pages(body: bytes) -> list[list[PageLine]]:
    import pypdfium2

    opened = pypdfium2.PdfDocument(body)
    try:
        pages = []
        if len(opened) > MAX_PAGES:
            raise UnreadableError(
                f"the PDF has {len(opened)} pages, far more than a report; look at it by hand",
                Outcome.OVERSIZED,
            )
        for number in range(len(opened)):
            page = opened[number]
            text_page = page.get_textpage()
            try:
                pages.append(_lines(text_page, number + 1))
            finally:
                text_page.close()
                page.close()
        return pages
    finally:
        opened.close()


def _lines(text_page: Any, number: int) -> list[PageLine]:
    """The visual lines of a page with their left and right edges in points."""
    text = text_page.get_text_range().translate(_RADICALS)
    lines, start = [], 0
    for raw in text.split("\n"):
        stripped = raw.strip(" \t\r\u3000\xa0")
        if stripped:
            first = start + raw.index(stripped)
            left, bottom, _ = _box(text_page, first)
            _, _, right = _box(text_page, first + len(stripped) - 1)
            spaced = raw.rstrip("\r").endswith(" ")
            lines.append(PageLine(stripped, number, left, right, bottom, spaced))
        start += len(raw) + 1
    return lines


def _box(text_page: Any, text_index: int) -> tuple[float | None, float | None, float | None]:
    """The left, bottom and right edge of a character, None where PDFium does not know them."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    char_index = pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, text_index)
    if char_index < 0:
        return None, None, None
    try:
        left, bottom, right, _ = text_page.get_charbox(char_index, loose=True)
    except pypdfium2.PdfiumError:
        return None, None, None
    return float(left), float(bottom), float(right)
