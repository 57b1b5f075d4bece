"""The numbered lists of old Word files: list tables and styles → ListNumbers."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

from nianbao.reading.doc_properties import ILFO, ILVL, instructions, value_of
from nianbao.reading.word_numbers import Level, ListNumbers

# Number formats of the file → those of .docx, where they are not plain digits.
_FORMATS = {
    3: "upperLetter",
    4: "lowerLetter",
    0x0A: "ideographDigital",
    0x0B: "japaneseCounting",
    0x11: "japaneseDigitalTenThousand",
    0x12: "decimalEnclosedCircle",
    0x17: "bullet",
    0x1C: "decimalEnclosedCircle",
    0x1D: "chineseCounting",
    0x21: "taiwaneseCounting",
    0x23: "taiwaneseCountingThousand",
    0x25: "chineseCounting",
    0x27: "chineseCountingThousand",
    0xFF: "none",
}
_LEVELS = 9
_NO_LIST = 0x7FF  # what older versions numbered by themselves


@dataclass(slots=True)
class DocLists:
    """The lists of one file. Ask for each paragraph once, in order."""

    numbers: ListNumbers = field(default_factory=ListNumbers)
    styles: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, styles: bytes, lists: bytes, overrides: bytes) -> DocLists:
        """styles: the style sheet (STSH); lists: PlfLst and the levels behind it; overrides: PlfLfo and its data."""
        found = cls(styles=_styles(styles))
        try:
            levels = _lists(lists)
            for number, (list_id, starts) in enumerate(_overrides(overrides), 1):
                if list_id in levels:
                    found.numbers.add(str(list_id), levels[list_id])
                    found.numbers.use(str(number), str(list_id), starts)
        except (struct.error, IndexError):
            pass  # a table that is cut off: the paragraphs are there, only drawn numbers are missing
        return found

    def before(self, style: int, properties: bytes) -> str:
        """What Word draws before a paragraph of this style with these properties, '' for one in no numbered list."""
        list_number, depth = self.styles.get(style, (0, 0))
        list_number = value_of(properties, ILFO, list_number)
        depth = value_of(properties, ILVL, depth)
        if not 0 < list_number < _NO_LIST:
            return ""
        return self.numbers.next(str(list_number), depth)


def _lists(data: bytes) -> dict[int, dict[int, Level]]:
    """List id → depth → level."""
    found: dict[int, dict[int, Level]] = {}
    if len(data) < 2:
        return found
    (count,) = struct.unpack_from("<h", data)
    heads = [
        (struct.unpack_from("<i", data, 2 + 28 * n)[0], data[2 + 28 * n + 26] & 1)
        for n in range(max(count, 0))
    ]
    at = 2 + 28 * max(count, 0)
    for list_id, simple in heads:
        levels = {}
        for depth in range(1 if simple else _LEVELS):
            levels[depth], at = _level(data, at)
        found[list_id] = levels
    return found


def _level(data: bytes, at: int) -> tuple[Level, int]:
    """The level at an offset, and the offset behind it."""
    start, number_format = struct.unpack_from("<iB", data, at)
    text_at = at + 28 + data[at + 24] + data[at + 25]
    (length,) = struct.unpack_from("<H", data, text_at)
    raw = data[text_at + 2 : text_at + 2 + 2 * length].decode("utf-16-le", "replace")
    pattern = "".join(f"%{ord(char) + 1}" if ord(char) < _LEVELS else char for char in raw)
    style = _FORMATS.get(number_format, "decimal")
    if number_format == 0x1D:
        pattern = pattern if "(" in pattern or "（" in pattern else f"({pattern})"
    return Level(start, style, pattern), text_at + 2 + 2 * length


def _overrides(data: bytes) -> list[tuple[int, dict[int, int]]]:
    """In the order by which paragraphs name them: list id, and the depths that begin anew with their numbers."""
    if len(data) < 4:
        return []
    (count,) = struct.unpack_from("<I", data)
    count = min(count, (len(data) - 4) // 16)
    heads = [(struct.unpack_from("<i", data, 4 + 16 * n)[0], data[4 + 16 * n + 12]) for n in range(count)]
    at, found = 4 + 16 * count, []
    for list_id, changes in heads:
        starts = {}
        at += 4
        for _ in range(changes):
            start, flags = struct.unpack_from("<iI", data, at)
            at += 8
            if flags & 0x20:
                level, at = _level(data, at)
                start = level.start
            if flags & 0x10:
                starts[flags & 0xF] = start
        found.append((list_id, starts))
    return found


def _styles(data: bytes) -> dict[int, tuple[int, int]]:
    """Style number → (list number, depth), of the styles that number their paragraphs."""
    own: dict[int, tuple[int | None, int | None]] = {}
    bases: dict[int, int] = {}
    try:
        size, count, base_size = struct.unpack_from("<HHH", data)
        at = 2 + size
        for number in range(count):
            (length,) = struct.unpack_from("<H", data, at)
            style = data[at + 2 : at + 2 + length]
            at += 2 + length
            if len(style) > base_size and style[2] & 0xF == 1:
                bases[number] = (style[2] | style[3] << 8) >> 4
                own[number] = _style_numbering(style, base_size)
    except (struct.error, IndexError):
        pass  # the style sheet is cut off: what was found counts
    return {number: used for number in own if (used := _inherited(number, own, bases))}


def _style_numbering(style: bytes, base_size: int) -> tuple[int | None, int | None]:
    (name,) = struct.unpack_from("<H", style, base_size)
    at = base_size + 2 + 2 * name + 2
    (size,) = struct.unpack_from("<H", style, at)
    found = dict(instructions(style[at + 4 : at + 2 + size]))
    return found.get(ILFO), found.get(ILVL)


def _inherited(
    number: int, own: Mapping[int, tuple[int | None, int | None]], bases: Mapping[int, int]
) -> tuple[int, int] | None:
    list_number: int | None = None
    depth: int | None = None
    for _ in range(12):  # styles lean on each other at most so deep; a circle ends here
        if number not in own:
            break
        here = own[number]
        list_number = here[0] if list_number is None else list_number
        depth = here[1] if depth is None else depth
        number = bases[number]
    return (list_number, depth or 0) if list_number else None
