"""What is wrong with a home now, each with what to do: what status shows first, and what alerts are raised for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from nianbao.clock import CHINA
from nianbao.model import SourceState
from nianbao.monitoring.health import Health
from nianbao.monitoring.sources import SourceHealth
from nianbao.settings import Settings
from nianbao.warehouse.ledger import RefreshState

# A district is behind if at least this many of its reports, and this share of those expected, came earlier last year.
_BEHIND_REPORTS = 2
_BEHIND_SHARE = 0.2
_GIGABYTE = 10**9


class AlertKind(StrEnum):
    """What can be wrong: a closed list. docs/operations.md has a section of each name."""

    REFRESH_FAILED = "refresh_failed"
    REFRESH_REFUSED = "refresh_refused"
    NO_SUCCESS = "no_success"
    SOURCE_DOWN = "source_down"
    SOURCE_BLOCKED = "source_blocked"
    SOURCE_MOVED = "source_moved"
    SOURCE_CHANGED = "source_changed"
    COVERAGE_BEHIND = "coverage_behind"
    DISK_LOW = "disk_low"
    HOME_UNWRITABLE = "home_unwritable"
    UNREADABLE = "unreadable"  # something of the home itself

    @property
    def page(self) -> str:
        """Which section of the runbook tells what to do."""
        return f"docs/operations.md#{self.value.replace('_', '-')}"


class Severity(StrEnum):
    """critical: nothing new is published until somebody acts. warning: something is missing meanwhile."""

    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that is wrong now. subject: which source, district or part it is about, '' for the home; sentence: what is
    wrong; remedy: what to do about it."""

    kind: AlertKind
    subject: str
    severity: Severity
    sentence: str
    remedy: str


def unknown_kinds(health: Health) -> frozenset[AlertKind]:
    """The kinds of which nothing can be said: the registry, the release or the ledger cannot be read."""
    unknown = set[AlertKind]()
    if not health.told:
        unknown |= {AlertKind.REFRESH_FAILED, AlertKind.REFRESH_REFUSED, AlertKind.NO_SUCCESS}
    if not health.sources:
        unknown |= {kind for kind, _ in _SOURCES.values()}
    if health.troubles or not health.sources:
        unknown.add(AlertKind.COVERAGE_BEHIND)
    return frozenset(unknown)


def conditions(health: Health, settings: Settings) -> list[Condition]:
    """What is wrong, the worst first."""
    found = [
        *_refreshes(health),
        *_silence(health, settings),
        *_disk(health, settings),
        *_unreadable(health, settings),
        *(condition for source in health.sources for condition in _source(source, settings)),
        *_coverage(health),
    ]
    return sorted(found, key=lambda each: each.severity is not Severity.CRITICAL)


def _refreshes(health: Health) -> Iterator[Condition]:
    for bad in health.failures:
        if bad.state is RefreshState.FAILED:
            yield Condition(
                AlertKind.REFRESH_FAILED,
                "",
                Severity.CRITICAL,
                f"the refresh {bad.refresh_id} failed: {bad.sentence}",
                f"`nianbao status --refresh {bad.refresh_id}`; when it is mended, `nianbao refresh --due` goes on from there",
            )
        else:
            yield Condition(
                AlertKind.REFRESH_REFUSED,
                "",
                Severity.CRITICAL,
                f"the refresh {bad.refresh_id} was refused: {bad.sentence}",
                f"`nianbao status --refresh {bad.refresh_id}` lists the checks; readers keep the last release until one passes",
            )


def _silence(health: Health, settings: Settings) -> Iterator[Condition]:
    """The dead man's switch: it needs nothing to have run but whoever looks."""
    since = health.last_success_at or health.began_at
    if since is None:  # nothing was ever asked of this home
        return
    limit = timedelta(hours=settings.alert_silence_hours)
    if health.looked_at - since > limit:
        what = "succeeded" if health.last_success_at else "has ever succeeded; the first began"
        yield Condition(
            AlertKind.NO_SUCCESS,
            "",
            Severity.CRITICAL,
            f"no refresh {what} since {since.astimezone(CHINA):%Y-%m-%d %H:%M} in China, more than"
            f" {settings.alert_silence_hours:g} hours ago",
            "see whether `nianbao serve` or the timer runs, then `nianbao status`; `nianbao refresh --due` does a night's work",
        )


def _disk(health: Health, settings: Settings) -> Iterator[Condition]:
    if health.disk.free < settings.alert_free_gb * _GIGABYTE:
        yield Condition(
            AlertKind.DISK_LOW,
            "",
            Severity.CRITICAL,
            f"the file system of {settings.home} has {health.disk.free / _GIGABYTE:.1f} GB free, less than"
            f" {settings.alert_free_gb:g}",
            "`nianbao releases gc --dry-run` shows what can go; `nianbao status` what takes the place",
        )


def _unreadable(health: Health, settings: Settings) -> Iterator[Condition]:
    if not health.writable:
        yield Condition(
            AlertKind.HOME_UNWRITABLE,
            "",
            Severity.CRITICAL,
            f"{settings.home} cannot be written to",
            "see how its file system is mounted (`findmnt -T`), whose it is, and what the kernel's log says about the disk",
        )
    if health.troubles:
        said = "; ".join(health.troubles)
        yield Condition(AlertKind.UNREADABLE, "", Severity.CRITICAL, said, "`nianbao releases verify`")


def _source(source: SourceHealth, settings: Settings) -> Iterator[Condition]:
    if source.state not in _SOURCES or source.since_at is None:
        return
    kind, remedy = _SOURCES[source.state]
    # One that was in another trouble before has used up its patience.
    if source.former in (None, SourceState.OK) and source.nights < _nights(source.state, settings):
        return
    # A column that never had a report is not one that lost them.
    if source.state is SourceState.CHANGED and source.last_ok_at is None:
        return
    yield Condition(
        kind,
        source.source_id,
        Severity.WARNING,
        f"{source.region} · {source.source_id} on {source.host} since {source.since_at.astimezone(CHINA):%Y-%m-%d}:"
        f" {source.sentence}",
        remedy.format(source=source.source_id),
    )


def _nights(state: SourceState, settings: Settings) -> int:
    """How many nights in a row make it an alert: a site that moved says so itself, others may hiccup."""
    return {SourceState.MOVED: 1, SourceState.BLOCKED: 2, SourceState.CHANGED: 2}.get(
        state, settings.alert_nights
    )


_SOURCES = {
    SourceState.DOWN: (
        AlertKind.SOURCE_DOWN,
        "open the listing in a browser; `nianbao refresh --only source={source}` tries it again",
    ),
    SourceState.BLOCKED: (
        AlertKind.SOURCE_BLOCKED,
        "ask the site's owner, or give the source a window and a longer delay; never get round it",
    ),
    SourceState.MOVED: (
        AlertKind.SOURCE_MOVED,
        "put the new address into the source's entry; `nianbao sources probe URL` prints one",
    ),
    SourceState.CHANGED: (
        AlertKind.SOURCE_CHANGED,
        "find the column where reports appear now; `nianbao sources probe URL` says what is there",
    ),
}


def _coverage(health: Health) -> Iterator[Condition]:
    for pace in health.pace:
        behind = pace.former_published - pace.published
        if behind >= _BEHIND_REPORTS and behind / pace.expected >= _BEHIND_SHARE:
            undated = f"; {pace.undated} without a date are not counted" if pace.undated else ""
            yield Condition(
                AlertKind.COVERAGE_BEHIND,
                f"{pace.region_code}/{pace.report_kind}",
                Severity.WARNING,
                f"{pace.region}: of {pace.expected} bodies {pace.published} published by {pace.by_on:%d %B},"
                f" {pace.former_published} by the same day last year{undated}",
                f"`nianbao refresh --only district={pace.region_code}`; if nothing comes, look whether the site has them"
                " elsewhere, else write to the office",
            )
