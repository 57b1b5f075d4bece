"""What a simulated host does wrong on the wire. Bodies that are large are made while they are sent."""

from __future__ import annotations

import gzip
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from email.message import Message
from http import HTTPStatus
from io import BufferedIOBase
from typing import Protocol

from .bad_files import bad_file, gzip_bomb, zeros
from .faults import Fault, FaultKind
from .labels import relabelled
from .site import HTML, Resource

GATE_COOKIE = "wafgate=7f3a"
_TLS_HANDSHAKE_FAILURE = bytes.fromhex("15030300020228")
_WHOLE = (
    FaultKind.COOKIE_GATE,
    FaultKind.GZIP_BOMB,
    FaultKind.HUGE,
)  # complete answers: the connection goes on
_ENDLESS = 1_000_000  # header lines, so that a client that never gives up comes to an end after all


class Stops(Protocol):
    """What is asked of the server: whether it is about to end."""

    stopping: threading.Event


class Answering(Protocol):
    """The handler of a request, as far as faults need it."""

    path: str
    command: str
    headers: Message
    connection: socket.socket
    wfile: BufferedIOBase
    close_connection: bool

    @property
    def owner(self) -> Stops:
        """The server."""

    def send(self, resource: Resource, hit: int = 1) -> None:
        """Answers with the resource."""

    def begin(self, status: int, counted: int | None = None) -> None:
        """The status line."""

    def describe(self, resource: Resource, length: int | None, hit: int = 1) -> None:
        """The headers of a resource."""

    def send_header(self, keyword: str, value: str) -> None:
        """One header."""

    def end_headers(self) -> None:
        """The blank line."""

    def flush_headers(self) -> None:
        """Sends the headers so far."""

    def count(self, status: int) -> None:
        """Counts an answer that has no status line."""


def misbehave(answering: Answering, fault: Fault, resource: Resource, hit: int) -> None:
    """Answers a request as the fault says. resource: what would be right. hit: which request for it this is."""
    special = _SPECIAL.get(fault.kind)
    if special is None:
        answering.send(wrong_answer(fault, resource, hit), hit)
        return
    special(answering, fault, resource)
    if fault.kind not in _WHOLE:
        answering.close_connection = True


def gzipped(resource: Resource) -> Resource:
    """The resource with its body packed, as sites send it that never ask what a client takes."""
    body = gzip.compress(resource.body, mtime=0)
    return replace(resource, body=body, headers=(*resource.headers, ("Content-Encoding", "gzip")))


def _drip(answering: Answering, fault: Fault, resource: Resource) -> None:
    answering.begin(resource.status)
    answering.describe(resource, len(resource.body))
    answering.end_headers()
    answering.wfile.flush()
    size = max(1, len(resource.body) // fault.pieces)
    for start in range(0, len(resource.body), size):
        if answering.owner.stopping.wait(fault.seconds):
            break
        answering.wfile.write(resource.body[start : start + size])
        answering.wfile.flush()


def _reset(answering: Answering, fault: Fault, resource: Resource) -> None:
    """Lingering zero seconds, and closed at once: the client sees RST instead of an orderly end."""
    answering.begin(resource.status, counted=0)
    answering.describe(resource, len(resource.body))
    answering.end_headers()
    answering.wfile.write(resource.body[: int(len(resource.body) * fault.share)])
    answering.wfile.flush()
    answering.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(answering.connection.detach())


def _wrong_length(answering: Answering, fault: Fault, resource: Resource) -> None:
    """The whole body, and the announced rest never follows."""
    answering.begin(resource.status, counted=0)
    answering.describe(resource, len(resource.body) + 1000)
    answering.end_headers()
    answering.wfile.write(resource.body)


def _cookie_gate(answering: Answering, fault: Fault, resource: Resource) -> None:
    headers = (("Location", answering.path), ("Set-Cookie", f"{GATE_COOKIE}; Path=/; HttpOnly"))
    answering.send(Resource(b"", HTML, status=302, headers=headers))


def _gzip_bomb(answering: Answering, fault: Fault, resource: Resource) -> None:
    packed = (("Content-Encoding", "gzip"),)
    answering.send(Resource(gzip_bomb(fault.size), f"{HTML}; charset=utf-8", headers=packed))


def _huge(answering: Answering, fault: Fault, resource: Resource) -> None:
    chunked = fault.charset == "chunked"
    answering.begin(200)
    answering.describe(Resource(b"", resource.media_type), None if chunked else fault.size)
    if chunked:
        answering.send_header("Transfer-Encoding", "chunked")
    answering.end_headers()
    if answering.command == "HEAD":
        return
    _pour(answering, (_chunk(piece) if chunked else piece for piece in zeros(fault.size)))
    if chunked:
        answering.wfile.write(_chunk(b""))


def _endless_headers(answering: Answering, fault: Fault, resource: Resource) -> None:
    answering.begin(200, counted=0)
    answering.flush_headers()
    _pour(answering, (f"X-Filler-{n}: {'0' * 200}\r\n".encode() for n in range(_ENDLESS)))


def _bad_chunking(answering: Answering, fault: Fault, resource: Resource) -> None:
    answering.begin(200, counted=0)
    answering.describe(Resource(b"", resource.media_type), None)
    answering.send_header("Transfer-Encoding", "chunked")
    answering.end_headers()
    answering.wfile.write(
        _chunk(resource.body[: int(len(resource.body) * fault.share)]) + b"zz\r\n" + resource.body
    )


def _bad_status_line(answering: Answering, fault: Fault, resource: Resource) -> None:
    _raw(answering, b"ICY 200 OK\r\n\r\n")


def _closed(answering: Answering, fault: Fault, resource: Resource) -> None:
    _raw(answering, b"")


def _tls_alert(answering: Answering, fault: Fault, resource: Resource) -> None:
    _raw(answering, _TLS_HANDSHAKE_FAILURE)


def _raw(answering: Answering, answer: bytes) -> None:
    answering.count(0)
    answering.wfile.write(answer)
    answering.wfile.flush()


def _chunk(piece: bytes) -> bytes:
    return f"{len(piece):x}\r\n".encode() + piece + b"\r\n"


def _pour(answering: Answering, pieces: Iterable[bytes]) -> None:
    """Sends piece after piece until the client goes away or the server ends."""
    for piece in pieces:
        if answering.owner.stopping.is_set():
            answering.close_connection = True
            break
        answering.wfile.write(piece)


_SPECIAL: Mapping[FaultKind, Callable[[Answering, Fault, Resource], None]] = {
    FaultKind.DRIP: _drip,
    FaultKind.RESET: _reset,
    FaultKind.WRONG_LENGTH: _wrong_length,
    FaultKind.COOKIE_GATE: _cookie_gate,
    FaultKind.GZIP_BOMB: _gzip_bomb,
    FaultKind.HUGE: _huge,
    FaultKind.ENDLESS_HEADERS: _endless_headers,
    FaultKind.BAD_CHUNKING: _bad_chunking,
    FaultKind.BAD_STATUS_LINE: _bad_status_line,
    FaultKind.CLOSED: _closed,
    FaultKind.TLS_ALERT: _tls_alert,
}


def wrong_answer(fault: Fault, resource: Resource, hit: int) -> Resource:
    """The answer of a fault that is a complete HTTP answer. hit: which request for the address this is."""
    if fault.kind is FaultKind.REDIRECT:
        location = fault.location.replace("{n}", str(hit))
        status = 302 if fault.status == HTTPStatus.OK else fault.status
        return Resource(b"", HTML, status=status, headers=(("Location", location), *fault.headers))
    if fault.kind is FaultKind.EMPTY:
        return Resource(b"", resource.media_type)
    if fault.kind is FaultKind.TRUNCATED:
        keep = int(len(resource.body) * fault.share)
        return Resource(resource.body[:keep], resource.media_type, resource.last_modified)
    if fault.kind is FaultKind.RELABELLED:
        body, label = relabelled(resource.body.decode("utf-8"), fault.encoding, fault.charset)
        return Resource(body, label, resource.last_modified)
    if fault.kind is FaultKind.FILE:
        return Resource(*bad_file(fault.page), resource.last_modified)
    status = fault.status
    return Resource(fault.page.encode(), f"{HTML}; charset=utf-8", status=status, headers=fault.headers)
