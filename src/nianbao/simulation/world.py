"""Simulated worlds: fictional districts with their websites, and the truth about them. A recipe always gives the same
bytes: nothing here looks at a clock, a disk or a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .breaks import offices, redefinitions
from .config import DEFAULT_YEARS, Config, Fate
from .copies import with_copies
from .overlay import MovedSite
from .places import (
    MUNICIPALITY,
    MUNICIPALITY_CODE,
    District,
    Office,
    district,
    max_districts,
    max_issuers,
)
from .publication import Publication
from .publisher import Publisher
from .quirks import host_truth, with_manners
from .revisions import changes_between, chosen_events
from .shapes import SHAPES
from .site import Site
from .truth import (
    TRUTH_VERSION,
    AbsentTruth,
    ChangeTruth,
    ContradictionTruth,
    CopyTruth,
    FaultTruth,
    HazardTruth,
    HostTruth,
    IssuerTruth,
    PageTruth,
    RedefinitionTruth,
    RegionTruth,
    ReportTruth,
    RestatementTruth,
    SourceTruth,
    UnreadableTruth,
    to_json,
)

_FIRST_YEAR, _LAST_YEAR = 2015, 2099


@dataclass(frozen=True, slots=True)
class World:
    """Websites by host, and the truth: what they hold, what is missing, what changed against the world before, how
    the hosts behave, what copies there are, which faults were injected (faults.py)."""

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
    hosts: tuple[HostTruth, ...] = ()
    copies: tuple[CopyTruth, ...] = ()
    faults: tuple[FaultTruth, ...] = ()
    unreadable: tuple[UnreadableTruth, ...] = ()
    contradictions: tuple[ContradictionTruth, ...] = ()
    restatements: tuple[RestatementTruth, ...] = ()
    redefinitions: tuple[RedefinitionTruth, ...] = ()

    def revised(
        self,
        *,
        edited: int = 1,
        withdrawn: int = 1,
        late: int = 1,
        edited_files: int = 0,
        refurnished: int = 0,
        unlisted: int = 0,
        soft_withdrawn: int = 0,
        readdressed: int = 0,
        duplicated: int = 0,
        repaged: bool = False,
        moved: int = 0,
    ) -> World:
        """The same world some time later: so many reports have each of these fates (config.Fate); `changes` names them.

        edited_files: reports in a file whose text was edited. repaged: listings have other numbers of rows on a page.
        moved: the sites of so many districts have gone to other hosts.
        Raises ValueError when there are not enough reports, or not enough missing ones, for that.
        """
        wanted = {
            Fate.EDITED: edited,
            Fate.WITHDRAWN: withdrawn,
            Fate.LATE: late,
            Fate.REFURNISHED: refurnished,
            Fate.UNLISTED: unlisted,
            Fate.SOFT_WITHDRAWN: soft_withdrawn,
            Fate.READDRESSED: readdressed,
            Fate.DUPLICATED: duplicated,
        }
        events = self.config.events | chosen_events(self, wanted, edited_files)
        per_page = self.config.per_page + (2 if repaged else 0)
        gone = self.config.moved | frozenset(range(moved))
        return _build(replace(self.config, events=events, per_page=per_page, moved=gone), self)

    def moved(self, districts: int = 1) -> World:
        """The same world when the sites of the first `districts` districts have gone to other hosts.

        Every address of the old host redirects to the new one for good; the sources still name the old listings.
        """
        return self.revised(edited=0, withdrawn=0, late=0, moved=districts)

    def with_year(self, year: int) -> World:
        """The same world when the reports on one more year are out."""
        years = tuple(sorted({*self.config.years, year}))
        return _build(replace(self.config, years=years), self)


def build_world(
    seed: int = 1,
    districts: int = 3,
    issuers: int = 4,
    years: Sequence[int] = DEFAULT_YEARS,
    *,
    formats: str = "plain",
    quirks: bool = False,
    breaks: bool = False,
    font: Path | None = None,
) -> World:
    """A world of so many districts, each with so many issuers that report on these years.

    formats: plain (HTML, PDF, DOCX in UTF-8 mostly) or all (also DOC, WPS, OFD, spreadsheets, pages in other encodings
    and with wrong labels; scans if font names a file with Chinese characters). quirks: sites have manners of their own
    (hosts tells them), and their listings lead to copies of reports as well (copies). breaks: years of a body cannot always
    be compared, and some statements are wrong (breaks.py).
    Raises ValueError when there are no names for so many, or no year is given.
    """
    if not 1 <= districts <= max_districts():
        raise ValueError(f"{districts} districts cannot be built; ask for 1 to {max_districts()}")
    if not 1 <= issuers <= max_issuers():
        raise ValueError(f"{issuers} issuers per district cannot be built; ask for 1 to {max_issuers()}")
    if not years or min(years) < _FIRST_YEAR or max(years) > _LAST_YEAR:
        raise ValueError(f"give at least one report year, from {_FIRST_YEAR} to {_LAST_YEAR}")
    if formats not in ("plain", "all"):
        raise ValueError(f"there are no formats '{formats}'; ask for plain or all")
    config = Config(
        seed,
        districts,
        issuers,
        tuple(sorted(set(years))),
        formats=formats,
        font=font,
        quirks=quirks,
        breaks=breaks,
    )
    return _build(config)


def region_truths(districts: Sequence[District]) -> tuple[RegionTruth, ...]:
    """The municipality and its districts."""
    city = RegionTruth(MUNICIPALITY_CODE, MUNICIPALITY, MUNICIPALITY, None, "province")
    return (city, *(RegionTruth(d.code, d.name, d.full_name, MUNICIPALITY_CODE, "county") for d in districts))


def issuer_truth(body: Office) -> IssuerTruth:
    """A body as the registry knows it."""
    kind, code = body.body.department_type, body.district.code
    return IssuerTruth(
        body.issuer_id,
        body.name,
        code,
        body.level,
        kind,
        body.aliases,
        body.predecessors,
        body.valid_from,
        body.valid_to,
    )


def _build(config: Config, before: World | None = None) -> World:
    places = [_Place.of(config, district(index)) for index in range(config.districts)]
    bodies = [body for where in places for body in offices(config, where.district)]
    outs = [where.publication for where in places]
    world = World(
        config=config,
        regions=region_truths([where.district for where in places]),
        issuers=tuple(issuer_truth(body) for body in bodies),
        sources=tuple(source for where in places for source in where.sources),
        reports=tuple(report for out in outs for report in out.reports),
        pages=tuple(page for out in outs for page in out.pages),
        absent=tuple(gap for out in outs for gap in out.absent),
        sites={host: site for where in places for host, site in where.sites.items()},
        hosts=tuple(where.manners for where in places),
        copies=tuple(copy for where in places for copy in where.copies),
        unreadable=tuple(each for out in outs for each in out.unreadable),
        contradictions=tuple(each for out in outs for each in out.contradictions),
        restatements=tuple(each for out in outs for each in out.restatements),
        redefinitions=redefinitions(config),
    )
    return replace(world, changes=changes_between(before, world)) if before else world


@dataclass(frozen=True, slots=True)
class _Place:
    """A district with its site, dressed as the recipe says."""

    district: District
    publication: Publication
    sources: tuple[SourceTruth, ...]
    sites: Mapping[str, Site]
    manners: HostTruth
    copies: tuple[CopyTruth, ...] = ()

    @classmethod
    def of(cls, config: Config, where: District) -> _Place:
        host = where.new_host if where.index in config.moved else where.host
        bodies = offices(config, where)
        out = Publisher(config, where, bodies, SHAPES[where.index % len(SHAPES)], host).publish()
        plain = host_truth(0, host)
        if not config.quirks:
            return _moved(cls(where, out, tuple(out.sources), {host: out.site}, plain))
        befallen = {(event.key[1], event.key[2]) for event in config.events if event.key[0] == where.index}
        names = {body.issuer_id: body.index for body in bodies}
        steady = [each for each in out.reports if (names[each.issuer_id], each.year) not in befallen]
        copied = with_copies(where.index, out, steady)
        manners = host_truth(where.index, host)
        site = with_manners(copied.site, manners)
        others = {name: site if other is copied.site else other for name, other in copied.others.items()}
        return _moved(
            cls(where, out, tuple(copied.sources), {host: site, **others}, manners, tuple(copied.copies))
        )


def _moved(place: _Place) -> _Place:
    """The place with its old host in front, where its site has another one."""
    where = place.district
    if where.host in place.sites:
        return place
    old = tuple(
        replace(
            source,
            host=where.host,
            listings=tuple(each.replace(where.new_host, where.host) for each in source.listings),
            parameters={
                name: said.replace(where.new_host, where.host) for name, said in source.parameters.items()
            },
        )
        for source in place.sources
    )
    return replace(place, sources=old, sites={**place.sites, where.host: MovedSite(where.new_host)})


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
            "hosts": world.hosts,
            "copies": world.copies,
            "faults": world.faults,
            "unreadable": world.unreadable,
            "contradictions": world.contradictions,
            "restatements": world.restatements,
            "redefinitions": world.redefinitions,
        }
    )
