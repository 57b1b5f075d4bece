"""Paragraph and character properties of old Word files: the pages of runs (FKP) and their instructions (sprm)."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

# Operand sizes by the instruction's top three bits; 6 carries its own length.
_OPERANDS = (1, 1, 2, 4, 2, 2, -1, 3)
_TABLE_DEFINITION = 0xD608  # the one whose length has two bytes
_PAGE = 512
_RUNS = 2_000_000
# Bytes per run in a page, behind the offsets.
_PARAGRAPH_WIDTH, _CHARACTER_WIDTH = 13, 1

IN_TABLE, ROW_END, ILVL, ILFO = 0x2416, 0x2417, 0x260A, 0x460B
DELETED, HIDDEN = 0x0800, 0x083C


@dataclass(frozen=True, slots=True)
class Runs:
    """Properties by the file offset where a run begins."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    styles: list[int] = field(default_factory=list)
    instructions: list[bytes] = field(default_factory=list)

    def at(self, offset: int) -> int:
        """The number of the run that covers a file offset, -1 if none does."""
        number = bisect_right(self.starts, offset) - 1
        return number if number >= 0 and offset < self.ends[number] else -1


def instructions(data: bytes) -> Iterator[tuple[int, int]]:
    """(code, value) of each instruction; value: the first up to four operand bytes as a number."""
    at = 0
    while at + 2 <= len(data):
        code = data[at] | data[at + 1] << 8
        at += 2
        size = _OPERANDS[code >> 13]
        if size < 0:
            if at >= len(data):
                return
            if code == _TABLE_DEFINITION and at + 2 <= len(data):
                size, at = (data[at] | data[at + 1] << 8) - 1, at + 2
            else:
                size, at = data[at], at + 1
        yield code, int.from_bytes(data[at : at + min(size, 4)], "little") if size > 0 else 0
        at += max(size, 0)


def value_of(data: bytes, code: int, default: int = 0) -> int:
    """The operand of an instruction; the last one counts."""
    for found, value in instructions(data):
        if found == code:
            default = value
    return default


def paragraph_runs(stream: bytes, bins: bytes) -> Runs:
    """The runs of paragraph properties that a bin table (PlcfBtePapx) leads to."""
    return _runs(stream, bins, _PARAGRAPH_WIDTH)


def character_runs(stream: bytes, bins: bytes) -> Runs:
    """The runs of character properties that a bin table (PlcfBteChpx) leads to."""
    return _runs(stream, bins, _CHARACTER_WIDTH)


def _runs(stream: bytes, bins: bytes, width: int) -> Runs:
    found: dict[int, tuple[int, int, bytes]] = {}
    pages = (len(bins) - 4) // 8
    for number in range(max(pages, 0)):
        (page,) = struct.unpack_from("<I", bins, 4 * (pages + 1) + 4 * number)
        data = stream[(page & 0x3FFFFF) * _PAGE :][:_PAGE]
        if len(data) < _PAGE or len(found) > _RUNS:
            continue
        count = data[-1]
        if 4 * (count + 1) + width * count > _PAGE - 1:
            continue
        edges = struct.unpack_from(f"<{count + 1}I", data)
        for run in range(count):
            place = data[4 * (count + 1) + width * run] * 2
            style, grpprl = (_paragraph if width == _PARAGRAPH_WIDTH else _character)(data, place)
            found[edges[run]] = (edges[run + 1], style, grpprl)
    runs = Runs()
    for start, (end, style, grpprl) in sorted(found.items()):
        runs.starts.append(start)
        runs.ends.append(end)
        runs.styles.append(style)
        runs.instructions.append(grpprl)
    return runs


def _paragraph(data: bytes, place: int) -> tuple[int, bytes]:
    if not place or place + 1 >= _PAGE:
        return 0, b""
    size, at = 2 * data[place] - 1, place + 1
    if data[place] == 0:
        size, at = 2 * data[place + 1], place + 2
    held = data[at : at + size]
    return (held[0] | held[1] << 8, held[2:]) if len(held) >= 2 else (0, b"")


def _character(data: bytes, place: int) -> tuple[int, bytes]:
    return (0, data[place + 1 : place + 1 + data[place]]) if place else (0, b"")
