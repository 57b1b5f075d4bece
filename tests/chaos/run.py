"""Everything that can happen to a refresh, as a table: python -m chaos.run [--only WORDS] [--short] (make chaos)."""

from __future__ import annotations

import argparse
import os
import platform
import random
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from chaos import mounts
from chaos.home import Prepared
from chaos.kills import KILLS, Kill
from chaos.rehearsal import Told, kill, trouble
from chaos.servers import prefect_server
from chaos.troubles import TROUBLES

_LONGEST_SECONDS = 24.0  # of an undisturbed refresh of the prepared home, so that random times meet all of it


def random_kills(number: int, seed: int) -> list[Kill]:
    """Kills at random times after the start."""
    dice = random.Random(seed)
    moments = sorted(dice.uniform(1.5, _LONGEST_SECONDS) for _ in range(number))
    return [
        Kill("any time", "nianbao.commands.running:hindrance", after=round(moment, 2)) for moment in moments
    ]


def main() -> None:
    """Runs the cases, prints a row for each, and exits with 1 if one of them left a problem."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="cases whose name has one of these in it, comma separated")
    parser.add_argument("--short", action="store_true", help="those that are part of make test")
    parser.add_argument("--random", type=int, default=10, help="kills at random times")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--api", default="", help="a Prefect server that runs; default: one of its own")
    arguments = parser.parse_args()
    prefix = mounts.namespace()
    if prefix:  # once more, where mounting is allowed
        os.execvp(prefix[0], [*prefix, sys.executable, "-m", "chaos.run", *sys.argv[1:]])
    kills = [*KILLS, *(() if arguments.short else random_kills(arguments.random, arguments.seed))]
    cases = [
        case
        for case in (*kills, *TROUBLES)
        if any(word in case.name for word in arguments.only.split(","))
        and (case.short or not arguments.short)
    ]
    # Not in /tmp, which may be in memory: so that a full disk is that of one case.
    with tempfile.TemporaryDirectory(prefix="nianbao-chaos-", ignore_cleanup_errors=True) as folder:
        if arguments.api:
            told = _all(Path(folder), arguments.api, cases, prefix is not None)
        else:
            with prefect_server(Path(folder) / "prefect") as (url, _):
                told = _all(Path(folder), url, cases, prefix is not None)
    bad = [each for each in told if each.problems]
    print(
        f"\n{len(told)} cases, {len(bad)} with problems; seed {arguments.seed}; {platform.platform()}, {os.cpu_count()} cores"
    )
    sys.exit(1 if bad else 0)


def _all(folder: Path, api: str, cases: list, mounted: bool) -> list[Told]:
    began = time.monotonic()
    with closing(Prepared(folder, api)) as prepared:
        print(
            f"prepared in {time.monotonic() - began:.0f} s\n\n| case | ended | last words | problems | s |\n|---|---|---|---|---|"
        )
        told = []
        for number, case in enumerate(cases):
            if not isinstance(case, Kill) and case.mounted and not mounted:
                print(f"| {case.name} | not run: nothing may be mounted here | | | |", flush=True)
                continue
            each = (kill if isinstance(case, Kill) else trouble)(prepared, case, f"case-{number}")
            words = each.sentence.replace(str(folder), "…").replace("|", "/")[:300]
            told.append(replace(each, sentence=words))
            problems = "; ".join(each.problems).replace("|", "/") or "none"
            print(f"| {each.name} | {each.ended} | {words} | {problems} | {each.seconds:.0f} |", flush=True)
    return told


if __name__ == "__main__":
    main()
