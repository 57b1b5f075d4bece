"""robots.txt (RFC 9309): what a site forbids, and the pace it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego

from nianbao.harvest.exchange import Exchange
from nianbao.model import Outcome

# The product's name in the User-Agent, by which a robots.txt speaks to it.
ROBOT = "nianbao"
MAX_BYTES = 512_000
FRESH = timedelta(hours=24)
# Nothing can be said about a site whose robots.txt ended so: it is left alone (RFC 9309, 2.3.1.4).
_UNKNOWN = frozenset(
    {
        Outcome.UNREACHABLE,
        Outcome.TIMEOUT,
        Outcome.SERVER_ERROR,
        Outcome.BROKEN_TRANSFER,
        Outcome.THROTTLED,
        Outcome.POSTPONED,
    }
)


@dataclass(frozen=True, slots=True)
class RobotsNote:
    """A robots.txt as it was last seen. site: scheme, host and port. text: '' where there is none. status: HTTP's."""

    site: str
    text: str
    etag: str
    last_modified: str
    looked_at: datetime
    status: int

    def is_fresh(self, now: datetime) -> bool:
        """True while it need not be asked for again."""
        return timedelta(0) <= now - self.looked_at < FRESH


class Rules:
    """What one robots.txt says; or, where it could not be had, why its site is left alone (`unknown`)."""

    def __init__(self, site: str, text: str, unknown: Exchange | None = None) -> None:
        self._site = site
        self._parsed = Protego.parse(text)
        self.unknown = unknown

    @property
    def delay(self) -> float:
        """Seconds between two requests that the file asks for, 0 where it does not."""
        return self._parsed.crawl_delay(ROBOT) or 0.0

    def refusal(self, url: str) -> str:
        """A sentence why `url` may not be fetched, '' if it may."""
        if self._parsed.can_fetch(url, ROBOT):
            return ""
        return f"{self._site}/robots.txt forbids {url}; it stays unread unless the site allows it"


def rules_from(
    site: str, exchange: Exchange, known: RobotsNote | None, now: datetime
) -> tuple[Rules, RobotsNote | None]:
    """What the answer to a request for robots.txt says, and what to remember of it, None for nothing.

    Absent, or not to be read at all, it forbids nothing. Without an answer from the site, what was known stays valid;
    where nothing was known, the site is left alone.
    """
    if exchange.outcome is Outcome.NOT_MODIFIED and known is not None:
        etag = exchange.header("ETag") or known.etag
        modified = exchange.header("Last-Modified") or known.last_modified
        return Rules(site, known.text), RobotsNote(site, known.text, etag, modified, now, known.status)
    if exchange.outcome in _UNKNOWN or exchange.status >= 500:
        return (Rules(site, known.text), None) if known is not None else (Rules(site, "", exchange), None)
    text = exchange.body.decode("utf-8-sig", "replace")
    if not exchange.status:
        return Rules(site, text), None
    note = RobotsNote(
        site, text, exchange.header("ETag"), exchange.header("Last-Modified"), now, exchange.status
    )
    return Rules(site, text), note
