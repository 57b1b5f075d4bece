"""The search index at full size: how long it takes to make, its bytes, how fast it answers, its memory.

    python benchmarks/search.py [--reports N] [--folder FOLDER]

Generated reports (benchmarks/warehouse_rows.py); every stage is a process of its own, so that its peak of resident memory is its
own. The lake in FOLDER is made once and kept.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
import search_stages as stages
from warehouse_rows import Plan

_STAGES: Mapping[str, Callable[[Path, Plan], dict[str, Any]]] = {
    "generate": stages.generate,
    "whole": stages.whole,
    "gone on from": stages.on,
    "ask": stages.ask,
}


def run(stage: str, folder: Path, reports: int) -> tuple[float, dict[str, Any]]:
    """Runs one stage in a process of its own: its peak resident MiB, and what it told. Raises SystemExit if it fails."""
    with tempfile.NamedTemporaryFile(suffix=".json") as result:
        options = [
            "--stage",
            stage,
            "--result",
            result.name,
            "--folder",
            str(folder),
            "--reports",
            str(reports),
        ]
        process = subprocess.Popen([sys.executable, __file__, *options])
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"the stage {stage} failed; its folder {folder} is as it left it")
        return usage.ru_maxrss / 1024, json.loads(Path(result.name).read_text(encoding="utf-8"))


def main() -> None:
    """Runs all stages and prints what they told, or, told --stage, runs that one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument(
        "--folder", type=Path, help="where all is written; a temporary one unless told otherwise"
    )
    parser.add_argument("--stage", choices=list(_STAGES), help=argparse.SUPPRESS)
    parser.add_argument("--only", nargs="+", choices=list(_STAGES), help="run these stages alone")
    parser.add_argument("--result", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.stage:
        told = _STAGES[given.stage](given.folder, Plan(given.reports))
        given.result.write_text(json.dumps(told), encoding="utf-8")
        return
    folder = given.folder or Path(tempfile.mkdtemp(prefix="nianbao-search-"))
    try:
        for stage in given.only or _STAGES:
            peak, told = run(stage, folder, given.reports)
            asked = told.pop("asked", [])
            facts = ", ".join(f"{name} {value:,}" for name, value in told.items())
            print(f"{stage:14}peak {peak:,.0f} MiB  {facts}", flush=True)
            if asked:
                print(
                    f"{'queries':26}{'of them':>8}{'hits':>12}{'p50 ms':>10}{'p95 ms':>10}{'slowest':>10}{'cpu p50':>10}{'cpu p95':>10}"
                )
            for name, count, hits, *milliseconds in asked:
                times = "".join(f"{value:10.1f}" for value in milliseconds)
                print(f"{name:26}{count:8}{hits:12,.0f}{times}")
    finally:
        if given.folder is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
