"""Faults injected into a world: a seeded choice of addresses, each with a fault and the outcomes that are right for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nianbao.model import Outcome

from .copies import host_of, path_of
from .dice import Dice
from .faults import Fault, named_faults
from .overlay import OverlaidSite
from .truth import FaultTruth, ReportTruth
from .world import World

_BROKEN = (Outcome.BROKEN_TRANSFER, Outcome.UNREACHABLE)
# what has to come of a fault wherever it is set
_ANYWHERE: dict[str, tuple[Outcome, ...]] = {
    "not_found": (Outcome.NOT_FOUND,),
    "gone": (Outcome.NOT_FOUND, Outcome.WITHDRAWN),
    "forbidden": (Outcome.FORBIDDEN,),
    "server_error": (Outcome.SERVER_ERROR,),
    "redirect_loop": (Outcome.REDIRECT_LOOP,),
    "redirect_endless": (Outcome.REDIRECT_LOOP,),
    "redirect_away": (Outcome.HOST_NOT_ALLOWED,),
    "moved_away": (Outcome.MOVED,),
    "empty": (Outcome.EMPTY,),
    "challenge": (Outcome.BLOCKED_CHALLENGE,),
    "challenge_202": (Outcome.BLOCKED_CHALLENGE,),
    "challenge_521": (Outcome.BLOCKED_CHALLENGE,),
    "challenge_200": (Outcome.BLOCKED_CHALLENGE,),
    "suspended": (Outcome.SUSPENDED,),
    "maintenance": (Outcome.SUSPENDED,),
    "soft_404": (Outcome.SOFT_404,),
    "gzip_bomb": (Outcome.OVERSIZED,),
    "huge": (Outcome.OVERSIZED,),
    "huge_chunked": (Outcome.OVERSIZED,),
}
# the same for faults of the connection: a reader may leave a host alone after some of them in a row
_WIRE: dict[str, tuple[Outcome, ...]] = {
    "reset": _BROKEN,
    "wrong_length": (Outcome.BROKEN_TRANSFER,),
    "bad_chunking": (Outcome.BROKEN_TRANSFER,),
    "closed": _BROKEN,
    "bad_status_line": _BROKEN,
    "endless_headers": _BROKEN,
    "tls_alert": _BROKEN,
    "drip": (Outcome.TIMEOUT,),
}
_HOST_WIDE: dict[str, tuple[Outcome, ...]] = {
    "throttled": (Outcome.THROTTLED,),
    "throttled_until": (Outcome.THROTTLED,),
}
_FILES: dict[str, tuple[Outcome, ...]] = {
    "truncated": (Outcome.UNREADABLE,),
    "encrypted_pdf": (Outcome.UNREADABLE,),
    "zip_bomb_docx": (Outcome.UNREADABLE, Outcome.OVERSIZED),
    "entities_docx": (Outcome.UNREADABLE,),
}
_PASSING = ("server_error_once", "bad_gateway_once", "unavailable_once", "throttled_once", "reset_once", "closed_once",
            "forced_gzip", "cookie_gate")  # fmt: skip
_WIRE_PER_HOST = 4
_CUT_SHORT = ("pdf", "docx", "ofd", "scan")  # formats that cannot be read from their first part
_LISTINGS_AMONG = 20  # one fault in so many goes to a listing, which hides all pages below it


@dataclass(frozen=True, slots=True)
class _Place:
    url: str
    role: str
    source_id: str
    report: ReportTruth | None = None

    @property
    def host(self) -> str:
        return host_of(self.url)

    @property
    def target(self) -> str:
        """The path as the server compares it: a listing's faults hold for all of its queries."""
        path = path_of(self.url).split("#", 1)[0]
        return path.split("?", 1)[0] if self.role == "listing" else path


def inject_faults(world: World, seed: int, count: int) -> tuple[World, tuple[FaultTruth, ...]]:
    """The world with `count` faults at addresses chosen by the seed, and what has to come of each.

    A report has at most one faulty address, and a host whose listing is faulty no other fault, so that every fault
    shows. Each kind comes about as often as the others, but those of the connection at most four times on a host.
    Raises ValueError when the world has not that many addresses.
    """
    dice = Dice("faults", seed)
    listings, others = _places(world, dice, count)
    if len(listings) + len(others) < count:
        raise ValueError(
            f"this world has {len(listings) + len(others)} addresses that can be faulty; ask for fewer faults than "
            f"{count} or build a larger world"
        )
    wire: Counter[str] = Counter()
    used: Counter[str] = Counter()
    truths, faults = [], dict[str, dict[str, Fault]]()
    for place in [*listings, *others][:count]:
        name = _choice(place, used, wire, dice)
        used[name] += 1
        fault = named_faults(place.target, "http://www.elsewhere.test/")[name]
        faults.setdefault(place.host, {})[place.target] = fault
        truths.append(_truth(place, name))
    sites = {
        host: OverlaidSite(site, faults=faults[host], refused=site.refused) if host in faults else site
        for host, site in world.sites.items()
    }
    done = tuple(truths)
    return replace(world, sites=sites, faults=done), done


def _places(world: World, dice: Dice, count: int) -> tuple[list[_Place], list[_Place]]:
    """Listings of some hosts, and an address of each report of the other hosts, both in the seed's order."""
    hosts = dice.shuffled(sorted({source.host for source in world.sources}), "hosts")
    chosen = hosts[: min(len(hosts) // 4, count // _LISTINGS_AMONG)]
    first = {source.host: source for source in reversed(world.sources)}
    listings = [_Place(first[host].listings[0], "listing", first[host].source_id) for host in chosen]
    copied = {copy.of_url for copy in world.copies}
    reports = [
        _of_report(report, dice)
        for report in world.reports
        if report.host not in chosen and report.url not in copied
    ]
    return listings, dice.shuffled(reports, "reports")


def _of_report(report: ReportTruth, dice: Dice) -> _Place:
    """The page or the file of a report that has both; files are no pages even where a listing links them."""
    if report.page_url != report.url and dice.chance(0.3, "page", report.page_url):
        return _Place(report.page_url, "page", report.source_id, report)
    role = "page" if report.format == "html" else "attachment"
    return _Place(report.url, role, report.source_id, report)


def _choice(place: _Place, used: Counter[str], wire: Counter[str], dice: Dice) -> str:
    """The kind that was used least so far among those that fit."""
    names = sorted(_fitting(place, wire), key=lambda name: (used[name], dice.integer("order", name)))
    if names[0] in _WIRE:
        wire[place.host] += 1
    return names[0]


def _fitting(place: _Place, wire: Counter[str]) -> Iterator[str]:
    # Counting up in the query would make another address of one that has a query already.
    yield from (name for name in _ANYWHERE if name != "redirect_endless" or "?" not in place.target)
    yield from _PASSING
    if place.role == "listing":
        yield from _HOST_WIDE
    if wire[place.host] < _WIRE_PER_HOST:
        yield from _WIRE
    if place.role == "attachment" and place.report:
        yield from (name for name in _FILES if name != "truncated" or place.report.format in _CUT_SHORT)


def _truth(place: _Place, name: str) -> FaultTruth:
    passing = name in _PASSING
    outcomes: Sequence[Outcome] = (_ANYWHERE | _WIRE | _HOST_WIDE | _FILES).get(name, ())
    if passing:
        outcomes = [_when_well(place)]
    return FaultTruth(
        fault=name,
        url=place.url,
        role=place.role,
        source_id=place.source_id,
        outcomes=tuple(outcome.value for outcome in outcomes),
        passing=passing,
        issuer_id=place.report.issuer_id if place.report else "",
        year=place.report.year if place.report else 0,
    )


def _when_well(place: _Place) -> Outcome:
    if place.report is None:
        return Outcome.OK
    return Outcome.REPORT if place.url == place.report.url else Outcome.ATTACHED
