"""Old Word and WPS files (.doc, .wps: Word 97 to 2003) → Document."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from nianbao.model import Document, Outcome, UnreadableError
from nianbao.reading.doc_lists import DocLists
from nianbao.reading.doc_properties import (
    DELETED,
    HIDDEN,
    IN_TABLE,
    ROW_END,
    Runs,
    character_runs,
    paragraph_runs,
    value_of,
)
from nianbao.reading.html_walk import CELL_BREAK
from nianbao.reading.lines import document, split, squeeze
from nianbao.reading.sniffing import DOC

_MAGIC = 0xA5EC
_WORD_97 = 0xC1
_ENCRYPTED, _OTHER_TABLE = 0x0100, 0x0200
# Places in the table of offsets (FibRgFcLcb97).
_STYLES, _CHARACTERS, _PARAGRAPHS, _PIECES, _LISTS, _OVERRIDES = 1, 12, 13, 33, 73, 74
_TEXT_LENGTH = 3
_FIELD_BEGIN, _FIELD_RESULT, _FIELD_END = "\x13", "\x14", "\x15"
_DRAWN = {"\x0b": "\n", "\x0e": "\n", "\x1e": "-", "\t": " "}
_UNSEEN = re.compile(r"[\x00-\x08\x0f-\x1d\x1f]")
_PARAGRAPH_END = re.compile("[\r\x07\x0c]")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of text in the order of reading: characters start to end lie at an offset of the file."""

    start: int
    end: int
    offset: int
    width: int
    changes: bytes

    def place(self, at: int) -> int:
        return self.offset + (at - self.start) * self.width


@dataclass(slots=True)
class _Story:
    """The main text with what is known about its places."""

    text: str
    pieces: Sequence[_Piece]
    paragraphs: Runs
    characters: Runs
    lists: DocLists
    _last: int = field(default=0)

    def piece(self, at: int) -> _Piece | None:
        """The piece that holds a character; asked in order, so the search goes on where it ended."""
        while self._last < len(self.pieces) and self.pieces[self._last].end <= at:
            self._last += 1
        return self.pieces[self._last] if self._last < len(self.pieces) else None

    def properties(self, at: int) -> tuple[int, bytes, bool]:
        """Style and properties of the paragraph that ends at a character, and whether the file knows any."""
        piece = self.piece(at)
        number = self.paragraphs.at(piece.place(at)) if piece else -1
        if piece is None or number < 0:
            return 0, b"", False
        return self.paragraphs.styles[number], self.paragraphs.instructions[number] + piece.changes, True


def read_doc(body: bytes) -> Document:
    """The paragraphs and table rows of an old Word or WPS file; headers, footnotes and deleted text are no part of it.

    Raises UnreadableError for damaged, locked and pre-1997 files, and for files without text.
    """
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(body)) as opened:
            stream = opened.openstream("WordDocument").read()
            head = _Head(stream)
            table = opened.openstream(head.table).read()
        story = _story(stream, table, head)
    except (OSError, struct.error, IndexError, ValueError, TypeError, AttributeError) as error:
        # olefile raises most of these for one damage or another.
        raise UnreadableError(
            f"the Word file is damaged ({error}); fetch it again or save it anew"
        ) from error
    lines = [line for text in _paragraphs(story) for line in split(text)]
    if not lines:
        raise UnreadableError(
            "the Word file holds no text (perhaps pictures); bring one with text", Outcome.EMPTY
        )
    return document((type(line)(line.text) for line in lines), DOC)


class _Head:
    """The file information block: where everything is."""

    def __init__(self, stream: bytes) -> None:
        magic, version = struct.unpack_from("<HH", stream)
        if magic != _MAGIC:
            raise ValueError("its information block is none of Word's")
        (flags,) = struct.unpack_from("<H", stream, 0x0A)
        if flags & _ENCRYPTED:
            raise UnreadableError("the Word file is locked with a password; bring an unlocked copy")
        if version < _WORD_97:
            raise UnreadableError(
                "is a file of Word 95 or older, which is not read; save it as Word (.docx) and import that file",
                Outcome.UNSUPPORTED_FORMAT,
            )
        self.table = "1Table" if flags & _OTHER_TABLE else "0Table"
        (shorts,) = struct.unpack_from("<H", stream, 32)
        longs_at = 34 + 2 * shorts + 2
        (longs,) = struct.unpack_from("<H", stream, longs_at - 2)
        (self.length,) = struct.unpack_from("<i", stream, longs_at + 4 * _TEXT_LENGTH)
        self._offsets = longs_at + 4 * longs + 2
        (self._count,) = struct.unpack_from("<H", stream, self._offsets - 2)
        self._stream = stream

    def place(self, number: int) -> tuple[int, int]:
        """Offset and size in the table stream, (0, 0) for what the file lacks."""
        if number >= self._count:
            return 0, 0
        return struct.unpack_from("<II", self._stream, self._offsets + 8 * number)

    def part(self, table: bytes, number: int, more: int = 0) -> bytes:
        """A part of the table stream; more: bytes behind its end that belong to it."""
        offset, size = self.place(number)
        return table[offset : offset + size + more] if size else b""


def _story(stream: bytes, table: bytes, head: _Head) -> _Story:
    pieces = _pieces(head.part(table, _PIECES), head.length)
    parts = []
    for piece in pieces:
        raw = stream[piece.offset : piece.place(piece.end)]
        text = raw.decode("utf-16-le", "replace") if piece.width == 2 else raw.decode("cp1252", "replace")
        # A pair of surrogates is one character in Python and two in the file: a second, empty one keeps the count.
        text = "".join(char if char < "\U00010000" else f"{char}\0" for char in text)
        size = piece.end - piece.start
        if len(text) < size:
            raise ValueError("its text is cut off")
        parts.append(text[:size])
    text = "".join(parts)
    return _Story(
        text,
        pieces,
        paragraph_runs(stream, head.part(table, _PARAGRAPHS)),
        character_runs(stream, head.part(table, _CHARACTERS)),
        DocLists.of(
            head.part(table, _STYLES),
            head.part(table, _LISTS, len(table)),
            head.part(table, _OVERRIDES),
        ),
    )


def _pieces(data: bytes, length: int) -> list[_Piece]:
    """The piece table up to the end of the main text; fast-saved files have many pieces, out of order in the file."""
    at, changes = 0, list[bytes]()
    while at < len(data) and data[at] == 1:
        (size,) = struct.unpack_from("<H", data, at + 1)
        changes.append(data[at + 3 : at + 3 + size])
        at += 3 + size
    if at >= len(data) or data[at] != 2:
        raise ValueError("its piece table is missing")
    (size,) = struct.unpack_from("<I", data, at + 1)
    count = (min(size, len(data) - at - 5) - 4) // 12
    edges = struct.unpack_from(f"<{count + 1}I", data, at + 5)
    found = []
    for number in range(count):
        start, end = edges[number], min(edges[number + 1], length)
        _, place, change = struct.unpack_from("<HIH", data, at + 5 + 4 * (count + 1) + 8 * number)
        if end <= start:
            continue
        known = changes[change >> 1] if change & 1 and change >> 1 < len(changes) else b""
        packed = place & 0x40000000
        offset = place & 0x3FFFFFFF
        found.append(_Piece(start, end, offset // 2 if packed else offset, 1 if packed else 2, known))
    return found


def _paragraphs(story: _Story) -> Iterator[str]:
    """Texts of paragraphs and rows in order."""
    seen = _seen(story)
    row: list[str] = []
    cell: list[str] = []
    start, ended_cell = 0, False
    for match in _PARAGRAPH_END.finditer(story.text):
        end = match.start()
        text, bare = _text(seen[start:end]), start == end
        start = end + 1
        style, properties, known = story.properties(end)
        if match[0] != "\x07":
            ended_cell = False
            if text.strip():
                text = story.lists.before(style, properties) + text
            if value_of(properties, IN_TABLE):
                cell.append(text)
                continue
            yield text
        elif value_of(properties, ROW_END) or (not known and ended_cell and bare):
            if any(row):
                yield CELL_BREAK.join(row).strip()
            row, cell, ended_cell = [], [], False
        else:
            if text.strip():
                text = story.lists.before(style, properties) + text
            row.append(squeeze(" ".join([*cell, text])))
            cell, ended_cell = [], True
    if any(row):
        yield CELL_BREAK.join(row).strip()
    yield _text(seen[start:])


def _seen(story: _Story) -> str:
    """The text with field codes, deleted and hidden characters as \\0; its length stays."""
    kept = list(story.text)
    for piece in story.pieces:
        if value_of(piece.changes, DELETED) == 1:
            kept[piece.start : piece.end] = "\0" * (piece.end - piece.start)
    runs = story.characters
    for start, end, instructions in zip(runs.starts, runs.ends, runs.instructions, strict=True):
        if instructions and (value_of(instructions, DELETED) == 1 or value_of(instructions, HIDDEN) == 1):
            _blank(kept, story.pieces, start, end)
    codes: list[bool] = []
    for at, char in enumerate(story.text):
        if char == _FIELD_BEGIN:
            codes.append(True)
        elif char == _FIELD_RESULT and codes:
            codes[-1] = False
        elif char == _FIELD_END and codes:
            codes.pop()
        elif char == "\x07":
            codes.clear()  # no field reaches over cells: its end was lost
        elif any(codes):
            kept[at] = "\0"
    return "".join(kept)


def _blank(kept: list[str], pieces: Sequence[_Piece], start: int, end: int) -> None:
    """Takes out the characters whose bytes lie between two offsets of the file."""
    for piece in pieces:
        first, last = max(start, piece.offset), min(end, piece.place(piece.end))
        if first < last:
            begin = piece.start + (first - piece.offset) // piece.width
            stop = piece.start + (last - piece.offset + piece.width - 1) // piece.width
            kept[begin:stop] = "\0" * (stop - begin)


def _text(raw: str) -> str:
    for mark, drawn in _DRAWN.items():
        raw = raw.replace(mark, drawn)
    return _UNSEEN.sub("", raw)
