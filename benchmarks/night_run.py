"""Runs `nianbao refresh` in this process for benchmarks/night.py, and notes where its time goes.

    python benchmarks/night_run.py MARKS

MARKS receives JSON: seconds from the start of the process, stage by stage of the main thread, and what the threads were seen at
while they harvested or read (processor time by samples, one each 5 ms).
"""

from __future__ import annotations

import time

_BEGAN = time.time()

import importlib  # noqa: E402  # the clock is started before anything is imported
import json  # noqa: E402
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
    ("alignment", ("nianbao/alignment/",)),
    (
        "nianbao, other",
        ("nianbao/", "flows/context.py", "flows/record.py", "flows/visits.py", "flows/build.py"),
    ),
    (
        "orchestration",
        ("/prefect/", "/flows/", "/httpx/", "/httpcore/", "/websockets/", "/asyncio/", "/anyio/"),
    ),
)
_STAGES = {
    "flows.context:Refresh.__init__": "archive, memory, ledger, rules opened",
    "flows.context:Refresh.tidy": "what was left half written",
    "flows.visits:Visits.choose": "sources chosen",
    "flows.visits:Visits.harvest": "harvest, summed over threads",
    "flows.context:Refresh.pending": "captures looked for",
    "nianbao.warehouse.workplace:Workplace.ingest": "read and extract, summed over threads",
    "flows.build:Build.unchanged_since": "fingerprints compared",
    "flows.build:Build.load": "load",
    "flows.build:Build.align": "align",
    "flows.build:Build.transform": "transform",
    "flows.build:Build.validate": "validate",
    "flows.build:Build.publish": "publish",
    "flows.record:Record.end": "ledger closed, outcomes into the lake",
    "flows.context:Refresh.close": "connections closed",
}


class Sampler(threading.Thread):
    """Tells what processor time went to: each thread's, since it was last looked at, goes to the place where it is now."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: Counter[str] = Counter()  # seconds
        self.stopped = False

    def run(self) -> None:
        """Looks until it is stopped."""
        before: dict[int, float] = {}
        while not self.stopped:
            time.sleep(_EVERY)
            frames = sys._current_frames()
            for thread in threading.enumerate():
                frame, number = frames.get(thread.ident or 0), thread.native_id
                if frame is None or number is None or thread is self:
                    continue
                spent = processor_seconds(number)
                self.seen[where(frame)] += max(0.0, spent - before.get(number, 0.0))
                before[number] = spent


def processor_seconds(thread: int) -> float:
    """What a thread of this process has used so far, 0 if it has ended (Linux)."""
    try:
        return int(Path(f"/proc/self/task/{thread}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return 0.0


def where(frame: FrameType) -> str:
    """What a thread is at."""
    return "imports" if "<frozen importlib._bootstrap>" in _files(frame) else _place(frame)


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
    return "other"


class Stages:
    """What the run does, and when: seconds by name, and the spans of time in which any of it was going on."""

    def __init__(self, sampler: Sampler) -> None:
        self.seconds: Counter[str] = Counter()
        self._sampler = sampler
        self._spans: list[tuple[float, float]] = []

    def mark(self, owner: Any, name: str, label: str, *, work: bool = True) -> None:
        """From now on the function is timed. work: its time is nianbao's own."""
        old: Callable[..., Any] = getattr(owner, name)

        @wraps(old)
        def new(*arguments: Any, **named: Any) -> Any:
            start = time.perf_counter()
            try:
                return old(*arguments, **named)
            finally:
                end = time.perf_counter()
                self.seconds[label] += end - start
                if work:
                    self._spans.append((start, end))

        setattr(owner, name, new)

    def working(self) -> float:
        """Seconds in which at least one stage was at work."""
        total = last = 0.0
        for start, end in sorted(self._spans):
            total += max(0.0, end - max(start, last))
            last = max(last, end)
        return total


def main() -> None:
    """Marks the stages, then does what the command does."""
    target, sampler = Path(sys.argv[1]), Sampler()
    stages = Stages(sampler)
    start = time.perf_counter()
    from nianbao.cli import main as cli
    from nianbao.commands import refresh as command

    middle = time.perf_counter()
    from flows import context, recorded, refresh

    stages.seconds["import of the command"] = middle - start
    stages.seconds["import of the flow, Prefect in it"] = time.perf_counter() - middle
    stages.mark(command, "hindrance", "registry read before the start")
    stages.mark(command, "_print_json", "summary printed")
    stages.mark(context, "load_registry", "registry read by the run")
    stages.mark(refresh, "visit_sources", "harvest, its tasks and their orchestration", work=False)
    stages.mark(
        refresh, "read_and_extract", "read and extract, its tasks and their orchestration", work=False
    )
    stages.mark(recorded, "leave_artifacts", "artifacts left in Prefect", work=False)
    stages.mark(refresh, "run_refresh", "flow", work=False)
    for place, label in _STAGES.items():
        module, _, method = place.partition(":")
        owner, _, name = method.partition(".")
        stages.mark(getattr(importlib.import_module(module), owner), name, label)
    sampler.start()
    try:
        cli(["refresh", "--json"])
    finally:
        sampler.stopped = True
        said = {
            "seconds": {**stages.seconds, "process": time.time() - _BEGAN},
            "working": stages.working(),
            "seen": sampler.seen,
        }
        target.write_text(json.dumps(said), encoding="utf-8")


if __name__ == "__main__":
    main()
