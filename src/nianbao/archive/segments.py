"""Segment files: appending whole records so that they survive a crash, and finding the records of a file again."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path
from typing import BinaryIO

from nianbao.archive.records import ArchiveError

_CHUNK = 1 << 20
_GZIP_MAGIC = b"\x1f\x8b\x08"


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes that are no whole member. torn: nothing whole follows, as after a crash; else they are damage."""

    offset: int
    length: int
    torn: bool


@dataclass(frozen=True, slots=True)
class Member:
    """One gzip member: where it lies in the file, and what it inflates to."""

    offset: int
    length: int
    plain: bytes


def append(path: Path, members: Sequence[bytes]) -> list[int]:
    """Appends members and waits until they are on disk; returns where each begins.

    If that fails, because the disk is full for instance, the file is as it was before and the OSError goes on.
    """
    created = not path.exists()
    with path.open("ab", buffering=0) as file:
        start = file.seek(0, os.SEEK_END)
        try:
            _write_all(file, b"".join(members))
            os.fsync(file.fileno())
        except BaseException:
            # Half a record with whole ones after it would be damage that nobody may cut.
            file.truncate(start)
            if created:
                path.unlink()
            raise
    if created:
        sync_folder(path.parent)
    offsets = []
    for member in members:
        offsets.append(start)
        start += len(member)
    return offsets


def members(path: Path, start: int = 0) -> Iterator[Member | Gap]:
    """The whole members of a segment from `start` on, and the gaps between and after them, in their order."""
    size = path.stat().st_size
    with path.open("rb") as file:
        offset = start
        while offset < size:
            member = _read_member(file, offset)
            if member is not None:
                yield member
                offset += member.length
                continue
            following = _next_record(file, offset + 1)
            end = size if following is None else following
            yield Gap(offset, end - offset, torn=following is None)
            offset = end


def cut_tail(path: Path, whole: int) -> int:
    """Cuts a segment after its whole members; returns the bytes cut. The record being written is all that is lost.

    A segment without a whole member is removed. Raises ArchiveError where such a file is nothing that a crash leaves.
    """
    surplus = path.stat().st_size - whole
    if whole == 0:
        _remove_torn(path)
    elif surplus > 0:
        with path.open("r+b") as file:
            file.truncate(whole)
            file.flush()
            os.fsync(file.fileno())
    return surplus


def _remove_torn(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(len(_GZIP_MAGIC))
    # Zeros: a power cut kept the file's length and not its content.
    if not (_GZIP_MAGIC.startswith(head) or head.strip(b"\0") == b""):
        raise ArchiveError(
            f"{path}: is no segment of an archive, and must not lie here; `nianbao import` takes WARC files of others"
        )
    path.unlink()


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


def sync_folder(folder: Path) -> None:
    """Makes a new file's name as durable as its content."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_all(file: RawIOBase, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[file.write(view) :]


def _read_member(file: BinaryIO, offset: int) -> Member | None:
    """The member that begins here, None if no whole one does."""
    file.seek(offset)
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


def _next_record(file: BinaryIO, start: int) -> int | None:
    """Where the next whole WARC record begins, None if none does."""
    position = start
    while True:
        file.seek(position)
        chunk = file.read(_CHUNK)
        at = chunk.find(_GZIP_MAGIC)
        while at >= 0:
            member = _read_member(file, position + at)
            if member is not None and member.plain.startswith(b"WARC/"):
                return position + at
            at = chunk.find(_GZIP_MAGIC, at + 1)
        if len(chunk) < _CHUNK:
            return None
        position += len(chunk) - len(_GZIP_MAGIC) + 1
