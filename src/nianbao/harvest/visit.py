"""One look at one source: where it may lead, at what pace, when, and how often; every refusal is an Exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from nianbao.harvest.addresses import ascii_host
from nianbao.harvest.bounds import Bounds
from nianbao.harvest.exchange import Exchange
from nianbao.harvest.hosts import Host
from nianbao.harvest.judging import PERMANENT_REDIRECTS, REDIRECTS
from nianbao.harvest.request import Limit
from nianbao.harvest.robots import MAX_BYTES, Rules, rules_from
from nianbao.harvest.window import Window
from nianbao.model import Outcome, Source

if TYPE_CHECKING:
    from nianbao.harvest.fetcher import Fetcher

_RETRIED = frozenset({Outcome.TIMEOUT, Outcome.SERVER_ERROR, Outcome.BROKEN_TRANSFER, Outcome.UNREACHABLE})


class Visit:
    """A look at one source, for one thread. requests: made so far; retries, redirects and robots.txt count.

    Raises ValueError when the source's window is none.
    """

    def __init__(self, fetcher: Fetcher, source: Source) -> None:
        self.requests = 0
        self._fetcher = fetcher
        self._settings = fetcher.settings
        self._source = source
        try:
            self._window = Window(source.window)
        except ValueError as error:
            raise ValueError(f"source {source.source_id}: window: {error}") from error
        self._bounds = Bounds(source)
        self._hosts: dict[
            str, Host
        ] = {}  # by host as an address writes it, with its port: each request asks several times

    def canonical(self, url: str) -> str:
        """The one address of a page, as this source writes it (`addresses.canonical`)."""
        return self._bounds.canonical(url)

    def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Exchange:
        """Looks at `url`, conditionally if validators are given; never raises for what a site does.

        It tries again where that can help, waits where the site asks for it, and says in a sentence why it did not
        ask: the host is not allowed or not public, robots.txt, the window, the budget, or a host that is left alone.
        """
        headers = {}
        if _sendable(etag):
            headers["If-None-Match"] = etag
        if _sendable(last_modified):
            headers["If-Modified-Since"] = last_modified
        exchange = self._persist(self._bounds.at_home(url), url, headers)
        if exchange.outcome is Outcome.NOT_MODIFIED and not headers:
            sentence = f"{url} answered 304, though nothing was known about it; it is tried again next time"
            return replace(exchange, outcome=Outcome.BROKEN_TRANSFER, sentence=sentence)
        return exchange

    # --- tries ---

    def _persist(self, target: str, url: str, headers: Mapping[str, str], *, robots: bool = True) -> Exchange:
        tries = 0
        while True:
            exchange = replace(self._follow(target, headers, robots=robots), url=url)
            asked = exchange.retry_after if exchange.status in (429, 503) else None
            if robots and self._left_alone_by_robots(exchange.final_url):
                return exchange  # robots.txt was tried again as often as it may be
            last = tries >= self._settings.retries
            if exchange.outcome is Outcome.THROTTLED or asked is not None:
                if last or (asked or 0.0) > self._settings.retry_after_max:
                    return self._throttled(exchange, asked)
            elif last or exchange.outcome not in _RETRIED:
                return exchange
            if self._why_not(exchange.final_url):
                return exchange  # the first answer says more than that nobody asked again
            self._fetcher.sleep(asked if asked is not None else self._fetcher.backoff(tries))
            tries += 1

    def _throttled(self, exchange: Exchange, asked: float | None) -> Exchange:
        host = self._host(exchange.final_url)
        wish = f"to come back in {asked:.0f} s" if asked is not None else "for fewer requests"
        host.left_alone = f"{host.name} answered {exchange.status} and asked {wish}"
        sentence = (
            f"{exchange.final_url} answered {exchange.status} and asks {wish};"
            f" {host.name} is left alone until the next refresh"
        )
        return replace(exchange, outcome=Outcome.THROTTLED, sentence=sentence)

    # --- redirects ---

    def _follow(self, url: str, headers: Mapping[str, str], *, robots: bool) -> Exchange:
        target, moved_to, for_good = url, "", True
        asked, cookie, again = {url}, False, True
        exchange: Exchange | None = None
        for _ in range(self._settings.max_redirects + 1):
            refused = self._refused(target, exchange, robots)
            if refused is not None:
                return refused
            exchange = replace(self._ask(target, headers, robots), moved_to=moved_to)
            if exchange.status not in REDIRECTS or exchange.outcome is not Outcome.OK:
                return exchange
            if not exchange.header("Location"):
                sentence = f"{target} answered {exchange.status} without saying where to go; the site has to mend this"
                return replace(exchange, outcome=Outcome.REDIRECT_LOOP, sentence=sentence)
            onward = self._bounds.onward(target, exchange.header("Location"))
            cookie = cookie or bool(exchange.header("Set-Cookie"))
            if onward in asked:
                # Some firewalls send a visitor back to where he was, to see whether he keeps their cookie.
                if not (cookie and again):
                    sentence = f"{url} redirects in a circle back to {onward}; the site has to mend this"
                    return replace(exchange, outcome=Outcome.REDIRECT_LOOP, sentence=sentence)
                again = False
            for_good = for_good and exchange.status in PERMANENT_REDIRECTS
            moved_to = onward if for_good else moved_to
            asked.add(onward)
            target = onward
        sentence = f"{url} redirects more than {self._settings.max_redirects} times, last to {target}"
        last = exchange or self._silent(url, Outcome.REDIRECT_LOOP, sentence)
        return replace(last, outcome=Outcome.REDIRECT_LOOP, sentence=sentence)

    # --- refusals ---

    def _refused(self, target: str, before: Exchange | None, robots: bool) -> Exchange | None:
        """Why `target` is not asked; None if it may be. before: the redirect that leads there."""
        outcome, sentence = Outcome.HOST_NOT_ALLOWED, self._bounds.refusal(target)
        if before is not None and before.status in PERMANENT_REDIRECTS and self._bounds.is_elsewhere(target):
            outcome = Outcome.MOVED
            sentence = (
                f"{before.final_url} has moved for good to {target}; if that is the issuer's,"
                " write it into the registry as the source's listing, or its host into `hosts`"
            )
        elif not sentence and robots:
            rules = self._rules(target)
            if rules.unknown is not None:
                return self._unknown(target, rules.unknown)
            outcome, sentence = self._ruled_out(target, rules)
        if not sentence:
            return None
        if before is None:
            return self._silent(target, outcome, sentence)
        moved_to = target if outcome is Outcome.MOVED else before.moved_to
        return replace(before, outcome=outcome, sentence=sentence, moved_to=moved_to)

    def _unknown(self, target: str, robots: Exchange) -> Exchange:
        sentence = f"{target} was left alone, since its robots.txt could not be read: {robots.sentence}"
        return replace(
            robots,
            url=target,
            final_url=target,
            sentence=sentence,
            body=b"",
            moved_to="",
            response_headers=(),
        )

    def _ruled_out(self, target: str, rules: Rules) -> tuple[Outcome, str]:
        if sentence := rules.refusal(target):
            return Outcome.BLOCKED_ROBOTS, sentence
        if rules.delay > self._settings.crawl_delay_max:
            sentence = (
                f"{target} was not asked for: its robots.txt wants {rules.delay:g} s between two requests, more than"
                f" {self._settings.crawl_delay_max:g} s; raise NIANBAO_CRAWL_DELAY_MAX to wait that long"
            )
            return Outcome.POSTPONED, sentence
        return Outcome.OK, ""

    def _why_not(self, url: str) -> str:
        """Why nothing is asked of the address's host at present, '' if it may be asked."""
        host = self._host(url)
        if host.left_alone:
            return f"{url} was left for the next refresh: {host.left_alone}"
        if not self._window.is_open(self._fetcher.now()):
            return f"{url} was left for later: the source may be asked from {self._window.text} only, China's time"
        if self.requests >= self._source.max_requests:
            return (
                f"{url} was left for next time: the look at the source has made its {self._source.max_requests}"
                " requests; raise `max_requests` if that lasts"
            )
        return ""

    def _silent(self, url: str, outcome: Outcome, sentence: str) -> Exchange:
        return Exchange(url, url, outcome, sentence, self._fetcher.now())

    # --- asking ---

    def _ask(self, url: str, headers: Mapping[str, str], robots: bool) -> Exchange:
        host = self._host(url)
        delay = self._source.delay_seconds
        if robots:
            delay = max(delay, self._rules(url).delay)
        limit = Limit(self._settings.max_body_bytes) if robots else Limit(MAX_BYTES, cut=True)
        with host.turn:
            if sentence := self._why_not(url):
                return self._silent(url, Outcome.POSTPONED, sentence)
            host.pause(delay, self._fetcher.sleep)
            self.requests += 1
            exchange = self._fetcher.send(url, dict(headers), host, self._source.simulated, limit)
            host.answered()
            self._count(host, exchange)
        return exchange

    def _count(self, host: Host, exchange: Exchange) -> None:
        silent = not exchange.status and exchange.outcome in (Outcome.UNREACHABLE, Outcome.TIMEOUT)
        host.failures = host.failures + 1 if silent else 0
        if host.failures >= self._settings.failures_in_a_row:
            host.left_alone = f"{host.name} did not answer {host.failures} times in a row"

    def _rules(self, url: str) -> Rules:
        """What the robots.txt of an allowed address says, read once in a refresh and once a day at most."""
        site = _site(url)
        host, memory, now = self._host(url), self._fetcher.memory, self._fetcher.now()
        if site in host.robots:
            return host.robots[site]
        known = memory.robots(site) if memory else None
        if known is not None and known.is_fresh(now):
            rules = host.robots[site] = Rules(site, known.text)
            return rules
        headers = {}
        if known is not None and _sendable(known.etag):
            headers["If-None-Match"] = known.etag
        if known is not None and _sendable(known.last_modified):
            headers["If-Modified-Since"] = known.last_modified
        exchange = self._persist(f"{site}/robots.txt", f"{site}/robots.txt", headers, robots=False)
        rules, note = rules_from(site, exchange, known, now)
        if note is not None and memory:
            memory.note_robots(note)
        if exchange.outcome is not Outcome.POSTPONED:  # else the next visit may be luckier
            host.robots[site] = rules
        return rules

    def _left_alone_by_robots(self, url: str) -> bool:
        rules = self._host(url).robots.get(_site(url)) if not self._bounds.refusal(url) else None
        return rules is not None and rules.unknown is not None

    def _host(self, url: str) -> Host:
        parts = urlsplit(url)
        host = self._hosts.get(parts.netloc)
        if host is None:
            host = self._hosts[parts.netloc] = self._fetcher.host(ascii_host(parts.hostname or ""))
        return host


def _site(url: str) -> str:
    """Scheme, host and port: whatever shares a robots.txt."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _sendable(validator: str) -> bool:
    """True for what can stand in a header; validators come from the site itself."""
    return 0 < len(validator) <= 1_000 and validator.isascii() and validator.isprintable()
