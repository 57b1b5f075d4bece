"""Reading and extraction, batch by batch, by the workers that the settings name.

A batch is a folder of the lake that is there as a whole or not at all, and the same captures are the same batch: whoever
is lost in the middle costs the batch that it was at, which is read again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture

from flows.context import Refresh
from flows.retries import may_pass
from flows.seen import submit_all
from flows.workers import at_work, lost, own_runner
from nianbao.model import Capture
from nianbao.warehouse.ingest import Ingested
from nianbao.warehouse.workplace import Order, Workplace, workplace_of

log = logging.getLogger("nianbao.refresh")
Submit = Callable[[str, Sequence[Capture]], PrefectFuture[Any]]
_ROUNDS = 3


@task(
    name="read and extract",
    cache_policy=NO_CACHE,
    retries=1,
    retry_delay_seconds=5,
    retry_condition_fn=may_pass,
)
def ingest_batch(place: Workplace | Order, captures: Sequence[Capture]) -> Ingested:
    """Reads and extracts one batch of captures into the lake, here or wherever a worker has made itself the place."""
    return (workplace_of(place) if isinstance(place, Order) else place).ingest(captures)


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
    size = run.settings.batch_size
    batches = [captures[start : start + size] for start in range(0, len(captures), size)]
    log.info("read and extract · %d captures in %d batches", len(captures), len(batches))
    with _workers(run) as submit:
        submit_all(
            "read and extract",
            batches,
            lambda batch: submit(f"read and extract · {batch[0].source_id} … {len(batch)} captures", batch),
            note,
        )


@contextmanager
def _workers(run: Refresh) -> Iterator[Submit]:
    """Gives what hands a batch to the workers of the settings, under a name. Raises WorkersError."""
    runner = own_runner(run.settings.workers)
    if runner is None:
        yield lambda name, batch: ingest_batch.with_options(task_run_name=name).submit(run.workplace, batch)
        return
    with at_work(runner):
        yield lambda name, batch: runner.submit(
            ingest_batch.with_options(task_run_name=name), {"place": run.order, "captures": batch}
        )
