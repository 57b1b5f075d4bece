"""Word 97 documents ([MS-DOC]): header, piece table, paragraph and character pages, one style. WPS writes the same."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..composer import Line
from .compound import compound_file

_WORD = bytes.fromhex("0609020000000000C000000000000046")
_TEXT_AT = 2048
_PAGE = 512
_PARAGRAPHS_PER_PAGE = 29
_BYTES = re.compile(
    r"(?:[!-~]{2}){2,40}"
)  # kept in eight bits, an even number of them, as quick saves leave it
_GAP = b"\0\0"  # between pieces, as in a document that was saved piece by piece
_PAIRS = 93  # positions and lengths of tables in a Word 97 header
_STYLES, _SECTIONS, _CHARACTERS, _PARAGRAPHS, _FONTS, _PROPERTIES, _PIECES = 1, 6, 12, 13, 15, 31, 33
_CHINESE = 0x0804
_CENTRED, _RIGHT = 504, 498  # where a page of paragraphs keeps these two alignments


@dataclass(frozen=True, slots=True)
class _Piece:
    first: int  # position of its first character
    at: int  # offset in the stream
    narrow: bool


def word97(lines: Sequence[Line]) -> bytes:
    """The paragraphs as a Word 97 document: UTF-16 pieces, with runs of ASCII in pieces of eight bits."""
    raw, pieces, ends, length = _text([line.piece.text for line in lines])
    stream = bytearray(_TEXT_AT) + raw
    stream += bytes(-len(stream) % _PAGE)
    first_page = len(stream) // _PAGE
    stream += _character_page(_TEXT_AT, ends[-1])
    limits = [_TEXT_AT, *ends]
    groups = range(0, len(lines), _PARAGRAPHS_PER_PAGE)
    for n in groups:
        chosen = lines[n : n + _PARAGRAPHS_PER_PAGE]
        stream += _paragraph_page(limits[n : n + len(chosen) + 1], [_alignment(line) for line in chosen])
    paragraph_bounds = [*(limits[n] for n in groups), limits[-1]]
    tables = {
        _STYLES: _style_sheet(),
        _SECTIONS: struct.pack("<2I", 0, length) + struct.pack("<HIHI", 0, 0xFFFFFFFF, 0, 0xFFFFFFFF),
        _CHARACTERS: struct.pack("<3I", _TEXT_AT, ends[-1], first_page),
        _PARAGRAPHS: struct.pack(
            f"<{2 * len(groups) + 1}I", *paragraph_bounds, *(first_page + 1 + n for n in range(len(groups)))
        ),
        _FONTS: _fonts(),
        _PROPERTIES: bytes(500),
        _PIECES: _piece_table(pieces, length),
    }
    table, places = b"", {}
    for number, content in tables.items():
        places[number] = (len(table), len(content))
        table += content + bytes(-len(content) % 4)
    stream[:900] = _header(len(stream), ends[-1], length, places)
    return compound_file({"WordDocument": bytes(stream), "1Table": table}, _WORD)


def _text(paragraphs: Sequence[str]) -> tuple[bytes, list[_Piece], list[int], int]:
    """The text's bytes, its pieces, the offset behind each paragraph, and the number of characters."""
    raw = bytearray()
    pieces: list[_Piece] = []
    ends, position = [], 0
    for paragraph in paragraphs:
        for part, narrow in _parts(paragraph + "\r"):
            if not pieces or pieces[-1].narrow != narrow:
                raw += _GAP if pieces else b""
                pieces.append(_Piece(position, _TEXT_AT + len(raw), narrow))
            encoded = part.encode("utf-16-le")
            raw += part.encode("ascii") if narrow else encoded
            position += len(encoded) // 2
        ends.append(_TEXT_AT + len(raw))
    return bytes(raw), pieces, ends, position


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The text in order, each part with whether it is kept in eight bits."""
    at = 0
    for match in _BYTES.finditer(text):
        if match.start() > at:
            yield text[at : match.start()], False
        yield match[0], True
        at = match.end()
    yield text[at:], False


def _piece_table(pieces: Sequence[_Piece], length: int) -> bytes:
    positions = struct.pack(f"<{len(pieces) + 1}I", *(piece.first for piece in pieces), length)
    descriptors = b"".join(
        struct.pack("<HIH", 0, piece.at * 2 | 1 << 30 if piece.narrow else piece.at, 0) for piece in pieces
    )
    return b"\x02" + struct.pack("<I", len(positions) + len(descriptors)) + positions + descriptors


def _alignment(line: Line) -> int:
    if line.role in ("title", "red", "number"):
        return _CENTRED
    return _RIGHT if line.role == "sign" else 0


def _paragraph_page(limits: Sequence[int], alignments: Sequence[int]) -> bytes:
    page = bytearray(_PAGE)
    count = len(alignments)
    struct.pack_into(f"<{count + 1}I", page, 0, *limits)
    for n, alignment in enumerate(alignments):
        page[4 * (count + 1) + 13 * n] = alignment // 2
    for place, value in ((_CENTRED, 1), (_RIGHT, 2)):
        struct.pack_into("<BHHB", page, place, 3, 0, 0x2403, value)
    page[-1] = count
    return bytes(page)


def _character_page(first: int, last: int) -> bytes:
    page = bytearray(_PAGE)
    struct.pack_into("<2IB", page, 0, first, last, 0)
    page[-1] = 1
    return bytes(page)


def _style_sheet() -> bytes:
    """One paragraph style, the other fixed places empty."""
    name = "Normal"
    body = struct.pack("<H", len(name)) + name.encode("utf-16-le") + b"\0\0" + struct.pack("<3H", 2, 0, 0)
    style = struct.pack("<5H", 0, 0xFFF1, 0x0002, 10 + len(body), 0) + body
    head = struct.pack("<10H", 18, 15, 10, 1, 91, 15, 0, 0, 0, 0)
    return head + struct.pack("<H", len(style)) + style + bytes(2 * 14)


def _fonts() -> bytes:
    name = "宋体\0".encode("utf-16-le")
    font = struct.pack("<BHBB34x", 0x16, 400, 0x86, 0) + name
    return struct.pack("<HHB", 1, 0, len(font)) + font


def _header(size: int, text_end: int, length: int, places: dict[int, tuple[int, int]]) -> bytes:
    pairs = [0] * (2 * _PAIRS)
    for number, (at, count) in places.items():
        pairs[2 * number : 2 * number + 2] = at, count
    flags = 1 << 9 | 1 << 12  # tables in 1Table, extended characters
    base = struct.pack(
        "<7HIBBHHII", 0xA5EC, 0xC1, 0, _CHINESE, 0, flags, 0xC1, 0, 0, 0, 0, 0, _TEXT_AT, text_end
    )
    numbers = struct.pack("<H14H", 14, *[0] * 13, _CHINESE)
    counts = struct.pack("<H22I", 22, size, 0, 0, length, *[0] * 18)
    return base + numbers + counts + struct.pack(f"<H{2 * _PAIRS}IH", _PAIRS, *pairs, 0)
