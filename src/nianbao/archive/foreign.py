"""WARC and ARC files that other software recorded, read as a stream: record by record, in bounded memory.

Packed or not, a gzip member per record or one for the whole file. Damage is told where it is, and reading goes on at the
next record.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator

from nianbao.archive.fields import one_line
from nianbao.archive.payload import PayloadError, decode_payload
from nianbao.archive.records import WARCIO_ERRORS

_FIRST_YEAR = 1990
_GZIP_MAGIC = b"\x1f\x8b\x08"
_OPENINGS = (b"WARC/", b"filedesc://")
# How a record begins after damage; an ARC record begins with its address.
_RECORD = re.compile(rb"WARC/\d|filedesc://|https?://")
_PLAIN_RECORD = re.compile(rb"\r?\nWARC/\d")
_WRONG_LENGTH = "its Content-Length is not the length of its block"
_CHUNK = 1 << 16
_ID = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:[!-;=?-~]{1,200}")


@dataclass(frozen=True, slots=True)
class ForeignRecord:
    """One record, whose body can be read until the next is asked for.

    kind: WARC-Type. url: '' where it has none. record_id: '' where it has none that could be kept. at: None where it
    has no date that can be read. status: 0 where there are no HTTP headers, -1 where their first line has none.
    """

    offset: int
    kind: str
    url: str
    record_id: str
    at: datetime | None
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    media_type: str
    _record: Any

    def body(self, limit: int) -> bytes | None:
        """The body without transfer and content coding, None if it is longer than `limit` bytes.

        Raises PayloadError for one that is cut off, damaged, or coded in a way that is not read.
        """
        raw = self._record.raw_stream
        if self._record.payload_length > limit:
            return None
        try:
            payload = raw.read(limit + 1)
        except _ERRORS as error:
            raise PayloadError(one_line(str(error))) from error
        if len(payload) > limit:
            return None
        if getattr(raw, "limit", 0) > 0:
            raise PayloadError("it is cut off")
        checker = self._record.digest_checker
        if checker is not None and any(text.startswith("block digest failed") for text in checker.problems):
            raise PayloadError("its bytes are not those that its digest was made of")
        http = self._record.http_headers
        if http is None:
            return bytes(payload)
        transfer, coding = (http.get_header(name) or "" for name in ("Transfer-Encoding", "Content-Encoding"))
        return decode_payload(payload, transfer, coding, limit)


@dataclass(frozen=True, slots=True)
class Broken:
    """Bytes that are no record: where in the file, and what is wrong."""

    offset: int
    reason: str


def is_web_archive(path: Path) -> bool:
    """True for a WARC or ARC file, packed with gzip or not, by its first bytes. Raises OSError if it cannot be read."""
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    if head.startswith(_GZIP_MAGIC):
        try:
            head = zlib.decompressobj(zlib.MAX_WBITS + 16).decompress(head, 64)
        except zlib.error:
            return False
    return head.startswith(_OPENINGS)


def foreign_records(path: Path) -> Iterator[ForeignRecord | Broken]:
    """The records of a WARC or ARC file in their order, and what is damaged between them."""
    with path.open("rb") as file:
        packed = file.read(3) == _GZIP_MAGIC
        offset: int | None = 0
        while offset is not None:
            if packed:
                offset = yield from _packed(file, offset)
            else:
                offset = yield from _plain(file, offset)


def _packed(file: BinaryIO, offset: int) -> Generator[ForeignRecord | Broken, None, int | None]:
    """The records of the member at `offset`; returns where the next member begins, None at the end."""
    member = _Member(file, offset)
    iterator = _Iterator(member, arc2warc=True, check_digests=True)
    try:
        for record in iterator:
            yield _foreign(record, offset)
        member.drain()
        if iterator.err_count:
            yield Broken(offset, _WRONG_LENGTH)
    except _ERRORS as error:
        yield Broken(offset, one_line(str(error)))
        try:
            member.drain()
        except _ERRORS:
            return _next_member(file, offset + 1)
    return member.end if member.end < file.seek(0, 2) else None


def _plain(file: BinaryIO, offset: int) -> Generator[ForeignRecord | Broken, None, int | None]:
    file.seek(offset)
    iterator = _Iterator(file, arc2warc=True, check_digests=True)
    at, errors = offset, 0
    try:
        for record in iterator:
            if iterator.err_count > errors:
                errors = iterator.err_count
                yield Broken(at, _WRONG_LENGTH)
            at = iterator.offset
            yield _foreign(record, at)
        if iterator.err_count > errors:
            yield Broken(at, _WRONG_LENGTH)
    except _ERRORS as error:
        at = max(at, iterator.offset)
        yield Broken(at, one_line(str(error)))
        return _next_plain(file, at + 1)
    return None


class _Iterator(ArchiveIterator):  # type: ignore[misc]
    """warcio's iterator, which counts blocks of a wrong length here and does not print about them."""

    INC_RECORD = ""


class _DamagedError(Exception):
    """A gzip member is damaged or cut off."""


_ERRORS = (*WARCIO_ERRORS, _DamagedError)


class _Member:
    """One gzip member as a stream of what it inflates to; a small piece of it is held at any time."""

    def __init__(self, file: BinaryIO, offset: int) -> None:
        self._file = file
        self._position = offset  # another reader may move the file meanwhile
        self._inflater = zlib.decompressobj(zlib.MAX_WBITS + 16)
        self._waiting = b""
        self._told = 0

    @property
    def end(self) -> int:
        """Where the member ends, once it is drained."""
        return self._position - len(self._inflater.unused_data)

    def read(self, size: int = _CHUNK) -> bytes:
        """Up to `size` bytes, b'' at the member's end."""
        plain = b""
        while not plain and not self._inflater.eof:
            if not self._waiting:
                self._file.seek(self._position)
                self._waiting = self._file.read(_CHUNK)
                self._position += len(self._waiting)
                if not self._waiting:
                    raise _DamagedError("the file ends within it")
            try:
                plain = self._inflater.decompress(self._waiting, max(size, 1))
            except zlib.error as error:
                raise _DamagedError(f"it cannot be unpacked ({error})") from error
            self._waiting = self._inflater.unconsumed_tail
        self._told += len(plain)
        return plain

    def tell(self) -> int:
        """Bytes read so far."""
        return self._told

    def drain(self) -> None:
        """Reads what is left."""
        while self.read():
            pass


def _foreign(record: Any, offset: int) -> ForeignRecord:
    head, http = record.rec_headers, record.http_headers
    record_id = (head.get_header("WARC-Record-ID") or "").strip().strip("<>")
    status = 0
    if http is not None:
        code = http.get_statuscode()
        status = int(code) if code.isascii() and code.isdigit() and len(code) == 3 else -1
    return ForeignRecord(
        offset=offset,
        kind=record.rec_type or "",
        url=(head.get_header("WARC-Target-URI") or "").strip(),
        record_id=record_id if _ID.fullmatch(record_id) else "",
        at=_date(head.get_header("WARC-Date") or ""),
        status=status,
        reason=http.statusline.partition(" ")[2] if http is not None else "",
        headers=tuple(http.headers) if http is not None else (),
        media_type=(http.get_header("Content-Type") if http is not None else head.get_header("Content-Type"))
        or "",
        _record=record,
    )


def _date(text: str) -> datetime | None:
    """A WARC-Date (WARC 1.1 allows parts of one), or the fourteen digits of older files."""
    digits = re.sub(r"[^0-9]", "", text)[:20]
    if len(digits) < 4:
        return None
    whole = digits[:14] + "00000101000000"[len(digits[:14]) :]
    try:
        at = datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    if at.year < _FIRST_YEAR:
        return None  # damaged: nobody recorded a website before there was one
    return at.replace(microsecond=int(digits[14:].ljust(6, "0")))


def _next_member(file: BinaryIO, start: int) -> int | None:
    """Where the next gzip member that begins a record begins, None if none does."""
    for at in _occurrences(file, re.compile(re.escape(_GZIP_MAGIC)), start):
        try:
            if _RECORD.match(_Member(file, at).read(64)):
                return at
        except _DamagedError:
            continue
    return None


def _next_plain(file: BinaryIO, start: int) -> int | None:
    for at in _occurrences(file, _PLAIN_RECORD, start):
        file.seek(at)
        return at + file.read(2).index(b"\n") + 1
    return None


def _occurrences(file: BinaryIO, pattern: re.Pattern[bytes], start: int) -> Iterator[int]:
    overlap, position = 16, start
    while True:
        file.seek(position)
        chunk = file.read(_CHUNK)
        last = len(chunk) < _CHUNK
        reach = len(chunk) if last else len(chunk) - overlap
        yield from (position + found.start() for found in pattern.finditer(chunk) if found.start() < reach)
        if last:
            return
        position += reach
