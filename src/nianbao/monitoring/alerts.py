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
import urllib.request
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from nianbao import clock
from nianbao.model import Registry
from nianbao.monitoring.book import Alert, AlertBook
from nianbao.monitoring.channels import Sent, channel_urls, send
from nianbao.monitoring.conditions import AlertKind, Condition, conditions, unknown_kinds
from nianbao.monitoring.health import Health, health
from nianbao.registry import RegistryError, load_registry
from nianbao.settings import Settings, project_dir

log = logging.getLogger("nianbao.alerts")
_LINES = 20
_HEARTBEAT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Told:
    """What a look told. opened, resolved: what became wrong and well again and was told now; sent: how it went on each
    channel. It arrived if one channel took it."""

    opened: tuple[Alert, ...]
    resolved: tuple[Alert, ...]
    sent: tuple[Sent, ...]

    @property
    def arrived(self) -> bool:
        """False if there was something to tell and no channel took it."""
        return not (self.opened or self.resolved) or any(not each.problem for each in self.sent)

    @property
    def problems(self) -> tuple[Sent, ...]:
        """The channels that did not take it."""
        return tuple(each for each in self.sent if each.problem)


def look(settings: Settings, health: Health, at: datetime) -> Told:
    """Compares what is wrong with what people were told, and tells the difference.

    What no channel took is told by the next look, as long as it is wrong. Raises ChannelError if the settings name channels
    that cannot be read, and sqlite3.Error if there is nowhere to keep the book.
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
        try:
            _ask(url)
        except Exception as error:  # the words of some errors hold the address
            log.warning(
                "the heartbeat could not be sent (%s); see NIANBAO_HEARTBEAT_URL", type(error).__name__
            )


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
    """Sends a message to every channel; how it went on each. Raises ChannelError."""
    body = f"This is a test. Alerts of {settings.home} arrive here.\n{settings.web_url}"
    return send(channel_urls(settings), "nianbao: a test", body)


def _tell(
    settings: Settings, wrong: Sequence[Condition], at: datetime, unknown: Collection[AlertKind]
) -> Told:
    urls, makeshift, present = channel_urls(settings), _makeshift(settings), book_of(settings)
    with present.held() as book:
        if present.path != makeshift and makeshift.exists():  # the home can be written to again
            book.adopt(AlertBook(makeshift).open_alerts())
            makeshift.unlink()
        book.note(wrong, at, unknown)
        opened, resolved = book.to_open(at), book.to_resolve()
        if not urls or not (opened or resolved):
            return Told((), (), ())
        sent = send(urls, *_message(settings, opened, resolved))
        told = Told(tuple(opened), tuple(resolved), tuple(sent))
        if told.arrived:
            book.told(opened, resolved, at)
    return told


def _message(settings: Settings, opened: Sequence[Alert], resolved: Sequence[Alert]) -> tuple[str, str]:
    """Title and body of one message about everything."""
    counts = [f"{len(opened)} new"] if opened else []
    counts += [f"{len(resolved)} resolved"] if resolved else []
    lines = []
    for alert in opened[:_LINES]:
        lines += [f"[{alert.severity}] {alert.sentence}", f"    → {alert.remedy}", f"    {alert.kind.page}"]
    lines += [f"… and {len(opened) - _LINES} more: `nianbao alerts`"] if len(opened) > _LINES else []
    lines += [f"resolved: {alert.sentence}" for alert in resolved[:_LINES]]
    lines += [f"… and {len(resolved) - _LINES} more resolved"] if len(resolved) > _LINES else []
    lines += ["", f"{settings.web_url}"]
    return f"nianbao: {', '.join(counts)}", "\n".join(lines)


def _ask(url: str) -> None:
    if not url.startswith(("http://", "https://")):
        raise ValueError("not an http address")
    with urllib.request.urlopen(url, timeout=_HEARTBEAT_SECONDS) as answer:  # noqa: S310 - http only, see above
        answer.read(1)
