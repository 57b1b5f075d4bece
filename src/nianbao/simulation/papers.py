"""Reports as files: PDF with hard-wrapped lines, running header and page numbers; DOCX. Byte-equal from run to run."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime

from .composer import Line

_WIDTH, _HEIGHT, _MARGIN = 595, 842, 85
_SIZE, _LEADING = 15, 27
_NO_LINE_START = "，。；：、！？）》”’〕%)]:;,."
_NO_LINE_END = "（《“‘〔(["
_PIECES = re.compile(r"[0-9.]+%?|.")  # digits stay together, as word processors keep them
_FONT = "STSong-Light"
_ZIP_TIME = (2020, 1, 1, 0, 0, 0)


def wrap(text: str, columns: float) -> list[str]:
    """Lines of at most `columns` full-width characters (half-width ones count half), without stops at a line's start."""
    lines: list[str] = []
    line, width = "", 0.0
    for piece in _PIECES.findall(text):
        size = sum(0.5 if ord(character) < 0x80 else 1.0 for character in piece)
        if line and width + size > columns and piece not in _NO_LINE_START:
            carried = ""
            while line and line[-1] in _NO_LINE_END:
                carried, line = line[-1] + carried, line[:-1]
            lines.append(line)
            line, width = carried, float(len(carried))
        line += piece
        width += size
    return [*lines, line] if line else lines


def pdf(lines: Sequence[Line], header: str) -> bytes:
    """The paragraphs as a PDF. header: printed at the top of every page."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    if _FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(_WIDTH, _HEIGHT), invariant=1)
    canvas.setTitle(header)
    columns = (_WIDTH - 2 * _MARGIN) / _SIZE
    page, y = 0, 0.0
    for line in lines:
        size = 20 if line.role == "title" else _SIZE
        centred = line.role in ("title", "red", "number")
        text = (
            line.piece.text
            if centred or line.role in ("addressee", "sign")
            else "\u3000\u3000" + line.piece.text
        )
        for part in wrap(text, columns * _SIZE / size):
            if page == 0 or y < _MARGIN + _LEADING:
                if page:
                    canvas.showPage()
                page, y = page + 1, _HEIGHT - _MARGIN
                canvas.setFont(_FONT, 9)
                canvas.drawString(_MARGIN, _HEIGHT - 50, header)
                canvas.drawCentredString(_WIDTH / 2, 40, f"— {page} —")
            canvas.setFont(_FONT, size)
            if centred:
                canvas.drawCentredString(_WIDTH / 2, y, part)
            elif line.role == "sign":
                canvas.drawRightString(_WIDTH - _MARGIN, y, part)
            else:
                canvas.drawString(_MARGIN, y, part)
            y -= _LEADING * (1.3 if line.role == "title" else 1)
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
        if line.role in ("title", "red", "number"):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif line.role == "sign":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    raw = io.BytesIO()
    document.save(raw)
    return _same_times(raw.getvalue())


def _same_times(archive: bytes) -> bytes:
    """The ZIP archive with one fixed time for all members: the writer stamps the clock's."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for item in old.infolist():
            entry = zipfile.ZipInfo(item.filename, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(item.filename))
    return target.getvalue()
