"""The warehouse at full size, each stage beside what bare DuckDB needs for the same bytes in the same run.

    python benchmarks/warehouse.py [--reports N] [--new N] [--folder FOLDER] [--memory-limit 6GB]

Builds generated reports (benchmarks/warehouse_rows.py) in full, then with some new ones, publishes both and asks five queries.
Every stage is a process of its own, so that its peak of resident memory is its own. The lake in FOLDER is made once and kept;
all else in there is made anew.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
import warehouse_stages as stages
from warehouse_rows import Plan

_STAGES: Mapping[str, Callable[[stages.Home], dict[str, Any]]] = {
    "generate": stages.generate,
    "bare build": stages.bare_build,
    "load": stages.load_full,
    "align": stages.align_reports,
    "models and tests": stages.transform_full,
    "gate": stages.gate,
    "publish": stages.publish_first,
    "bare publish": stages.bare_publish,
    "queries": stages.queries,
    "generate new": stages.generate_new,
    "bare new": stages.bare_new,
    "load new": stages.load_new,
    "align new": stages.align_reports,
    "models and tests new": stages.transform_new,
    "gate new": stages.gate,
    "publish new": stages.publish_next,
}
_FULL, _NEW = ("load", "models and tests"), ("load new", "models and tests new")
# Only with --align: the generated texts repeat themselves as no real ones do (benchmarks/alignment.py has better ones).
_ALIGNMENT = ("align", "align new")
_BESIDE = {
    **dict.fromkeys(_FULL, "bare build"),
    **dict.fromkeys(_NEW, "bare new"),
    **dict.fromkeys(("publish", "publish new"), "bare publish"),
}


@dataclass(frozen=True, slots=True)
class Ran:
    """What a stage took (seconds on the wall and on the processors), its process's peak resident MiB, and what it told."""

    seconds: float
    processor: float
    peak: float
    told: dict[str, Any]


def run(stage: str, given: argparse.Namespace) -> Ran:
    """Runs one stage in a process of its own. Raises SystemExit if it fails."""
    with tempfile.NamedTemporaryFile(suffix=".json") as result:
        command = [sys.executable, __file__, "--stage", stage, "--result", result.name, *_options(given)]
        process = subprocess.Popen(command)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"the stage {stage} failed; its folder {given.folder} is as it left it")
        told = json.loads(Path(result.name).read_text(encoding="utf-8"))
    return Ran(told.pop("seconds"), told.pop("processor"), usage.ru_maxrss / 1024, told)


def report(ran: Mapping[str, Ran]) -> None:
    """Prints the table of stages, what took longest in dbt, and the queries."""
    print(f"{'stage':24}{'seconds':>10}{'of bare':>9}{'processor s':>13}{'of bare':>9}{'peak MiB':>10}")
    for stage, took in ran.items():
        beside = ran.get(_BESIDE.get(stage, ""))
        wall = f"{took.seconds / beside.seconds:9.2f}" if beside else " " * 9
        work = f"{took.processor / beside.processor:9.2f}" if beside else " " * 9
        facts = ", ".join(
            f"{name} {value}" for name, value in took.told.items() if not isinstance(value, list)
        )
        print(f"{stage:24}{took.seconds:10.1f}{wall}{took.processor:13.1f}{work}{took.peak:10,.0f}  {facts}")
    _print_whole("full build", [ran[stage] for stage in _FULL], "the bare scan and write", ran["bare build"])
    full = Ran(
        sum(ran[stage].seconds for stage in _FULL), sum(ran[stage].processor for stage in _FULL), 0, {}
    )
    _print_whole("incremental build", [ran[stage] for stage in _NEW], "the full build", full)
    for stage in ("models and tests", "models and tests new"):
        print(f"what took longest in {stage}:")
        for name, seconds in ran[stage].told["slowest"]:
            print(f"    {name:100}{seconds:10.2f} s")
    print(f"{'query':50}{'rows':>8}{'p50 ms':>10}{'p95 ms':>10}{'unsorted':>10}{'p95 ms':>10}")
    for question, rows, *milliseconds in ran["queries"].told["asked"]:
        print(f"{question:50}{rows:8,}" + "".join(f"{value:10.1f}" for value in milliseconds))


def _print_whole(name: str, parts: Sequence[Ran], beside: str, bare: Ran) -> None:
    seconds, processor = sum(part.seconds for part in parts), sum(part.processor for part in parts)
    print(
        f"{name}: {seconds:.1f} s, {seconds / bare.seconds:.3f} of {beside};"
        f" {processor:.1f} processor s, {processor / bare.processor:.3f}"
    )


def _options(given: argparse.Namespace) -> list[str]:
    pairs = {
        "--reports": given.reports,
        "--new": given.new,
        "--folder": given.folder,
        "--memory-limit": given.memory_limit,
    }
    return [str(part) for pair in pairs.items() for part in pair if pair[1] is not None]


def _processor_seconds() -> float:
    """Of this process and of those that it started and that have ended."""
    return sum(os.times()[:4])


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument(
        "--new", type=int, help="reports of the incremental build (a thousandth unless told otherwise)"
    )
    parser.add_argument(
        "--folder", type=Path, help="where all is written; a temporary folder unless told otherwise"
    )
    parser.add_argument("--memory-limit", help="DuckDB's memory_limit of the bare stages")
    parser.add_argument("--align", action="store_true", help="align the reports too")
    parser.add_argument("--stage", choices=list(_STAGES), help=argparse.SUPPRESS)
    parser.add_argument("--only", nargs="+", choices=list(_STAGES), help="run these stages alone")
    parser.add_argument("--result", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    given.new = given.new or max(1, given.reports // 1000)
    return given


def main() -> None:
    """Runs all stages and prints the tables, or, told --stage, one stage of them."""
    given = _parsed()
    if given.stage:
        home = stages.Home(given.folder, Plan(given.reports), given.new, given.memory_limit)
        started, worked = time.perf_counter(), _processor_seconds()
        told = _STAGES[given.stage](home)
        told |= {"seconds": time.perf_counter() - started, "processor": _processor_seconds() - worked}
        given.result.write_text(json.dumps(told), encoding="utf-8")
        return
    own = given.folder is None
    given.folder = given.folder or Path(tempfile.mkdtemp(prefix="nianbao-bench-"))
    try:
        ran = {}
        left_out = () if given.align else _ALIGNMENT
        for stage in given.only or (stage for stage in _STAGES if stage not in left_out):
            ran[stage] = run(stage, given)
            told = ran[stage].told if given.only else ""
            print(
                f"… {stage} {ran[stage].seconds:.1f} s, {ran[stage].processor:.1f} processor s {told}",
                flush=True,
            )
        if not given.only:
            report(ran)
    finally:
        if own:
            shutil.rmtree(given.folder)


if __name__ == "__main__":
    main()
