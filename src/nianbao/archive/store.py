"""The archive as its users see it: a folder of segments with an index that is always up to date."""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from nianbao.archive.cdxj import SEGMENT_SUFFIX, cdxj_bytes, cdxj_line, cdxj_path, write_cdxj
from nianbao.archive.index import Index
from nianbao.archive.records import ArchiveError, capture_of, parse_member
from nianbao.archive.segments import Gap, cut_tail, members, read_member
from nianbao.archive.writer import ArchiveWriter
from nianbao.model import Capture

log = logging.getLogger("nianbao.archive")

# -- separates a batch from the number of its second and later segments.
_BATCH = re.compile(r"(?!.*--)[A-Za-z0-9][A-Za-z0-9._-]*")
# Captures per index transaction while segments are read again.
_ROWS = 1000


class Archive:
    """WARC segments below `folder` and the index over them. Threads may share it.

    Segments that hold more than the index knows (a crash came between the two, or another process writes) are
    indexed when the archive is opened. Damage between whole records is logged and passed over; `verify_archive` says
    all there is to say about it. All methods raise ArchiveError where what they need is damaged.
    """

    def __init__(self, folder: Path, *, max_segment_bytes: int = 1_000_000_000) -> None:
        """Opens the archive, making the folder where there is none.

        max_segment_bytes: a segment is sealed and the batch goes on in another before it would be larger than that.
        """
        self._segments = folder / "segments"
        self._segments.mkdir(parents=True, exist_ok=True)
        self._index = Index(folder / "index.sqlite")
        self._max_segment_bytes = max_segment_bytes
        self._lock = threading.Lock()
        self._repaired = False
        self._open_batches: set[str] = set()
        self.catch_up()

    def close(self) -> None:
        """Closes the index."""
        self._index.close()

    @contextmanager
    def writer(self, batch: str) -> Iterator[ArchiveWriter]:
        """A writer for the segments of a new batch: `<batch>.warc.gz`, and `<batch>--2.warc.gz` … when it grows large.

        At its end they are sealed. One process at a time. batch: letters, digits, dots, - and _, no two - together;
        anything else is a ValueError, as is a batch that is or was being written. The first writer of an archive
        repairs and seals what a crash left: bytes of a record that was not finished are cut off.
        """
        if not _BATCH.fullmatch(batch):
            raise ValueError(
                f"'{batch}' cannot name a batch; use letters, digits, dots, - and _, and no two - together"
            )
        with self._lock:
            if batch in self._open_batches:
                raise ValueError(f"the batch '{batch}' is being written already")
            if not self._repaired:
                self._repair()
                self._repaired = True
            if self._segment_of(batch).exists():
                raise ValueError(
                    f"the batch '{batch}' is sealed and takes no more captures; name another one"
                )
            self._open_batches.add(batch)
        writer = ArchiveWriter(
            self._segment_of(batch), self._index, self._holder, max_segment_bytes=self._max_segment_bytes
        )
        try:
            yield writer
        finally:
            try:
                writer.close()
            finally:
                with self._lock:
                    self._open_batches.discard(batch)

    def unused_batch(self, name: str) -> str:
        """The name, or where a batch has it already the first of name_2, name_3 … that none has."""
        with self._lock:
            number, batch = 1, name
            while batch in self._open_batches or self._segment_of(batch).exists():
                number += 1
                batch = f"{name}_{number}"
            return batch

    def last_ok(self, url: str) -> Capture | None:
        """The newest capture of an address that has a body: an answer 200 (or its revisit), or an imported file."""
        return self._index.last_ok(url)

    def last(self, url: str) -> Capture | None:
        """The newest capture of an address, whatever its status."""
        return self._index.last(url)

    def at(self, url: str, fetched_at: datetime) -> list[Capture]:
        """The captures of an address at an aware time, whatever their status; more than one only if times were rounded."""
        return self._index.at(url, fetched_at)

    def same_payload(self, sha256: str) -> Capture | None:
        """An answer 200 or an imported file with this body, under any address; it holds the body itself.

        sha256: hex digest of the body. A revisit may refer to what is returned.
        """
        return self._index.same_payload(sha256)

    def captures(
        self, roles: Sequence[str] | None = None, latest_per_url: bool = False, with_errors: bool = False
    ) -> list[Capture]:
        """Captures that brought something new under their address, oldest first.

        Those that hold a body of their own, and revisits whose body the address did not give just before: one that
        stands under another address too, or one that came back. roles: only these. latest_per_url: only the newest of
        each address. with_errors: also those with a status other than 200.
        """
        return self._index.captures(roles, latest_per_url, with_errors)

    def below(self, prefix: str = "", limit: int = -1) -> list[Capture]:
        """All captures, revisits and errors too, of the addresses that begin with `prefix`: by address, oldest first."""
        return self._index.below(prefix, limit)

    def get(self, capture_id: str) -> Capture | None:
        """The capture with this id."""
        return self._index.get(capture_id)

    def read(self, capture: Capture) -> bytes:
        """The body of a capture, for a revisit that of its original. Raises ArchiveError if it is not as archived."""
        holder = self._holder(capture)
        path = self._segments / holder.segment
        try:
            record = parse_member(read_member(path, holder.offset, holder.length))
        except ValueError:
            record = None
        body: bytes = record.content_stream().read() if record is not None else b""
        if record is None or hashlib.sha256(body).hexdigest() != holder.payload_sha256:
            raise ArchiveError(
                f"{path}: the record at byte {holder.offset} does not hold {holder.url} as archived;"
                " restore the file from a copy"
            )
        return body

    def headers(self, capture: Capture) -> list[tuple[str, str]]:
        """The fields of a capture's own record, then what the server sent: status line (as ':status') and headers."""
        path = self._segments / capture.segment
        try:
            record = parse_member(read_member(path, capture.offset, capture.length))
        except ValueError as error:
            raise ArchiveError(
                f"{path}: the record at byte {capture.offset} cannot be read ({error}); restore the file from a copy"
            ) from error
        found = [*record.rec_headers.headers]
        if record.http_headers is not None:
            found += [(":status", record.http_headers.statusline), *record.http_headers.headers]
        return found

    def rebuild(self) -> int:
        """Makes the index, and every CDXJ that is missing or wrong, anew from the segments alone.

        For the process that may write. Returns the number of captures in the index, revisits included.
        """
        self._index.clear()
        count = self.catch_up()
        with self._lock:
            self._repair()
            self._repaired = True
        for path in self._paths():
            self._rewrite_cdxj(path)
        return count

    def catch_up(self) -> int:
        """Indexes what segments hold beyond the index, for instance written by another process; returns how much."""
        known = self._index.indexed()
        return sum(self._index_from(path, known.get(path.name, 0)) for path in self._paths())

    def _segment_of(self, batch: str) -> Path:
        return self._segments / f"{batch}{SEGMENT_SUFFIX}"

    def _paths(self) -> list[Path]:
        return sorted(self._segments.glob(f"*{SEGMENT_SUFFIX}"))

    def _index_from(self, path: Path, start: int) -> int:
        size = path.stat().st_size
        if size < start:
            raise ArchiveError(
                f"{path}: has {size} bytes, and the index knows of {start}; restore the file from a copy, or"
                " `nianbao archive rebuild` to go on without what is missing"
            )
        found, count, end = [], 0, start
        for item in _captures_in(path, start):
            if isinstance(item, Gap):
                # The torn tail of an unsealed segment may be a record that another process is writing.
                if not item.torn or cdxj_path(path).exists():
                    log.warning("%s", gap_sentence(path, item))
                if not item.torn:
                    end = item.offset + item.length
                continue
            capture, end = item
            if capture is not None:
                found.append(capture)
                count += 1
            if len(found) >= _ROWS:
                self._index.add(path.name, end, found)
                found = []
        if end > start:
            self._index.add(path.name, end, found)
        return count

    def _repair(self) -> None:
        """Cuts the torn tails of unsealed segments and seals them. Sealed ones are never touched."""
        self.catch_up()
        known = self._index.indexed()
        for path in self._paths():
            if cdxj_path(path).exists():
                continue
            # Everything whole has been indexed before, so whatever is beyond that is a torn tail.
            whole = known.get(path.name, 0)
            cut = cut_tail(path, whole)
            if cut > 0:
                log.warning(
                    "%s: cut %d bytes after byte %d: a record that a crash left unfinished", path, cut, whole
                )
            if whole > 0:  # else the crash came in a segment's very first record
                write_cdxj(path, _cdxj_lines(path)[0])

    def _rewrite_cdxj(self, path: Path) -> None:
        lines, gaps = _cdxj_lines(path)
        # A damaged segment's CDXJ still tells what was there.
        if not gaps and cdxj_path(path).read_bytes() != cdxj_bytes(lines):
            write_cdxj(path, lines)

    def _holder(self, capture: Capture) -> Capture:
        """The capture that holds the body."""
        original = self._index.refers_to(capture.capture_id)
        if not original:
            return capture
        holder = self._index.get(original)
        if holder is None:
            raise ArchiveError(
                f"{self._segments / capture.segment}: {capture.url} refers to {original}, which no segment holds;"
                " bring the missing segment back"
            )
        return holder


def gap_sentence(path: Path, gap: Gap) -> str:
    """What a gap in a segment is, and what to do."""
    where = f"{path}: the record at byte {gap.offset} is damaged ({gap.length} bytes"
    whole = " and nothing whole follows" if gap.torn else ", whole records follow"
    return f"{where}{whole}); restore the file from a copy"


def _captures_in(path: Path, start: int) -> Iterator[tuple[tuple[Capture, str] | None, int] | Gap]:
    """Each whole member's capture, None where it is none, with the member's end; and the gaps."""
    for item in members(path, start):
        if isinstance(item, Gap):
            yield item
            continue
        try:
            record = parse_member(item.plain)
            found = capture_of(record, path.name, item.offset, item.length) if record is not None else None
        except ValueError:
            yield Gap(item.offset, item.length, torn=False)
            continue
        yield found, item.offset + item.length


def _cdxj_lines(path: Path) -> tuple[list[str], bool]:
    """The CDXJ lines of what a segment holds, and whether there are gaps."""
    lines, gaps = [], False
    for item in _captures_in(path, 0):
        if isinstance(item, Gap):
            gaps = True
        elif item[0] is not None:
            lines.append(cdxj_line(*item[0]))
    return lines, gaps
