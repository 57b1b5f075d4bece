"""Tells people what became wrong and what is well again, once each.

Anybody may look, at any time: each refresh at its end, `nianbao serve` every ten minutes, and `nianbao alerts look` from a
timer, which needs nothing else to run.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import tempfile
import threading
import urllib.request
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from nianbao import clock
from nianbao.model import Registry
from nianbao.monitoring.book import Alert, AlertBook, HeldBook
from nianbao.monitoring.channels import Channels, Message, Sent, channels, send
from nianbao.monitoring.conditions import AlertKind, Condition, conditions, unknown_kinds
from nianbao.monitoring.health import Health, health
from nianbao.registry import RegistryError, load_registry
from nianbao.settings import Settings, project_dir

log = logging.getLogger("nianbao.alerts")
_LINES = 20
_HEARTBEAT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Told:
    """What a look had to tell. opened, resolved: what became wrong and well again, of which a channel had not heard; sent: how
    it went on each channel that there was something to tell, and what hindered the reading of the channels."""

    opened: tuple[Alert, ...]
    resolved: tuple[Alert, ...]
    sent: tuple[Sent, ...]

    @property
    def problems(self) -> tuple[Sent, ...]:
        """What did not arrive, by channel."""
        return tuple(each for each in self.sent if each.problem)


def look(settings: Settings, health: Health, at: datetime) -> Told:
    """Compares what is wrong with what people were told, and tells the difference.

    What a channel did not take, the next look tells it, as long as it is wrong. Raises sqlite3.Error or OSError if there is
    nowhere to keep the book.
    """
    return _tell(settings, conditions(health, settings), at, unknown_kinds(health))


def look_now(settings: Settings, registry: Registry | None = None) -> Told:
    """Looks at the home of the settings as it is now. Without a registry it is read; if it cannot be, that is what is wrong,
    and nothing is said of sources."""
    at = clock.now()
    if registry is None:
        try:
            registry = load_registry(settings.registry_folder, project_dir("data"))
        except RegistryError as error:
            home = health(settings, Registry((), (), (), (), (), ""), at)
            trouble = f"the registry cannot be read: {error}"
            return look(settings, replace(home, troubles=(*home.troubles, trouble)), at)
    return look(settings, health(settings, registry, at), at)


def after_refresh(settings: Settings, registry: Registry, *, success: bool) -> None:
    """What a refresh does at its end: a look, and the heartbeat if it succeeded. Never raises; what fails is logged."""
    try:
        told = look_now(settings, registry)
        for each in told.problems:
            log.warning("alerts could not be told on %s: %s", each.channel, each.problem)
    except Exception as error:
        log.warning("the look after alerts failed (%s); `nianbao alerts look` repeats it", error)
    url = settings.heartbeat_url.get_secret_value()
    if success and url:
        problem = _heartbeat(url)
        if problem:
            log.warning("the heartbeat could not be sent (%s); see NIANBAO_HEARTBEAT_URL", problem)


def book_of(settings: Settings) -> AlertBook:
    """The book of a home; of one that cannot be written to, a copy among the temporary files, lest nobody is told."""
    if not settings.home.exists() or os.access(settings.home, os.W_OK):
        return AlertBook(settings.alerts)
    makeshift = _makeshift(settings)
    if not makeshift.exists() and settings.alerts.exists():
        shutil.copyfile(settings.alerts, makeshift)
    return AlertBook(makeshift)


def _makeshift(settings: Settings) -> Path:
    name = hashlib.sha256(str(settings.home).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"nianbao-alerts-{os.getuid()}-{name}.sqlite"


def try_channels(settings: Settings) -> list[Sent]:
    """Sends a message to every channel; how it went on each."""
    body = f"This is a test. Alerts of {settings.home} arrive here.\n{settings.web_url}"
    found = channels(settings)
    return [*send([Message(channel, "nianbao: a test", body) for channel in found.all]), *_unread(found)]


def _tell(
    settings: Settings, wrong: Sequence[Condition], at: datetime, unknown: Collection[AlertKind]
) -> Told:
    found, makeshift, present = channels(settings), _makeshift(settings), book_of(settings)
    with present.held() as book:
        if present.path != makeshift and makeshift.exists():  # the home can be written to again
            book.adopt(AlertBook(makeshift))
            makeshift.unlink()
        book.know(channel.key for channel in found.all)
        book.note(wrong, at, unknown)
        return _tell_channels(settings, book, found, at)


def _tell_channels(settings: Settings, book: HeldBook, found: Channels, at: datetime) -> Told:
    """Tells every channel what it has not heard, and notes what it took."""
    news = [(each, book.to_open(each.key, at), book.to_resolve(each.key)) for each in found.all]
    news = [(channel, opened, resolved) for channel, opened, resolved in news if opened or resolved]
    sent = send(
        [Message(each, *_message(settings, opened, resolved, each.room)) for each, opened, resolved in news]
    )
    for (channel, opened, resolved), each in zip(news, sent, strict=True):
        if not each.problem:
            book.told(channel.key, opened, resolved, at)
    return Told(
        tuple({alert.alert_id: alert for _, opened, _ in news for alert in opened}.values()),
        tuple({alert.alert_id: alert for _, _, resolved in news for alert in resolved}.values()),
        (*sent, *_unread(found)),
    )


def _unread(found: Channels) -> tuple[Sent, ...]:
    return (Sent("the file of channels", found.problem),) if found.problem else ()


def _message(
    settings: Settings, opened: Sequence[Alert], resolved: Sequence[Alert], room: int | None
) -> tuple[str, str]:
    """Title and body of one message about everything, of at most so many bytes: the worst is named, the rest counted."""
    counts = [f"{len(opened)} new"] if opened else []
    counts += [f"{len(resolved)} resolved"] if resolved else []
    title = f"nianbao: {', '.join(counts)}"
    blocks = [f"[{a.severity}] {a.sentence}\n    → {a.remedy}\n    {a.kind.page}" for a in opened]
    closed = [f"resolved: {alert.sentence}" for alert in resolved]
    for named in range(_LINES, -1, -1):
        lines = [*_first(blocks, named, "more: `nianbao alerts`"), *_first(closed, named, "more resolved")]
        body = "\n".join([*lines, "", settings.web_url])
        if room is None or len(f"{title}\n{body}".encode()) <= room:
            break
    return title, body


def _first(texts: Sequence[str], named: int, rest: str) -> list[str]:
    return [*texts[:named], *([f"… and {len(texts) - named} {rest}"] if len(texts) > named else [])]


def _heartbeat(url: str) -> str:
    """Asks for an address; '' if that went well, else why not, without the words of errors, which may hold the address."""
    problems = [f"no answer within {_HEARTBEAT_SECONDS} seconds"]

    def ask() -> None:
        try:
            if not url.startswith(("http://", "https://")):
                raise ValueError("not an http address")
            with urllib.request.urlopen(url, timeout=_HEARTBEAT_SECONDS) as answer:  # noqa: S310 - http only, see above
                answer.read(1)
            problems[0] = ""
        except Exception as error:
            problems[0] = type(error).__name__

    # The timeout above is one of each read: a receiver that answers by drops would hold the refresh.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_HEARTBEAT_SECONDS)
    return problems[0]
