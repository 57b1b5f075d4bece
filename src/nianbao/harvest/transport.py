"""The connections of one host: to judged addresses only, and within a time.

It can lead a host to a given address, as curl's --connect-to does: the address in the request, the Host header, the
certificate's name and the archive keep the host's name; only the connection differs.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import SplitResult

from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Retry, Timeout

from nianbao.harvest.addresses import ascii_host
from nianbao.harvest.network import PrivateAddressError, is_public

_PLACES_TRIED = 4
# A refused connection is not tried again here: the fetcher decides about that.
_NO_RETRIES = Retry(total=False)


@dataclass(slots=True)
class Line:
    """What the connections of a host go by.

    connect_to: host → (address, port), where the operator leads hosts. trusted: any address will do (a simulation).
    deadline: the monotonic time after which nothing more is read; the fetcher sets it anew for every request.
    """

    connect_to: Mapping[str, tuple[str, int]]
    trusted: bool = False
    deadline: float = float("inf")


class _Timed:
    """Stops reading at the line's deadline: a server that sends a byte now and then, in its headers, its chunks or
    after its body, would otherwise hold the fetcher for as long as it likes.
    """

    line = Line({})

    def recv_into(self, *arguments: Any, **named: Any) -> int:
        """Reads as usual. Raises TimeoutError after the deadline."""
        if time.monotonic() > self.line.deadline:
            raise TimeoutError("timed out: the deadline of the exchange has passed")
        received: int = super().recv_into(*arguments, **named)  # type: ignore[misc]
        return received


class _TimedSocket(_Timed, socket.socket):
    pass


class _TimedSSLSocket(_Timed, ssl.SSLSocket):
    pass


class _SecureConnection(HTTPSConnection):
    line: Line

    def connect(self) -> None:
        """Connects as usual; what the secure connection reads is timed too."""
        super().connect()
        if isinstance(self.sock, _TimedSSLSocket):
            self.sock.line = self.line


@cache
def _tls() -> ssl.SSLContext:
    """One for all hosts: the authorities' certificates take a while to read."""
    context = ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
    context.sslsocket_class = _TimedSSLSocket
    return context


class _Connecting:
    """What both kinds of connections share: the name is looked up once, and what it says is judged and connected to."""

    line: Line
    host: str
    port: int
    timeout: Any
    socket_options: Any

    def _new_conn(self) -> socket.socket:
        places = self._places()
        problem: OSError | None = None
        for family, address in places[:_PLACES_TRIED]:
            sock = _TimedSocket(family, socket.SOCK_STREAM)
            sock.line = self.line
            try:
                for option in self.socket_options or ():
                    sock.setsockopt(*option)
                sock.settimeout(self.timeout)
                sock.connect(address)
            except OSError as error:
                sock.close()
                problem = error
            else:
                return sock
        connection: Any = self
        if isinstance(problem, TimeoutError):
            raise ConnectTimeoutError(connection, f"no connection within {self.timeout:g} s") from problem
        raise NewConnectionError(connection, f"{problem or 'the name leads to no address'}") from problem

    def _places(self) -> list[tuple[socket.AddressFamily, Any]]:
        mapped = self.line.connect_to.get(self.host.lower())
        host, port = mapped or (self.host, self.port)
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            reason = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
            connection: Any = self
            raise NameResolutionError(self.host, connection, reason) from error
        places = [(entry[0], entry[4]) for entry in found]
        if mapped is not None or self.line.trusted:
            return places
        public = [place for place in places if is_public(str(place[1][0]))]
        if places and not public:
            raise PrivateAddressError(f"{self.host} leads to {places[0][1][0]}")
        return public


class _PlainConnection(_Connecting, HTTPConnection):
    pass


class _TLSConnection(_Connecting, _SecureConnection):
    pass


class _AlongLine:
    """A pool whose connections go by its line."""

    line: Line

    def _new_conn(self) -> Any:
        connection = super()._new_conn()  # type: ignore[misc]
        connection.line = self.line
        return connection


class _PlainPool(_AlongLine, HTTPConnectionPool):
    ConnectionCls: Any = _PlainConnection


class _TLSPool(_AlongLine, HTTPSConnectionPool):
    ConnectionCls: Any = _TLSConnection


class Connections:
    """Connections of one host, one at a time, along `line`.

    A stand-in for a site has no certificate of the site's: it is spoken to in plain HTTP, whatever the address says,
    unless its port is 443.
    """

    def __init__(self, line: Line) -> None:
        self.line = line
        # By scheme, host and port: few, since a source names its hosts and their ports.
        self._pools: dict[tuple[str, str, int], _PlainPool | _TLSPool] = {}

    def ask(
        self, parts: SplitResult, headers: Mapping[str, str], timeout: tuple[float, float]
    ) -> BaseHTTPResponse:
        """Sends GET and returns when the headers of the answer are there. timeout: to connect, to read, in seconds.

        Raises what urllib3 raises; PrivateAddressError where a name leads to no public address.
        """
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return self._pool(parts).urlopen(
            "GET",
            target,
            headers=headers,
            retries=_NO_RETRIES,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
            decode_content=False,
            timeout=Timeout(connect=timeout[0], read=timeout[1]),
        )

    def close(self) -> None:
        """Closes the connections; others can be made after it."""
        while self._pools:
            self._pools.popitem()[1].close()

    def _pool(self, parts: SplitResult) -> HTTPConnectionPool:
        host = ascii_host(parts.hostname or "")
        mapped = self.line.connect_to.get(host)
        scheme = "http" if mapped and mapped[1] != 443 else parts.scheme
        port = parts.port or (443 if parts.scheme == "https" else 80)
        pool = self._pools.get((scheme, host, port))
        if pool is None:
            if scheme == "https":
                pool = _TLSPool(host, port, maxsize=1, ssl_context=_tls())
            else:
                pool = _PlainPool(host, port, maxsize=1)
            pool.line = self.line
            self._pools[scheme, host, port] = pool
        return pool
