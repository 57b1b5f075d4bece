"""Paragraphs on paper: lines of a page with their places, as a word processor would print them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..composer import Line

WIDTH, HEIGHT, MARGIN = 595, 842, 85
SIZE, LEADING, SMALL = 15, 27, 9
_TITLE_SIZE = 20
_COLUMNS = (WIDTH - 2 * MARGIN) / SIZE
_NO_LINE_START = "，。；：、！？）》”’〕%)]:;,."
_NO_LINE_END = "（《“‘〔(["
_PIECES = re.compile(r"[0-9.]+%?|.")  # digits stay together, as word processors keep them


@dataclass(frozen=True, slots=True)
class Printed:
    """A line of text on a page. x, y: a point of its baseline, in points from the lower left corner.

    anchor: which point that is: left, centre or right.
    """

    text: str
    x: float
    y: float
    size: float
    anchor: str = "left"

    @property
    def left(self) -> float:
        """Where the line begins when half-width characters take half a place."""
        share = {"left": 0.0, "centre": 0.5, "right": 1.0}[self.anchor]
        return self.x - share * width(self.text) * self.size


def width(text: str) -> float:
    """Width in full-width characters; half-width ones count half."""
    return sum(0.5 if ord(character) < 0x80 else 1.0 for character in text)


def wrap(text: str, columns: float) -> list[str]:
    """Lines of at most `columns` full-width characters, without stops at a line's start."""
    lines: list[str] = []
    line, taken = "", 0.0
    for piece in _PIECES.findall(text):
        size = width(piece)
        if line and taken + size > columns and piece not in _NO_LINE_START:
            carried = ""
            while line and line[-1] in _NO_LINE_END:
                carried, line = line[-1] + carried, line[:-1]
            lines.append(line)
            line, taken = carried, float(len(carried))
        line += piece
        taken += size
    return [*lines, line] if line else lines


def printed_pages(lines: Sequence[Line], header: str) -> list[list[Printed]]:
    """The pages, each with the header at its top and its number at its foot."""
    pages: list[list[Printed]] = []
    y = 0.0
    for line in lines:
        size = _TITLE_SIZE if line.role == "title" else SIZE
        for part in wrap(indented(line), _COLUMNS * SIZE / size):
            if not pages or y < MARGIN + LEADING:
                y = HEIGHT - MARGIN
                number = Printed(f"— {len(pages) + 1} —", WIDTH / 2, 40, SMALL, "centre")
                pages.append([Printed(header, MARGIN, HEIGHT - 50, SMALL), number])
            pages[-1].append(_placed(line, part, y, size))
            y -= LEADING * (1.3 if line.role == "title" else 1)
    return pages


def indented(line: Line) -> str:
    """The paragraph's text with the two blanks at its head, where it has them."""
    plain = centred(line) or line.role in ("addressee", "sign")
    return line.piece.text if plain else "\u3000\u3000" + line.piece.text


def centred(line: Line) -> bool:
    """True for titles and what belongs to them."""
    return line.role in ("title", "red", "number")


def _placed(line: Line, part: str, y: float, size: float) -> Printed:
    if centred(line):
        return Printed(part, WIDTH / 2, y, size, "centre")
    if line.role == "sign":
        return Printed(part, WIDTH - MARGIN, y, size, "right")
    return Printed(part, MARGIN, y, size)
