"""Writes compound files and old Word files of any layout, as fast saving leaves them and no program writes on demand."""

from __future__ import annotations

import struct

_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def ole(streams: dict[str, bytes]) -> bytes:
    """A compound file (version 3) of the streams; small ones are padded, so that none needs the short-stream table."""
    sectors: list[bytes] = []
    fat: list[int] = []

    def put(data: bytes) -> int:
        data = data.ljust(-(-len(data) // _SECTOR) * _SECTOR, b"\0")
        first = len(sectors)
        for at in range(0, len(data), _SECTOR):
            sectors.append(data[at : at + _SECTOR])
            fat.append(len(sectors))
        fat[-1] = _END
        return first

    placed = {name: (put(data.ljust(4096, b"\0")), max(len(data), 4096)) for name, data in streams.items()}
    entries = [_entry("Root Entry", 5, 1, _END, 0)]
    # A tree that leans to the right is a tree.
    names = sorted(placed, key=lambda name: (len(name), name.upper()))
    for number, name in enumerate(names, 1):
        entries.append(_entry(name, 2, _FREE, *placed[name], number + 1 if number < len(names) else _FREE))
    directory = put(b"".join(entries).ljust(-(-len(entries) // 4) * _SECTOR, b"\0"))
    fat.append(_FAT)
    table = struct.pack("<128I", *(fat + [_FREE] * (128 - len(fat))))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16
    head += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, directory, 0, 4096, _END, 0, _END, 0
    )
    head += struct.pack("<109I", len(sectors), *[_FREE] * 108)
    return head + b"".join(sectors) + table


def _entry(name: str, kind: int, child: int, start: int, size: int, right: int = _FREE) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI16xIQ",
        raw,
        len(raw),
        kind,
        1,
        _FREE,
        right,
        child if kind == 5 else _FREE,
        0,
        start,
        size,
    )


def doc(pieces: list[tuple[str, str, bytes]], *, flags: int = 0, length: int | None = None) -> bytes:
    """A Word file of pieces in the order of reading: (text, encoding, property changes), stored in reverse order.

    encoding: utf-16-le or cp1252. length: characters of the main text, all of them unless told otherwise.
    """
    text_at = 2048
    stored, places = b"", []
    for text, encoding, _ in reversed(pieces):
        places.append(text_at + len(stored))
        stored += text.encode(encoding)
        stored += b"\0" * (len(stored) % 2)
    places.reverse()
    edges, total = [0], 0
    changes, descriptors = b"", b""
    for number, ((text, encoding, change), place) in enumerate(zip(pieces, places, strict=True)):
        total += len(text.encode(encoding)) // (2 if encoding == "utf-16-le" else 1)
        edges.append(total)
        changes += b"\x01" + struct.pack("<H", len(change)) + change
        where = place if encoding == "utf-16-le" else place * 2 | 0x40000000
        descriptors += struct.pack("<HIH", 0, where, number << 1 | 1)
    plc = struct.pack(f"<{len(edges)}I", *edges) + descriptors
    table = changes + b"\x02" + struct.pack("<I", len(plc)) + plc
    head = struct.pack("<HH6xH20x", 0xA5EC, 0xC1, flags) + struct.pack("<H28x", 14)
    longs = [0] * 22
    longs[3] = total if length is None else length
    head += struct.pack("<H22i", 22, *longs)
    offsets = [0] * (2 * 93)
    offsets[66:68] = [0, len(table)]
    head += struct.pack(f"<H{len(offsets)}I", 93, *offsets)
    return ole({"WordDocument": head.ljust(text_at, b"\0") + stored, "0Table": table})
