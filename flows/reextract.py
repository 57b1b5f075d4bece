"""What changed rules do to what is published: read again what they touch → load → compare → (transform → … → release).

    nianbao reextract              shows the difference; nothing published changes
    nianbao reextract --publish    publishes it, through the same gate as a refresh

Everything comes from the archive, nothing is fetched. Only captures that the current release holds are read; what is
new is left to the next refresh. A killed reextract leaves whole batches, and the next one goes on from there.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.context import Refresh
from flows.reading import read_and_extract
from flows.recorded import RefreshResult, carried_out, recorded
from flows.refresh import THREADS, align_and_transform, check_and_publish, load
from nianbao import clock
from nianbao.settings import Settings
from nianbao.warehouse.difference import Difference, captures_of
from nianbao.warehouse.lake import Lake
from nianbao.warehouse.ledger import RefreshState
from nianbao.warehouse.release import Release, ReleaseError
from nianbao.warehouse.rules import compare

log = logging.getLogger("nianbao.refresh")


@dataclass(frozen=True, slots=True)
class ReextractResult:
    """How a reextract ended. former, present: the rules of the release compared with, and those in force.

    changed: what differs between them, for people. touched, kept: captures of that release whose
    rows these rules made, now or in an earlier run, and that keep their rows.
    """

    refresh_id: str
    state: RefreshState
    sentence: str
    former: str
    present: str
    changed: str
    touched: int
    kept: int
    difference: Difference
    release_id: str | None = None


@task(name="compare", cache_policy=NO_CACHE)
def show_difference(run: Refresh, published: Release) -> Difference:
    """Compares the loaded candidate with the current release and writes the difference as rows."""
    return run.build.difference(published)


def _run_name() -> str:
    return f"{clock.today().isoformat()} · reextract"


@flow(name="reextract", flow_run_name=_run_name, validate_parameters=False, task_runner=THREADS)
def reextract_flow(publish: bool = False, wait: float = 0) -> ReextractResult:
    """Reads again what the present rules touch, shows what differs from the current release, and may publish it.

    wait: seconds to wait for another writer of the home. Raises LockedError, RefusedError or ReleaseError, so that the run
    is red whenever it did not do what was asked.
    """
    with recorded(Settings(), "reextract", wait) as run:
        published = run.build.current
        if published is None:
            raise ReleaseError(
                "there is no release whose rows could differ; `nianbao refresh` makes the first"
            )
        former = Lake(run.settings.lake, published.inputs.get("rules", ""))
        known = former.rules()
        changed = str(compare(known, run.rules)) if known else "unknown, since the former rules were not kept"
        log.info("rules %s → %s · changed: %s", former.rules_version, run.rules.version, changed)
        in_release = captures_of(published.database)
        captures = [capture for capture in run.pending() if capture.capture_id in in_release]
        read_and_extract(run, captures)
        log.info("load · raw tables of the candidate")
        load(run, whole=True)
        log.info("compare · with %s", published.release_id)
        found = show_difference(run, published)
        kept = len(in_release & run.lake.kept().keys())
        touched = len(in_release & run.lake.finished_captures()) - kept
        state, release_id = RefreshState.SHOWN, None
        # Rows made under these very rules by an earlier run, such as one that was killed, are not made again.
        held = touched - len(captures)
        sentence = f"{len(captures)} of {touched + kept} captures read again under the changed rules"
        sentence += f" and {held} before; {_said(found)}" if held else f"; {_said(found)}"
        if publish:
            align_and_transform(run)
            release_id = check_and_publish(run)
            state, sentence = RefreshState.PUBLISHED, f"published {release_id}: {sentence}"
        else:
            run.build.discard()
            sentence += f"; {published.release_id} stays current"
        run.record.end(state, sentence, release_id)
        return ReextractResult(
            run.record.refresh_id,
            state,
            sentence,
            former.rules_version,
            run.rules.version,
            changed,
            touched,
            kept,
            found,
            release_id,
        )


def _said(found: Difference) -> str:
    rows = sum(count.rows for count in found.counts)
    return f"{rows} differences in rows" if rows else "no row differs"


def run_reextract(settings: Settings, **parameters: Any) -> ReextractResult | RefreshResult:
    """Runs the flow in this process, with the ephemeral Prefect server unless PREFECT_API_URL names one.

    A RefreshResult is what the ledger says of it, where Prefect took the rest with it.
    """
    return carried_out(reextract_flow, settings, parameters)
