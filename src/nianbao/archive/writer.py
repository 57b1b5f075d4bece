"""Writes the records of one batch into its segments, and seals them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from nianbao import __version__
from nianbao.archive.cdxj import SEGMENT_SUFFIX, cdxj_line, write_cdxj
from nianbao.archive.fields import Headers
from nianbao.archive.index import Index
from nianbao.archive.records import (
    ArchiveError,
    Link,
    capture_of,
    new_capture_id,
    parse_member,
    resource_records,
    response_records,
    revisit_records,
    warcinfo_record,
)
from nianbao.archive.segments import append, inflate
from nianbao.model import Capture


class ArchiveWriter:
    """Appends captures to the segments of one batch. Made by `Archive.writer`; without captures no file is made.

    Each capture is on disk when its method returns, and the index knows it. Threads may share a writer.
    """

    def __init__(
        self,
        path: Path,
        index: Index,
        original: Callable[[Capture], Capture],
        *,
        max_segment_bytes: int,
    ) -> None:
        self._first = self._path = path
        self._index = index
        self._original = original
        self._max_segment_bytes = max_segment_bytes
        self._lock = threading.Lock()
        self._number = 1
        self._lines: list[str] = []
        self.closed = False

    def add_response(
        self,
        *,
        url: str,
        status: int,
        reason: str,
        request_headers: Headers | None,
        response_headers: Headers,
        body: bytes,
        fetched_at: datetime,
        source_id: str,
        role: str,
        link_title: str = "",
        link_date: str = "",
        parent_url: str = "",
        content_id: str = "",
        capture_id: str = "",
    ) -> Capture:
        """Archives an HTTP exchange, of whatever status.

        body: the payload after transfer and content decoding. The headers that spoke of the coded form
        (Content-Encoding, Transfer-Encoding, Content-Length) are kept as X-Archive-Orig-…, because what is archived is
        the decoded payload. request_headers: None where they are not known; no request is recorded then. fetched_at:
        aware time. content_id: id of what the body says, whatever its bytes. capture_id: the id that other software
        gave the record, '' for a new one. Capture.media_type is the Content-Type header as sent.
        """
        link = Link(source_id, role, link_title, link_date, parent_url, content_id)
        capture_id = self._unused(capture_id)
        return self._append(
            response_records(
                capture_id, url, status, reason, request_headers, response_headers, body, fetched_at, link
            )
        )

    def add_revisit(
        self,
        *,
        url: str,
        status: int,
        reason: str,
        request_headers: Headers | None,
        response_headers: Headers,
        original: Capture,
        fetched_at: datetime,
        source_id: str,
        role: str,
        link_title: str = "",
        link_date: str = "",
        parent_url: str = "",
        content_id: str = "",
        capture_id: str = "",
    ) -> Capture:
        """Archives an exchange whose payload is, byte for byte, that of `original`, without storing it again.

        original: of this or another address; see `Archive.same_payload`. content_id: '' for that of the original.
        """
        link = Link(source_id, role, link_title, link_date, parent_url, content_id or original.content_id)
        return self._append(
            revisit_records(
                self._unused(capture_id),
                url,
                status,
                reason,
                request_headers,
                response_headers,
                self._original(original),
                fetched_at,
                link,
            )
        )

    def add_resource(
        self,
        *,
        url: str,
        body: bytes,
        media_type: str,
        fetched_at: datetime,
        source_id: str,
        role: str,
        link_title: str = "",
        link_date: str = "",
        parent_url: str = "",
        content_id: str = "",
        capture_id: str = "",
    ) -> Capture:
        """Archives a file that did not come over HTTP. url: file:… or urn:…; Capture.status is 0."""
        link = Link(source_id, role, link_title, link_date, parent_url, content_id)
        return self._append(
            resource_records(self._unused(capture_id), url, body, media_type, fetched_at, link)
        )

    def close(self) -> None:
        """Ends the batch and seals its segment; the writer takes no more captures."""
        with self._lock:
            if not self.closed:
                self.closed = True
                self._seal()

    def _seal(self) -> None:
        if self._path.exists():
            write_cdxj(self._path, self._lines)
        self._lines = []

    def _unused(self, capture_id: str) -> str:
        return capture_id if capture_id and self._index.get(capture_id) is None else new_capture_id()

    def _append(self, records: list[bytes]) -> Capture:
        # Reading the record as a rebuild would is what makes the index and a rebuilt index the same.
        found = capture_of(parse_member(inflate(records[0])), self._path.name, 0, len(records[0]))
        if found is None:
            raise ArchiveError(
                f"{self._path}: a record without a role was refused; give every capture its role"
            )
        capture, refers_to = found
        with self._lock:
            if self.closed:
                raise ArchiveError(f"{self._path}: the batch is closed; open another writer")
            self._make_room(sum(map(len, records)))
            name, opening = self._path.name, []
            if not self._path.exists():
                opening = [warcinfo_record(name, f"nianbao/{__version__}", capture.fetched_at)]
            offsets = append(self._path, opening + records)
            capture = replace(capture, segment=name, offset=offsets[len(opening)])
            self._lines.append(cdxj_line(capture, refers_to))
            self._index.add(name, offsets[-1] + len(records[-1]), [(capture, refers_to)])
            return capture

    def _make_room(self, length: int) -> None:
        """Seals the segment and goes on in the next if it would become larger than it may be."""
        if self._lines and self._path.stat().st_size + length > self._max_segment_bytes:
            self._seal()
            self._number += 1
            stem = self._first.name.removesuffix(SEGMENT_SUFFIX)
            self._path = self._first.with_name(f"{stem}--{self._number}{SEGMENT_SUFFIX}")
