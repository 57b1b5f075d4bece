"""Runs `nianbao refresh` in this process for benchmarks/scale.py, and notes what each stage takes.

    python benchmarks/scale_run.py MARKS [OPTION …]

MARKS receives JSON: stage → [seconds on the clock, processor seconds of this process and of those it has ended, peak of resident MiB so far].
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

Costs = dict[str, list[float]]


def mark(costs: Costs, owner: Any, name: str, stage: str) -> None:
    """From now on what the function takes is added to the stage."""
    old: Callable[..., Any] = getattr(owner, name)

    @wraps(old)
    def new(*arguments: Any, **named: Any) -> Any:
        wall, work = time.perf_counter(), processor_seconds()
        try:
            return old(*arguments, **named)
        finally:
            cost = costs.setdefault(stage, [0.0, 0.0, 0.0])
            cost[0] += time.perf_counter() - wall
            cost[1] += processor_seconds() - work
            cost[2] = peak()

    setattr(owner, name, new)


def processor_seconds() -> float:
    """Of this process and of its children that have ended."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def peak() -> float:
    """MiB of resident memory of this process at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Marks the stages, then does what the command does."""
    costs: Costs = {}
    from flows import recorded, refresh
    from flows.build import Build
    from flows.context import Refresh
    from flows.record import Record
    from nianbao.cli import main as cli

    mark(costs, refresh, "visit_sources", "harvest")
    mark(costs, refresh, "read_and_extract", "read and extract")
    for name in ("load", "align", "transform", "validate", "publish"):
        mark(costs, Build, name, name)
    # What stands around the stages grows with what is held too: captures looked for, fingerprints, news, the end.
    for owner, name in (
        (Refresh, "tidy"),
        (Refresh, "pending"),
        (Build, "unchanged_since"),
        (Build, "tell_news"),
        (Record, "end"),
    ):
        mark(costs, owner, name, "around")
    mark(costs, recorded, "leave_artifacts", "around")
    began = time.perf_counter()
    try:
        cli(["refresh", "--json", *sys.argv[2:]])
    finally:
        costs["whole"] = [time.perf_counter() - began, processor_seconds(), peak()]
        Path(sys.argv[1]).write_text(json.dumps(costs), encoding="utf-8")


if __name__ == "__main__":
    main()
