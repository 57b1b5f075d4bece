"""Sends messages to the channels that the settings name: mail, WeCom, DingTalk, Feishu, Slack, webhooks, by Apprise.

Addresses of channels hold passwords and tokens: nothing here shows more of one than its scheme.
"""

from __future__ import annotations

import hashlib
import importlib
import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from nianbao.settings import Settings

log = logging.getLogger("nianbao.alerts")
# Apprise gives up a connection after four seconds; a receiver that answers by drops would hold us longer.
_SECONDS = 15.0
# Bytes of UTF-8 that a robot takes in one message, title included, with some to spare.
_ROOM = {"wecombot": 2_000, "dingtalk": 19_000, "feishu": 19_000}
# These answer 200 to a wrong token too and say it in the body, which Apprise does not read: the field of the verdict.
_VERDICTS = {"wecombot": "errcode", "dingtalk": "errcode", "feishu": "code"}
_answers = threading.local()


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel. name: its number and scheme, to be shown; key: by which the book knows it again, a hash of its address."""

    name: str
    key: str
    url: str = field(repr=False)

    @property
    def room(self) -> int | None:
        """Bytes that a message may have, None if nothing limits them."""
        return _ROOM.get(_scheme(self.url))


@dataclass(frozen=True, slots=True)
class Channels:
    """What the settings name. problem: a sentence if the file of channels cannot be read, else ''."""

    all: tuple[Channel, ...]
    problem: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message (plain text) for one channel."""

    channel: Channel
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a message. channel: the name of its channel; problem: '' if it arrived."""

    channel: str
    problem: str


def channels(settings: Settings) -> Channels:
    """The channels of the settings. Those of a file that cannot be read are missing, which is a problem of its own."""
    urls, problem = settings.alert_urls.get_secret_value().split(), ""
    if settings.alert_urls_file is not None:
        try:
            lines = settings.alert_urls_file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text"
            problem = (
                f"{settings.alert_urls_file}, which NIANBAO_ALERT_URLS_FILE names, cannot be read ({reason})"
            )
        else:
            urls += [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    return Channels(tuple(_channel(number, url) for number, url in enumerate(urls, start=1)), problem)


def send(messages: Sequence[Message]) -> list[Sent]:
    """Sends all messages at once; how it went with each, in their order. Takes 15 seconds at most."""
    results = [Sent(each.channel.name, "it did not answer within 15 seconds") for each in messages]

    def deliver(number: int, message: Message) -> None:
        results[number] = Sent(message.channel.name, _deliver(message))

    threads = [threading.Thread(target=deliver, args=pair, daemon=True) for pair in enumerate(messages)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + _SECONDS  # of all together: several that hang must not add up
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return list(results)


def _deliver(message: Message) -> str:
    """Why a message could not be sent, '' if it was."""
    apprise, url = _quiet_apprise(), message.channel.url
    _answers.seen = []
    try:
        way = apprise.Apprise()
        if not way.add(url):
            return "its address is not one that Apprise knows; docs/alerts.md has examples"
        if not way.notify(title=message.title, body=message.body, body_format=apprise.NotifyFormat.TEXT):
            return "it was not taken; check the address, the token and the way there (`nianbao alerts test`)"
        return _refusal(_scheme(url), _answers.seen)
    except Exception as error:  # a plugin's own; its words may hold the address
        return f"it failed with {type(error).__name__}"


def _refusal(scheme: str, answers: Sequence[Any]) -> str:
    """What a robot says in an answer of 200 that is none, '' if all is well."""
    name = _VERDICTS.get(scheme)
    for answer in answers if name else ():
        try:
            verdict = answer.json()[name]
        except (ValueError, KeyError, TypeError):
            return f"its answer is not that of a {scheme} robot; see what stands in the way there"
        if verdict != 0:
            return f"it was refused with {name} {verdict!r:.20}; check its token, its signature and its key words"
    return ""


def _quiet_apprise() -> Any:
    """Apprise, which takes a moment to import; it and what it sends with would write addresses to the log."""
    import apprise

    logger = logging.getLogger("apprise")
    logger.handlers[:] = [logging.NullHandler()]
    logger.propagate = False
    logging.getLogger("urllib3").setLevel(logging.INFO)
    _note_answers()
    return apprise


@cache
def _note_answers() -> None:
    for scheme in _VERDICTS:
        module: Any = importlib.import_module(f"apprise.plugins.{scheme}")
        module.requests = _Noting(module.requests)


class _Noting:
    """The library requests, for one plugin of Apprise, with the answers of this thread's posts kept for `_refusal`."""

    def __init__(self, requests: Any) -> None:
        self._requests = requests

    def __getattr__(self, name: str) -> Any:
        return getattr(self._requests, name)

    def post(self, *arguments: Any, **named: Any) -> Any:
        answer = self._requests.post(*arguments, **named)
        _answers.seen.append(answer)
        return answer


def _channel(number: int, url: str) -> Channel:
    scheme = _scheme(url)
    name = f"channel {number} ({scheme if scheme.isalnum() else 'no address'}://…)"
    return Channel(name, hashlib.sha256(url.encode()).hexdigest()[:16], url)


def _scheme(url: str) -> str:
    scheme, found, _ = url.partition("://")
    return scheme.lower() if found else ""
