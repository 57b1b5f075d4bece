"""One server on loopback for many simulated hosts: real HTTP/1.1, conditional requests, counters, faults on the wire."""

from __future__ import annotations

import socket
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from typing import cast

from .handler import Handler
from .site import Site

_WAIT_SECONDS = 5.0


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
        super().__init__(address, Handler)

    def hit(self, host: str, target: str) -> int:
        """Which request for a target this is, from 1."""
        with self._lock:
            self._hits[(host, target)] += 1
            return self._hits[(host, target)]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is no news here; everything else is."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(cast(socket.socket, request), client_address)
