"""What all looks of a refresh share: the hosts with their turns and connections, the clock, the memory."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from datetime import datetime

from nianbao import __version__, clock
from nianbao.harvest.exchange import Exchange
from nianbao.harvest.hosts import Host
from nianbao.harvest.memory import Memory
from nianbao.harvest.request import Limit, request
from nianbao.harvest.robots import ROBOT
from nianbao.harvest.visit import Visit
from nianbao.model import Source
from nianbao.settings import Settings

_LONGEST_BACKOFF = 60.0


def _utc_now() -> datetime:
    return clock.now()


class Fetcher:
    """One for a refresh; threads share it. Each looks at its sources by visits of its own (`visit`).

    memory: where robots.txt files are remembered from night to night. sleep, now: the clock. jitter: the dice of the
    pauses before further tries.
    """

    def __init__(
        self,
        settings: Settings,
        memory: Memory | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = _utc_now,
        jitter: random.Random | None = None,
    ) -> None:
        self.settings = settings
        self.memory = memory
        self.sleep = sleep
        self.now = now
        self._jitter = jitter or random.Random()  # noqa: S311  # it spreads requests and guards nothing
        self._hosts: dict[str, Host] = {}
        self._guard = threading.Lock()
        contact = f" (+{settings.contact})" if settings.contact else ""
        self.user_agent = f"{ROBOT}/{__version__}{contact}"
        self._headers = {
            "User-Agent": self.user_agent,
            "Accept": "*/*",
            "Accept-Language": "zh-CN,zh;q=0.9",
            "Accept-Encoding": "gzip, deflate",
            "Connection": "keep-alive",
        }

    def visit(self, source: Source) -> Visit:
        """Begins a look at a source. Raises ValueError when its window is none."""
        return Visit(self, source)

    def host(self, name: str) -> Host:
        """What is kept of a host."""
        with self._guard:
            host = self._hosts.get(name)
            if host is None:
                host = self._hosts[name] = Host(name)
            return host

    def send(self, url: str, headers: dict[str, str], host: Host, trusted: bool, limit: Limit) -> Exchange:
        """Asks for an address once, now. The caller has the host's turn."""
        wire = host.wire(trusted, self.settings.connect_to, self._headers)
        return request(url, headers, wire, self.settings, limit, self.now())

    def backoff(self, tries: int) -> float:
        """Seconds before a further try, anywhere between none and a span that doubles with each (full jitter)."""
        span = min(_LONGEST_BACKOFF, self.settings.retry_wait * 2.0 ** min(tries, 30))
        with self._guard:
            return self._jitter.uniform(0.0, span)

    def close(self) -> None:
        """Closes all connections; the fetcher can be used again after it."""
        for host in list(self._hosts.values()):
            with host.turn:
                host.close()
