"""Compound files (the container of old office documents, [MS-CFB] version 3), written from streams."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from itertools import pairwise

_SECTOR = 512
_LEAST = 4096  # smaller streams would have to live in the mini stream
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NONE = 0xFFFFFFFF
_FATS_IN_HEADER = 109
_PER_FAT = _SECTOR // 4
_MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")


def compound_file(streams: Mapping[str, bytes], class_id: bytes) -> bytes:
    """A compound file with these streams in its root; each is filled up with zeros to 4,096 bytes at least.

    class_id: 16 bytes that say which program owns the file. Raises ValueError for more than about seven megabytes.
    """
    names = sorted(
        streams, key=lambda name: (len(name), name.upper())
    )  # the order that the format prescribes
    bodies = [_whole(streams[name]) for name in names]
    directory_sectors = -(-(len(names) + 1) * 128 // _SECTOR)
    chains = [len(body) // _SECTOR for body in bodies] + [directory_sectors]
    fats = _fat_sectors(sum(chains))
    if fats > _FATS_IN_HEADER:
        raise ValueError(
            f"{sum(chains) * _SECTOR} bytes are too many for a compound file without a sector list"
        )
    starts = [fats]
    for count in chains:
        starts.append(starts[-1] + count)
    table = [_FAT] * fats
    for first, following in pairwise(starts):
        table += [*range(first + 1, following), _END]
    table += [_FREE] * (fats * _PER_FAT - len(table))
    sizes = [len(body) for body in bodies]
    parts = [
        _header(fats, directory=starts[len(bodies)]),
        struct.pack(f"<{len(table)}I", *table),
        *bodies,
        _directory(names, starts, sizes, class_id, directory_sectors),
    ]
    return b"".join(parts)


def _whole(body: bytes) -> bytes:
    size = max(_LEAST, -(-len(body) // _SECTOR) * _SECTOR)
    return body.ljust(size, b"\0")


def _fat_sectors(content: int) -> int:
    fats = 1
    while fats * _PER_FAT < content + fats:
        fats += 1
    return fats


def _header(fats: int, directory: int) -> bytes:
    listed = [*range(fats), *[_FREE] * (_FATS_IN_HEADER - fats)]
    return struct.pack(
        f"<8s16x5H6x9I{_FATS_IN_HEADER}I",
        _MAGIC, 0x3E, 3, 0xFFFE, 9, 6,
        0, fats, directory, 0, _LEAST, _END, 0, _END, 0,
        *listed,
    )  # fmt: skip


def _directory(names: list[str], starts: list[int], sizes: list[int], class_id: bytes, sectors: int) -> bytes:
    """The root and its streams as a search tree: the middle one on top, all black (the streams are few)."""
    left, right = [_NONE] * len(names), [_NONE] * len(names)

    def tree(low: int, high: int) -> int:
        if low >= high:
            return _NONE
        middle = (low + high) // 2
        left[middle], right[middle] = tree(low, middle), tree(middle + 1, high)
        return middle + 1

    top = tree(0, len(names))
    entries = [_entry("Root Entry", 5, (_NONE, _NONE, top), class_id, _END, 0)]
    for n, name in enumerate(names):
        entries.append(_entry(name, 2, (left[n], right[n], _NONE), bytes(16), starts[n], sizes[n]))
    entries += [_entry("", 0, (_NONE, _NONE, _NONE), bytes(16), 0, 0)] * (sectors * 4 - len(entries))
    return b"".join(entries)


def _entry(
    name: str, kind: int, links: tuple[int, int, int], class_id: bytes, start: int, size: int
) -> bytes:
    raw = name.encode("utf-16-le")
    length = len(raw) + 2 if name else 0
    return struct.pack("<64sHBB3I16sI16xIII", raw, length, kind, 1, *links, class_id, 0, start, size, 0)
