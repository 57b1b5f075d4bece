"""Segment files: appending whole records so that they survive a crash, and finding the records of a file again."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from nianbao.archive.records import ArchiveError

_CHUNK = 1 << 20
_GZIP_MAGIC = b"\x1f\x8b\x08"


@dataclass(frozen=True, slots=True)
class Member:
    """One gzip member: where it lies in the file, and what it inflates to."""

    offset: int
    length: int
    plain: bytes


def append(path: Path, members: Sequence[bytes]) -> list[int]:
    """Appends members and waits until they are on disk; returns where each begins."""
    created = not path.exists()
    with path.open("ab") as file:
        start = file.seek(0, os.SEEK_END)
        file.write(b"".join(members))
        file.flush()
        os.fsync(file.fileno())
    if created:
        _sync_folder(path.parent)
    offsets = []
    for member in members:
        offsets.append(start)
        start += len(member)
    return offsets


def members(path: Path, start: int = 0) -> Iterator[Member]:
    """The whole members of a segment from `start` on; a torn tail ends them silently, see `whole_length`.

    Raises ArchiveError for damage that whole records follow: that is no torn tail, and nothing may be cut there.
    """
    with path.open("rb") as file:
        offset = start
        while True:
            file.seek(offset)
            member = _read_member(file, offset)
            if member is None:
                if _member_follows(file, offset + 1):
                    raise ArchiveError(
                        f"{path}: the record at byte {offset} is damaged and whole records follow it;"
                        " restore the file from a copy"
                    )
                return
            yield member
            offset += member.length


def cut_tail(path: Path, whole: int) -> int:
    """Cuts a segment after its whole members; returns the bytes cut. The record being written is all that is lost."""
    surplus = path.stat().st_size - whole
    if surplus > 0:
        with path.open("r+b") as file:
            file.truncate(whole)
            file.flush()
            os.fsync(file.fileno())
    return surplus


def read_member(path: Path, offset: int, length: int) -> bytes:
    """Inflates one member. Raises ArchiveError if it is not there or not whole."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            packed = file.read(length)
        return inflate(packed)
    except (OSError, zlib.error, EOFError) as error:
        raise ArchiveError(
            f"{path}: the record at byte {offset} cannot be read ({error}); restore the file from a copy"
        ) from error


def inflate(packed: bytes) -> bytes:
    """Inflates one whole gzip member. Raises zlib.error for other bytes, EOFError for a part of one."""
    inflater = zlib.decompressobj(zlib.MAX_WBITS + 16)
    plain = inflater.decompress(packed)
    if not inflater.eof:
        raise EOFError("it is cut off")
    return plain


def _read_member(file: BinaryIO, offset: int) -> Member | None:
    inflater = zlib.decompressobj(zlib.MAX_WBITS + 16)
    parts, read = [], 0
    while not inflater.eof:
        chunk = file.read(_CHUNK)
        if not chunk:
            return None
        read += len(chunk)
        try:
            parts.append(inflater.decompress(chunk))
        except zlib.error:
            return None
    return Member(offset, read - len(inflater.unused_data), b"".join(parts))


def _member_follows(file: BinaryIO, start: int) -> bool:
    """True if a whole WARC record begins anywhere after `start`."""
    file.seek(start)
    rest = file.read()
    at = rest.find(_GZIP_MAGIC)
    while at >= 0:
        file.seek(start + at)
        member = _read_member(file, start + at)
        if member is not None and member.plain.startswith(b"WARC/"):
            return True
        at = rest.find(_GZIP_MAGIC, at + 1)
    return False


def _sync_folder(folder: Path) -> None:
    """Makes a new file's name as durable as its content."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
