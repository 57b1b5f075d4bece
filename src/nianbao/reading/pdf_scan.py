"""Pages of a PDF without text, read out of their picture by an OCR engine."""

from __future__ import annotations

from collections.abc import Sequence

from nianbao.model import Document
from nianbao.reading.ocr import Ocr, page_of, recognised
from nianbao.reading.pdf_layout import PageLine
from nianbao.reading.sniffing import PDF

# Scanners of authorities work at 200 dpi or so; finer pictures take longer and read no better.
_DPI, _POINTS = 200, 72
_PIXELS = 30_000_000


def with_scans(body: bytes, pages: Sequence[Sequence[PageLine]], bare: Sequence[int], ocr: Ocr) -> Document:
    """The document of text pages and of the pages with the given numbers (from 1), which are read out of pictures.

    Nobody else may use PDFium meanwhile.
    """
    import pypdfium2

    read = [list(page) for page in pages]
    confidences: list[tuple[float, int]] = []
    opened = pypdfium2.PdfDocument(body)
    try:
        for number in bare:
            page = opened[number - 1]
            try:
                width, height = page.get_size()
                scale = min(_DPI / _POINTS, (_PIXELS / max(width * height, 1.0)) ** 0.5)
                bitmap = page.render(scale=scale)
                image = bitmap.to_pil().convert("RGB")
                bitmap.close()
            finally:
                page.close()
            read[number - 1], sure = page_of(ocr, image, number, 1 / scale)
            confidences += sure
    finally:
        opened.close()
    return recognised(read, confidences, PDF, bare)
