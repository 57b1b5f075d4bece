"""`nianbao simulate`: serves simulated districts, or a folder of pages, and says how to reach them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from nianbao.settings import Settings, project_dir
from nianbao.simulation import (
    PagesFolderError,
    SimulatedSites,
    Site,
    build_world,
    folder_sites,
    hazards_world,
    truth_json,
    write_registry,
)

__all__ = ["PagesFolderError", "serve"]


@contextmanager
def serve(
    settings: Settings, *, pages: Path | None, hazards: bool, seed: int, port: int, truth: Path | None
) -> Iterator[dict[str, str]]:
    """Serves until the context ends; yields the settings that lead a refresh to the sites.

    The registry of the simulated districts is written below the home, the same from run to run. A folder of pages
    comes with the registry that its owner names in NIANBAO_DATA.
    Raises PagesFolderError for a folder that cannot be served, OSError for a port that is taken.
    """
    hosts: Mapping[str, Site]
    environment = {}
    if pages is not None:
        hosts = folder_sites(pages)
    else:
        world = hazards_world(seed) if hazards else build_world(seed)
        folder = settings.home / "simulation" / ("hazards" if hazards else "districts")
        write_registry(world, folder, project_dir("data"))
        if truth is not None:
            truth.write_text(truth_json(world), encoding="utf-8")
        hosts = world.sites
        environment["NIANBAO_DATA"] = str(folder)
    with SimulatedSites(hosts).serve(port) as sites:
        yield environment | {"NIANBAO_RESOLVE": sites.resolve}
