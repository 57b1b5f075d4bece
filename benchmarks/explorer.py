"""How fast the explorer answers on a large release, how many readers it bears, and what memory it takes.

    python benchmarks/explorer.py HOME [--users 20] [--seconds 60] [--pause 3]

HOME holds releases, for instance one made by `python benchmarks/warehouse.py --folder HOME --only generate load "models and
tests" gate publish`. The server is `nianbao explore` in a process of its own. First each kind of page is asked for by one
reader at a time, never the same address twice; then USERS readers ask at once, for other addresses, each waiting for one answer
before the next: first with pauses of PAUSE seconds on average (exponential), as people make, then without any.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, urlencode

import duckdb

_EACH = 40  # addresses of each kind for the one reader
_MANY = 4_000  # and others for the many
_WORDS = (
    "行政复议",
    "行政处罚",
    "负责人出庭应诉",
    "法治督察",
    "普法宣传",
    "优化营商环境",
    "执法监督",
    "合法性审查",
    "人民调解",
    "公职律师",
)


class Server:
    """`nianbao explore` on a free port of the loopback."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        environment = os.environ | {"NIANBAO_HOME": str(home)}
        command = [sys.executable, "-m", "nianbao.cli", "explore", "--port", str(self.port)]
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(300):
            try:
                self.get("/health")
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the server did not come up")

    def get(self, address: str) -> tuple[int, int, float]:
        """(status, bytes, seconds) of one request on a connection of its own."""
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request("GET", address)
            answer = connection.getresponse()
            size = len(answer.read())
            return answer.status, size, time.perf_counter() - began
        finally:
            connection.close()

    def memory(self) -> Mapping[str, float]:
        """MB: resident now, of that not of files, and the most that was ever resident."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii").splitlines()
        facts = {line.split(":")[0]: line.split()[1] for line in lines if line.endswith("kB")}
        return {name: int(facts[name]) / 1000 for name in ("VmRSS", "RssAnon", "VmHWM")}

    def close(self) -> None:
        """Ends it."""
        self._process.terminate()
        self._process.wait()


def addresses(home: Path) -> dict[str, list[str]]:
    """Addresses of each kind of page, drawn with a fixed seed from what the release holds."""
    with duckdb.connect(str((home / "current").resolve() / "nianbao.duckdb"), read_only=True) as connection:

        def drawn(query: str) -> list[str]:
            rows = sorted(str(row[0]) for row in connection.execute(query).fetchall())
            return random.Random(7).sample(rows, min(_EACH + _MANY, len(rows)))  # noqa: S311

        issuers = drawn("select distinct issuer_id from fct_report")
        reports = drawn("select report_id from fct_report")
        regions = drawn("select distinct region_code from fct_coverage")
        figures = drawn(
            "select figure_id from fct_figure where is_current using sample 9000 rows (reservoir, 7)"
        )
        indicators = drawn("select distinct indicator_id from fct_indicator_year")
        pairs = connection.execute(
            "select later_report_id, earlier_report_id from fct_text_reuse order by hash(later_report_id) limit ?",
            [_EACH + _MANY],
        ).fetchall() or list(pairwise(reports))
        names = drawn("select distinct issuer_name from dim_issuer")
    draw = random.Random(7)  # noqa: S311
    queries = [f"{one} {two}" for one in _WORDS for two in ("", *_WORDS[:3]) if one != two]
    draw.shuffle(queries)
    queries += [f"{draw.choice(_WORDS)} {name}" for name in names]
    return {
        "first view": ["/"],
        "overview of a region": [f"/?region={code[:4]}00" for code in dict.fromkeys(regions)],
        "issuers, filtered and sorted": [
            f"/issuers?issuers.q={code}&issuers.sort=-n_figures" for code in regions
        ],
        "issuer": [f"/issuers/{quote(name)}" for name in issuers],
        "indicators": ["/indicators"],
        "indicator": [f"/indicators/{name}" for name in indicators],
        "report": [f"/reports/{name}" for name in reports],
        "figure in its report": [f"/figures/{name}" for name in figures],
        "two reports side by side": ["/compare?" + urlencode({"a": a, "b": b}) for a, b in pairs],
        "several issuers": [f"/compare?issuers={a},{b}" for a, b in pairwise(issuers)],
        "search": ["/search?" + urlencode({"q": query.strip()}) for query in queries],
        "quality": ["/quality"],
        "sources": ["/sources"],
        "releases": ["/releases/"],
    }


def one_reader(server: Server, pages: Mapping[str, Sequence[str]]) -> None:
    """Prints what each kind of page takes when nobody else asks."""
    print("| page | asked | median ms | p95 ms | most ms |\n|---|---|---|---|---|")
    for kind, listed in pages.items():
        took = [_good(server.get, address) * 1000 for address in listed[:_EACH]]
        print(
            f"| {kind} | {len(took)} | {statistics.median(took):.0f} | {_p95(took):.0f} | {max(took):.0f} |",
            flush=True,
        )


def many_readers(
    server: Server, pages: Mapping[str, Sequence[str]], users: int, seconds: float, pause: float
) -> None:
    """Prints what pages take while many ask at once. pause: seconds between an answer and the next question, on average."""
    took: dict[str, list[float]] = defaultdict(list)
    wrong: list[str] = []
    until = time.monotonic() + seconds

    def reader(number: int) -> None:
        draw = random.Random(number)  # noqa: S311
        while time.monotonic() < until:
            if pause:
                time.sleep(draw.expovariate(1 / pause))
            kind = draw.choice(list(pages))
            address = draw.choice(pages[kind][_EACH:] or pages[kind])
            try:
                took[kind].append(_good(server.get, address) * 1000)
            except (OSError, SystemExit) as error:
                wrong.append(f"{address}: {error}")

    readers = [threading.Thread(target=reader, args=(number,)) for number in range(users)]
    for each in readers:
        each.start()
    for each in readers:
        each.join()
    every = [each for times in took.values() for each in times]
    print(
        f"\n{users} readers at once for {seconds:.0f} s, pauses of {pause:g} s: {len(every)} pages, {len(every) / seconds:.1f} a second, median"
        f" {statistics.median(every):.0f} ms, p95 {_p95(every):.0f} ms, most {max(every):.0f} ms, {len(wrong)} errors"
    )
    print("\n".join(wrong[:5]))


def _good(get: Callable[[str], tuple[int, int, float]], address: str) -> float:
    status, _, seconds = get(address)
    if status not in (200, 307):
        raise SystemExit(f"{address} answered {status}")
    return seconds


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(0.95 * len(values)))]


def main() -> None:
    """Runs both and prints the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=3)
    given = parser.parse_args()
    server = Server(given.home)
    try:
        pages = addresses(given.home)
        print(f"memory at rest: {server.memory()}")
        one_reader(server, pages)
        print(f"\nmemory: {server.memory()}")
        for pause in (given.pause, 0):
            many_readers(server, pages, given.users, given.seconds, pause)
            print(f"memory: {server.memory()}")
    finally:
        server.close()


if __name__ == "__main__":
    main()
