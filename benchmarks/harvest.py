"""Pages per second of harvest beside Scrapy, on the same simulated hosts, in one run; and what the archive costs.

    python benchmarks/harvest.py [--peers PYTHON] [--rounds N] [--districts N]

Politeness is off for all: no delay, as many hosts at once as the default has. "harvest" discovers, judges and archives
with every record synced to disk; "fetching" is the fetcher alone. Scrapy is given exactly the addresses that the harvest asked
for, fetches them and collects their links; "with WARC" it also writes each answer as a WARC record, synced to disk. The
sites are served by a process of their own, the contenders take turns, so that a machine's moods fall on all alike.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from nianbao.archive import Archive
from nianbao.harvest.fetcher import Fetcher
from nianbao.harvest.harvester import Harvester
from nianbao.harvest.memory import Memory
from nianbao.harvest.source import group_by_host
from nianbao.reading import links
from nianbao.registry import load_registry
from nianbao.settings import Settings, project_dir

HERE = Path(__file__).parent
OWN = ("nianbao, harvest", "nianbao, harvest again", "nianbao, fetching")
PEERS = ("Scrapy", "Scrapy with WARC")


class Sites:
    """The simulated sites in a process of their own."""

    def __init__(self, districts: int, registry: Path) -> None:
        command = [sys.executable, str(HERE / "harvest_sites.py"), str(districts), str(registry)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.resolve = self._line()

    def requests(self) -> list[str]:
        """Addresses asked for since the last call, robots.txt left out."""
        if self._process.stdin is None:
            raise RuntimeError("no pipes")
        print("requests", file=self._process.stdin, flush=True)
        return list(json.loads(self._line()))

    def close(self) -> None:
        """Ends the process."""
        self._process.terminate()
        self._process.wait()

    def _line(self) -> str:
        if self._process.stdout is None:
            raise RuntimeError("no pipes")
        return self._process.stdout.readline().strip()


def main() -> None:
    """Prints one table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--peers")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--districts", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        registry = Path(folder) / "registry"
        sites = Sites(given.districts, registry)
        rates: dict[str, list[float]] = {name: [] for name in (*OWN, *PEERS)}
        try:
            for number in range(given.rounds):
                home = Path(folder) / f"home-{number}"
                for name in OWN[:2]:
                    began = time.perf_counter()
                    fetched = harvest(home, registry, sites.resolve)
                    seconds = time.perf_counter() - began
                    asked = sites.requests()
                    rates[name].append(len(asked) / seconds)
                    if name == OWN[0]:
                        urls, cost = asked, fetched
                rates[OWN[2]].append(fetch(urls, registry, sites.resolve))
                sites.requests()
                if given.peers:
                    for name in PEERS:
                        warc = Path(folder) / f"warc-{number}" if name == PEERS[1] else None
                        rates[name].append(_scrapy(given.peers, urls, sites.resolve, warc))
                        sites.requests()
        finally:
            sites.close()
    print(f"{len(urls)} addresses on {given.districts} hosts, {given.rounds} rounds\n")
    own = statistics.median(rates[OWN[0]])
    print(f"{'':26}{'answers/s':>12}{'lowest':>10}{'highest':>10}{'of harvest':>12}")
    for name, values in rates.items():
        if values:
            middle = statistics.median(values)
            print(f"{name:26}{middle:12,.0f}{min(values):10,.0f}{max(values):10,.0f}{middle / own:12.2f}")
    written, bodies = cost
    print(
        f"\narchive: {written:,} bytes written for {bodies:,} bytes of bodies, {written / bodies:.2f} per byte"
    )


def harvest(home: Path, registry_folder: Path, resolve: str) -> tuple[int, int]:
    """One harvest of all sources; returns (bytes of all segments, bytes of all archived bodies)."""
    settings = Settings(home=home, data=registry_folder, resolve=resolve, retry_wait=0)
    registry = load_registry(registry_folder, project_dir("data"))
    home.mkdir(exist_ok=True)
    memory = Memory(settings.harvest_memory)
    fetcher = Fetcher(settings, memory)
    archive = Archive(settings.archive)
    batch = f"{time.time_ns()}"

    def group(sources: tuple) -> None:
        with archive.writer(f"{batch}-{sources[0].source_id}") as writer:
            harvester = Harvester(fetcher, archive, writer, memory, registry.report_kinds)
            for source in sources:
                harvester.harvest(source)

    with ThreadPoolExecutor(settings.parallel_hosts) as pool:
        list(pool.map(group, group_by_host(registry.sources)))
    written = sum(path.stat().st_size for path in (settings.archive / "segments").glob("*.warc.gz"))
    bodies = sum(len(archive.read(capture)) for capture in archive.captures())
    archive.close()
    return written, bodies


def fetch(urls: list[str], registry_folder: Path, resolve: str) -> float:
    """Answers per second of the fetcher alone, with the links of each page collected."""
    settings = Settings(data=registry_folder, resolve=resolve, retry_wait=0)
    groups = group_by_host(load_registry(registry_folder, project_dir("data")).sources)
    fetcher = Fetcher(settings)
    hosts = {urlsplit(source.listings[0]).hostname: source for group in groups for source in group}

    def group(host: str) -> None:
        visit = fetcher.visit(replace(hosts[host], max_requests=100_000))
        for url in urls:
            if urlsplit(url).hostname == host:
                exchange = visit.get(url)
                links(exchange.body, exchange.final_url, exchange.header("Content-Type"))

    began = time.perf_counter()
    with ThreadPoolExecutor(settings.parallel_hosts) as pool:
        list(pool.map(group, hosts))
    seconds = time.perf_counter() - began
    fetcher.close()
    return len(urls) / seconds


def _scrapy(python: str, urls: list[str], resolve: str, warc: Path | None) -> float:
    if warc:
        warc.mkdir()
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"urls": urls, "resolve": resolve}, file)
        file.flush()
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        said = subprocess.run(
            [python, str(HERE / "scrapy_peer.py"), file.name, *([str(warc)] if warc else [])],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
        )
    return float(said.stdout.strip().splitlines()[-1])


if __name__ == "__main__":
    main()
