"""What nights cost on disk: the first refresh of a simulated world, a quiet night, a night with one edited report.

    python benchmarks/nights.py [--districts N]

Bytes of every file of the home, each counted once whatever its names; caches and Prefect's own files left out.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from nianbao.settings import project_dir
from nianbao.simulation import SimulatedSites, World, build_world, write_registry

_LEFT_OUT = {"prefect", "cache", "logs", "builds"}


def main() -> None:
    """Prints a line per night: bytes that came, by place in the home."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--districts", type=int, default=2)
    world = build_world(districts=parser.parse_args().districts, issuers=4, years=(2020, 2024))
    with tempfile.TemporaryDirectory() as folder:
        home, before = Path(folder) / "home", Counter[str]()
        revised = world.revised(edited=1, withdrawn=0, late=0)
        for name, each in (("first", world), ("quiet", world), ("one edited report", revised)):
            _refresh(each, home, Path(folder) / "registry")
            after = _bytes(home)
            grown = {place: after[place] - before[place] for place in after if after[place] != before[place]}
            print(f"{name}: {sum(grown.values()):,} bytes", dict(sorted(grown.items())), flush=True)
            before = after


def _refresh(world: World, home: Path, registry: Path) -> None:
    write_registry(world, registry, project_dir("data"))
    with SimulatedSites(world.sites).serve() as sites:
        environment = {
            "NIANBAO_HOME": str(home),
            "NIANBAO_DATA": str(registry),
            "NIANBAO_RESOLVE": sites.resolve,
        }
        subprocess.run(
            [sys.executable, "-m", "nianbao.cli", "refresh", "--json"],
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            check=True,
        )


def _bytes(home: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    seen = set()
    for path in sorted(home.rglob("*")):
        inside = path.relative_to(home)
        if path.is_symlink() or not path.is_file() or inside.parts[0] in _LEFT_OUT:
            continue
        facts = path.stat()
        if facts.st_ino not in seen:
            seen.add(facts.st_ino)
            last = inside.parts[2] if inside.parts[0] == "releases" else ""
            found[f"{inside.parts[0]}/{last}".rstrip("/")] += facts.st_size
    return found


if __name__ == "__main__":
    main()
