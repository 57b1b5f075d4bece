"""Where `nianbao serve` listens, and how it says that it cannot."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass


class ServeError(Exception):
    """Something that belongs to the service cannot start or has ended; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where to listen: an address, the port of the Prefect server, the port of the web side."""

    host: str
    port: int
    web_port: int

    @property
    def near(self) -> str:
        """The address by which this machine reaches what listens there, as it stands in a URL."""
        address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"[{address}]" if ":" in address else address

    @property
    def loopback(self) -> bool:
        """True if nobody from elsewhere can connect."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"
