"""The process that parses: reads bodies from standard input and answers with documents or sentences.

    python -m nianbao.sandbox.worker MEMORY_MB SECONDS

It writes no files, and ends when its parent does.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from nianbao.model import UnreadableError
from nianbao.reading import read_document
from nianbao.reading.ocr import Ocr, OcrLine
from nianbao.sandbox.frames import packed, read_frame, write_frame
from nianbao.sandbox.ocr import engine

_PARENT_POLL_SECONDS = 2.0


def main() -> None:
    """Serves until standard input ends."""
    memory_mb, seconds = int(sys.argv[1]), float(sys.argv[2])
    commands, answers = _own_pipes()
    threading.Thread(target=_watch_parent, args=(os.getppid(),), daemon=True).start()
    _limit_once(memory_mb)
    ocr = engine()
    paced = None if ocr is None else _PacedOcr(ocr, answers, seconds)
    write_frame(answers, {"ready": True})
    while (frame := read_frame(commands)) is not None:
        message, body = frame
        _limit_time(seconds)
        answer = _answer(message, body, paced)
        answer |= {"peak_mb": _peak_mb(), "space_mb": _space_mb()}
        write_frame(answers, answer)


class _PacedOcr:
    """Tells the parent each page that was read out of a picture: limits of time hold for a page, not for a whole scan."""

    def __init__(self, ocr: Ocr, answers: BinaryIO, seconds: float) -> None:
        self._ocr = ocr
        self._answers = answers
        self._seconds = seconds

    def lines(self, image: Any) -> Sequence[OcrLine]:
        """The lines of a Pillow image in RGB."""
        found = self._ocr.lines(image)
        write_frame(self._answers, {"page": True})
        _limit_time(self._seconds)
        return found


def _answer(message: dict[str, Any], body: bytes, ocr: Ocr | None) -> dict[str, Any]:
    try:
        document = read_document(
            body, content_type=str(message["content_type"]), url=str(message["url"]), ocr=ocr
        )
    except UnreadableError as error:
        return {"sentence": str(error), "outcome": str(error.outcome)}
    except MemoryError:
        return {"limit": "memory"}
    except RecursionError:
        return {"failed": "it is nested deeper than any office program writes"}
    except Exception as error:
        # Whatever a parser of others does with broken bytes costs this file and no other; the parent tells it.
        return {"failed": f"{type(error).__name__}: {error}"[:500]}
    return {"document": packed(document)}


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes of the parent; what a library prints goes to standard error instead of into the answers."""
    commands = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a descriptor, no file
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return commands, answers


def _limit_once(memory_mb: int) -> None:
    """Memory, no files, no core dumps. What a system does not know (macOS: memory) is left to the parent's clock."""
    for limit, value in (
        (resource.RLIMIT_AS, memory_mb * 1024 * 1024),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))


def _limit_time(seconds: float) -> None:
    """Processor time for one document; the kernel ends the process behind it, even if the parent is gone."""
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    # Threads of an OCR engine use several processors in one second of the clock.
    more = seconds * max(1, os.cpu_count() or 1) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime + more), hard))


def _peak_mb() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1024 * 1024) if sys.platform == "darwin" else peak // 1024


def _space_mb() -> int:
    """The most address space this process ever had, 0 where the system does not tell."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = next((line.split()[1] for line in status.splitlines() if line.startswith("VmPeak:")), "0")
    return int(found) // 1024


def _watch_parent(parent: int) -> None:
    """Ends this process soon after its parent; a pipe that others inherited would keep it waiting."""
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(_PARENT_POLL_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
