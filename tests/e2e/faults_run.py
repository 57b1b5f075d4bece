"""Harvests and reads a simulated world with injected faults, and compares what came of each with what has to come of it.

    python tests/e2e/faults_run.py [FAULTS] [SEED]

Prints how many faults showed as one of their outcomes, what was lost beside them, and what is still missing once the
faults are gone. Exits with 1 if anything is wrong.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

from nianbao.archive import Archive
from nianbao.archive.verify import verify_archive
from nianbao.extraction import Extractor
from nianbao.harvest.fetcher import Fetcher
from nianbao.harvest.harvester import Harvester
from nianbao.harvest.memory import Memory
from nianbao.harvest.source import group_by_host
from nianbao.model import Outcome, OutcomeRow
from nianbao.registry import load_registry
from nianbao.sandbox import BoundedReader
from nianbao.settings import Settings, project_dir
from nianbao.simulation import SimulatedSites, World, build_world, inject_faults, write_registry
from nianbao.warehouse.ingest import ingest, pending
from nianbao.warehouse.lake import Lake
from nianbao.warehouse.rules import rules_of

# Patience and sizes that end every fault soon; what is well is far below them.
LIMITS = {
    "fetch_timeout": 6.0,
    "read_timeout": 10.0,
    "retries": 1,
    "retry_wait": 0.0,
    "retry_after_max": 3.0,
    "max_body_bytes": 3_000_000,
}


@dataclass
class Run:
    """What came of a world: outcomes by address, reports by (issuer, year), and what a second look brought."""

    faults: int
    silent: list[tuple[str, str, tuple[str, ...], set[str]]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    missing_afterwards: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def right(self) -> bool:
        """True if nothing is wrong."""
        return not (self.silent or self.lost or self.missing_afterwards or self.damage)


def run(world: World, seed: int, faults: int, folder: Path) -> Run:
    """Looks at the world with faults, then at the same world without."""
    faulty, truths = inject_faults(world, seed, faults)
    write_registry(faulty, folder / "registry", project_dir("data"))
    result = Run(len(truths), kinds=Counter(truth.fault for truth in truths))
    rows = _look(faulty, folder)
    seen = defaultdict(set)
    for row in rows:
        seen[row.url].add(str(row.outcome))
    for truth in truths:
        shown = seen[urldefrag(truth.url.replace("{page}", "1")).url]
        if not shown & set(truth.outcomes):
            result.silent.append((truth.fault, truth.url, truth.outcomes, shown))
    spoiled = {(truth.issuer_id, truth.year) for truth in truths if not truth.passing}
    # A host that asks for patience, or breaks off, is left alone with all of its sources.
    dark = {urlsplit(truth.url).hostname for truth in truths if truth.role == "listing" and not truth.passing}
    read = {row.url for row in rows if row.outcome is Outcome.REPORT}
    for report in world.reports:
        well = (report.issuer_id, report.year) not in spoiled and report.host not in dark
        if well and report.url not in read:
            result.lost.append(report.url)
    _look(world, folder)
    with_body = {capture.url for capture in Archive(folder / "home" / "archive").captures()}
    result.missing_afterwards = [r.url for r in world.reports if r.url not in with_body]
    result.damage = [str(problem) for problem in verify_archive(folder / "home" / "archive").findings]
    return result


def _look(world: World, folder: Path) -> list[OutcomeRow]:
    with SimulatedSites(world.sites).serve() as sites:
        settings = Settings(home=folder / "home", data=folder / "registry", resolve=sites.resolve, **LIMITS)
        settings.home.mkdir(exist_ok=True)
        registry = load_registry(settings.registry_folder, project_dir("data"))
        memory, archive = Memory(settings.harvest_memory), Archive(settings.archive)
        fetcher = Fetcher(settings, memory)
        rows: list[OutcomeRow] = []

        def group(sources):
            with archive.writer(f"{time.time_ns()}-{sources[0].source_id}") as writer:
                harvester = Harvester(fetcher, archive, writer, memory, registry.report_kinds)
                for source in sources:
                    rows.extend(harvester.harvest(source).outcomes)

        with ThreadPoolExecutor(16) as pool:
            list(pool.map(group, group_by_host(registry.sources)))
    lake = Lake(folder / "lake", rules_of(registry).version)
    with BoundedReader(seconds=20, workers=2) as reader:
        rows += ingest(pending(archive, lake), archive, lake, Extractor(registry), registry, reader).outcomes
    for each in (fetcher, memory, archive):
        each.close()
    return rows


def main() -> int:
    """Runs and prints."""
    faults = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    world = build_world(seed, districts=40, issuers=8, years=range(2020, 2025), formats="all")
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        result = run(world, seed, faults, Path(folder))
    print(f"{result.faults} faults of {len(result.kinds)} kinds on {len(world.reports)} reports, seed {seed}")
    print(f"shown as one of their outcomes: {result.faults - len(result.silent)}")
    for fault, url, wanted, found in result.silent[:20]:
        print(f"  {fault} at {url}: {sorted(found) or 'nothing'} instead of {', '.join(wanted)}")
    print(f"reports without a fault that did not come through: {len(result.lost)} {result.lost[:5]}")
    print(f"reports without a capture once the faults are gone: {len(result.missing_afterwards)}")
    print(f"damage in the archive: {len(result.damage)} {result.damage[:3]}")
    print(f"{time.perf_counter() - began:.0f} s")
    return 0 if result.right else 1


if __name__ == "__main__":
    sys.exit(main())
