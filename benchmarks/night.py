"""What a quiet night costs beside its bare requests, and where the time goes.

    python benchmarks/night.py [--sources N] [--years N] [--rounds N]

Every source has a host of its own, all served on loopback by one other process; politeness is off (no delay). The first
refresh is not timed. Then nights follow each other by a day (NIANBAO_CLOCK_OFFSET): a refresh that finds nothing new, timed as a
whole process from outside against a running Prefect server, and the very requests that it made, with the same validators and
as many hosts at a time, by requests.Session in a process of their own. The imports that it cannot avoid are
timed in a fresh process. Then once more with time marks, and once without a Prefect server running.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from nianbao.settings import Settings
from nianbao.warehouse.ledger import Ledger
from nianbao.warehouse.release import current_release

HERE = Path(__file__).parent
# Compiled modules are used and written, as they are where nobody forbids it.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
_IMPORTS = (
    "prefect",
    "requests",
    "duckdb",
    "pyarrow.parquet",
    "yaml",
    "pydantic_settings",
    "selectolax.lexbor",
    "warcio",
    "protego",
    "pandas",  # pyarrow imports it when it makes its first array
)
_DAY = 86_400


class Sites:
    """The simulated sites in a process of their own. resolve: the setting that leads to them."""

    def __init__(self, registry: Path, *options: str) -> None:
        command = [sys.executable, str(HERE / "night_sites.py"), str(registry), *options]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        said = self._line()
        self.resolve: str = said["resolve"]
        self.sources: int = said["sources"]

    def requests(self) -> list[tuple[str, int, int]]:
        """(address, status, how often) of what was asked for since the last call."""
        if self._process.stdin is None:
            raise RuntimeError("no pipes")
        print(file=self._process.stdin, flush=True)
        return [(url, status, count) for url, status, count in self._line()]

    def close(self) -> None:
        """Ends the process."""
        self._process.terminate()
        self._process.wait()

    def _line(self) -> Any:
        if self._process.stdout is None:
            raise RuntimeError("no pipes")
        return json.loads(self._process.stdout.readline())


@contextmanager
def prefect_server(home: Path) -> Iterator[str]:
    """A Prefect server with a home of its own; gives its API's address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"PREFECT_HOME": str(home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (home.parent / "prefect.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}/api"
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"{url}/health", timeout=5):  # noqa: S310  # our own server
                    break
            except OSError:
                time.sleep(0.2)
        yield url
    finally:
        server.terminate()
        server.wait()


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: seconds on the clock, and of processor time, which neighbours on the machine disturb less."""

    wall: float
    cpu: float


def cost_of(command: list[str], **named: Any) -> tuple[Cost, subprocess.CompletedProcess[str]]:
    """Runs a command; returns what it took, and how it ended."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, **named)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu), done


class Nights:
    """Refreshes of one home, each a day after the one before."""

    def __init__(self, folder: Path, resolve: str) -> None:
        self.settings = Settings(home=folder / "home", data=folder / "registry", resolve=resolve)
        self._folder = folder
        self._night = len(Ledger(self.settings.ledger).refreshes(1_000))

    def refresh(
        self, prefect: str, *, run: tuple[str, ...] = ("-m", "nianbao.cli", "refresh", "--json")
    ) -> tuple[Cost, str]:
        """One night; returns (what the whole process took, how it ended)."""
        environment = os.environ | {
            "NIANBAO_HOME": str(self.settings.home),
            "NIANBAO_DATA": str(self.settings.data),
            "NIANBAO_RESOLVE": self.settings.resolve,
            "NIANBAO_CLOCK_OFFSET": str(_DAY * self._night),
        }
        environment.pop("PREFECT_API_URL", None)
        environment.pop(
            "PYTHONDONTWRITEBYTECODE", None
        )  # an installed program is compiled once, not each night
        if prefect:
            environment["PREFECT_API_URL"] = prefect
        self._night += 1
        with (self._folder / "refresh.log").open("a") as log:
            cost, done = cost_of([sys.executable, *run], env=environment, stderr=log)
        if done.returncode:
            raise SystemExit((self._folder / "refresh.log").read_text()[-4_000:] + done.stdout[-4_000:])
        return cost, json.loads(done.stdout)["state"]

    def reports(self) -> int:
        """Reports of the current release."""
        release = current_release(self.settings.current)
        return release.row_counts["fct_report"] if release else 0

    def plan(self, asked: list[tuple[str, int, int]], target: Path) -> None:
        """Writes what a bare client has to ask for to make the same requests as the refresh that has just ended."""
        with sqlite3.connect(self.settings.harvest_memory) as memory:
            known = {
                url: (etag, modified)
                for url, etag, modified in memory.execute(
                    "select url, etag, last_modified from address"
                    " union all select site || '/robots.txt', etag, last_modified from robots"
                )
            }
        hosts: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for url, _, count in asked:
            parts = urlsplit(url)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            hosts[str(parts.hostname)] += [(path, *known.get(url, ("", "")))] * count
        port = next(iter(self.settings.connect_to.values()))[1]
        plan = {"port": port, "threads": self.settings.parallel_hosts, "hosts": hosts}
        target.write_text(json.dumps(plan), encoding="utf-8")


def bare(plan: Path) -> tuple[Cost, str]:
    """The bare requests as a whole process, and the answers by status."""
    cost, done = cost_of([sys.executable, str(HERE / "night_bare.py"), str(plan)])
    return cost, done.stdout.strip()


def imports(folder: Path) -> Cost:
    """The imports that no refresh can avoid, in a fresh process, without the start of Python itself."""
    environment = os.environ | {"PREFECT_HOME": str(folder / "prefect")}
    code = f"import {', '.join(_IMPORTS)}; from prefect import flow, task"
    whole, _ = cost_of([sys.executable, "-c", code], env=environment)
    start, _ = cost_of([sys.executable, "-c", "pass"], env=environment)
    return Cost(whole.wall - start.wall, whole.cpu - start.cpu)


def main() -> None:
    """Prints the figures and the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument(
        "--new", type=int, metavar="DISTRICTS", help="instead: one refresh of so many new districts"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="a folder to work in and keep")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        (folder / "prefect").mkdir(parents=True, exist_ok=True)
        what = ("--districts", str(given.new)) if given.new else ("--sources", str(given.sources))
        sites = Sites(folder / "registry", *what, "--years", str(given.years))
        try:
            with prefect_server(folder / "prefect") as url:
                nights = Nights(folder, sites.resolve)
                if given.new:
                    state = _show(nights, url, folder)
                    print(f"{sites.sources} sources, {nights.reports()} reports, {state}")
                    return
                cost, state = nights.refresh(url)
                print(f"{sites.sources} sources; first refresh: {cost.wall:.1f} s, {state}", flush=True)
                _compare(nights, sites, url, folder, given.rounds)
                _show(nights, url, folder)
            cost, state = nights.refresh("")
            print(f"without a running Prefect server: {cost.wall:.1f} s, {state}")
        finally:
            sites.close()


def _compare(nights: Nights, sites: Sites, url: str, folder: Path, rounds: int) -> None:
    costs: dict[str, list[Cost]] = {"quiet night": [], "bare requests": [], "imports": []}
    for _ in range(rounds):
        sites.requests()
        cost, state = nights.refresh(url)
        if state != "quiet":
            raise SystemExit(f"the night was not quiet but {state}")
        costs["quiet night"].append(cost)
        nights.plan(sites.requests(), folder / "plan.json")
        cost, answers = bare(folder / "plan.json")
        costs["bare requests"].append(cost)
        costs["imports"].append(imports(folder))
        print(
            "  " + ", ".join(f"{name} {found[-1].wall:.2f} s" for name, found in costs.items()),
            answers,
            flush=True,
        )
    print(f"{'':16}{'wall s':>8}{'lowest–highest':>18}{'CPU s':>8}")
    for name, found in costs.items():
        wall = [cost.wall for cost in found]
        cpu = statistics.median(cost.cpu for cost in found)
        print(f"{name:16}{statistics.median(wall):8.2f}{min(wall):11.2f}–{max(wall):.2f}{cpu:10.2f}")
    each = list(zip(*costs.values(), strict=True))
    for kind in ("wall", "cpu"):
        ratios = [getattr(q, kind) / (getattr(b, kind) + getattr(i, kind)) for q, b, i in each]
        print(f"ratio, {kind}: {statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})")


def _show(nights: Nights, url: str, folder: Path) -> str:
    """One night with time marks; prints where the time goes, and returns how it ended."""
    marks = folder / "marks.json"
    cost, state = nights.refresh(url, run=(str(HERE / "night_run.py"), str(marks)))
    said = json.loads(marks.read_text(encoding="utf-8"))
    seconds, seen = said["seconds"], said["seen"]
    print(f"\nwith time marks: {cost.wall:.2f} s")
    for name, spent in sorted(seconds.items(), key=lambda item: -item[1]):
        print(f"  {name:52}{spent:8.2f}")
    print("  processor time of the threads, sampled (native threads and child processes not in it):")
    for name, count in sorted(seen.items(), key=lambda item: -item[1]):
        print(f"    {name:50}{count:8.2f} s{count / sum(seen.values()):8.1%}")
    share = seen.get("orchestration", 0) / sum(seen.values())
    print(f"  orchestration (Prefect's own code, no stage below it): {share:.1%} of that")
    # Imports and the reading of settings are nobody's work; they count as neither.
    flow = seconds["flow"]
    alone = flow - said["working"] + seconds["registry read before the start"] + seconds["summary printed"]
    print(f"  of the flow's {flow:.2f} s no stage was at work in {alone:.2f} s: {alone / flow:.1%}")
    return state


if __name__ == "__main__":
    main()
