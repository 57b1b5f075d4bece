"""Capture ↔ WARC records: which fields say what, so that the index can be made again from the segments alone.

Beside the standard fields, response, resource and revisit records carry X-Nianbao-Source-Id, X-Nianbao-Role,
X-Nianbao-Link-Title, X-Nianbao-Link-Date, X-Nianbao-Parent-Url and X-Nianbao-Content-Id, and X-Nianbao-Url where the
address is no plain ASCII (the standard's WARC-Target-URI then holds its percent-encoded form).
"""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from nianbao.archive.fields import (
    Headers,
    ascii_line,
    clean,
    decode,
    digest_of_hex,
    encode,
    hex_of_digest,
    one_line,
    target_uri,
    warc_date,
)
from nianbao.model import Capture

# Headers that describe the transfer; the archived body is decoded, so they would no longer be true.
_TRANSFER = frozenset({"content-encoding", "transfer-encoding", "content-length"})

# What warcio raises for bytes that are no record; the last three where a field is missing or strange.
WARCIO_ERRORS = (
    ArchiveLoadFailed,
    StatusAndHeadersParserException,
    EOFError,
    ValueError,
    AttributeError,
    TypeError,
    LookupError,
)


class ArchiveError(Exception):
    """Something in the archive is not as it was written; says which file, where, and what to do."""


@dataclass(frozen=True, slots=True)
class Link:
    """Why an address was looked at."""

    source_id: str
    role: str
    link_title: str = ""
    link_date: str = ""
    parent_url: str = ""
    content_id: str = ""


class _Writer(WARCWriter):  # type: ignore[misc]
    """warcio's writer, with one kind of digest for payloads and blocks."""

    @staticmethod
    def _create_digester() -> Digester:
        return Digester("sha256")


def new_capture_id() -> str:
    """A WARC-Record-ID without its brackets."""
    return f"urn:uuid:{uuid.uuid4()}"


def response_records(
    capture_id: str,
    url: str,
    status: int,
    reason: str,
    request_headers: Headers | None,
    response_headers: Headers,
    body: bytes,
    fetched_at: datetime,
    link: Link,
) -> list[bytes]:
    """The gzip members of an exchange: the response, then its request, if its headers are known (not None)."""
    fields = _fields(capture_id, url, fetched_at, link)
    response = _record(
        "response", url, body, fields, http_headers=_response_head(status, reason, response_headers)
    )
    return [response, *_request(url, request_headers, capture_id, fetched_at)]


def revisit_records(
    capture_id: str,
    url: str,
    status: int,
    reason: str,
    request_headers: Headers | None,
    response_headers: Headers,
    original: Capture,
    fetched_at: datetime,
    link: Link,
) -> list[bytes]:
    """The gzip members of an exchange that gave the payload of `original` again."""
    fields = _fields(capture_id, url, fetched_at, link)
    fields["WARC-Refers-To"] = f"<{original.capture_id}>"
    sink = BytesIO()
    writer = _Writer(sink, gzip=True, warc_version="1.1")
    record = writer.create_revisit_record(
        target_uri(url),
        digest_of_hex(original.payload_sha256),
        target_uri(original.url),
        warc_date(original.fetched_at),
        http_headers=_response_head(status, reason, response_headers),
        warc_headers_dict=fields,
    )
    writer.write_record(record)
    return [sink.getvalue(), *_request(url, request_headers, capture_id, fetched_at)]


def resource_records(
    capture_id: str, url: str, body: bytes, media_type: str, fetched_at: datetime, link: Link
) -> list[bytes]:
    """The gzip member of a file that did not come over HTTP."""
    fields = _fields(capture_id, url, fetched_at, link)
    return [_record("resource", url, body, fields, content_type=media_type)]


def warcinfo_record(file_name: str, software: str, at: datetime) -> bytes:
    """The gzip member that opens a segment."""
    sink = BytesIO()
    writer = _Writer(sink, gzip=True, warc_version="1.1")
    info = {"software": software, "format": "WARC File Format 1.1"}
    record = writer.create_warcinfo_record(file_name, info)
    record.rec_headers.replace_header("WARC-Date", warc_date(at))
    writer.write_record(record)
    return sink.getvalue()


def parse_member(plain: bytes) -> Any:
    """The WARC record in an inflated member, None if it holds none. Raises ValueError for one that is malformed."""
    try:
        return next(iter(ArchiveIterator(BytesIO(plain))), None)
    except WARCIO_ERRORS as error:
        raise ValueError(one_line(str(error))) from error


def capture_of(record: Any, segment: str, offset: int, length: int) -> tuple[Capture, str] | None:
    """A record as a capture, and the id of the capture that holds its body ('' if it does itself).

    None for records that are none: warcinfo, requests, and records of other software. Raises ValueError where fields
    say what they cannot mean.
    """
    head = record.rec_headers
    if record.rec_type not in ("response", "resource", "revisit") or not head.get_header("X-Nianbao-Role"):
        return None
    http = record.http_headers
    uri = head.get_header("WARC-Target-URI") or ""
    if record.rec_type == "revisit":
        refers_to = (head.get_header("WARC-Refers-To") or "").strip("<>")
        sha256 = hex_of_digest(head.get_header("WARC-Payload-Digest") or "")
    else:
        refers_to, sha256 = "", hashlib.sha256(record.content_stream().read()).hexdigest()
    media_type = (http.get_header("Content-Type") if http else head.get_header("Content-Type")) or ""
    capture = Capture(
        capture_id=(head.get_header("WARC-Record-ID") or "").strip("<>"),
        url=decode(head.get_header("X-Nianbao-Url")) or uri,
        source_id=decode(head.get_header("X-Nianbao-Source-Id")),
        role=decode(head.get_header("X-Nianbao-Role")),
        fetched_at=datetime.fromisoformat(head.get_header("WARC-Date") or "").astimezone(UTC),
        status=int(http.get_statuscode()) if http else 0,
        media_type=media_type,
        payload_sha256=sha256,
        link_title=decode(head.get_header("X-Nianbao-Link-Title")),
        link_date=decode(head.get_header("X-Nianbao-Link-Date")),
        parent_url=decode(head.get_header("X-Nianbao-Parent-Url")),
        etag=(http.get_header("ETag") if http else "") or "",
        content_id=decode(head.get_header("X-Nianbao-Content-Id")),
        last_modified=(http.get_header("Last-Modified") if http else "") or "",
        segment=segment,
        offset=offset,
        length=length,
    )
    return capture, refers_to


def _request(url: str, headers: Headers | None, response_id: str, fetched_at: datetime) -> list[bytes]:
    if headers is None:
        return []
    fields = {
        "WARC-Record-ID": f"<{new_capture_id()}>",
        "WARC-Date": warc_date(fetched_at),
        "WARC-Concurrent-To": f"<{response_id}>",
    }
    path = re.sub(r"^[a-z]+://[^/?#]*", "", target_uri(url).partition("#")[0], flags=re.IGNORECASE)
    path = path if path.startswith("/") else "/" + path
    head = StatusAndHeaders(f"GET {path} HTTP/1.1", clean(headers), is_http_request=True)
    return [_record("request", url, b"", fields, http_headers=head)]


def _record(
    kind: str,
    url: str,
    body: bytes,
    fields: dict[str, str],
    http_headers: StatusAndHeaders | None = None,
    content_type: str = "",
) -> bytes:
    sink = BytesIO()
    writer = _Writer(sink, gzip=True, warc_version="1.1")
    record = writer.create_warc_record(
        target_uri(url),
        kind,
        payload=BytesIO(body),
        length=len(body),
        warc_content_type=content_type,
        warc_headers_dict=fields,
        http_headers=http_headers,
    )
    writer.write_record(record)
    return sink.getvalue()


def _fields(capture_id: str, url: str, fetched_at: datetime, link: Link) -> dict[str, str]:
    fields = {
        "WARC-Record-ID": f"<{capture_id}>",
        "WARC-Date": warc_date(fetched_at),
        "X-Nianbao-Source-Id": encode(link.source_id),
        "X-Nianbao-Role": encode(link.role),
    }
    if link.link_title:
        fields["X-Nianbao-Link-Title"] = encode(link.link_title)
    if link.link_date:
        fields["X-Nianbao-Link-Date"] = encode(link.link_date)
    if link.parent_url:
        fields["X-Nianbao-Parent-Url"] = encode(link.parent_url)
    if link.content_id:
        fields["X-Nianbao-Content-Id"] = encode(link.content_id)
    if target_uri(url) != url:
        fields["X-Nianbao-Url"] = encode(url)
    return fields


def _response_head(status: int, reason: str, headers: Headers) -> StatusAndHeaders:
    kept = [
        (f"X-Archive-Orig-{name}" if name.lower() in _TRANSFER else name, value)
        for name, value in clean(headers)
    ]
    return StatusAndHeaders(f"{status} {ascii_line(reason)}".rstrip(), kept, protocol="HTTP/1.1")
