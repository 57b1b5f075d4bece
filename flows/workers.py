"""Which workers read and extract: NIANBAO_WORKERS names threads, processes, or a Dask or Ray cluster by its address.

A cluster's libraries are imported only where one is named; they come with the extras `dask` and `ray`.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner

Runner = TaskRunner[Any]
_CONNECT_SECONDS = 30


class WorkersError(Exception):
    """The workers that NIANBAO_WORKERS names are not there; the message says what to do."""


def own_runner(workers: str) -> Runner | None:
    """The task runner of workers outside this process, None for its threads. Raises WorkersError.

    workers: as in the settings: `threads`, `processes` (as many as there are processors), `processes:4`, `dask:tcp://host:8786`,
    `ray:ray://host:10001` (from outside of the cluster), `ray:host:6379` (from one of its machines).
    """
    kind, _, where = workers.partition(":")
    if kind == "threads":
        return None
    if kind == "processes":
        return ProcessPoolTaskRunner(max_workers=int(where) if where else None)
    if not os.environ.get("PREFECT_API_URL"):
        raise WorkersError(
            f"NIANBAO_WORKERS={workers} needs a Prefect server that the workers reach too: start one with `nianbao serve`,"
            " and set PREFECT_API_URL to its address, for the workers as for this run"
        )
    return _CLUSTERS[kind](where)


@contextmanager
def at_work(runner: Runner) -> Iterator[Runner]:
    """The runner with its workers; processes of its own end behind it. Raises WorkersError where a cluster does not answer."""
    address = str(getattr(runner, "address", ""))
    with ExitStack() as stack:
        try:
            _reach(address)
            stack.enter_context(runner)
            # Dask is asked only when it is used.
            getattr(runner, "client", None)
        except OSError as error:
            raise WorkersError(
                f"the cluster at {address} does not answer ({error}): start it, or set NIANBAO_WORKERS to others"
            ) from error
        # A worker that is killed while it writes to this queue holds the queue's lock for good, and the end of this process
        # would wait for it.
        queue = getattr(runner, "_subprocess_message_queue", None)
        if queue is not None:
            queue.cancel_join_thread()
        yield runner


def _reach(address: str) -> None:
    """Raises OSError where nobody listens at a cluster's address; Ray itself would wait for minutes."""
    host, found, port = address.rpartition("/")[2].rpartition(":")
    if found:
        socket.create_connection((host, int(port)), _CONNECT_SECONDS).close()


def lost(error: BaseException) -> bool:
    """Whether it was a worker that failed, and not what it did."""
    return isinstance(error, BrokenExecutor) or type(error).__module__.partition(".")[0] in _CLUSTER_LIBRARIES


def _dask(address: str) -> Runner:
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise _not_installed("dask") from error
    runner: Runner = DaskTaskRunner(address=address, client_kwargs={"timeout": _CONNECT_SECONDS})
    return runner


def _ray(address: str) -> Runner:
    try:
        from prefect_ray.task_runners import RayTaskRunner
    except ImportError as error:
        raise _not_installed("ray") from error
    runner: Runner = RayTaskRunner(
        address=address, init_kwargs={"log_to_driver": False, "logging_level": logging.WARNING}
    )
    return runner


def _not_installed(engine: str) -> WorkersError:
    return WorkersError(
        f"workers of {engine} need a package that is not installed: pip install 'nianbao[{engine}]'"
    )


_CLUSTERS: Mapping[str, Callable[[str], Runner]] = {"dask": _dask, "ray": _ray}
_CLUSTER_LIBRARIES = ("distributed", "ray")
