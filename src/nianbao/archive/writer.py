"""Writes the records of one batch into its segment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from nianbao import __version__
from nianbao.archive.index import Index
from nianbao.archive.records import (
    ArchiveError,
    Headers,
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
    """Appends captures to one segment. Made by `Archive.writer`; a segment without captures is never created.

    Each capture is on disk when its method returns, and the index knows it. Threads may share a writer.
    """

    def __init__(self, path: Path, index: Index, original: Callable[[Capture], Capture]) -> None:
        self._path = path
        self._index = index
        self._original = original
        self._lock = threading.Lock()
        self.closed = False

    def add_response(
        self,
        *,
        url: str,
        status: int,
        reason: str,
        request_headers: Headers,
        response_headers: Headers,
        body: bytes,
        fetched_at: datetime,
        source_id: str,
        role: str,
        link_title: str = "",
        link_date: str = "",
        parent_url: str = "",
    ) -> Capture:
        """Archives an HTTP exchange.

        body: the payload after transfer and content decoding. The headers that spoke of the coded form
        (Content-Encoding, Transfer-Encoding, Content-Length) are kept as X-Archive-Orig-…, because what is archived is
        the decoded payload. fetched_at: aware time. Capture.media_type is the Content-Type header as sent.
        """
        link = Link(source_id, role, link_title, link_date, parent_url)
        capture_id = new_capture_id()
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
        request_headers: Headers,
        response_headers: Headers,
        original: Capture,
        fetched_at: datetime,
        source_id: str,
        role: str,
        link_title: str = "",
        link_date: str = "",
        parent_url: str = "",
    ) -> Capture:
        """Archives an exchange whose payload is, byte for byte, that of `original`, without storing it again."""
        link = Link(source_id, role, link_title, link_date, parent_url)
        return self._append(
            revisit_records(
                new_capture_id(),
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
    ) -> Capture:
        """Archives a file that did not come over HTTP. url: file:… or urn:…; Capture.status is 0."""
        link = Link(source_id, role, link_title, link_date, parent_url)
        return self._append(resource_records(new_capture_id(), url, body, media_type, fetched_at, link))

    def close(self) -> None:
        """Ends the batch; the writer takes no more captures."""
        self.closed = True

    def _append(self, records: list[bytes]) -> Capture:
        name = self._path.name
        # Reading the record as a rebuild would is what makes the index and a rebuilt index the same.
        found = capture_of(parse_member(inflate(records[0])), name, 0, len(records[0]))
        if found is None:
            raise ArchiveError(
                f"{self._path}: a record without a role was refused; give every capture its role"
            )
        capture, refers_to = found
        with self._lock:
            if self.closed:
                raise ArchiveError(f"{self._path}: the batch is closed; open another writer")
            opening = []
            if not self._path.exists():
                opening = [warcinfo_record(name, f"nianbao/{__version__}", capture.fetched_at)]
            offsets = append(self._path, opening + records)
            capture = replace(capture, offset=offsets[len(opening)])
            self._index.add(name, offsets[-1] + len(records[-1]), [(capture, refers_to)])
            return capture
