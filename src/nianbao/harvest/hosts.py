"""What a fetcher keeps of one host during a refresh: its turn, its pace, its connection, and why it is left alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar, get_cookie_header
from urllib3.response import BaseHTTPResponse

from nianbao.harvest.addresses import ascii_host
from nianbao.harvest.transport import Connections, Line

if TYPE_CHECKING:
    from nianbao.harvest.robots import Rules

# A site that sets more cookies than this is not remembered by any of them.
_COOKIES, _COOKIE_CHARACTERS = 50, 16_384


@dataclass(slots=True)
class Wire:
    """What goes to a host with every request: headers and cookies; and the connections that carry it.

    Not a requests.Session: it would merge proxies, .netrc and defaults that are none of ours into every request, which costs
    as much as the exchange. What is fetched depends on the settings alone.
    """

    connections: Connections
    headers: Mapping[str, str]
    cookies: RequestsCookieJar = field(default_factory=RequestsCookieJar)

    def send(
        self, url: str, headers: Mapping[str, str], timeout: tuple[float, float]
    ) -> tuple[BaseHTTPResponse, dict[str, str]]:
        """Asks for `url`, follows nothing and leaves the body to be read; returns the answer, and the headers that were sent.

        timeout: to connect, to read, in seconds. Raises what `Connections.ask` raises, and ValueError for no address.
        """
        parts = urlsplit(url)
        # Else the Host header would be made from the place that a host is led to.
        host = ascii_host(parts.netloc.rpartition("@")[2])
        sent = {**self.headers, **headers, "Host": host}
        if len(self.cookies):
            cookies = get_cookie_header(self.cookies, _prepared(url, sent))  # type: ignore[no-untyped-call]
            sent |= {"Cookie": cookies} if cookies else {}
        answer = self.connections.ask(parts, sent, timeout)
        if "Set-Cookie" in answer.headers:
            extract_cookies_to_jar(self.cookies, _prepared(url, sent), answer)  # type: ignore[no-untyped-call]
            self._trim_cookies()
        return answer, sent

    def close(self) -> None:
        """Closes the connection."""
        self.connections.close()

    def _trim_cookies(self) -> None:
        """Forgets the cookies when there are more of them than any site needs."""
        jar = self.cookies
        if len(jar) > _COOKIES or sum(len(c.name) + len(c.value or "") for c in jar) > _COOKIE_CHARACTERS:
            jar.clear()


@dataclass(slots=True)
class Host:
    """One host. Whoever asks it holds `turn`, so that there is one request at a time.

    left_alone: why it is asked nothing more in this refresh, '' while it may be. failures: connections in a row that
    brought no answer. robots: by site (scheme, host and port).
    """

    name: str
    turn: threading.RLock = field(default_factory=threading.RLock)
    left_alone: str = ""
    failures: int = 0
    robots: dict[str, Rules] = field(default_factory=dict)
    _free_from: float = 0.0
    _wires: dict[bool, Wire] = field(default_factory=dict)

    def wire(
        self, trusted: bool, connect_to: Mapping[str, tuple[str, int]], headers: Mapping[str, str]
    ) -> Wire:
        """The host's connection; one of its own for sources that may lie on private addresses."""
        wire = self._wires.get(trusted)
        if wire is None:
            wire = self._wires[trusted] = Wire(Connections(Line(connect_to, trusted)), headers)
        return wire

    def pause(self, delay: float, sleep: Callable[[float], None]) -> None:
        """Waits until `delay` seconds after the end of the last answer."""
        left = self._free_from + delay - time.monotonic()
        if self._free_from and left > 0:
            sleep(left)

    def answered(self) -> None:
        """An exchange has ended now; the pause begins."""
        self._free_from = time.monotonic()

    def close(self) -> None:
        """Closes the host's connections."""
        for wire in self._wires.values():
            wire.close()


def _prepared(url: str, headers: Mapping[str, str]) -> requests.PreparedRequest:
    """A request as the cookies want to see it."""
    return requests.Request("GET", url, headers=dict(headers)).prepare()
