"""`nianbao status`: what the ledger says."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, replace
from typing import TextIO

from nianbao.commands.expectations import firing_sentence
from nianbao.commands.refresh import print_checks
from nianbao.commands.tables import print_table
from nianbao.model import NEWS_OUTCOMES, ORDINARY_OUTCOMES
from nianbao.settings import Settings
from nianbao.warehouse.ledger import Ledger, RefreshState
from nianbao.warehouse.lock import lock_holder
from nianbao.warehouse.release import ReleaseError, current_release


def status(settings: Settings, refresh_id: str | None, as_json: bool, out: TextIO, err: TextIO) -> int:
    """Prints the latest refreshes, and of one of them outcomes and verdicts. Returns 1 if that one is not there."""
    ledger = Ledger(settings.ledger)
    refreshes = ledger.refreshes(1000 if refresh_id else 10)
    chosen = next((row for row in refreshes if refresh_id in (None, row.refresh_id)), None)
    if refresh_id and chosen is None:
        print(f"there is no refresh {refresh_id}; `nianbao status` lists the latest", file=err)
        return 1
    try:
        release = current_release(settings.current)
        current, trouble = (release.release_id if release else None), None
    except ReleaseError as error:
        current, trouble = None, str(error)
    outcomes = ledger.outcomes(chosen.refresh_id) if chosen else []
    verdicts = ledger.verdicts(chosen.refresh_id) if chosen else []
    holder = lock_holder(settings.home)
    if holder is None:  # nobody is at work: what still says so was killed
        refreshes = [
            replace(row, state=RefreshState.INTERRUPTED) if row.state is RefreshState.RUNNING else row
            for row in refreshes
        ]
    if as_json:
        value = {
            "home": str(settings.home),
            "registry": str(settings.registry_folder),
            "current_release": current,
            "trouble": trouble,
            "running": holder,
            "refreshes": [asdict(row) for row in refreshes],
            "refresh": chosen.refresh_id if chosen else None,
            "outcomes": outcomes,
            "checks": verdicts,
        }
        print(json.dumps(value, ensure_ascii=False, indent=1), file=out)
        return 0
    print(f"Home: {settings.home}", file=out)
    print(f"Registry: {settings.registry_folder}", file=out)
    print(
        f"Current release: {current or trouble or 'none yet; `nianbao refresh` or `nianbao import` makes one'}",
        file=out,
    )
    if holder:
        print(f"Running now: {holder}", file=out)
    if chosen is None:
        return 0
    rows = [(row.refresh_id, row.purpose, row.state, row.ended_at, row.sentence) for row in refreshes[:10]]
    print_table(["refresh", "purpose", "state", "ended", "says"], rows, out, title="Latest refreshes")
    counts = Counter((row["stage"], row["outcome"]) for row in outcomes)
    if counts:  # a reextract has none
        print_table(
            ["stage", "outcome", "captures"],
            [(stage, outcome, count) for (stage, outcome), count in sorted(counts.items())],
            out,
            title=f"Outcomes of {chosen.refresh_id}",
        )
    for row in outcomes:
        if row["outcome"] not in ORDINARY_OUTCOMES or row["outcome"] in NEWS_OUTCOMES:
            print(f"  {row['outcome']}: {row['sentence']}", file=out)
    if verdicts:
        print_checks(verdicts, out)
    idle = firing_sentence(ledger.last_verdicts())
    if idle:
        print(f"Checks that tell nothing: {idle}", file=out)
    return 0
