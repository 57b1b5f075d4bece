"""One server on loopback for many simulated hosts: real HTTP/1.1, conditional requests, counters, faults on the wire."""

from __future__ import annotations

import os
import re
import socket
import struct
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

from .faults import Fault, FaultKind
from .site import HTML, Resource, Site

_SERVER_NAME = "simulated-district"
_MISSING = "<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center></body></html>"
_WAIT_SECONDS = 5.0
_CHARSET = re.compile(r"<meta[^>]*charset=[^>]*>", re.IGNORECASE)


class RequestCounter:
    """How often each (host, path, status) was answered. Safe to read while the server runs."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str, int]] = Counter()
        self._lock = threading.Lock()

    def add(self, host: str, path: str, status: int) -> None:
        """Counts one answer."""
        with self._lock:
            self._counts[(host, path, status)] += 1

    def counts(self) -> dict[tuple[str, str, int], int]:
        """A copy of all counts."""
        with self._lock:
            return dict(self._counts)

    def total(self, *, host: str | None = None, path: str | None = None, status: int | None = None) -> int:
        """The number of answers that agree with everything given; status 0 counts broken-off answers."""
        return sum(
            count
            for (a_host, a_path, a_status), count in self.counts().items()
            if host in (None, a_host) and path in (None, a_path) and status in (None, a_status)
        )

    def clear(self) -> None:
        """Starts again from nothing."""
        with self._lock:
            self._counts.clear()


class SimulatedSites:
    """Serves websites by host name. Use `serve`; `port`, `resolve` and `requests` are there while it runs."""

    def __init__(self, hosts: Mapping[str, Site]) -> None:
        self._hosts = {host.lower(): site for host, site in hosts.items()}
        self._server: _Server | None = None
        self._closed_port: int | None = None
        self.requests = RequestCounter()

    @property
    def port(self) -> int:
        """The port that is listened on. Raises RuntimeError when nothing is served."""
        if self._server is None:
            raise RuntimeError(
                "the simulated sites are not being served; use them inside `with sites.serve():`"
            )
        return int(self._server.server_address[1])

    @property
    def resolve(self) -> str:
        """The setting NIANBAO_RESOLVE that leads to these sites: host=127.0.0.1:port, comma separated.

        Hosts that refuse connections are led to a port that nobody listens on.
        """
        port, closed = self.port, self._closed_port
        pairs = (
            f"{host}=127.0.0.1:{closed if site.refused else port}"
            for host, site in sorted(self._hosts.items())
        )
        return ",".join(pairs)

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[SimulatedSites]:
        """Serves on 127.0.0.1 until the block ends; port 0 takes a free one. Raises OSError when the port is taken."""
        with socket.socket() as closed, _Server(("127.0.0.1", port), self._hosts, self.requests) as server:
            closed.bind(("127.0.0.1", 0))  # bound and never listening: connections are refused
            self._closed_port = int(closed.getsockname()[1])
            self._server = server
            thread = threading.Thread(
                target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
            )
            thread.start()
            try:
                yield self
            finally:
                server.stopping.set()
                server.shutdown()
                thread.join(_WAIT_SECONDS)
                self._server = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], hosts: Mapping[str, Site], requests: RequestCounter) -> None:
        self.hosts = hosts
        self.requests = requests
        self.stopping = threading.Event()
        self._hits: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        super().__init__(address, _Handler)

    def hit(self, host: str, target: str) -> int:
        """Which request for a target this is, from 1."""
        with self._lock:
            self._hits[(host, target)] += 1
            return self._hits[(host, target)]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is no news here; everything else is."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(cast(socket.socket, request), client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = _SERVER_NAME
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave in one piece
    timeout = 60

    def log_message(self, format: str, *args: object) -> None:
        """Requests are counted, not printed."""

    def do_GET(self) -> None:
        """Answers with the resource, a 304, or the fault that is set for the address."""
        self._answer()

    def do_HEAD(self) -> None:
        """As GET, without the body."""
        self._answer()

    @property
    def _owner(self) -> _Server:
        return cast(_Server, self.server)

    def _answer(self) -> None:
        host = self.headers.get("Host", "").rsplit(":", 1)[0].lower()
        site = self._owner.hosts.get(host)
        if site is None:
            self._send(host, Resource(f"no such host here: {host}".encode(), "text/plain", status=421))
            return
        # an endless redirect counts up in the query, the fault belongs to the path
        bare = self.path.split("?", 1)[0]
        target = self.path if site.fault(self.path) or not site.fault(bare) else bare
        fault = site.fault(target)
        hit = self._owner.hit(host, target)
        resource = site.find(self.path)
        if fault and (not fault.times or hit <= fault.times):
            self._misbehave(host, fault, hit, resource or Resource(b"", HTML))
        elif resource is None:
            self._send(host, Resource(_MISSING.encode(), HTML, status=404))
        elif self._unchanged(resource):
            self._not_modified(host, resource)
        else:
            self._send(host, resource)

    # --- what is right ---------------------------------------------------------------------------------------

    def _unchanged(self, resource: Resource) -> bool:
        """True if the request's validators say that the client has this very content (RFC 9110: the tag wins)."""
        if resource.last_modified is None or resource.status != HTTPStatus.OK:
            return False
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return (
                resource.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
                or tags.strip() == "*"
            )
        since = self.headers.get("If-Modified-Since")
        if since is None:
            return False
        try:
            return _whole(resource.last_modified) <= parsedate_to_datetime(since).astimezone(UTC)
        except (TypeError, ValueError):
            return False  # a date that cannot be read is to be ignored

    def _not_modified(self, host: str, resource: Resource) -> None:
        self._begin(host, 304)
        self._validators(resource)
        self.end_headers()

    def _send(self, host: str, resource: Resource, length: int | None = None) -> None:
        self._begin(host, resource.status)
        self._describe(resource, len(resource.body) if length is None else length)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(resource.body)

    def _begin(self, host: str, status: int, counted: int | None = None) -> None:
        self._owner.requests.add(host, self.path, status if counted is None else counted)
        self.send_response(status)

    def _describe(self, resource: Resource, length: int) -> None:
        self.send_header("Content-Type", resource.media_type)
        self.send_header("Content-Length", str(length))
        for name, value in resource.headers:
            self.send_header(name, value)
        self._validators(resource)

    def _validators(self, resource: Resource) -> None:
        if resource.last_modified is not None:
            self.send_header("ETag", resource.etag)
            self.send_header("Last-Modified", format_datetime(_whole(resource.last_modified), usegmt=True))

    # --- what goes wrong -------------------------------------------------------------------------------------

    def _misbehave(self, host: str, fault: Fault, hit: int, resource: Resource) -> None:
        if fault.kind is FaultKind.DRIP:
            self._drip(host, fault, resource)
        elif fault.kind in (FaultKind.RESET, FaultKind.WRONG_LENGTH):
            self._break_off(host, fault, resource)
        else:
            self._send(host, wrong_answer(fault, resource, hit))

    def _drip(self, host: str, fault: Fault, resource: Resource) -> None:
        self._begin(host, resource.status)
        self._describe(resource, len(resource.body))
        self.end_headers()
        self.wfile.flush()
        size = max(1, len(resource.body) // fault.pieces)
        for start in range(0, len(resource.body), size):
            if self._owner.stopping.wait(fault.seconds):
                break
            self.wfile.write(resource.body[start : start + size])
            self.wfile.flush()
        self.close_connection = True

    def _break_off(self, host: str, fault: Fault, resource: Resource) -> None:
        part = resource.body[: int(len(resource.body) * fault.share)]
        reset = fault.kind is FaultKind.RESET
        self._begin(host, resource.status, counted=0)
        # a wrong length comes with the whole body, and the announced rest never follows
        self._describe(resource, len(resource.body) + (0 if reset else 1000))
        self.end_headers()
        self.wfile.write(part if reset else resource.body)
        self.wfile.flush()
        if reset:  # lingering zero seconds, and closed at once: the client sees RST instead of an orderly end
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())
        self.close_connection = True


def wrong_answer(fault: Fault, resource: Resource, hit: int) -> Resource:
    """The answer of a fault that is a complete HTTP answer. hit: which request for the address this is."""
    if fault.kind is FaultKind.REDIRECT:
        location = fault.location.replace("{n}", str(hit))
        return Resource(b"", HTML, status=302, headers=(("Location", location), *fault.headers))
    if fault.kind is FaultKind.EMPTY:
        return Resource(b"", resource.media_type)
    if fault.kind is FaultKind.TRUNCATED:
        keep = int(len(resource.body) * fault.share)
        return Resource(resource.body[:keep], resource.media_type, resource.last_modified)
    if fault.kind is FaultKind.RELABELLED:
        label = f"{HTML}; charset={fault.charset}" if fault.charset else HTML
        return Resource(_relabelled(fault, resource), label, resource.last_modified)
    status = fault.status
    return Resource(fault.page.encode(), f"{HTML}; charset=utf-8", status=status, headers=fault.headers)


def _relabelled(fault: Fault, resource: Resource) -> bytes:
    """A UTF-8 page in another encoding, with the fault's label in its head, or none."""
    said = f'<meta charset="{fault.charset}">' if fault.charset else ""
    page = _CHARSET.sub(said, resource.body.decode("utf-8"), count=1)
    return page.encode(fault.encoding)


def _whole(moment: datetime) -> datetime:
    """UTC without the fraction of a second, as HTTP dates are."""
    return moment.astimezone(UTC).replace(microsecond=0)
