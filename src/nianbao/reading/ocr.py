"""Text of pictures, read by an engine that is handed in: scanned pages and picture files → lines.

The engine is a resource with models in memory; reading stays pure and only knows its shape.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any, Protocol

from nianbao.model import Document, Outcome, UnreadableError
from nianbao.reading.lines import Line, document
from nianbao.reading.pdf_layout import PageLine, paragraphs, without_running_lines

_PIXELS = 60_000_000
_FRAMES = 200
# Lines whose middles are closer than this part of their height stand side by side.
_LEVEL = 0.5
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60\u3001-\u303f"
# What an engine confuses between Chinese characters and never means: half-width stops, blanks.
_STOPS = str.maketrans(",;:!?", "，；：！？")
_BETWEEN = re.compile(rf"(?<=[{_WIDE}])[,;:!?](?=[{_WIDE}])|(?<=[{_WIDE}])[,;:!?]$")
_BLANKS = re.compile(rf"(?<=[{_WIDE}]) +(?=[{_WIDE}])")
_BRACKETS = (re.compile(rf"\((?=[{_WIDE}])"), re.compile(rf"(?<=[{_WIDE}])\)"))


@dataclass(frozen=True, slots=True)
class OcrLine:
    """A line found in a picture: its text, its box in pixels from the upper left corner, its confidence (0 to 1)."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float


class Ocr(Protocol):
    """An engine that finds lines of text in a picture."""

    def lines(self, image: Any) -> Sequence[OcrLine]:
        """The lines of a Pillow image in RGB, in any order."""


def read_picture(body: bytes, media_type: str, ocr: Ocr | None) -> Document:
    """The text of a JPEG, PNG or TIFF, whose frames are pages.

    Raises UnreadableError: without an engine (UNSUPPORTED_FORMAT), for damaged, huge and empty pictures.
    """
    if ocr is None:
        raise UnreadableError(
            f"is a picture ({media_type.partition('/')[2].upper()}), whose text is read only with the extra `ocr`:"
            " pip install 'nianbao[ocr]'; or bring the report as a PDF with text, Word or web page",
            Outcome.UNSUPPORTED_FORMAT,
        )
    pages: list[list[PageLine]] = []
    confidences: list[tuple[float, int]] = []
    for number, image in enumerate(_frames(body), 1):
        lines, sure = page_of(ocr, image, number, 72 / 200)
        pages.append(lines)
        confidences += sure
    return recognised(pages, confidences, media_type, range(1, len(pages) + 1))


def page_of(
    ocr: Ocr, image: Any, number: int, scale: float
) -> tuple[list[PageLine], list[tuple[float, int]]]:
    """The lines of a page's picture from top to bottom, and (confidence, characters) of each.

    scale: points per pixel.
    """
    found = sorted(ocr.lines(image), key=lambda line: (line.top + line.bottom) / 2)
    rows: list[list[OcrLine]] = []
    for line in found:
        middle = (line.top + line.bottom) / 2
        if rows and middle - _middle(rows[-1]) < _LEVEL * (line.bottom - line.top):
            rows[-1].append(line)
        else:
            rows.append([line])
    made, sure = [], []
    for row in rows:
        row.sort(key=lambda line: line.left)
        text = corrected(" ".join(line.text.strip() for line in row).strip())
        if text:
            bottom = (image.height - max(line.bottom for line in row)) * scale
            made.append(PageLine(text, number, row[0].left * scale, row[-1].right * scale, bottom))
            sure.append((fmean(line.confidence for line in row), len(text)))
    return made, sure


def recognised(
    pages: Sequence[Sequence[PageLine]],
    confidences: Sequence[tuple[float, int]],
    media_type: str,
    numbers: Sequence[int] | range,
) -> Document:
    """A Document of pages of which those with the given numbers were read by OCR, marked as such."""
    joined = paragraphs(without_running_lines(pages))
    if not joined:
        raise UnreadableError(
            f"the file is a scan of {len(pages)} page(s) in which no text was found; look at it by hand",
            Outcome.EMPTY,
        )
    characters = sum(count for _, count in confidences)
    mean = round(sum(value * count for value, count in confidences) / characters, 3) if characters else None
    warnings = []
    if mean is not None:
        which = f"page(s) {', '.join(map(str, numbers))}" if len(numbers) < len(pages) else "the text"
        warnings.append(
            f"{which} of the file was read out of pictures by OCR (confidence {mean:.2f}); check figures against the original"
        )
    made = document((Line(text, page=page) for text, page in joined), media_type, warnings=warnings)
    return Document(made.text, made.blocks, made.media_type, warnings=made.warnings, ocr_confidence=mean)


def corrected(text: str) -> str:
    """A line as its writer meant it, as far as that is certain: stops between Chinese characters are full-width."""
    text = _BLANKS.sub("", text)
    text = _BETWEEN.sub(lambda match: match[0].translate(_STOPS), text)
    return _BRACKETS[1].sub("）", _BRACKETS[0].sub("（", text))


def _middle(row: Sequence[OcrLine]) -> float:
    return median((line.top + line.bottom) / 2 for line in row)


def _frames(body: bytes) -> Any:
    from PIL import Image, ImageSequence, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(body), formats=("JPEG", "PNG", "TIFF")) as opened:
            for number, frame in enumerate(ImageSequence.Iterator(opened), 1):
                if frame.width * frame.height > _PIXELS or number > _FRAMES:
                    raise UnreadableError(
                        f"the picture has more than {_PIXELS // 1_000_000} million points or {_FRAMES} pages;"
                        " look at it by hand",
                        Outcome.OVERSIZED,
                    )
                yield frame.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadableError(f"the picture is damaged ({error}); fetch it again") from error
