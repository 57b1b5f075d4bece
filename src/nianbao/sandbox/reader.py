"""Reads bodies like `read_document`, the dangerous kinds in worker processes."""

from __future__ import annotations

import contextlib
import queue
import signal
import threading
from types import TracebackType
from typing import Any

from nianbao.model import Document, Outcome, UnreadableError
from nianbao.reading import read_document
from nianbao.reading.document import MAX_BYTES
from nianbao.reading.sniffing import is_binary
from nianbao.sandbox.frames import unpacked
from nianbao.sandbox.process import Worker, WorkerDied

# A worker is replaced now and then, since parsers of others leak.
_DOCUMENTS = 500
_MEMORY_SHARE = 0.6
# A parser that gets no more memory often says that the file is damaged.
_SPACE_SHARE = 0.7
_LEAST_MB = 256


class BoundedReader:
    """Reads files that nobody vouches for; may be shared by threads.

    PDF, Office, OFD and pictures are parsed in a worker process, which is reused, and killed and replaced when a file
    exceeds a limit; web pages, text and JSON in this process, bounded by their size. Close it, or use it in `with`.
    """

    def __init__(self, *, seconds: float = 60.0, memory_mb: int = 4096, workers: int = 1) -> None:
        """seconds: how long one file, or one scanned page of it, may take by the clock; memory_mb: address space of a worker in MiB.

        workers: processes at most; further threads wait for one. None is started before the first file needs it.
        """
        if memory_mb < _LEAST_MB:
            raise ValueError(f"{memory_mb} MB are too little for any parser; give at least {_LEAST_MB}")
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._places: queue.LifoQueue[Worker | None] = queue.LifoQueue()
        for _ in range(workers):
            self._places.put(None)
        self._workers = workers
        self._closed = False
        self._lock = threading.Lock()

    def read(self, body: bytes, *, content_type: str = "", url: str = "") -> Document:
        """The text of a body; arguments and errors as of `read_document`.

        Further sentences of UnreadableError tell which limit was hit. Raises RuntimeError after close, or if no worker
        comes up.
        """
        if self._closed:
            raise RuntimeError("the reader is closed")
        if len(body) > MAX_BYTES or not is_binary(body):
            return read_document(body, content_type=content_type, url=url)
        place = self._places.get()
        worker: Worker | None = None
        try:
            worker = self._fresh(place)
            answer = worker.ask({"content_type": content_type, "url": url}, body)
            place = worker
        except WorkerDied as died:
            place = None
            raise self._killed(died) from None
        except BaseException:
            # A worker that was left in the middle would answer the next file with this one's text.
            place = None
            if worker is not None:
                worker.close()
            raise
        finally:
            self._places.put(place)
        return self._document(answer)

    @property
    def pids(self) -> list[int]:
        """The ids of the idle worker processes."""
        with self._places.mutex:
            return [worker.pid for worker in self._places.queue if worker is not None]

    def close(self) -> None:
        """Ends the worker processes; waits for files that are being read."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        for _ in range(self._workers):
            worker = self._places.get()
            if worker is not None:
                worker.close()

    def __enter__(self) -> BoundedReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _fresh(self, worker: Worker | None) -> Worker:
        if worker is not None:
            full = (
                worker.peak_mb > _MEMORY_SHARE * self._memory_mb
                or worker.space_mb > _SPACE_SHARE * self._memory_mb
            )
            if worker.alive and worker.served < _DOCUMENTS and not full:
                return worker
            worker.close()
        try:
            return Worker(self._memory_mb, self._seconds)
        except WorkerDied as died:
            raise RuntimeError(
                f"the process that reads files does not come up ({_ending(died.status)}); is NIANBAO_READ_MEMORY_MB"
                f" ({self._memory_mb}) too small?"
            ) from died

    def _killed(self, died: WorkerDied) -> UnreadableError:
        if died.timed_out:
            return UnreadableError(
                f"reading it (or one scanned page of it) took more than {self._seconds:g} seconds and was stopped; look at the file by hand, or give"
                " it more time (NIANBAO_READ_SECONDS)",
                Outcome.OVERSIZED,
            )
        return UnreadableError(
            f"reading it crashed ({_ending(died.status)}), for it is damaged or needs more than {self._memory_mb} MB"
            " (NIANBAO_READ_MEMORY_MB); look at the file by hand"
        )

    def _document(self, answer: dict[str, Any]) -> Document:
        """The document of an answer; a worker that a file took over could say anything, so it is checked."""
        at_limit = "document" not in answer and answer.get("space_mb", 0) > _SPACE_SHARE * self._memory_mb
        if at_limit or "limit" in answer:
            raise UnreadableError(
                f"reading it needs more than {self._memory_mb} MB of memory; look at the file by hand, or give it more"
                " (NIANBAO_READ_MEMORY_MB)",
                Outcome.OVERSIZED,
            )
        if "failed" in answer:
            raise UnreadableError(
                f"reading it failed ({answer['failed']}); report this file, the other ones go on"
            )
        try:
            if "sentence" in answer:
                raise UnreadableError(str(answer["sentence"]), Outcome(answer["outcome"]))
            return unpacked(answer["document"])
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UnreadableError(
                f"reading it gave no document ({type(error).__name__}: {error}); look at the file by hand"
            ) from error


def _ending(status: int) -> str:
    if status >= 0:
        return f"exit code {status}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-status).name
    return f"signal {-status}"
