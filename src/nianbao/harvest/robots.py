"""robots.txt, read once per host and harvest (RFC 9309)."""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from nianbao.harvest.fetcher import Fetcher
from nianbao.model import Outcome


class Robots:
    """Answers whether an address may be fetched. An absent file allows all; a server error forbids all tonight."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._rules: dict[str, RobotFileParser | None] = {}

    def refusal(self, url: str, delay: float) -> str:
        """A sentence why `url` may not be fetched, '' if it may."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = self._load(site, delay)
        rules = self._rules[site]
        if rules is None:
            return f"{site}/robots.txt answered with a server error, so {url} was left alone tonight"
        if not rules.can_fetch(self._fetcher.user_agent, url):
            return f"{site}/robots.txt forbids {url}; it stays unread unless the site allows it"
        return ""

    def _load(self, site: str, delay: float) -> RobotFileParser | None:
        url = f"{site}/robots.txt"
        exchange = self._fetcher.fetch(url, hosts=[urlsplit(site).hostname or ""], delay=delay)
        if exchange.outcome is Outcome.SERVER_ERROR:
            return None
        rules = RobotFileParser(url)
        # Anything but a readable file (absent, unreachable, moved elsewhere) forbids nothing.
        rules.parse(exchange.body.decode("utf-8-sig", "replace").splitlines())
        return rules
