"""The backfill: reads the sources that were never read to their end, in batches beside the nightly refresh.

    nianbao backfill

Each batch is a run of its own: it takes the home's lock, harvests what its requests allow, reads and extracts that, and
gives the lock back, so that a refresh that waits comes in between. What is left over is derived anew before each batch,
from the visits in the ledger; a backfill that is killed goes on where it was. The last run publishes.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from prefect import flow
from prefect.runtime import flow_run

from flows.context import Refresh
from flows.reading import read_and_extract
from flows.recorded import RefreshResult, carried_out, recorded
from flows.refresh import (
    THREADS,
    publish_what_is_new,
    run_name,
    visit_sources,
)
from nianbao.harvest.batch import Batch, years_of
from nianbao.harvest.choice import choose_kind
from nianbao.harvest.source import SourceHarvest
from nianbao.model import Outcome, Source
from nianbao.settings import Settings
from nianbao.warehouse.ledger import RefreshState

log = logging.getLogger("nianbao.refresh")

REQUESTS = 200  # of a batch, to each host
WAIT_SECONDS = 6 * 3600.0
# Whoever waits for the lock asks for it every second.
_PAUSE_SECONDS = 2.5


@dataclass(frozen=True, slots=True)
class BackfillResult:
    """How a backfill ended. batches: how many it made. left: source_id → why it is still not read to
    its end."""

    refresh_id: str
    state: RefreshState
    sentence: str
    batches: int
    left: dict[str, str]
    release_id: str | None = None


def _run_name() -> str:
    only = dict(flow_run.parameters or {}).get("only") or ()
    return run_name(" · ".join(("backfill", *only)))


@flow(name="backfill", flow_run_name=_run_name, validate_parameters=False, task_runner=THREADS)
def backfill_flow(
    only: Sequence[str] = (),
    kind: str = "",
    years: str = "",
    again: bool = False,
    batch: int = REQUESTS,
    batches: int = 0,
    publish: bool = True,
    wait: float = WAIT_SECONDS,
) -> BackfillResult:
    """Reads the sources of the registry to their end that never were, and publishes what they brought.

    only: reads those that a choice names, such as district=310107. kind: those of one kind of report. years: asks only for
    pages whose link may be of these years, such as 2019-2022. again: reads also those that were read before. batch: requests
    to each host in a batch. batches: how many at most, 0 for as many as it takes. publish: False leaves that to the next
    refresh. wait: seconds to wait for another writer of the home, before each batch. Raises as the refresh flow does.
    """
    settings, ended = Settings(), dict[str, str]()
    bounds = Batch(batch, years_of(years))
    done = 0
    while True:
        with recorded(settings, "backfill", wait) as run:
            run.remember_registry()
            sources = left_over(run, only, kind, again)
            now = [source for source in sources if source.source_id not in ended]
            if now and (not batches or done < batches):
                done += 1
                ended |= _one_batch(run, now, bounds, done)
            else:
                left = {s.source_id: ended.get(s.source_id, "not done yet") for s in sources}
                return _last_run(run, publish, done, {name: why for name, why in left.items() if why})
        time.sleep(_PAUSE_SECONDS)


def left_over(run: Refresh, only: Sequence[str], kind: str, again: bool) -> list[Source]:
    """The chosen sources that were never read to their end; with `again` all of them. Raises ChoiceError."""
    chosen = choose_kind(run.registry, run.visits.choose(only, due_only=False), kind)
    explored = {} if again else run.visits.explored()
    return [source for source in chosen if source.source_id not in explored]


def _one_batch(run: Refresh, sources: Sequence[Source], bounds: Batch, number: int) -> dict[str, str]:
    """Harvests and reads one batch. Returns what `_ended` says of the sources to which no further batch goes."""
    log.info("backfill · batch %d, %d sources are left", number, len(sources))
    harvested = visit_sources(run, sources, bounds)
    read_and_extract(run, run.pending())
    ended = {h.source_id: why for h in harvested if (why := _ended(h, bounds)) is not None}
    new, requests = sum(h.new for h in harvested), sum(h.requests for h in harvested)
    sentence = (
        f"batch {number}: {requests} requests, {new} new captures; sources that are still to be read: {len(sources) - len(ended)}."
        " The next run that publishes has them"
    )
    run.record.end(RefreshState.GATHERED, sentence)
    return ended


def _ended(harvest: SourceHarvest, bounds: Batch) -> str | None:
    """None if a further batch goes to the source; why it is not read to its end all the same, '' if it is."""
    if harvest.is_cut:
        if harvest.asked or harvest.requests < bounds.requests:
            return None
        # A host's whole share was not enough for one step: another one like it would not be either.
        return f"{bounds.requests} requests did not lead to a page; give more with --batch"
    if harvest.visit.whole and harvest.links:
        return ""
    postponed = (row.sentence for row in harvest.outcomes if row.outcome is Outcome.POSTPONED)
    if why := next(postponed, ""):
        return why
    if harvest.left:
        return f"{harvest.left} links to pages of other years were left"
    return harvest.visit.sentence


def _last_run(run: Refresh, publish: bool, batches: int, left: dict[str, str]) -> BackfillResult:
    said = f"sources that are not read to their end: {len(left)}" if left else "no source is left over"
    if publish:
        result = publish_what_is_new(run)
        sentence = f"{said}; {result.sentence}"
        return BackfillResult(run.record.refresh_id, result.state, sentence, batches, left, result.release_id)
    sentence = f"{said}; the next refresh publishes what {batches} batches brought"
    run.record.end(RefreshState.GATHERED, sentence)
    return BackfillResult(run.record.refresh_id, RefreshState.GATHERED, sentence, batches, left)


def run_backfill(settings: Settings, **parameters: Any) -> BackfillResult | RefreshResult:
    """Runs the flow with its parameters in this process, with the ephemeral Prefect server unless PREFECT_API_URL names
    one. A RefreshResult is what the ledger says of its last run, where Prefect took the rest with it."""
    return carried_out(backfill_flow, settings, parameters)
