"""Serves a simulated world for harvest.py: prints where, then answers each line on stdin with what was asked for."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from nianbao.settings import project_dir
from nianbao.simulation import SimulatedSites, build_world, write_registry


def main() -> None:
    """Arguments: districts, folder for the registry."""
    world = build_world(seed=1, districts=int(sys.argv[1]), issuers=6, years=range(2020, 2025))
    write_registry(world, Path(sys.argv[2]), project_dir("data"))
    with SimulatedSites(world.sites).serve() as sites:
        print(sites.resolve, flush=True)
        for _ in sys.stdin:
            asked = [
                f"http://{host}{path}"
                for (host, path, status), count in sites.requests.counts().items()
                if path != "/robots.txt" and status
                for _ in range(count)
            ]
            sites.requests.clear()
            print(json.dumps(asked), flush=True)


if __name__ == "__main__":
    main()
