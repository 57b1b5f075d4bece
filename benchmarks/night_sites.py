"""Serves the sites of benchmarks/night.py: prints where, then answers each line on stdin with what was asked for.

    python benchmarks/night_sites.py FOLDER [--sources N] [--years N] [--then N] [--districts N]

FOLDER receives the registry. With --sources every body has a website and a source of its own, so that there are as many
hosts as sources; with --districts they are whole districts of 32 bodies, some twenty reports each.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

from nianbao.settings import project_dir
from nianbao.simulation import SimulatedSites, Site, World, build_world, write_registry
from nianbao.simulation.config import Config
from nianbao.simulation.places import NAMED_DISTRICTS, district, max_issuers, offices_of
from nianbao.simulation.publisher import Publisher
from nianbao.simulation.shapes import SHAPES
from nianbao.simulation.truth import SourceTruth
from nianbao.simulation.world import issuer_truth, region_truths

LAST_YEAR = 2024


def main() -> None:
    """Serves until stdin ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sources", type=int, default=0)
    parser.add_argument("--districts", type=int, default=0)
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--then", type=int, default=0, help="years after the last one besides")
    given = parser.parse_args()
    years = tuple(range(LAST_YEAR - given.years + 1, LAST_YEAR + given.then + 1))
    if given.sources:
        world = scattered(given.sources, years)
    else:
        world = build_world(districts=given.districts, issuers=max_issuers(), years=years)
    write_registry(world, given.folder, project_dir("data"))
    with SimulatedSites(world.sites).serve() as sites:
        print(json.dumps({"resolve": sites.resolve, "sources": len(world.sources)}), flush=True)
        while True:
            try:
                input()
            except EOFError:
                return
            counts = sites.requests.counts().items()
            asked = [(f"http://{host}{path}", status, n) for (host, path, status), n in counts]
            sites.requests.clear()
            print(json.dumps(asked), flush=True)


def scattered(count: int, years: tuple[int, ...]) -> World:
    """A world in which every body publishes on a host of its own, until there are so many sources."""
    each = -(-count // NAMED_DISTRICTS)
    if each > max_issuers():
        raise SystemExit(f"there are names for {NAMED_DISTRICTS * max_issuers()} sources, not for {count}")
    config = Config(districts=NAMED_DISTRICTS, issuers=each, years=years)
    sites: dict[str, Site] = {}
    sources: list[SourceTruth] = []
    for index in range(NAMED_DISTRICTS):
        where = district(index)
        for office in offices_of(where, each)[: count - len(sources)]:
            slug = office.issuer_id.rpartition("-")[2]
            host = where.host.replace("www.", f"{slug}.", 1)
            shape = SHAPES[(index + office.index) % len(SHAPES)]
            out = Publisher(config, where, [office], shape, host, f"{office.issuer_id}-site").publish()
            # A body alone stands in one column of its site; the others of the shape are empty.
            its = [source for source in out.sources if source.expected_issuers]
            sites[host] = out.site
            sources += [replace(source, issuer_id=office.issuer_id) for source in its]
    places = [district(index) for index in range(NAMED_DISTRICTS)]
    offices = [office for where in places for office in offices_of(where, each)]
    return World(
        config, region_truths(places), tuple(map(issuer_truth, offices)), tuple(sources), (), (), (), sites
    )


if __name__ == "__main__":
    main()
