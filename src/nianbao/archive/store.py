"""The archive as its users see it: a folder of segments with an index that is always up to date."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from nianbao.archive.index import Index
from nianbao.archive.records import ArchiveError, capture_of, parse_member
from nianbao.archive.segments import cut_tail, members, read_member
from nianbao.archive.writer import ArchiveWriter
from nianbao.model import Capture

_SUFFIX = ".warc.gz"
_BATCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
# Captures per index transaction while segments are read again.
_ROWS = 1000


class Archive:
    """WARC segments below `folder` and the index over them. Threads may share it.

    Segments that hold more than the index knows (a crash came between the two, or another process writes) are
    indexed when the archive is opened. All methods raise ArchiveError where files are damaged.
    """

    def __init__(self, folder: Path) -> None:
        """Opens the archive, making the folder where there is none."""
        self._segments = folder / "segments"
        self._segments.mkdir(parents=True, exist_ok=True)
        self._index = Index(folder / "index.sqlite")
        self._lock = threading.Lock()
        self._repaired = False
        self._open_batches: set[str] = set()
        self.catch_up()

    def close(self) -> None:
        """Closes the index."""
        self._index.close()

    @contextmanager
    def writer(self, batch: str) -> Iterator[ArchiveWriter]:
        """A writer for `segments/<batch>.warc.gz`, which is appended to if it exists. One process at a time.

        batch: letters, digits, dots, - and _; anything else is a ValueError, as is a batch that is being written.
        The first writer of an archive cuts torn tails off all segments: bytes of a record that a crash left unfinished.
        """
        if not _BATCH.fullmatch(batch):
            raise ValueError(f"'{batch}' cannot name a batch; use letters, digits, dots, - and _")
        with self._lock:
            if batch in self._open_batches:
                raise ValueError(f"the batch '{batch}' is being written already")
            if not self._repaired:
                self._repair()
                self._repaired = True
            self._open_batches.add(batch)
        writer = ArchiveWriter(self._segments / f"{batch}{_SUFFIX}", self._index, self._holder)
        try:
            yield writer
        finally:
            writer.close()
            with self._lock:
                self._open_batches.discard(batch)

    def last_ok(self, url: str) -> Capture | None:
        """The newest capture of an address that has a body: an answer 200 (or its revisit), or an imported file."""
        return self._index.last_ok(url)

    def captures(self, roles: Sequence[str] | None = None, latest_per_url: bool = False) -> list[Capture]:
        """Captures with a body of their own (so no revisits), oldest first.

        roles: only these. latest_per_url: only the newest of each address.
        """
        return self._index.captures(roles, latest_per_url)

    def get(self, capture_id: str) -> Capture | None:
        """The capture with this id."""
        return self._index.get(capture_id)

    def read(self, capture: Capture) -> bytes:
        """The body of a capture, for a revisit that of its original. Raises ArchiveError if it is not as archived."""
        holder = self._holder(capture)
        path = self._segments / holder.segment
        record = parse_member(read_member(path, holder.offset, holder.length))
        body: bytes = record.content_stream().read() if record is not None else b""
        if record is None or hashlib.sha256(body).hexdigest() != holder.payload_sha256:
            raise ArchiveError(
                f"{path}: the record at byte {holder.offset} does not hold {holder.url} as archived;"
                " restore the file from a copy"
            )
        return body

    def rebuild(self) -> int:
        """Makes the index anew from the segments alone; returns the number of captures in it, revisits included."""
        self._index.clear()
        return self.catch_up()

    def catch_up(self) -> int:
        """Indexes what segments hold beyond the index, for instance written by another process; returns how much."""
        known = self._index.indexed()
        return sum(self._index_from(path, known.get(path.name, 0)) for path in self._paths())

    def _paths(self) -> list[Path]:
        return sorted(self._segments.glob(f"*{_SUFFIX}"))

    def _index_from(self, path: Path, start: int) -> int:
        size = path.stat().st_size
        if size < start:
            raise ArchiveError(
                f"{path}: has {size} bytes, and the index knows of {start}; restore the file from a copy, or delete"
                " index.sqlite to go on without what is missing"
            )
        if size == start:
            return 0
        found, count, end = [], 0, start
        for member in members(path, start):
            end = member.offset + member.length
            record = parse_member(member.plain)
            capture = (
                capture_of(record, path.name, member.offset, member.length) if record is not None else None
            )
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
        """Cuts torn tails. Everything whole has been indexed before, so whatever is beyond that is a torn tail."""
        self.catch_up()
        known = self._index.indexed()
        for path in self._paths():
            if cut_tail(path, known.get(path.name, 0)) and path.stat().st_size == 0:
                path.unlink()  # the crash came in a segment's very first record

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
