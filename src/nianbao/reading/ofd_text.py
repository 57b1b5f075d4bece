"""Text objects of an OFD page → visual lines. Lengths in the file are millimetres from the page's upper left corner."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from lxml import etree

from nianbao.reading.pdf_layout import PageLine

_POINTS = 72 / 25.4
_NUMBERS = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?|g", re.IGNORECASE)
_REPEATS = 100_000
# In widths of a character: glyphs farther apart than this are not one word; baselines closer than this are one line.
_GAP, _LEVEL = 0.8, 0.4
# What fonts without a character map leave: private use, currency signs, nothing.
_NO_CHARACTER = re.compile("[\ue000-\uf8ff\xa4\ufffd\u0000-\u001f]")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character with its left edge, baseline and size."""

    char: str
    x: float
    y: float
    size: float


def glyphs(layer: etree._Element) -> Iterator[Glyph]:
    """All characters of a page or template, in the file's order."""
    for node in layer.iter("{*}TextObject"):
        if (node.get("Visible") or "true").lower() == "false":
            continue
        box = _numbers(node.get("Boundary") or "")
        left, top = (box[0], box[1]) if len(box) >= 2 else (0.0, 0.0)
        matrix = _numbers(node.get("CTM") or "")
        a, b, c, d, e, f = matrix if len(matrix) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
        size = (_numbers(node.get("Size") or "") or [4.0])[0] * (math.hypot(c, d) or 1.0)
        x = y = 0.0
        for code in node.iterfind("{*}TextCode"):
            # A place that is left out is that of the code before it.
            x = (_numbers(code.get("X") or "") or [x])[0]
            y = (_numbers(code.get("Y") or "") or [y])[0]
            text = code.text or ""
            across = _deltas(code.get("DeltaX") or "", len(text))
            down = _deltas(code.get("DeltaY") or "", len(text))
            at_x, at_y = x, y
            for number, char in enumerate(text):
                if char not in "\r\n":
                    yield Glyph(char, a * at_x + c * at_y + e + left, b * at_x + d * at_y + f + top, size)
                if number < len(across):
                    at_x += across[number]
                elif not down:
                    at_x += size if char > "\xff" else size / 2
                if number < len(down):
                    at_y += down[number]


def page_lines(found: list[Glyph], number: int, height: float) -> list[PageLine]:
    """The visual lines of a page from top to bottom, edges in points as in PDF (from the lower left corner)."""
    lines: list[list[Glyph]] = []
    levels: list[float] = []
    for glyph in sorted(found, key=lambda glyph: glyph.y):
        if lines and glyph.y - levels[-1] <= _LEVEL * glyph.size:
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
            levels.append(glyph.y)
    made = []
    for line in lines:
        line.sort(key=lambda glyph: glyph.x)
        text = _written(line)
        if text:
            shown = [glyph for glyph in line if glyph.char.strip()]
            right = shown[-1].x + _width(shown[-1])
            bottom = height - median(glyph.y for glyph in shown)
            made.append(PageLine(text, number, shown[0].x * _POINTS, right * _POINTS, bottom * _POINTS))
    return made


def _written(line: list[Glyph]) -> str:
    parts: list[str] = []
    before: Glyph | None = None
    for glyph in line:
        if before is not None and glyph.char == before.char and abs(glyph.x - before.x) < 0.1 * glyph.size:
            continue  # bold type, drawn twice
        if before is not None and glyph.x - before.x - _width(before) > _GAP * glyph.size:
            parts.append(" ")
        parts.append(glyph.char)
        before = glyph
    return " ".join(_NO_CHARACTER.sub("", "".join(parts)).split())


def _width(glyph: Glyph) -> float:
    return glyph.size if glyph.char > "\xff" else glyph.size / 2


def _numbers(text: str) -> list[float]:
    found = []
    for part in _NUMBERS.findall(text):
        if part not in "gG":
            value = float(part)
            found.append(value if math.isfinite(value) and abs(value) < 1e7 else 0.0)
    return found


def _deltas(text: str, wanted: int) -> list[float]:
    """Distances between characters; `g 5 3.2` stands for five times 3.2. Never more than there are characters."""
    parts = iter(_NUMBERS.findall(text))
    found: list[float] = []
    for part in parts:
        if len(found) >= min(wanted, _REPEATS):
            break
        if part in "gG":
            times, value = next(parts, "0"), next(parts, "0")
            if times in "gG" or value in "gG":
                break
            found.extend([float(value)] * max(0, min(int(float(times)), wanted)))
        else:
            found.append(float(part))
    return found
