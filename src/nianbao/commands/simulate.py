"""`nianbao simulate`: serves simulated districts, or a folder of pages, and says how to reach them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from nianbao.settings import Settings, project_dir
from nianbao.simulation import (
    Fate,
    PagesFolderError,
    SimulatedSites,
    Site,
    World,
    build_world,
    find_chinese_font,
    folder_sites,
    hazards_world,
    inject_faults,
    truth_json,
    write_registry,
)

from .tables import print_table

__all__ = ["PagesFolderError", "Recipe", "Served", "serve"]

_LONGEST_SPAN = 100


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to build. years: such as 2020-2024 or 2022,2024; '' for the usual ones. later: fates with numbers
    (config.Fate, edited_files and repaged), separated by commas: edited,late=2. faults: so many injected ones."""

    seed: int = 1
    districts: int = 3
    issuers: int = 4
    years: str = ""
    formats: str = "plain"
    scans: bool = False
    quirks: bool = False
    breaks: bool = False
    hazards: bool = False
    faults: int = 0
    later: str = ""
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Served:
    """What is being served: the settings that lead a refresh there, and the world, None for a folder of pages."""

    environment: Mapping[str, str]
    hosts: tuple[str, ...]
    world: World | None = field(repr=False, default=None)

    def describe(self, out: TextIO) -> None:
        """A table of the districts, or the hosts of the folder."""
        if self.world is None:
            print_table(["host"], [[host] for host in self.hosts], out)
            return
        world = self.world
        print_table(["district", "host", "family", "reports", "formats"], _rows(world), out)
        for change in world.changes:
            who = f"{change.issuer_id} {change.year}" if change.issuer_id else "listing"
            out.write(f"{change.change}: {who} {change.url}\n")
        if world.faults:
            out.write(f"{len(world.faults)} faults injected; --truth names them\n")


def _rows(world: World) -> list[list[object]]:
    names = {region.code: region.name for region in world.regions}
    rows: list[list[object]] = []
    for host in dict.fromkeys(source.host for source in world.sources):
        own = [source for source in world.sources if source.host == host]
        ids = {source.source_id for source in own}
        formats = Counter(report.format for report in world.reports if report.source_id in ids)
        said = " ".join(f"{form} {count}" for form, count in formats.most_common())
        hazard = own[0].notes
        rows.append([names[own[0].region_code], host, own[0].shape, formats.total(), said or hazard])
    return rows


@contextmanager
def serve(
    settings: Settings, recipe: Recipe, *, pages: Path | None, port: int, truth: Path | None
) -> Iterator[Served]:
    """Serves until the context ends; yields what is served.

    The registry of the simulated districts is written below the home, the same from run to run. A folder of pages
    comes with the registry that its owner names in NIANBAO_DATA.
    Raises PagesFolderError for a folder that cannot be served, ValueError for a world that cannot be built, OSError
    for a port that is taken.
    """
    hosts: Mapping[str, Site]
    environment = {}
    world = None
    if pages is not None:
        hosts = folder_sites(pages)
    else:
        world = _world(recipe)
        folder = settings.home / "simulation" / ("hazards" if recipe.hazards else "districts")
        write_registry(world, folder, project_dir("data"))
        if truth is not None:
            truth.write_text(truth_json(world), encoding="utf-8")
        hosts = world.sites
        environment["NIANBAO_DATA"] = str(folder)
    with SimulatedSites(hosts).serve(port) as sites:
        yield Served(environment | {"NIANBAO_RESOLVE": sites.resolve}, tuple(hosts), world)


def _world(recipe: Recipe) -> World:
    if recipe.hazards:
        return hazards_world(recipe.seed)
    font = find_chinese_font() if recipe.scans else None
    if recipe.scans and font is None:
        raise ValueError(
            "no font with Chinese characters was found for the scans; install one (fonts-noto-cjk, say) or leave "
            "--scans out"
        )
    years = {"years": _years(recipe.years)} if recipe.years else {}
    world = build_world(
        recipe.seed, recipe.districts, recipe.issuers,
        formats="all" if recipe.scans else recipe.formats, quirks=recipe.quirks,
        breaks=recipe.breaks, font=font, **years,
    )  # fmt: skip
    if recipe.later or recipe.moved:
        world = _later(world, recipe.later, moved=int(recipe.moved))
    return inject_faults(world, recipe.seed, recipe.faults)[0] if recipe.faults else world


def _years(said: str) -> tuple[int, ...]:
    """The years of 2020-2024 or 2020,2022. Raises ValueError with a sentence."""
    years: list[int] = []
    for part in said.split(","):
        first, _, last = part.strip().partition("-")
        if not (first.isdecimal() and (last or first).isdecimal()):
            raise ValueError(f"--years {said}: give years such as 2020-2024 or 2022,2024")
        span = range(int(first), int(last or first) + 1)
        if not 0 < len(span) <= _LONGEST_SPAN:
            raise ValueError(f"--years {said}: {part} must go from a year to a later one")
        years += span
    return tuple(years)


def _later(world: World, said: str, moved: int) -> World:
    """The world with the fates that are asked for: edited,late=2. Raises ValueError with a sentence."""
    known = [fate.value for fate in Fate] + ["edited_files", "repaged"]
    counts = {"edited": 0, "withdrawn": 0, "late": 0}
    for part in filter(None, said.split(",")):
        name, _, number = part.strip().partition("=")
        if name not in known or not (number or "1").isdecimal():
            raise ValueError(
                f"--later {said}: '{part}' is unknown; give some of {', '.join(known)}, or edited=3"
            )
        counts[name] = int(number or 1)
    repaged = bool(counts.pop("repaged", 0))
    return world.revised(**counts, repaged=repaged, moved=moved)
