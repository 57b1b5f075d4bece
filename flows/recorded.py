"""A run of any flow that writes to the home: under its lock, with a row in the ledger whatever its end, in this process."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from prefect.runtime import flow_run
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.context import Refresh
from flows.ephemeral import stop_orphaned_servers
from flows.seen import leave_artifacts
from flows.stopping import end_children, stop, stoppable, tell_prefect
from flows.workers import own_runner
from nianbao.settings import Settings
from nianbao.storage import StorageError
from nianbao.warehouse.ledger import Ledger, RefreshRow, RefreshState
from nianbao.warehouse.lock import Hold, LockLostError, hold_lock
from nianbao.warehouse.stored import pull_home
from nianbao.warehouse.surroundings import surroundings

Result = TypeVar("Result")
log = logging.getLogger("nianbao.refresh")

# How a run ends that did what it was asked for. A batch of a backfill is none yet.
_WELL = (RefreshState.PUBLISHED, RefreshState.QUIET, RefreshState.SHOWN)
_begun: list[str] = []  # the ledger's ids of the runs of this process, in order


class RefusedError(Exception):
    """The gate refused the candidate; the last release stays current."""


class RefreshFailedError(Exception):
    """The refresh could not be done; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class RefreshResult:
    """How a refresh ended. sentence is for people; release_id is set when a release was published."""

    refresh_id: str
    state: RefreshState
    sentence: str
    release_id: str | None = None


@contextmanager
def recorded(settings: Settings, purpose: str, wait: float = 0) -> Iterator[Refresh]:
    """One run under the writer's lock, whose end, whatever it is, stands in the ledger and in the run's summary."""
    own_runner(settings.workers)  # before anything is fetched that they could not read
    with hold_lock(settings.home, purpose, wait) as lock, stoppable(lambda _: lock.release()):
        if lock.taken_over:
            log.warning(lock.taken_over)
        _fetch(settings)
        run = Refresh.begin(settings, purpose, lock)
        _begun.append(run.record.refresh_id)
        with stoppable(_goodbye(run, lock)):
            try:
                run.tidy()
                yield run
            except RefusedError as refusal:
                run.record.end(RefreshState.REFUSED, str(refusal))
                raise
            except Exception as error:
                sentence = surroundings(error, settings.home) or str(error) or type(error).__name__
                run.record.end(RefreshState.FAILED, sentence)
                raise
            except BaseException:  # Prefect ended it, without a signal
                run.record.stopped("stopped")
                raise
            finally:
                leave_artifacts(run)
                run.close()
                run.tell_alerts()


def _fetch(settings: Settings) -> None:
    """Gets what the home lacks from its storage; a storage that is gone hinders no visit."""
    try:
        fetched = pull_home(settings)
    except StorageError as error:
        log.warning("nothing was fetched from the storage: %s", error)
        return
    if fetched.anything:
        log.info("storage · %s fetched", fetched)


def _goodbye(run: Refresh, lock: Hold) -> Callable[[str], None]:
    """What a run does before its process is ended in the middle of it."""
    lock.on_lost = lambda lost: stop(str(lost), 1)
    flow_run_id = flow_run.id

    def goodbye(why: str) -> None:
        with suppress(LockLostError):  # then the row is the new holder's to close
            run.record.stopped(why)
        tell_prefect(flow_run_id, why)
        end_children()

    return goodbye


def last_begun(settings: Settings) -> RefreshRow | None:
    """The row of the run that this process began last, as it stands now; None if it has begun none.

    Never that of another process, which may have written to the home while this one waited.
    """
    rows = Ledger(settings.ledger).refreshes() if _begun else []
    return next((row for row in rows if row.refresh_id == _begun[-1]), None)


def carried_out(
    flow_to_run: Callable[..., Result], settings: Settings, parameters: Mapping[str, Any]
) -> Result | RefreshResult:
    """What a flow returns, run in this process, with the ephemeral Prefect server unless PREFECT_API_URL names one.

    Where Prefect could not take the end of a run that had ended well, a RefreshResult as the ledger has it. Raises
    RefusedError where the gate refused, and whatever else the flow raises.
    """
    _begun.clear()
    stop_orphaned_servers(settings.home / "prefect")  # what a killed run left would be in its way
    # Who has died is known by the lock. Prefect's heartbeats would say it to its server too, and make each run wait for up to
    # a second until their thread ends.
    with stoppable(), temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        try:
            return flow_to_run(**parameters)
        except RefusedError:
            raise
        except Exception as error:
            row = last_begun(settings)
            if row is not None and row.state is RefreshState.REFUSED:
                raise RefusedError(row.sentence) from error
            if row is None or row.state not in _WELL:
                raise
            # The data is in; it is only Prefect that could not take the end of the run.
            log.warning("the run ended well, and Prefect could not be told (%s)", error)
            return RefreshResult(row.refresh_id, row.state, row.sentence, row.release_id)
