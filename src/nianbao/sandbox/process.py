"""One worker process, from the parent's side."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

from nianbao.sandbox.frames import read_frame, write_frame

# Python and the parsers load in a second; on a crowded machine in many.
_START_SECONDS = 120.0
# Each scanned page has the time of a file; a scan of more pages than this is no report.
_SCANNED_PAGES = 300


class WorkerDied(Exception):
    """The worker ended instead of answering. timed_out: it was killed at the limit. status: as Popen says it."""

    def __init__(self, timed_out: bool, status: int) -> None:
        super().__init__(f"worker ended with {status}")
        self.timed_out = timed_out
        self.status = status


class Worker:
    """A running worker. Used by one thread at a time."""

    def __init__(self, memory_mb: int, seconds: float) -> None:
        """Starts the process and waits until it is ready. Raises WorkerDied if it does not come up."""
        self._seconds = seconds
        self.served = 0
        self.peak_mb = self.space_mb = 0
        # Of the parent's variables it needs none that could hold a secret.
        kept = (
            "PATH",
            "PYTHONPATH",
            "PYTHONHOME",
            "HOME",
            "TMPDIR",
            "LANG",
            "LC_ALL",
            "LD_LIBRARY_PATH",
            "VIRTUAL_ENV",
        )
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        environment |= {"PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "1"}
        environment["PYTHONPATH"] = os.pathsep.join(part for part in sys.path if part)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "nianbao.sandbox.worker", str(memory_mb), str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            process_group=0,  # an interrupt from the keyboard is the parent's to handle
        )
        with self._within(_START_SECONDS):
            self._receive()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs: an idle one may have been killed from outside."""
        return self._process.poll() is None

    def ask(self, message: dict[str, Any], body: bytes) -> dict[str, Any]:
        """One document's answer. Raises WorkerDied if the worker ended or was killed at its time limit,
        which each page of a scan has for itself."""
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        self.served += 1
        with self._within(self._seconds):
            # A worker that is gone is told by the missing answer.
            with contextlib.suppress(OSError):
                write_frame(self._process.stdin, message, body)  # type: ignore[arg-type]
            answer = self._receive()
        for _ in range(_SCANNED_PAGES):
            if "page" not in answer:
                break
            with self._within(self._seconds):
                answer = self._receive()
        else:
            self.close()
            raise WorkerDied(True, self._process.returncode)
        self.peak_mb, self.space_mb = int(answer.get("peak_mb", 0)), int(answer.get("space_mb", 0))
        return answer

    def close(self) -> None:
        """Ends the process and waits for it."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._process.wait()

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        try:
            frame = read_frame(self._process.stdout)  # type: ignore[arg-type]
        except (OSError, ValueError):
            frame = None
        if frame is None:
            raise EOFError
        return frame[0]

    @contextlib.contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """Kills the worker after so many seconds, which ends every wait for it."""
        late = threading.Event()

        def kill() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(seconds, kill)
        timer.daemon = True
        timer.start()
        try:
            yield
        except EOFError:
            timer.cancel()
            self.close()
            status = self._process.returncode
            timed_out = late.is_set() or status == -signal.SIGXCPU
            raise WorkerDied(timed_out, status) from None
        finally:
            timer.cancel()
