"""What a fetcher keeps of one host during a refresh: its turn, its pace, its connection, and why it is left alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import requests
from requests.cookies import RequestsCookieJar
from requests.structures import CaseInsensitiveDict

from nianbao.harvest.transport import HostAdapter, Line

if TYPE_CHECKING:
    from nianbao.harvest.robots import Rules

# A site that sets more cookies than this is not remembered by any of them.
_COOKIES, _COOKIE_CHARACTERS = 50, 16_384


@dataclass(slots=True)
class Wire:
    """What goes to a host with every request: headers and cookies; and the adapter that carries it.

    No requests.Session: it would merge proxies, .netrc and defaults that are none of ours into every request, which costs as
    much as the exchange. What is fetched depends on the settings alone.
    """

    adapter: HostAdapter
    headers: Mapping[str, str]
    cookies: RequestsCookieJar = field(default_factory=RequestsCookieJar)

    def send(self, url: str, headers: Mapping[str, str], timeout: tuple[float, float]) -> requests.Response:
        """Asks for `url`, follows nothing and leaves the body to be read. timeout: to connect, to read, in seconds.

        Raises what requests raises; PrivateAddressError where a name leads to no public address.
        """
        request = requests.PreparedRequest()
        request.prepare_method("GET")
        request.prepare_url(url, None)
        request.headers = CaseInsensitiveDict({**self.headers, **headers})
        if len(self.cookies):
            request.prepare_cookies(self.cookies)
        response = self.adapter.send(request, stream=True, timeout=timeout)
        if len(response.cookies):
            self.cookies.update(response.cookies)
            self._trim_cookies()
        return response

    def close(self) -> None:
        """Closes the connection."""
        self.adapter.close()

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
            adapter = HostAdapter(Line(connect_to, trusted))
            wire = self._wires[trusted] = Wire(adapter, headers)
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
