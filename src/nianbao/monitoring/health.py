"""How a home is, as plain values: read without a lock, whatever else is at work in it.

Event time (which year's reports are in) and run time (when somebody looked) are kept apart: fields that end in `_year` or
`_on` belong to the first, those in `_at` to the second, and no statement compares one with the other.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from pathlib import Path

import duckdb

from nianbao.clock import CHINA
from nianbao.model import Registry
from nianbao.monitoring.coverage import Pace, ReportsIn, pace, reports_in
from nianbao.monitoring.disk import DiskUse, disk_use
from nianbao.monitoring.sources import SourceHealth, source_health
from nianbao.settings import Settings
from nianbao.warehouse.ledger import Ledger, RefreshRow, RefreshState
from nianbao.warehouse.lock import lock_holder
from nianbao.warehouse.release import Release, ReleaseError, current_release
from nianbao.warehouse.surroundings import surroundings

_WELL = (RefreshState.PUBLISHED, RefreshState.QUIET)
_BAD = (RefreshState.REFUSED, RefreshState.FAILED)
_ENDED = (*_WELL, *_BAD, RefreshState.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class ReleaseHealth:
    """The current release. created_at: aware."""

    release_id: str
    created_at: datetime
    folder: Path


@dataclass(frozen=True, slots=True)
class RefreshHealth:
    """A refresh that ended. ended_at: aware."""

    refresh_id: str
    state: RefreshState
    ended_at: datetime
    sentence: str


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check that failed on the last candidate that came to the gate. severity: critical or warning."""

    check_id: str
    suite: str
    severity: str
    sentence: str
    accepted_reason: str


@dataclass(frozen=True, slots=True)
class Health:
    """How a home is at a moment.

    looked_at: that moment. release: None before the first, or if it cannot be read. refresh: the last refresh (purpose
    refresh) that ended, however; began_at: when the first one began; last_success_at: end of the last one that published
    or found nothing new; failures: of those since then that failed and that were refused, the last each. writable: the home can be written to.
    running: who holds the lock, in words. reports: coverage of the current release. troubles: what
    could not be read, each with a remedy. told: False if the ledger could not be, so that nothing is known of refreshes and sources.
    """

    looked_at: datetime
    release: ReleaseHealth | None
    refresh: RefreshHealth | None
    began_at: datetime | None
    last_success_at: datetime | None
    failures: tuple[RefreshHealth, ...]
    writable: bool
    running: str | None
    sources: tuple[SourceHealth, ...]
    reports: tuple[ReportsIn, ...]
    pace: tuple[Pace, ...]
    checks: tuple[FailedCheck, ...]
    disk: DiskUse
    troubles: tuple[str, ...]
    told: bool = True

    @property
    def changes(self) -> tuple[SourceHealth, ...]:
        """Sources whose state became another one in the last refresh that visited anything."""
        return tuple(source for source in self.sources if source.changed)


def health(settings: Settings, registry: Registry, at: datetime) -> Health:
    """How the home of the settings is at a moment (aware)."""
    troubles = list[str]()
    running = lock_holder(settings.home)
    today = at.astimezone(CHINA).date()
    log = _log(settings, registry, today, troubles)
    nights = log.nights
    release = _release(settings, troubles)
    reports, paces = _coverage(release, registry, today, troubles)
    return Health(
        looked_at=at,
        release=_facts(release) if release else None,
        refresh=next((_ended(row, at) for row in nights if _has_ended(row, running)), None),
        began_at=datetime.fromisoformat(nights[-1].started_at) if nights else None,
        last_success_at=next(
            (datetime.fromisoformat(row.ended_at) for row in nights if row.state in _WELL and row.ended_at),
            None,
        ),
        failures=_failures(nights, at),
        writable=_writable(settings.home),
        running=running,
        sources=log.sources,
        reports=reports,
        pace=paces,
        checks=log.checks,
        disk=disk_use(settings.home),
        troubles=tuple(troubles),
        told=log.told,
    )


@dataclass(frozen=True, slots=True)
class _Log:
    """What the ledger says. nights: refreshes, the last first; told: False if it cannot be read."""

    nights: Sequence[RefreshRow]
    sources: tuple[SourceHealth, ...]
    checks: tuple[FailedCheck, ...]
    told: bool


def _log(settings: Settings, registry: Registry, today: date, troubles: list[str]) -> _Log:
    ledger = Ledger(settings.ledger)
    try:
        nights = [row for row in ledger.refreshes(limit=-1) if row.purpose == "refresh"]
        visited = ledger.last_refresh_with_visits()
        sources = source_health(registry, ledger.stretches(), ledger.last_visits(), visited, today)
        return _Log(nights, sources, _failed(ledger), True)
    except sqlite3.Error as error:
        damaged = (
            f"{settings.ledger} cannot be read ({error}); bring it back from a copy (docs/operations.md, Backup and restore),"
            " or set it aside: the next refresh makes a new one"
        )
        troubles.append(surroundings(error, settings.home) or damaged)
        return _Log((), (), (), False)


def _release(settings: Settings, troubles: list[str]) -> Release | None:
    try:
        return current_release(settings.current)
    except ReleaseError as error:
        troubles.append(str(error))
        return None


def _facts(release: Release) -> ReleaseHealth:
    return ReleaseHealth(release.release_id, datetime.fromisoformat(release.created_at), release.folder)


def _coverage(
    release: Release | None, registry: Registry, today: date, troubles: list[str]
) -> tuple[tuple[ReportsIn, ...], tuple[Pace, ...]]:
    if release is None:
        return (), ()
    regions = {region.code: region.name for region in registry.regions}
    try:
        return reports_in(release.database), pace(release.database, regions, today)
    except (duckdb.Error, OSError) as error:
        first = str(error).splitlines()[0]
        troubles.append(
            f"which reports are in cannot be read from {release.release_id} ({first}); if an earlier version made it, the"
            " next refresh mends that, else see `nianbao releases verify`"
        )
        return (), ()


def _has_ended(row: RefreshRow, running: str | None) -> bool:
    return row.state in _ENDED or (row.state is RefreshState.RUNNING and running is None)


def _ended(row: RefreshRow, at: datetime) -> RefreshHealth:
    if row.state is RefreshState.RUNNING:  # nobody is at work: it was killed
        state, sentence = RefreshState.INTERRUPTED, "ended without a word (killed or crashed)"
    else:
        state, sentence = row.state, row.sentence
    ended = datetime.fromisoformat(row.ended_at) if row.ended_at else at
    return RefreshHealth(row.refresh_id, state, ended, sentence)


def _failures(nights: Sequence[RefreshRow], at: datetime) -> tuple[RefreshHealth, ...]:
    """The last refresh that failed and the last that was refused, of those after the last good one."""
    since = takewhile(lambda row: row.state not in _WELL, nights)
    bad = {row.state: row for row in reversed(list(since)) if row.state in _BAD}
    return tuple(_ended(row, at) for row in bad.values())


def _writable(home: Path) -> bool:
    """False for a home on a disk that is mounted for reading only, or of somebody else; one to come is none of these."""
    return not home.exists() or os.access(home, os.W_OK)


def _failed(ledger: Ledger) -> tuple[FailedCheck, ...]:
    verdicts = next(iter(ledger.last_verdicts(limit=1)), [])
    return tuple(
        FailedCheck(
            row["check_id"], row["suite"], row["severity"], row["sentence"], row.get("accepted_reason", "")
        )
        for row in verdicts
        if row["verdict"] == "fail"
    )
