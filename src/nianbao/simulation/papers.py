"""Reports as files in every format that sites use. Byte-equal from run to run."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from .composer import Line
from .formats.archives import same_times
from .formats.layout import HEIGHT, WIDTH, centred, printed_pages
from .formats.ofd import ofd
from .formats.scan import scan
from .formats.word97 import word97
from .site import DOC, DOCX, OFD, PDF, WPS

__all__ = ["MEDIA_TYPES", "docx", "paper", "pdf"]

_FONT = "STSong-Light"
MEDIA_TYPES = {"pdf": PDF, "docx": DOCX, "doc": DOC, "wps": WPS, "ofd": OFD, "scan": PDF}


def paper(
    form: str, lines: Sequence[Line], title: str, header: str, created: datetime, font: Path | None = None
) -> bytes:
    """The paragraphs as a file of a format of MEDIA_TYPES.

    header: printed at the top of every page. font: with Chinese characters, for scans, which raise ValueError
    without one.
    """
    if form == "docx":
        return docx(lines, title, created)
    if form in ("doc", "wps"):
        return word97(lines)
    if form == "ofd":
        return ofd(lines, header)
    if form == "scan":
        if font is None:
            raise ValueError("a scan needs a font with Chinese characters; give the path of one")
        return scan(lines, header, font, seed=len(lines))
    return pdf(lines, header)


def pdf(lines: Sequence[Line], header: str, password: str = "") -> bytes:
    """The paragraphs as a PDF. header: printed at the top of every page. password: needed to open it, '' for none."""
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    if _FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    target = io.BytesIO()
    encrypt = StandardEncryption(password, password) if password else None
    canvas = Canvas(target, pagesize=(WIDTH, HEIGHT), invariant=1, encrypt=encrypt)
    canvas.setTitle(header)
    draw = {"left": canvas.drawString, "centre": canvas.drawCentredString, "right": canvas.drawRightString}
    for page in printed_pages(lines, header):
        size = 0.0
        for line in page:
            if line.size != size:
                size = line.size
                canvas.setFont(_FONT, size)
            draw[line.anchor](line.x, line.y, line.text)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def docx(lines: Sequence[Line], title: str, created: datetime) -> bytes:
    """The paragraphs as a Word document with fixed times."""
    import docx as python_docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    document = python_docx.Document()
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = title, "", ""
    properties.created = properties.modified = created.replace(tzinfo=None)
    for line in lines:
        paragraph = document.add_paragraph()
        run = paragraph.add_run(line.piece.text)
        run.bold = line.role in ("title", "heading") and len(line.piece.text) < 40
        if centred(line):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif line.role == "sign":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    raw = io.BytesIO()
    document.save(raw)
    return same_times(raw.getvalue())
