"""Takes captures out of WARC and ARC files that other software recorded, with the dates and ids they have there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from nianbao import clock
from nianbao.archive import Archive, ArchiveWriter
from nianbao.archive.foreign import Broken, ForeignRecord, foreign_records
from nianbao.archive.payload import CodingError, PayloadError
from nianbao.model import Capture, Outcome, OutcomeRow, Source

# Types of what belongs to a page and holds no report.
_NO_DOCUMENT = re.compile(
    r"(?:image|audio|video|font)/|text/css|(?:text|application)/(?:x-)?(?:java|ecma)script|application/(?:x-)?font",
    re.IGNORECASE,
)
_MAGIC_NO_DOCUMENT = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"wOFF", b"wOF2", b"RIFF", b"\0\0\1\0")
_MAGIC_FILE = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"Rar!\x1a\x07", b"7z\xbc\xaf")
_TAG = re.compile(
    rb"<(?:!doctype|html|head|body|meta|title|div|table|p|span|script|ul|a|h[1-6])\b", re.IGNORECASE
)
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Sites:
    """Which hosts records may come from, and to which source an address belongs ('' where none fits)."""

    allowed: Callable[[str], bool]
    source_of: Callable[[str], str]


def sites_of(sources: Iterable[Source]) -> Sites:
    """The hosts that sources name; an address belongs to the source in whose listing's folder it lies, the deepest."""
    hosts: set[str] = set()
    folders: list[tuple[str, str, str]] = []
    for source in sources:
        hosts |= {host.lower().partition(":")[0] for host in (*source.hosts, *source.aliases)}
        for listing in source.listings:
            hosts.add(_host(listing))
            folders.append((_host(listing), urlsplit(urljoin(listing, ".")).path or "/", source.source_id))
    folders.sort(
        key=lambda folder: len(folder[1]), reverse=True
    )  # stable: the first named of two that fit alike

    def source_of(url: str) -> str:
        host, path = _host(url), urlsplit(url).path or "/"
        return next(
            (s for its_host, folder, s in folders if host == its_host and path.startswith(folder)), ""
        )

    return Sites(lambda host: host in hosts, source_of)


@dataclass(slots=True)
class _Tally:
    """Records that ended alike: how many, and the first few as examples."""

    count: int = 0
    examples: list[str] = field(default_factory=list)


def import_web_archive(
    path: Path,
    archive: Archive,
    writer: ArchiveWriter,
    sites: Sites,
    *,
    max_body_bytes: int,
    import_source: str,
) -> Iterator[OutcomeRow]:
    """Archives the documents in a WARC or ARC file; yields how each ended, and one row for each other kind of end.

    Taken are answers with status 200 and resources, on allowed hosts, that are pages or files. import_source: what
    captures have as source where no source fits. Raises OSError if the file cannot be read.
    """
    taker = _Taker(path, archive, writer, sites, max_body_bytes, import_source)
    told = 0
    for record in foreign_records(path):
        if isinstance(record, Broken):
            taker.damaged(record.offset, record.reason)
            continue
        row = taker.take(record)
        if row is not None:
            told += 1
            yield row
    for row in taker.tallies():
        told += 1
        yield row
    if not told:
        yield taker.nothing()


class _Taker:
    def __init__(
        self,
        path: Path,
        archive: Archive,
        writer: ArchiveWriter,
        sites: Sites,
        limit: int,
        import_source: str,
    ) -> None:
        self._path = path
        self._archive = archive
        self._writer = writer
        self._sites = sites
        self._limit = limit
        self._import_source = import_source
        self._tallies: dict[tuple[Outcome, str], _Tally] = {}
        self._last_damaged = -1

    def take(self, record: ForeignRecord) -> OutcomeRow | None:
        """Archives one record, or counts why not; returns the row of what is told one by one."""
        refusal = self._refusal(record)
        if refusal is not None:
            if refusal[1]:
                self.count(*refusal, record.url)
            return None
        try:
            body = record.body(self._limit)
        except CodingError as error:
            self.count(Outcome.UNSUPPORTED_FORMAT, "with a coding that is not read", f"{record.url}: {error}")
            return None
        except PayloadError as error:
            self.damaged(record.offset, f"{record.url}: {error}")
            return None
        if body is None:
            sentence = f"{self._path}: {record.url} is longer than {self._limit} bytes and was not taken"
            return self._row(Outcome.OVERSIZED, f"{sentence}; raise NIANBAO_MAX_BODY_BYTES", record.url)
        if not body:
            self.count(Outcome.EMPTY, "without a body", record.url)
            return None
        role = _role(body, record.media_type)
        if role is None:
            self.count(Outcome.NOT_A_REPORT, "no documents (images, styles, scripts …)", record.url)
            return None
        return self._archived(record, body, role)

    def damaged(self, offset: int, reason: str) -> None:
        """Counts a damaged record, once, though its body and its end may both show it."""
        if offset != self._last_damaged:
            self._last_damaged = offset
            self.count(Outcome.BROKEN_TRANSFER, "damaged", f"byte {offset}: {reason}")

    def count(self, outcome: Outcome, what: str, example: str) -> None:
        """Counts a record under how it ended."""
        tally = self._tallies.setdefault((outcome, what), _Tally())
        tally.count += 1
        if len(tally.examples) < _EXAMPLES and example not in tally.examples:
            tally.examples.append(example)

    def tallies(self) -> Iterator[OutcomeRow]:
        """One row for each way in which records ended that were not taken."""
        for (outcome, what), tally in self._tallies.items():
            more = ", …" if tally.count > len(tally.examples) else ""
            sentence = f"{self._path}: {tally.count} record(s) {what}: {', '.join(tally.examples)}{more}"
            yield self._row(outcome, sentence, f"file:{self._path.name}")

    def nothing(self) -> OutcomeRow:
        """The row of a file in which no record is an answer or a resource."""
        sentence = f"{self._path}: holds no answer of a site and no file, or is damaged; record it again"
        return self._row(Outcome.EMPTY, sentence, f"file:{self._path.name}")

    def _refusal(self, record: ForeignRecord) -> tuple[Outcome, str] | None:
        """Why a record is not taken, before its body is looked at; with '' for records that are about others."""
        if record.kind == "revisit":
            return Outcome.UNCHANGED, "that only repeat another record"
        if record.kind not in ("response", "resource"):
            return Outcome.OK, ""
        if not self._sites.allowed(_host(record.url)):
            return Outcome.HOST_NOT_ALLOWED, "of hosts that no source names"
        if record.kind == "response" and record.status != 200:
            return _refused_status(
                record.status
            ), f"with status {record.status}" if record.status > 0 else "without a status"
        if record.at is None:
            return Outcome.BROKEN_TRANSFER, "without a date"
        if _NO_DOCUMENT.match(record.media_type.strip()):
            return Outcome.NOT_A_REPORT, "no documents (images, styles, scripts …)"
        return None

    def _archived(self, record: ForeignRecord, body: bytes, role: str) -> OutcomeRow | None:
        assert record.at is not None  # noqa: S101 - refused before
        sha256 = hashlib.sha256(body).hexdigest()
        known = self._archive.at(record.url, record.at)
        if any(capture.payload_sha256 == sha256 for capture in known):
            self.count(Outcome.UNCHANGED, "archived already", record.url)
            return None
        what: dict[str, Any] = {
            "url": record.url,
            "fetched_at": record.at,
            "source_id": self._sites.source_of(record.url) or self._import_source,
            "role": role,
            "capture_id": record.record_id,
        }
        capture = self._write(record, body, sha256, what)
        sentence = f"{self._path}: {record.url} of {record.at:%Y-%m-%d}, {len(body)} bytes archived"
        return self._row(Outcome.OK, sentence, record.url, capture)

    def _write(self, record: ForeignRecord, body: bytes, sha256: str, what: dict[str, Any]) -> Capture:
        if record.kind == "resource":
            return self._writer.add_resource(**what, body=body, media_type=record.media_type)
        what |= {
            "status": record.status,
            "reason": record.reason,
            "request_headers": None,
            "response_headers": record.headers,
        }
        original = self._archive.same_payload(sha256)
        if original is not None:
            return self._writer.add_revisit(**what, original=original)
        return self._writer.add_response(**what, body=body)

    def _row(self, outcome: Outcome, sentence: str, url: str, capture: Capture | None = None) -> OutcomeRow:
        return OutcomeRow(
            stage="fetch",
            outcome=outcome,
            sentence=sentence,
            url=url,
            source_id=capture.source_id if capture else self._import_source,
            at=clock.now(),
            capture_id=capture.capture_id if capture else "",
        )


def _refused_status(status: int) -> Outcome:
    if 300 <= status < 400:
        return Outcome.MOVED
    if status in (401, 403):
        return Outcome.FORBIDDEN
    if status in (404, 410):
        return Outcome.NOT_FOUND
    return Outcome.SERVER_ERROR if status >= 400 else Outcome.BROKEN_TRANSFER


def _role(body: bytes, media_type: str) -> str | None:
    """page or attachment, by what the body is; None for what can hold no report."""
    if body.startswith(_MAGIC_NO_DOCUMENT):
        return None
    if b"%PDF-" in body[:1024] or body.startswith(_MAGIC_FILE):
        return "attachment"
    declared = media_type.lower()
    if _TAG.search(body, 0, 4096) or declared.startswith("text/") or "html" in declared or "json" in declared:
        return "page"
    return "attachment"


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").lower() if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""
