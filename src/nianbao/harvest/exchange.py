"""One look at an address, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from nianbao.model import Outcome


@dataclass(frozen=True, slots=True)
class Exchange:
    """One look at an address, redirects included. body is empty unless outcome is OK.

    url: what was asked for. final_url: what answered after redirects. status: 0 where nothing answered.
    moved_to: where permanent redirects (301, 308) lead, '' where there are none or a temporary one comes first.
    retry_after: seconds that the site asks to wait, None where it does not say.
    """

    url: str
    final_url: str
    outcome: Outcome
    sentence: str
    fetched_at: datetime
    status: int = 0
    reason: str = ""
    request_headers: tuple[tuple[str, str], ...] = ()
    response_headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    moved_to: str = ""
    retry_after: float | None = None

    def header(self, name: str) -> str:
        """A response header, '' if absent."""
        return next((v for k, v in self.response_headers if k.lower() == name.lower()), "")
