"""Runs `nianbao refresh` in this process for benchmarks/night.py, and notes where its time goes.

    python benchmarks/night_run.py MARKS

MARKS receives JSON: seconds from the start of the process, stage by stage of the main thread, and what the threads were seen at
while they harvested or read (a sample each 5 ms).
"""

from __future__ import annotations

import time

_BEGAN = time.time()

import json  # noqa: E402  # the clock is started before anything is imported
import sys  # noqa: E402
import threading  # noqa: E402
from collections import Counter  # noqa: E402
from collections.abc import Callable  # noqa: E402
from functools import wraps  # noqa: E402
from pathlib import Path  # noqa: E402
from types import FrameType  # noqa: E402
from typing import Any  # noqa: E402

_EVERY = 0.005
# Where a thread is, by the innermost frame that one of these tells of; the first that fits.
_PLACES = (
    ("requests and the wire", ("harvest/request.py", "harvest/transport.py", "harvest/hosts.py")),
    ("robots.txt", ("harvest/robots.py", "protego")),
    ("memory (SQLite)", ("harvest/memory.py",)),
    ("ledger (SQLite)", ("warehouse/ledger.py",)),
    ("archive's index (SQLite)", ("archive/index.py",)),
    ("archive's segments", ("archive/",)),
    ("reading of pages", ("nianbao/reading/", "selectolax", "nianbao/harvest/answer.py")),
    ("extraction", ("nianbao/extraction/",)),
    ("sandbox", ("nianbao/sandbox/",)),
    ("judging of links", ("harvest/discovery.py", "harvest/families/")),
    ("addresses", ("harvest/addresses.py", "harvest/bounds.py")),
    ("harvest, other", ("nianbao/harvest/",)),
    ("lake and warehouse", ("nianbao/warehouse/",)),
    ("nianbao, other", ("nianbao/", "flows/context.py")),
    ("Prefect", ("prefect/", "flows/")),
)
_IDLE = (
    "wait",
    "_wait_for_tstate_lock",
    "select",
    "get",
    "accept",
    "_worker",
    "poll",
    "join",
    "as_completed",
)


class Sampler(threading.Thread):
    """Counts what the worker threads are at."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: Counter[str] = Counter()
        self.stopped = False

    def run(self) -> None:
        """Looks until it is stopped."""
        while not self.stopped:
            time.sleep(_EVERY)
            for number, frame in sys._current_frames().items():
                if number != self.ident:
                    place = where(frame)
                    if place:
                        self.seen[place] += 1


def where(frame: FrameType | None) -> str:
    """What a thread is at, '' for one that has nothing to do."""
    if frame is not None and frame.f_code.co_name in _IDLE and "request.py" not in _files(frame):
        return "" if "flows/context.py" not in _files(frame) else _place(frame)
    return _place(frame)


def _files(frame: FrameType | None) -> str:
    files = []
    while frame is not None:
        files.append(frame.f_code.co_filename)
        frame = frame.f_back
    return " ".join(files)


def _place(frame: FrameType | None) -> str:
    while frame is not None:
        name = frame.f_code.co_filename
        for place, marks in _PLACES:
            if any(mark in name for mark in marks):
                return place
        frame = frame.f_back
    return ""


def main() -> None:
    """Marks the stages, then does what the command does."""
    target = Path(sys.argv[1])
    spans: Counter[str] = Counter()
    sampler = Sampler()
    began = time.time()

    def marked(owner: Any, name: str, label: str, *, sampled: bool = False) -> None:
        old: Callable[..., Any] = getattr(owner, name)

        @wraps(old)
        def new(*arguments: Any, **named: Any) -> Any:
            start = time.perf_counter()
            if sampled:
                sampler.start()
            try:
                return old(*arguments, **named)
            finally:
                spans[label] += time.perf_counter() - start
                sampler.stopped = sampler.stopped or sampled

        setattr(owner, name, staticmethod(new) if isinstance(owner.__dict__.get(name), staticmethod) else new)

    from nianbao.cli import main as cli
    from nianbao.commands import refresh as command

    spans["import of the command"] = time.time() - began
    marked(command, "hindrance", "registry read before the start")
    marked(command, "_print_json", "summary printed")
    start = time.perf_counter()
    import flows.context as context
    import flows.refresh as refresh

    spans["import of the flow"] = time.perf_counter() - start
    marked(context, "load_registry", "registry read by the run")
    marked(refresh, "leave_artifacts", "artifacts left in Prefect")
    marked(refresh, "_harvest", "harvest", sampled=True)
    for name, label in (
        ("tidy", "lake swept"),
        ("choose", "sources chosen"),
        ("pending", "captures looked for"),
        ("unchanged_since", "fingerprints compared"),
        ("end", "ledger closed, outcomes into the lake"),
        ("close", "connections closed"),
    ):
        marked(context.Refresh, name, label)
    marked(context.Refresh, "__init__", "archive, memory, rules opened")
    marked(command, "_run", "flow, all")
    try:
        cli(["refresh", "--json"])
    finally:
        spans["process"] = time.time() - _BEGAN
        target.write_text(json.dumps({"spans": spans, "seen": sampler.seen}), encoding="utf-8")


if __name__ == "__main__":
    main()
