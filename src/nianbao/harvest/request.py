"""One HTTP request and its answer, bounded in time and size; whatever happens comes back as an Exchange."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http.client import HTTPException
from typing import TypeGuard

import requests
import urllib3
from urllib3.response import BaseHTTPResponse

from nianbao.harvest.encodings import Decoder, EncodingError, encoding_of
from nianbao.harvest.exchange import Exchange
from nianbao.harvest.hosts import Wire
from nianbao.harvest.judging import judge, wait_asked_for
from nianbao.harvest.network import PrivateAddressError
from nianbao.model import Outcome
from nianbao.settings import Settings

_PIECE = 65_536
# Whatever a server sends may end here, in whichever library reads it.
_BROKEN = (
    requests.RequestException,  # of cookies
    urllib3.exceptions.HTTPError,
    HTTPException,
    OSError,
    ValueError,  # among them UnicodeError, and numbers that are none
)


class _TooLargeError(Exception):
    """The body is larger than it may be."""


class _TooSlowError(Exception):
    """The body took longer than it may; its length so far is the argument."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many bytes a decoded body may have. cut: a larger one is cut off there instead of refused."""

    size: int
    cut: bool = False


# Of an answer that is no page, so much is read: enough to judge it, and mostly all of it, which frees the connection.
_ASIDE = Limit(65_536, cut=True)


def request(
    url: str, headers: Mapping[str, str], wire: Wire, settings: Settings, limit: Limit, now: datetime
) -> Exchange:
    """Asks for `url` once and follows nothing. Never raises for what a site does. now: when, in UTC."""
    timeout = (settings.connect_timeout, settings.read_timeout)
    wire.connections.line.deadline = time.monotonic() + settings.connect_timeout + settings.fetch_timeout
    try:
        response, sent = wire.send(url, headers, timeout)
    except _BROKEN as error:
        return _unanswered(url, error, timeout[1], now)
    except PrivateAddressError as error:
        sentence = (
            f"{url}: {error}, which is no public address, so nothing was asked;"
            " a simulated source says `simulated: true`, and an operator leads hosts by NIANBAO_RESOLVE"
        )
        return Exchange(url, url, Outcome.HOST_NOT_ALLOWED, sentence, now)
    try:
        return _receive(url, response, sent, settings, limit, now)
    finally:
        # A connection whose answer was read to its end is kept by now; any other is closed.
        response.close()
        response.release_conn()


def _receive(
    url: str,
    response: BaseHTTPResponse,
    sent: Mapping[str, str],
    settings: Settings,
    limit: Limit,
    now: datetime,
) -> Exchange:
    received = tuple((name, response.headers[name]) for name in response.headers)
    headers = {name.lower(): value for name, value in received}
    exchange = Exchange(
        url,
        url,
        Outcome.OK,
        "",
        fetched_at=now,
        status=response.status,
        reason=response.reason or "",
        request_headers=tuple(sent.items()),
        response_headers=received,
        retry_after=wait_asked_for(headers.get("retry-after", ""), now),
    )
    if response.status != 200:
        outcome, sentence = judge(url, response.status, headers, _aside(response, settings))
        return replace(exchange, outcome=outcome, sentence=sentence)
    try:
        body = _body(response, limit, time.monotonic() + settings.fetch_timeout)
    except _TooLargeError:
        sentence = f"{url} is larger than {limit.size} bytes; raise NIANBAO_MAX_BODY_BYTES if it is a report"
        return replace(exchange, outcome=Outcome.OVERSIZED, sentence=sentence)
    except _TooSlowError as error:
        sentence = (
            f"{url} sent {error.args[0]} bytes in {settings.fetch_timeout:g} s and was not done;"
            " it is tried again next time"
        )
        return replace(exchange, outcome=Outcome.TIMEOUT, sentence=sentence)
    except EncodingError as error:
        sentence = f"{url} {error}; fetch it by hand and use `nianbao import` if that lasts"
        return replace(exchange, outcome=Outcome.BROKEN_TRANSFER, sentence=sentence)
    except _BROKEN as error:
        sentence = f"{url} broke off in its body ({_cause(error)}); it is tried again next time"
        outcome = Outcome.TIMEOUT if _timed_out(error) else Outcome.BROKEN_TRANSFER
        return replace(exchange, outcome=outcome, sentence=sentence)
    outcome, sentence = judge(url, 200, headers, body)
    return replace(exchange, outcome=outcome, sentence=sentence, body=body if outcome is Outcome.OK else b"")


def _body(response: BaseHTTPResponse, limit: Limit, deadline: float) -> bytes:
    if _announced(response) > limit.size and not limit.cut:
        raise _TooLargeError
    decoder = Decoder(encoding_of(response.headers.get("Content-Encoding", "")))
    body = bytearray()
    # read1 hands over what has arrived, so that a slow drip is seen for what it is.
    while piece := response.read1(_PIECE, decode_content=False):
        body += decoder.decode(piece, limit.size + 1 - len(body))
        if len(body) > limit.size:
            if limit.cut:
                return bytes(body[: limit.size])
            raise _TooLargeError
        if time.monotonic() > deadline:
            raise _TooSlowError(len(body))
    decoder.finish()
    return bytes(body)


def _announced(response: BaseHTTPResponse) -> float:
    length = response.headers.get("Content-Length", "").strip()
    if not (length.isascii() and length.isdigit()):
        return 0
    return int(length) if len(length) < 20 else float("inf")


def _aside(response: BaseHTTPResponse, settings: Settings) -> bytes:
    """The beginning of an answer that is no page. Its status has said what counts, so it may break off anywhere."""
    if response.status in (204, 304):
        # Such an answer has no body, so it is at its end and the connection may be kept; only one that announces a body
        # all the same may send it, and that would be taken for the next answer.
        if not _announced(response) and "Transfer-Encoding" not in response.headers:
            response.read1(_PIECE, decode_content=False)
        return b""
    try:
        return _body(response, _ASIDE, time.monotonic() + settings.read_timeout)
    except (_TooSlowError, EncodingError, *_BROKEN):
        return b""


def _unanswered(url: str, error: Exception, read_timeout: float, now: datetime) -> Exchange:
    if _timed_out(error):
        sentence = f"{url} did not answer within {read_timeout:g} s; it is tried again next time"
        return Exchange(url, url, Outcome.TIMEOUT, sentence, now)
    if isinstance(error, urllib3.exceptions.SSLError):
        sentence = (
            f"{url}: no secure connection ({_cause(error)}); check the address, perhaps it is http only"
        )
        return Exchange(url, url, Outcome.UNREACHABLE, sentence, now)
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        sentence = f"{url} cannot be reached ({_cause(error)}); check that the host still exists"
        return Exchange(url, url, Outcome.UNREACHABLE, sentence, now)
    sentence = f"{url}: the exchange broke off ({_cause(error)}); it is tried again next time"
    return Exchange(url, url, Outcome.BROKEN_TRANSFER, sentence, now)


def _timed_out(error: BaseException) -> bool:
    refused = isinstance(error, urllib3.exceptions.NewConnectionError)  # for urllib3 a timeout too
    late = isinstance(error, urllib3.exceptions.TimeoutError | TimeoutError) and not refused
    return late or "timed out" in str(error)


def _cause(error: BaseException) -> str:
    """The innermost reason, without the library's wrapping."""
    while inner := next((e for e in (getattr(error, "reason", None), *error.args) if _wraps(e, error)), None):
        error = inner
    text = str(error)
    if tls := re.search(r"\[SSL: (\w+)\]", text):
        return tls[1].replace("_", " ").lower()
    for mark in ("Connection refused", "Name or service not known", "Connection reset", "IncompleteRead"):
        if mark in text:
            return mark
    return text.rpartition(": ")[2].strip()[:160] or type(error).__name__


def _wraps(inner: object, error: BaseException) -> TypeGuard[BaseException]:
    return isinstance(inner, BaseException) and inner is not error
