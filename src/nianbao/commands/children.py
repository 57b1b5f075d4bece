"""Processes that a command keeps beside it: their output goes to a log, and they end with all they started."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path

_LOG_BYTES, _LOG_FILES = 5_000_000, 3
# user:password@ in an address; what stands before and behind may be told.
_CREDENTIALS = re.compile(r"(?<=://)[^\s/@]{1,500}@")
_LAST_LINES = 12


def redacted(text: str) -> str:
    """A text without the user names and passwords of addresses in it."""
    return _CREDENTIALS.sub("…@", text)


class Child:
    """A running process. Its output is written, without passwords of addresses, to a log that is kept short."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], log_path: Path
    ) -> None:
        self.name = name
        self.log_path = log_path
        self._last: deque[str] = deque(maxlen=_LAST_LINES)
        self._handler = RotatingFileHandler(
            log_path, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8"
        )
        # A session of its own: Ctrl-C in the terminal is for the command, which ends its children in order.
        self._process = subprocess.Popen(
            command,
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

    def stop(self, seconds: float) -> None:
        """Asks it to end, and after some seconds ends it and all that it started, whatever they do."""
        family = _family(self.pid)
        if self.exit_code is None:
            self._process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            family |= _family(self.pid)
            if self.exit_code is not None and not any(_still(*member) for member in family):
                break
            time.sleep(0.05)
        for pid, began in family:
            if _still(pid, began):
                _kill(pid)
        if self.exit_code is None:
            self._process.kill()
        self._process.wait()
        self._reader.join(1)
        self._handler.close()

    def _keep_output(self) -> None:
        for line in self._process.stdout or ():
            told = redacted(line.rstrip())
            self._last.append(told)
            self._handler.emit(logging.LogRecord(self.name, logging.INFO, "", 0, told, None, None))


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _family(ancestor: int) -> set[tuple[int, str]]:
    """All processes that descend from one: (id, when it began). Empty without /proc."""
    parents: dict[int, int] = {}
    began: dict[int, str] = {}
    for process in Path("/proc").glob("[0-9]*"):
        facts = _facts(int(process.name))
        if facts:
            parents[int(process.name)], began[int(process.name)] = int(facts[1]), facts[19]
    found: set[int] = set()
    fresh = {ancestor}
    while fresh:
        fresh = {pid for pid, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return {(pid, began[pid]) for pid in found}


def _still(pid: int, began: str) -> bool:
    """True while that very process is at work; a number that another process got since does not count."""
    facts = _facts(pid)
    return bool(facts) and facts[19] == began and facts[0] != "Z"


def _facts(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat behind the name: state, parent, …, and at 19 when it began."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
