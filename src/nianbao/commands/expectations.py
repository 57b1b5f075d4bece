"""`nianbao expectations suggest`: bands from the home's own releases, and checks that tell nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from nianbao.commands.tables import print_table
from nianbao.settings import Settings, project_dir
from nianbao.warehouse.bands import Band, Bands, read_bands, write_bands
from nianbao.warehouse.learning import (
    CheckRows,
    Firing,
    checks_of,
    firing,
    learned_bands,
    learned_jumps,
)
from nianbao.warehouse.ledger import Ledger
from nianbao.warehouse.release import ReleaseError, current_release, list_releases
from nianbao.warehouse.suites import BANDS_FILE, SuiteError, read_suites

_RUNS = 30


def suggest(settings: Settings, write: bool, as_json: bool, out: TextIO, err: TextIO) -> int:
    """Prints, and with `write` keeps, what the home's releases teach. Returns 1 if there is no release to learn from."""
    suites = project_dir("expectations")
    try:
        checks = read_suites(suites)
        bands = read_bands(suites / BANDS_FILE, settings.home / BANDS_FILE)
        wide = read_bands(suites / BANDS_FILE, None).bands
        current = current_release(settings.current)
    except (SuiteError, ReleaseError) as error:
        print(error, file=err)
        return 1
    releases = list_releases(settings.releases)[:_RUNS]
    if current is None or not releases:
        print(f"{settings.home} holds no release yet to learn from; `nianbao refresh` makes one", file=err)
        return 1
    history = [checks_of(release.folder) for release in releases]
    learned = learned_bands(history, checks, wide)
    jumps = learned_jumps(current.database)
    told = firing(Ledger(settings.ledger).last_verdicts(_RUNS), checks)
    file = settings.home / BANDS_FILE
    if write:
        write_bands(file, learned, jumps, [release.release_id for release in releases])
    if as_json:
        print(
            json.dumps(_as_json(learned, jumps, told, len(releases)), ensure_ascii=False, indent=1), file=out
        )
        return 0
    _print(bands, learned, jumps, len(releases), out)
    _print_firing(told, out)
    print(_next(write, bool(learned or jumps), file), file=out)
    return 0


def firing_sentence(verdicts: Sequence[CheckRows]) -> str:
    """One line about checks that always or never fail in these runs of the gate; '' where nothing is to be said."""
    try:
        return firing(verdicts, read_suites(project_dir("expectations"))).sentence
    except SuiteError as error:
        return str(error)


def _print(
    bands: Bands,
    learned: Sequence[Band],
    jumps: dict[str, tuple[float, float, int]],
    n_releases: int,
    out: TextIO,
) -> None:
    found = {band.name: band for band in learned}
    rows = []
    for name, band in bands.bands.items():
        new = found.get(name)
        suggested = (f"{new.low:g}", f"{new.high:g}", new.releases) if new else ("", "", 0)
        rows.append((name, f"{band.low:g}", f"{band.high:g}", *suggested))
    columns = ["band", "from", "to", "suggested from", "suggested to", "releases"]
    print_table(columns, rows, out, title=f"Bands, and what {n_releases} kept releases suggest")
    if jumps:
        print_table(
            ["indicator", "from %", "to %", "comparisons"],
            [(name, low, high, n) for name, (low, high, n) in sorted(jumps.items())],
            out,
            title="Changes from year to year, by the current release",
        )


def _print_firing(told: Firing, out: TextIO) -> None:
    for names, what in (
        (told.always, "Failed every time: accept it with a reason, mend the cause, or widen its bounds"),
        (told.idle, "Had nothing to look at, or were never due"),
        (told.never, f"Never failed in {told.runs} runs of the gate (tests show that each can)"),
    ):
        if names:
            print(f"\n{what}:\n  {', '.join(names)}", file=out)


def _next(written: bool, has_learned: bool, file: Path) -> str:
    if written:
        return f"\nWritten to {file}; it holds from the next refresh on."
    if has_learned:
        return f"\n`nianbao expectations suggest --write` keeps this in {file}."
    return (
        "\nToo few releases to learn from: five with a value for a band, twenty comparisons for an indicator."
    )


def _as_json(
    learned: Sequence[Band], jumps: dict[str, tuple[float, float, int]], told: Firing, n_releases: int
) -> dict[str, object]:
    return {
        "releases": n_releases,
        "bands": {band.name: {"min": band.low, "max": band.high, "n": band.releases} for band in learned},
        "jumps": {name: {"min": low, "max": high, "n": n} for name, (low, high, n) in jumps.items()},
        "runs": told.runs,
        "always_failed": told.always,
        "never_failed": told.never,
        "nothing_to_look_at": told.idle,
    }
