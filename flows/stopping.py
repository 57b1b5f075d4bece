"""Ends a run within seconds when it is told to: by SIGTERM, by Ctrl-C, or because its lock has become another's.

A run survives SIGKILL at any point, so that nothing needs to be unwound: a run that is stopped writes its last row,
ends its child processes, gives the lock back and leaves, whatever its threads are waiting for. That takes as long in
the middle of a slow download as in dbt.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID

from prefect import get_client
from prefect.states import Cancelled

from flows.ephemeral import SERVER_MARK

# Whoever sends SIGTERM mostly sends SIGKILL ten seconds later; ending the children comes on top.
_LONGEST_SECONDS = 7.0
_CHILD_SECONDS = 2.0
_TELL_SECONDS = 2.0
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
# It ends by itself with the last process that uses it.
_TRACKER = b"multiprocessing.resource_tracker"

_goodbyes: list[Callable[[str], None]] = []
_ending = threading.Lock()


@contextlib.contextmanager
def stoppable(goodbye: Callable[[str], None] | None = None) -> Iterator[None]:
    """Within it, SIGTERM and SIGINT end the process with exit code 143 or 130 in less than ten seconds.

    goodbye: what is to be done before, given why the process ends; the innermost is called first, in a thread of its
    own, while the others still run. In a thread other than the main one signals are left to whoever handles them.
    """
    if goodbye:
        _goodbyes.append(goodbye)
    try:
        if threading.current_thread() is threading.main_thread():
            with _listening():
                yield
        else:
            yield
    finally:
        if goodbye:
            _goodbyes.remove(goodbye)


@contextlib.contextmanager
def _listening() -> Iterator[None]:
    """Has a thread wait for signals: a handler in the main thread would wait for dbt's or DuckDB's next pause."""
    listens, tells = os.pipe()
    os.set_blocking(tells, False)
    threading.Thread(target=_listen, args=(listens,), name="stop signals", daemon=True).start()

    def tell(signum: int, _frame: Any) -> None:
        with contextlib.suppress(BlockingIOError):
            os.write(tells, bytes([signum]))

    former = {number: signal.signal(number, tell) for number in _SIGNALS}
    # The interpreter writes there at once, before the main thread comes to its handlers.
    former_tells = signal.set_wakeup_fd(tells, warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(former_tells)
        for number, handler in former.items():
            signal.signal(number, handler)
        os.close(tells)  # which ends the thread


def _listen(listens: int) -> None:
    try:
        while said := os.read(listens, 1):
            if said[0] in _SIGNALS:
                stop(f"stopped by {signal.Signals(said[0]).name}", 128 + said[0])
    finally:
        os.close(listens)


def stop(why: str, exit_code: int) -> NoReturn:
    """Says goodbye and ends the process, in any thread. why: the beginning of a sentence."""
    if not _ending.acquire(blocking=False):
        threading.Event().wait()  # another thread is at it
    last_resort = threading.Timer(_LONGEST_SECONDS, _leave, (why, exit_code))
    last_resort.daemon = True
    last_resort.start()
    for goodbye in reversed(_goodbyes):
        try:
            goodbye(why)
        except Exception as error:
            print(f"{why}; its end could not be written down ({error})", file=sys.stderr)
    _leave(why, exit_code)


def _leave(why: str, exit_code: int) -> NoReturn:
    """Ends the child processes and this one; also where a goodbye still waits, as for a database that is locked."""
    end_children()
    print(f"{why}; what was archived is kept, and the next run goes on from there", file=sys.stderr)
    with contextlib.suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(exit_code)


def tell_prefect(flow_run_id: str | None, why: str) -> None:
    """Has Prefect's server show a run that ends here as cancelled; for two seconds at most, if it answers at all.

    Under a runner it is the runner that says so, when it sees the process end.
    """
    if flow_run_id is None or "PREFECT__FLOW_RUN_ID" in os.environ:
        return

    def tell() -> None:
        with contextlib.suppress(Exception), get_client(sync_client=True) as client:
            client.set_flow_run_state(UUID(flow_run_id), Cancelled(message=why), force=True)

    telling = threading.Thread(target=tell, daemon=True)
    telling.start()
    telling.join(_TELL_SECONDS)


def end_children() -> None:
    """Ends the child processes: workers at once, a Prefect server of its own in its own way. Needs /proc."""
    children = {child: command for child, command in _children().items() if _TRACKER not in command}
    for child, command in children.items():
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGTERM if SERVER_MARK in command else signal.SIGKILL)
    until = time.monotonic() + _CHILD_SECONDS
    while children and time.monotonic() < until:
        children = {child: command for child, command in children.items() if not _gone(child)}
        time.sleep(0.02)
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def _children() -> dict[int, bytes]:
    """Process id → command line of each child that runs."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            state, parent = (process / "stat").read_text().rpartition(")")[2].split()[:2]
            if int(parent) == os.getpid() and state != "Z":
                found[int(process.name)] = (process / "cmdline").read_bytes()
    return found


def _gone(child: int) -> bool:
    try:
        state = (Path("/proc") / str(child) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"
