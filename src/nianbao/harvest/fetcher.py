"""Fetches one address politely and says how that ended; never raises for what a website does."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from nianbao import __version__
from nianbao.harvest.transport import ConnectToAdapter
from nianbao.model import Outcome
from nianbao.settings import Settings

_REDIRECTS = {301, 302, 303, 307, 308}
# Statuses that script challenges of Chinese government sites answer with; they are recorded, never circumvented.
_CHALLENGES = {412, 521}
_RETRIED = {Outcome.TIMEOUT, Outcome.SERVER_ERROR, Outcome.BROKEN_TRANSFER, Outcome.UNREACHABLE}


@dataclass(frozen=True, slots=True)
class Exchange:
    """One look at an address, redirects included. body is empty unless outcome is OK.

    url: what was asked for. final_url: what answered after redirects. status: 0 where nothing answered.
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

    def header(self, name: str) -> str:
        """A response header, '' if absent."""
        return next((v for k, v in self.response_headers if k.lower() == name.lower()), "")


class Fetcher:
    """One requests session per thread for all hosts of a harvest, with a pause between two requests to one host."""

    def __init__(self, settings: Settings, sleep: Callable[[float], None] = time.sleep) -> None:
        self._settings = settings
        self._sleep = sleep
        self._next_at: dict[str, float] = {}
        self._guard = threading.Lock()
        self._local = threading.local()
        contact = f" (+{settings.contact})" if settings.contact else ""
        self.user_agent = f"nianbao/{__version__}{contact}"

    def fetch(
        self,
        url: str,
        *,
        hosts: Iterable[str],
        delay: float,
        etag: str = "",
        last_modified: str = "",
    ) -> Exchange:
        """Looks at `url`, conditionally if validators are given, and tries again where that can help.

        hosts: where the address and its redirects may lead. delay: seconds between two requests to one host.
        """
        headers = {}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        allowed = {host.lower() for host in hosts}
        exchange = self._follow(url, headers, allowed, delay)
        wait = self._settings.retry_wait
        for _ in range(self._settings.retries):
            if exchange.outcome not in _RETRIED:
                break
            self._sleep(wait)
            wait *= 2
            exchange = self._follow(url, headers, allowed, delay)
        return exchange

    def _follow(self, url: str, headers: Mapping[str, str], allowed: set[str], delay: float) -> Exchange:
        target, seen = url, {url}
        for _ in range(self._settings.max_redirects + 1):
            refusal = _refusal(target, allowed)
            if refusal:
                return Exchange(url, target, Outcome.HOST_NOT_ALLOWED, refusal, datetime.now(UTC))
            exchange = replace(self._once(target, headers, delay), url=url)
            if exchange.status not in _REDIRECTS:
                return exchange
            if not exchange.header("Location"):
                sentence = f"{target} answered {exchange.status} without saying where to go; the site has to mend this"
                return replace(exchange, outcome=Outcome.REDIRECT_LOOP, sentence=sentence, body=b"")
            target = urljoin(target, exchange.header("Location"))
            if target in seen:
                return replace(
                    exchange,
                    outcome=Outcome.REDIRECT_LOOP,
                    sentence=f"{url} redirects in a circle back to {target}; the site has to mend this",
                )
            seen.add(target)
        return replace(
            exchange,
            outcome=Outcome.REDIRECT_LOOP,
            sentence=f"{url} redirects more than {self._settings.max_redirects} times, last to {target}",
        )

    def _once(self, url: str, headers: Mapping[str, str], delay: float) -> Exchange:
        self._pause(urlsplit(url).hostname or "", delay)
        now = datetime.now(UTC)
        timeout = (self._settings.connect_timeout, self._settings.read_timeout)
        try:
            with self._session().get(
                url, headers=dict(headers), timeout=timeout, stream=True, allow_redirects=False
            ) as response:
                return self._receive(url, response, now)
        except requests.Timeout:
            sentence = f"{url} did not answer within {timeout[1]:g} s; it is tried again next time"
            return Exchange(url, url, Outcome.TIMEOUT, sentence, now)
        except requests.exceptions.SSLError as error:
            sentence = (
                f"{url}: no secure connection ({_cause(error)}); check the address, perhaps it is http only"
            )
            return Exchange(url, url, Outcome.UNREACHABLE, sentence, now)
        except requests.ConnectionError as error:
            sentence = f"{url} cannot be reached ({_cause(error)}); check that the host still exists"
            return Exchange(url, url, Outcome.UNREACHABLE, sentence, now)
        except (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError) as error:
            sentence = f"{url}: the exchange broke off ({_cause(error)}); it is tried again next time"
            return Exchange(url, url, Outcome.BROKEN_TRANSFER, sentence, now)

    def _receive(self, url: str, response: requests.Response, now: datetime) -> Exchange:
        exchange = Exchange(
            url,
            url,
            *_judge_status(url, response.status_code),
            fetched_at=now,
            status=response.status_code,
            reason=response.reason or "",
            request_headers=tuple(response.request.headers.items()),
            response_headers=tuple(response.headers.items()),
        )
        if exchange.outcome is not Outcome.OK:
            return exchange
        limit, deadline = self._settings.max_body_bytes, time.monotonic() + self._settings.fetch_timeout
        body = bytearray()
        try:
            # read1 hands over what has arrived, so that a slow drip is seen for what it is.
            while chunk := response.raw.read1(65536, decode_content=True):
                body += chunk
                if len(body) > limit:
                    sentence = (
                        f"{url} is larger than {limit} bytes; raise NIANBAO_MAX_BODY_BYTES if it is a report"
                    )
                    return replace(exchange, outcome=Outcome.OVERSIZED, sentence=sentence)
                if time.monotonic() > deadline:
                    sentence = (
                        f"{url} sent {len(body)} bytes in {self._settings.fetch_timeout:g} s and was not done;"
                        " it is tried again next time"
                    )
                    return replace(exchange, outcome=Outcome.TIMEOUT, sentence=sentence)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            sentence = (
                f"{url} broke off after {len(body)} bytes ({_cause(error)}); it is tried again next time"
            )
            stalled = isinstance(error, requests.Timeout) or "timed out" in str(error)
            return replace(
                exchange, outcome=Outcome.TIMEOUT if stalled else Outcome.BROKEN_TRANSFER, sentence=sentence
            )
        if not body:
            return replace(exchange, outcome=Outcome.EMPTY, sentence=f"{url} answered 200 with an empty body")
        return replace(exchange, body=bytes(body))

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            session.trust_env = False  # no proxy, no .netrc: what is fetched depends on the settings alone
            session.headers.update({"User-Agent": self.user_agent, "Accept-Language": "zh-CN,zh;q=0.9"})
            adapter = ConnectToAdapter(self._settings.connect_to)
            session.mount("http://", adapter)
            session.mount("https://", adapter)
            self._local.session = session
        return session

    def _pause(self, host: str, delay: float) -> None:
        with self._guard:
            now = time.monotonic()
            turn = max(self._next_at.get(host, 0.0), now)
            self._next_at[host] = turn + delay
        if turn > now:
            self._sleep(turn - now)


def _refusal(url: str, allowed: set[str]) -> str:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return f"{url} is not an address"
    if parts.scheme not in ("http", "https"):
        return f"{url} is neither http nor https"
    if host not in allowed:
        return (
            f"{url} lies on {host}, which the source does not allow; add it to `hosts` if it is the issuer's"
        )
    return ""


def _judge_status(url: str, status: int) -> tuple[Outcome, str]:
    if status == 200 or status in _REDIRECTS:
        return Outcome.OK, ""
    if status == 304:
        return Outcome.NOT_MODIFIED, f"{url} has not changed since it was last fetched"
    if status in (404, 410):
        return Outcome.NOT_FOUND, f"{url} answered {status}: the page is not there; look for its new address"
    if status in _CHALLENGES:
        return (
            Outcome.BLOCKED_CHALLENGE,
            f"{url} answered {status}, a script challenge; fetch it by hand and use `nianbao import`",
        )
    if status == 429 or status >= 500:
        return Outcome.SERVER_ERROR, f"{url} answered {status}; it is tried again next time"
    return (
        Outcome.FORBIDDEN,
        f"{url} answered {status} and gives no page; ask the site, or use `nianbao import`",
    )


def _cause(error: BaseException) -> str:
    """The innermost reason, without the library's wrapping."""
    text = str(error)
    if tls := re.search(r"\[SSL: (\w+)\]", text):
        return tls[1].replace("_", " ").lower()
    for mark in ("Connection refused", "Name or service not known", "Connection reset", "IncompleteRead"):
        if mark in text:
            return mark
    return text.rpartition(": ")[2][:160] or type(error).__name__
