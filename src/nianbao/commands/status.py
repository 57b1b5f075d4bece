"""`nianbao status`: how the home is, what is wrong, and what the ledger says."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import TextIO

from nianbao import clock
from nianbao.clock import CHINA
from nianbao.commands.expectations import firing_sentence
from nianbao.commands.refresh import print_checks
from nianbao.commands.tables import print_table
from nianbao.model import NEWS_OUTCOMES, ORDINARY_OUTCOMES, Registry
from nianbao.monitoring.conditions import Condition, conditions
from nianbao.monitoring.health import Health, health
from nianbao.registry import RegistryError, load_registry
from nianbao.settings import Settings, project_dir
from nianbao.warehouse.ledger import Ledger, RefreshRow, RefreshState

_SHOWN = 20


def status(settings: Settings, refresh_id: str | None, as_json: bool, out: TextIO, err: TextIO) -> int:
    """Prints how the home is: first what is wrong, then release, reports, sources, refreshes and one of them in full.
    Returns 1 if that one is not there."""
    ledger = Ledger(settings.ledger)
    try:
        refreshes = ledger.refreshes(1000 if refresh_id else 10)
    except sqlite3.Error:
        if refresh_id:
            raise
        refreshes = []  # what is wrong with it stands among what is wrong
    chosen = next((row for row in refreshes if refresh_id in (None, row.refresh_id)), None)
    if refresh_id and chosen is None:
        print(f"there is no refresh {refresh_id}; `nianbao status` lists the latest", file=err)
        return 1
    at = clock.now()
    home, unreadable = _health(settings, at)
    wrong = conditions(home, settings)
    if home.running is None:  # nobody is at work: what still says so was killed
        refreshes = [
            replace(row, state=RefreshState.INTERRUPTED) if row.state is RefreshState.RUNNING else row
            for row in refreshes
        ]
    outcomes = ledger.outcomes(chosen.refresh_id) if chosen else []
    verdicts = ledger.verdicts(chosen.refresh_id) if chosen else []
    if as_json:
        value = {
            "home": str(settings.home),
            "registry": str(settings.registry_folder),
            "current_release": home.release.release_id if home.release else None,
            "trouble": "; ".join(filter(None, (*home.troubles, unreadable))) or None,
            "running": home.running,
            "wrong": [asdict(condition) for condition in wrong],
            "health": asdict(home),
            "refreshes": [asdict(row) for row in refreshes],
            "refresh": chosen.refresh_id if chosen else None,
            "outcomes": outcomes,
            "checks": verdicts,
        }
        print(json.dumps(value, ensure_ascii=False, indent=1, default=str), file=out)
        return 0
    _print_wrong(wrong, unreadable, "All is well." if refreshes else "Nothing has run here yet.", out)
    _print_home(settings, home, out)
    if chosen:
        _print_refreshes(refreshes[:10], chosen.refresh_id, outcomes, verdicts, out)
        idle = firing_sentence(ledger.last_verdicts())
        if idle:
            print(f"Checks that tell nothing: {idle}", file=out)
    return 0


def _health(settings: Settings, at: datetime) -> tuple[Health, str]:
    """How the home is; and why the registry cannot be read, if it cannot: then no source is known."""
    try:
        return health(settings, load_registry(settings.registry_folder, project_dir("data")), at), ""
    except RegistryError as error:
        nothing = Registry((), (), (), (), (), "")
        return health(settings, nothing, at), f"the registry cannot be read: {error}"


def _print_wrong(wrong: Sequence[Condition], unreadable: str, well: str, out: TextIO) -> None:
    if unreadable:
        print(unreadable, file=out)
    if not wrong and not unreadable:
        print(well, file=out)
        return
    if wrong:
        print(f"{len(wrong)} thing{'s need' if len(wrong) > 1 else ' needs'} somebody:", file=out)
    for condition in wrong[:_SHOWN]:
        print(f"  [{condition.severity}] {condition.sentence}\n      → {condition.remedy}", file=out)
    if len(wrong) > _SHOWN:
        print(f"  … and {len(wrong) - _SHOWN} more: `nianbao status --json`", file=out)


def _print_home(settings: Settings, home: Health, out: TextIO) -> None:
    print(f"\nHome: {settings.home}", file=out)
    print(f"Registry: {settings.registry_folder}", file=out)
    if home.release:
        age = _age((home.looked_at - home.release.created_at).total_seconds())
        print(f"Current release: {home.release.release_id}, made {age} ago", file=out)
    else:
        print(
            f"Current release: {'; '.join(home.troubles) or 'none yet; `nianbao refresh` or `nianbao import` makes one'}",
            file=out,
        )
    if home.last_success_at:
        print(f"Last success: {_said(home.last_success_at)}", file=out)
    if home.running:
        print(f"Running now: {home.running}", file=out)
    free = home.disk.free / 1e9
    parts = sorted(home.disk.parts.items(), key=lambda part: -part[1])[:4]
    largest = ", ".join(f"{name} {_bytes(size)}" for name, size in parts)
    print(
        f"Disk: {_bytes(home.disk.used)} used{f' ({largest})' if largest else ''}, {free:.1f} GB free",
        file=out,
    )
    _print_reports(home, out)
    _print_sources(home, out)


def _print_reports(home: Health, out: TextIO) -> None:
    if not home.reports:
        return
    states = sorted({state for reports in home.reports for state in reports.states})
    rows = [
        (r.report_kind, str(r.report_year), r.expected, *(r.states.get(state, 0) for state in states))
        for r in home.reports
    ]
    print_table(
        ["kind", "report year", "expected", *states], rows, out, title="Reports of the current release"
    )


def _print_sources(home: Health, out: TextIO) -> None:
    if not home.sources:
        return
    counts = Counter(str(source.state or "never visited") for source in home.sources)
    said = ", ".join(f"{count} {state}" for state, count in counts.most_common())
    due = sum(source.due_on <= home.looked_at.astimezone(CHINA).date() for source in home.sources)
    print(f"Sources: {len(home.sources)}: {said}; {due} due now", file=out)
    for source in home.sources:
        if not source.well and source.since_at:
            since = f"{source.state} since {_said(source.since_at)} ({source.nights} nights)"
            print(f"  {source.region} · {source.source_id}: {since}: {source.sentence}", file=out)
    for source in home.changes:
        print(f"  in the last refresh: {source.source_id} {source.former} → {source.state}", file=out)


def _print_refreshes(
    refreshes: Sequence[RefreshRow],
    chosen: str,
    outcomes: Sequence[dict[str, str]],
    verdicts: Sequence[dict[str, str]],
    out: TextIO,
) -> None:
    rows = [(row.refresh_id, row.purpose, row.state, row.ended_at, row.sentence) for row in refreshes]
    print_table(["refresh", "purpose", "state", "ended", "says"], rows, out, title="Latest refreshes")
    counts = Counter((row["stage"], row["outcome"]) for row in outcomes)
    if counts:  # a reextract has none
        print_table(
            ["stage", "outcome", "captures"],
            [(stage, outcome, count) for (stage, outcome), count in sorted(counts.items())],
            out,
            title=f"Outcomes of {chosen}",
        )
    for row in outcomes:
        if row["outcome"] not in ORDINARY_OUTCOMES or row["outcome"] in NEWS_OUTCOMES:
            print(f"  {row['outcome']}: {row['sentence']}", file=out)
    if verdicts:
        print_checks(verdicts, out)


def _said(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M} (China)"


def _age(seconds: float) -> str:
    """A span of time in the unit that people would name."""
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(seconds, 0):.0f} seconds"


def _bytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"
