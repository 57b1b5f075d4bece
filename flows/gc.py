"""Clears away the releases that retention does not keep, and what killed runs left: `nianbao releases gc`, at its hour."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from prefect import flow

from nianbao import clock
from nianbao.settings import Settings
from nianbao.warehouse.ledger import Ledger
from nianbao.warehouse.lock import hold_lock
from nianbao.warehouse.release.retention import collect
from nianbao.warehouse.stored import expire_shared

log = logging.getLogger("nianbao.gc")


@dataclass(frozen=True, slots=True)
class GcResult:
    """What went: ids of releases, leftovers by name, bytes freed on disk."""

    removed: tuple[str, ...]
    leftovers: tuple[str, ...]
    freed: int


def _run_name() -> str:
    return f"{clock.today().isoformat()} · releases past retention"


@flow(name="gc", flow_run_name=_run_name)
def gc_flow(wait: float = 0.0) -> GcResult:
    """Removes what retention does not keep. Raises LockedError if the home is still being written after `wait` seconds,
    ReleaseError if `current` leads nowhere."""
    settings = Settings()
    with hold_lock(settings.home, "releases gc", wait=wait):
        done = collect(
            settings.releases,
            settings.current,
            settings.builds,
            Ledger(settings.ledger),
            newest=settings.keep_releases,
            months=settings.keep_months,
            dry_run=False,
        )
        expire_shared(
            settings,
            Ledger(settings.ledger),
            {each.release.release_id for each in done.verdicts if each.kept},
        )
    removed = tuple(each.release.release_id for each in done.verdicts if not each.kept)
    log.info("gc · %d releases removed, %d bytes freed", len(removed), done.freed)
    return GcResult(removed, done.leftovers, done.freed)
