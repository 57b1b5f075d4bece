"""Scans: PDFs whose pages are pictures of 200 dpi, without a text in them."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from pathlib import Path

from ..composer import Line
from .layout import HEIGHT, WIDTH, printed_pages

_DPI = 200
_SCALE = _DPI / 72
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts")
_FONT_NAMES = (
    "NotoSerifCJK-Regular.ttc",
    "NotoSansCJK-Regular.ttc",
    "wqy-zenhei.ttc",
    "Songti.ttc",
    "PingFang.ttc",
)


def find_chinese_font() -> Path | None:
    """A font with Chinese characters on this machine, None where there is none of the usual ones."""
    folders = [Path(folder) for folder in _FONT_FOLDERS if Path(folder).is_dir()]
    found = (path for name in _FONT_NAMES for folder in folders for path in sorted(folder.rglob(name)))
    return next(found, None)


def scan(lines: Sequence[Line], header: str, font: Path, seed: int = 0) -> bytes:
    """The paragraphs as a scanned PDF: grey paper, a little noise, a slight turn.

    font: a TrueType or OpenType font with Chinese characters. The same font file gives the same bytes.
    """
    from PIL import Image, ImageDraw, ImageFont
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(WIDTH, HEIGHT), invariant=1)
    chance = random.Random(seed)  # noqa: S311 - specks on paper
    fonts: dict[float, ImageFont.FreeTypeFont] = {}
    size = (round(WIDTH * _SCALE), round(HEIGHT * _SCALE))
    for page in printed_pages(lines, header):
        paper = Image.new("L", size, 248)
        pen = ImageDraw.Draw(paper)
        for line in page:
            if line.size not in fonts:
                fonts[line.size] = ImageFont.truetype(str(font), round(line.size * _SCALE))
            place = (line.left * _SCALE, (HEIGHT - line.y) * _SCALE)
            pen.text(place, line.text, font=fonts[line.size], fill=30, anchor="ls")
        for _ in range(400):
            pen.point((chance.randrange(size[0]), chance.randrange(size[1])), fill=90)
        turned = paper.rotate(chance.uniform(-0.4, 0.4), Image.Resampling.BICUBIC, fillcolor=248)
        picture = io.BytesIO()
        turned.save(picture, "JPEG", quality=80, dpi=(_DPI, _DPI))
        picture.seek(0)
        canvas.drawImage(ImageReader(picture), 0, 0, WIDTH, HEIGHT)
        canvas.showPage()
    canvas.save()
    return target.getvalue()
