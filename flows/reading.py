"""Reading and extraction, batch by batch, by the workers that the settings name.

A batch is a folder of the lake that is there as a whole or not at all, and the same captures are the same batch: whoever
is lost in the middle costs the batch that it was at, which is read again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture

from flows.context import Refresh
from flows.retries import may_pass
from flows.seen import submit_all
from flows.workers import Runner, at_work, lost, own_runner
from nianbao.model import Capture
from nianbao.warehouse.ingest import Ingested
from nianbao.warehouse.workplace import Parcel, parceled

log = logging.getLogger("nianbao.refresh")
Submit = Callable[[Parcel], PrefectFuture[Any]]
_ROUNDS = 3


@task(
    name="read and extract",
    cache_policy=NO_CACHE,
    retries=1,
    retry_delay_seconds=5,
    retry_condition_fn=may_pass,
)
def ingest_batch(parcel: Parcel) -> Ingested:
    """Reads and extracts one batch of captures into the lake."""
    return parcel.ingest()


def read_and_extract(run: Refresh, captures: Sequence[Capture]) -> None:
    """Reads and extracts captures into the lake. What a worker that was lost left undone is read by others, twice at most."""
    reports = figures = 0

    def note(done: Ingested) -> None:
        nonlocal reports, figures
        run.record.note(done.outcomes)
        reports, figures = reports + done.reports, figures + done.figures

    if not captures:
        return
    for tries_left in reversed(range(_ROUNDS)):
        try:
            _read(run, captures, note)
            break
        except Exception as error:
            unread = run.unread(captures)
            if not tries_left or not lost(error):
                raise
            log.warning("a worker was lost (%s); %d captures are read again", error, len(unread))
            captures = unread
    log.info("read and extract · %d reports, %d figures", reports, figures)


def _read(run: Refresh, captures: Sequence[Capture], note: Callable[[Ingested], None]) -> None:
    workers = run.settings.workers
    place = run.workplace if own_runner(workers) is None else run.order
    parcels = parceled(place, captures, run.settings.batch_size)
    log.info("read and extract · %d captures in %d batches", len(captures), len(parcels))
    hand_out(workers, parcels, note)


def hand_out(workers: str, parcels: Sequence[Parcel], note: Callable[[Ingested], None]) -> None:
    """Has workers, named as in the settings, read and extract batches; note is given what came of each. Raises WorkersError."""
    with _workers(own_runner(workers)) as submit:
        submit_all("read and extract", parcels, submit, note)


@contextmanager
def _workers(runner: Runner | None) -> Iterator[Submit]:
    """Gives what hands a batch to the workers of a runner, or to the threads of the flow. Raises WorkersError."""
    if runner is None:
        yield lambda parcel: _named(parcel).submit(parcel)
        return
    with at_work(runner):
        yield lambda parcel: runner.submit(_named(parcel), {"parcel": parcel})


def _named(parcel: Parcel) -> Task[[Parcel], Ingested]:
    first, count = parcel.captures[0].source_id, len(parcel.captures)
    return ingest_batch.with_options(task_run_name=f"read and extract · {first} … {count} captures")
