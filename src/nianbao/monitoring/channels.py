"""Sends messages to the channels that the settings name: mail, WeCom, DingTalk, Feishu, Slack, webhooks, by Apprise.

Addresses of channels hold passwords and tokens: nothing here shows more of one than its scheme.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nianbao.settings import Settings

log = logging.getLogger("nianbao.alerts")
# Apprise gives up a connection after four seconds; a receiver that answers by drops would hold us longer.
_SECONDS = 15.0


class ChannelError(Exception):
    """The channels cannot be read from the settings; the message says which and why, without what may be secret."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a message on one channel. channel: its number and scheme; problem: '' if it arrived."""

    channel: str
    problem: str


def channel_urls(settings: Settings) -> list[str]:
    """The addresses of all channels. Raises ChannelError."""
    urls = settings.alert_urls.get_secret_value().split()
    if settings.alert_urls_file is not None:
        try:
            lines = settings.alert_urls_file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text"
            raise ChannelError(
                f"{settings.alert_urls_file}, which NIANBAO_ALERT_URLS_FILE names, cannot be read ({reason})"
            ) from None
        urls += [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    return urls


def send(urls: Sequence[str], title: str, body: str) -> list[Sent]:
    """Sends a message (plain text) to all channels, at once; how it went on each. Takes 15 seconds at most."""
    results = [
        Sent(_name(number, url), "it did not answer within 15 seconds") for number, url in _numbered(urls)
    ]

    def deliver(number: int, url: str) -> None:
        results[number - 1] = Sent(_name(number, url), _deliver(url, title, body))

    threads = [threading.Thread(target=deliver, args=pair, daemon=True) for pair in _numbered(urls)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + _SECONDS  # of all together: several that hang must not add up
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return list(results)


def _deliver(url: str, title: str, body: str) -> str:
    """Why a message could not be sent, '' if it was."""
    apprise = _quiet_apprise()
    try:
        channel = apprise.Apprise()
        if not channel.add(url):
            return "its address is not one that Apprise knows; docs/alerts.md has examples"
        if not channel.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT):
            return "it was not taken; check the address, the token and the way there (`nianbao alerts test`)"
    except Exception as error:  # a plugin's own; its words may hold the address
        return f"it failed with {type(error).__name__}"
    return ""


def _quiet_apprise() -> Any:
    """Apprise, which takes a moment to import; it and what it sends with would write addresses to the log."""
    import apprise

    logger = logging.getLogger("apprise")
    logger.handlers[:] = [logging.NullHandler()]
    logger.propagate = False
    logging.getLogger("urllib3").setLevel(logging.INFO)
    return apprise


def _numbered(urls: Sequence[str]) -> list[tuple[int, str]]:
    return list(enumerate(urls, start=1))


def _name(number: int, url: str) -> str:
    scheme, found, _ = url.partition("://")
    return f"channel {number} ({scheme if found and scheme.isalnum() else 'no address'}://…)"
