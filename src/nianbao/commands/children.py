"""Processes that a command keeps beside it: their output goes to a log, and they end with all they started."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path

_LOG_BYTES, _LOG_FILES = 5_000_000, 3
# user:password@ in an address; what stands before and behind may be told.
_CREDENTIALS = re.compile(r"(?<=://)[^\s/@]{1,500}@")
_LAST_LINES = 12
# A process id, and when that process began: ids are given again.
_Process = tuple[int, str]


def redacted(text: str) -> str:
    """A text without the user names and passwords of addresses in it."""
    return _CREDENTIALS.sub("…@", text)


class Child:
    """A running Python. Its output is written, without passwords of addresses, to a log that is kept short.

    arguments: what stands behind `python`. It ends when this process ends, however that comes about.
    """

    def __init__(
        self, name: str, arguments: Sequence[str], environment: Mapping[str, str], log_path: Path
    ) -> None:
        self.name = name
        self.log_path = log_path
        self._last: deque[str] = deque(maxlen=_LAST_LINES)
        self._handler = RotatingFileHandler(
            log_path, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8"
        )
        # A session of its own: Ctrl-C in the terminal is for the command, which ends its children in order.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "nianbao.commands.tied", *arguments],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._keep_output, name=f"log of {name}", daemon=True)
        self._reader.start()

    @property
    def exit_code(self) -> int | None:
        """The exit code once it has ended, else None."""
        return self._process.poll()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def last_words(self) -> str:
        """The last lines that it wrote."""
        self._reader.join(1)
        return "\n".join(self._last)

    def stop(self, seconds: float, *, children_first: float = 0.0) -> None:
        """Asks it to end, and after some seconds ends it and all that it started, whatever they do.

        children_first: seconds in which what it started itself may end before it is asked; for a process that would kill
        them at once.
        """
        family = _family(self.pid)
        if children_first and self.exit_code is None:
            for pid, _ in _children(self.pid):
                _send(pid, signal.SIGTERM)
            self._await(family, children_first, lambda: not _children(self.pid))
        if self.exit_code is None:
            self._process.send_signal(signal.SIGTERM)
        self._await(family, seconds, lambda: self.exit_code is not None and not _at_work(family))
        for pid, _ in _at_work(family):
            _send(pid, signal.SIGKILL)
        if self.exit_code is None:
            self._process.kill()
        self._process.wait()
        self._reader.join(1)
        self._handler.close()

    def _await(self, family: set[_Process], seconds: float, done: Callable[[], bool]) -> None:
        """Waits until it is done; whoever joins the family meanwhile is noted."""
        deadline = time.monotonic() + seconds
        while not done() and time.monotonic() < deadline:
            family |= _family(self.pid)
            time.sleep(0.05)

    def _keep_output(self) -> None:
        for line in self._process.stdout or ():
            told = redacted(line.rstrip())
            self._last.append(told)
            self._handler.emit(logging.LogRecord(self.name, logging.INFO, "", 0, told, None, None))


def _send(pid: int, name: signal.Signals) -> None:
    try:
        os.kill(pid, name)
    except ProcessLookupError:
        return


def _children(parent: int) -> set[_Process]:
    """The processes that one has started itself and that are at work."""
    return {(pid, began) for pid, above, began in _processes() if above == parent}


def _family(ancestor: int) -> set[_Process]:
    """All processes that descend from one."""
    processes = list(_processes())
    found: set[_Process] = set()
    fresh = {ancestor}
    while fresh:
        next_ones = {(pid, began) for pid, parent, began in processes if parent in fresh} - found
        found |= next_ones
        fresh = {pid for pid, _ in next_ones}
    return found


def _at_work(family: set[_Process]) -> set[_Process]:
    """Those that have not ended; a number that another process got since does not count."""
    return family & {(pid, began) for pid, _, began in _processes()}


def _processes() -> Iterator[tuple[int, int, str]]:
    """Every process that has not ended: (id, id of its parent, when it began). None without /proc."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            facts = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # ended meanwhile
        if facts[0] != "Z":
            yield int(process.name), int(facts[1]), facts[19]
