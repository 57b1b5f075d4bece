"""Simulated worlds: fictional districts with their websites, and the truth about them. A recipe always gives the same
bytes: nothing here looks at a clock, a disk or a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .config import DEFAULT_YEARS, Config, Key
from .places import (
    MUNICIPALITY,
    MUNICIPALITY_CODE,
    District,
    Office,
    bodies,
    district,
    max_districts,
    max_issuers,
    office,
)
from .publisher import Publisher
from .shapes import SHAPES
from .site import Site
from .truth import (
    TRUTH_VERSION,
    AbsentTruth,
    ChangeTruth,
    HazardTruth,
    IssuerTruth,
    PageTruth,
    RegionTruth,
    ReportTruth,
    SourceTruth,
    to_json,
)


@dataclass(frozen=True, slots=True)
class World:
    """Websites by host, and the truth: what they hold, what is missing, what changed against the world before."""

    config: Config
    regions: tuple[RegionTruth, ...]
    issuers: tuple[IssuerTruth, ...]
    sources: tuple[SourceTruth, ...]
    reports: tuple[ReportTruth, ...]
    pages: tuple[PageTruth, ...]
    absent: tuple[AbsentTruth, ...]
    sites: Mapping[str, Site]
    hazards: tuple[HazardTruth, ...] = ()
    changes: tuple[ChangeTruth, ...] = ()

    def revised(self, *, edited: int = 1, withdrawn: int = 1, late: int = 1) -> World:
        """The same world some time later: reports silently edited, withdrawn (404, still listed), published late.

        The changes concern the newest reports; `changes` names them. Raises ValueError when there are not enough
        reports, or not enough missing ones, for that.
        """
        keys = sorted(self._keys(), key=lambda key: (-key[2], key[0], key[1]))
        present = [key for key in keys if not self.config.absent(*key)]
        # edits go to HTML pages: that is where sites do it
        pages = [key for key in present if self.config.format(*key) == "html"]
        missing = [key for key in keys if self.config.absent(*key)]
        if edited + withdrawn > len(pages) or late > len(missing):
            raise ValueError(
                f"this world has {len(pages)} reports to edit or withdraw and {len(missing)} missing ones to add; "
                "ask for fewer changes or build a larger world"
            )
        new = replace(
            self.config,
            edited=self.config.edited | set(pages[:edited]),
            withdrawn=self.config.withdrawn | set(pages[len(pages) - withdrawn :]),
            late=self.config.late | set(missing[:late]),
        )
        return _build(new, self)

    def with_year(self, year: int) -> World:
        """The same world when the reports on one more year are out."""
        years = tuple(sorted({*self.config.years, year}))
        return _build(replace(self.config, years=years), self)

    def _keys(self) -> list[Key]:
        config = self.config
        return [
            (where, which, year)
            for where in range(config.districts)
            for which in range(config.issuers)
            for year in config.years
        ]


def build_world(
    seed: int = 1, districts: int = 3, issuers: int = 4, years: Sequence[int] = DEFAULT_YEARS
) -> World:
    """A world of so many districts, each with so many issuers that report on these years.

    Raises ValueError when there are no names for so many, or no year is given.
    """
    if not 1 <= districts <= max_districts():
        raise ValueError(f"{districts} districts cannot be built; ask for 1 to {max_districts()}")
    if not 1 <= issuers <= max_issuers():
        raise ValueError(f"{issuers} issuers per district cannot be built; ask for 1 to {max_issuers()}")
    if not years or min(years) < 2017 or max(years) > 2099:
        raise ValueError("give at least one report year, from 2017 to 2099")
    return _build(Config(seed, districts, issuers, tuple(sorted(set(years)))))


def offices_of(where: District, count: int) -> list[Office]:
    """The first `count` bodies of a district."""
    return [office(where, body, index) for index, body in enumerate(bodies(where, count))]


def region_truths(districts: Sequence[District]) -> tuple[RegionTruth, ...]:
    """The municipality and its districts."""
    city = RegionTruth(MUNICIPALITY_CODE, MUNICIPALITY, MUNICIPALITY, None, "province")
    return (city, *(RegionTruth(d.code, d.name, d.full_name, MUNICIPALITY_CODE, "county") for d in districts))


def issuer_truth(body: Office) -> IssuerTruth:
    """A body as the registry knows it."""
    kind, code = body.body.department_type, body.district.code
    return IssuerTruth(body.issuer_id, body.name, code, body.level, kind, body.aliases)


def _build(config: Config, before: World | None = None) -> World:
    districts = [district(index) for index in range(config.districts)]
    offices = {where.code: offices_of(where, config.issuers) for where in districts}
    done = [
        (where, Publisher(config, where, offices[where.code], SHAPES[where.index % len(SHAPES)]).publish())
        for where in districts
    ]
    outs = [out for _, out in done]
    world = World(
        config=config,
        regions=region_truths(districts),
        issuers=tuple(issuer_truth(body) for each in offices.values() for body in each),
        sources=tuple(source for out in outs for source in out.sources),
        reports=tuple(report for out in outs for report in out.reports),
        pages=tuple(page for out in outs for page in out.pages),
        absent=tuple(gap for out in outs for gap in out.absent),
        sites={where.host: out.site for where, out in done},
    )
    return replace(world, changes=_changes(before, world)) if before else world


def _changes(before: World, after: World) -> tuple[ChangeTruth, ...]:
    old = {(report.issuer_id, report.year): report for report in before.reports}
    new = {(report.issuer_id, report.year): report for report in after.reports}
    found = []
    for (issuer, year), report in old.items():
        now = new.get((issuer, year))
        if now is None:
            found.append(ChangeTruth("withdrawn", issuer, year, report.page_url))
        elif now.text != report.text:
            found.append(ChangeTruth("edited", issuer, year, now.url, _differing_sentence(report, now)))
    for (issuer, year), report in new.items():
        if (issuer, year) not in old:
            change = "late" if year in before.config.years else "added"
            found.append(ChangeTruth(change, issuer, year, report.page_url))
    return tuple(found)


def _differing_sentence(old: ReportTruth, new: ReportTruth) -> str:
    pairs = zip(old.figures, new.figures, strict=True)
    return next((b.sentence for a, b in pairs if a.text != b.text), "")


def truth_json(world: World) -> str:
    """The whole truth about a world as JSON text (docs/simulation.md describes it)."""
    config = world.config
    return to_json(
        {
            "version": TRUTH_VERSION,
            "seed": config.seed,
            "years": list(config.years),
            "regions": world.regions,
            "issuers": world.issuers,
            "sources": world.sources,
            "reports": world.reports,
            "other_pages": world.pages,
            "absent": world.absent,
            "hazards": world.hazards,
            "changes": world.changes,
        }
    )
