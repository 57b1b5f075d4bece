"""A world in which each source has one thing wrong with it, beside healthy ones, and what must come of each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nianbao.model import Outcome

from .config import Config
from .copies import CopyKind, path_of, with_copies
from .faults import Fault, FaultKind, named_faults
from .overlay import OverlaidSite
from .places import FIELD_BODIES, NAMED_DISTRICTS, District, Office, district, office
from .publication import Publication
from .publisher import Publisher
from .shapes import SHAPES
from .site import Resource, Site, StaticSite
from .truth import HazardTruth, IssuerTruth, SourceTruth
from .world import World, build_world, issuer_truth, region_truths

ELSEWHERE = "www.elsewhere.test"
_YEARS = (2023, 2024)

_OTHER_LISTING = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>通知公告</title></head><body><ul>
<li><a href="/tzgg/1.html">关于国庆节放假安排的通知</a><span>2024-09-20</span></li>
<li><a href="/tzgg/2.html">公开招聘工作人员面试公告</a><span>2024-08-11</span></li>
<li><a href="/tzgg/3.html">道路施工临时交通管制通告</a><span>2024-07-02</span></li></ul></body></html>"""
_NO_REPORT = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>公开招聘编外人员公告</title></head><body>
<div class="article"><h1>公开招聘编外人员公告</h1><div id="zoom"><p>因工作需要，现面向社会公开招聘窗口服务人员6名。</p>
<p>一、报名条件。具有大专以上学历，年龄在35周岁以下，熟练使用办公软件。</p>
<p>二、报名方式。请于10月20日前携带身份证、学历证书到人事科报名。</p></div></div></body></html>"""


@dataclass(frozen=True, slots=True)
class Hazard:
    """One thing that is wrong. role: where (listing, page, attachment, site, host or robots; a site's shows at its
    listing). form: of the source's reports. also: other outcomes that are as right.

    survives: True when all reports must come through in spite of it. fault: its name in named_faults, if another.
    """

    name: str
    role: str
    outcome: Outcome
    form: str = "html"
    survives: bool = False
    fault: str = ""
    also: tuple[Outcome, ...] = ()


def _listing(name: str, outcome: Outcome, *also: Outcome) -> Hazard:
    return Hazard(name, "listing", outcome, also=also)


def _page(name: str, outcome: Outcome, *also: Outcome, form: str = "html") -> Hazard:
    return Hazard(name, "page", outcome, form, fault=name.removeprefix("page_"), also=also)


def _harmless(name: str, role: str = "page", form: str = "html") -> Hazard:
    return Hazard(name, role, Outcome.REPORT, form, survives=True)


HAZARDS = (
    Hazard("refused", "host", Outcome.UNREACHABLE),
    _listing("not_found", Outcome.NOT_FOUND),
    _listing("forbidden", Outcome.FORBIDDEN),
    _listing("server_error", Outcome.SERVER_ERROR),
    _listing("redirect_loop", Outcome.REDIRECT_LOOP),
    _listing("redirect_endless", Outcome.REDIRECT_LOOP),
    _listing("redirect_away", Outcome.HOST_NOT_ALLOWED),
    _listing("moved_away", Outcome.MOVED),
    # The stand-in speaks plain HTTP under https too, so there it is a circle; a real site would answer or refuse.
    _listing("https_only", Outcome.REDIRECT_LOOP, Outcome.UNREACHABLE, Outcome.BROKEN_TRANSFER),
    _listing("empty", Outcome.EMPTY),
    _listing("no_links", Outcome.NO_LINKS),
    _listing("drip", Outcome.TIMEOUT),
    _listing("throttled", Outcome.THROTTLED),
    _listing("throttled_until", Outcome.THROTTLED),
    _listing("suspended", Outcome.SUSPENDED),
    _listing("maintenance", Outcome.SUSPENDED),
    _listing("challenge", Outcome.BLOCKED_CHALLENGE),
    _listing("challenge_202", Outcome.BLOCKED_CHALLENGE),
    _listing("challenge_521", Outcome.BLOCKED_CHALLENGE),
    _listing("challenge_200", Outcome.BLOCKED_CHALLENGE),
    _listing("gzip_bomb", Outcome.OVERSIZED),
    _listing("huge", Outcome.OVERSIZED),
    _listing("endless_headers", Outcome.BROKEN_TRANSFER, Outcome.UNREACHABLE),
    _listing("bad_status_line", Outcome.BROKEN_TRANSFER, Outcome.UNREACHABLE),
    _listing("closed", Outcome.UNREACHABLE, Outcome.BROKEN_TRANSFER),
    _listing("tls_alert", Outcome.BROKEN_TRANSFER, Outcome.UNREACHABLE),
    Hazard("robots", "robots", Outcome.BLOCKED_ROBOTS),
    _page("page_not_found", Outcome.NOT_FOUND),
    _page("page_soft_404", Outcome.SOFT_404),
    _page("page_empty", Outcome.EMPTY),
    _page("page_no_report", Outcome.NOT_A_REPORT),
    _page("page_reset", Outcome.BROKEN_TRANSFER),
    _page("page_wrong_length", Outcome.BROKEN_TRANSFER),
    _page("page_bad_chunking", Outcome.BROKEN_TRANSFER),
    _page("page_huge_chunked", Outcome.OVERSIZED),
    Hazard("truncated_pdf", "page", Outcome.UNREADABLE, form="pdf", fault="truncated"),
    _page("encrypted_pdf", Outcome.UNREADABLE, form="pdf"),
    _page("zip_bomb_docx", Outcome.UNREADABLE, Outcome.OVERSIZED, form="docx"),
    _page("entities_docx", Outcome.UNREADABLE, form="docx"),
    Hazard("spreadsheet_instead", "page", Outcome.UNSUPPORTED_FORMAT, form="pdf"),
    Hazard("foreign_copy", "copy", Outcome.HOST_NOT_ALLOWED, survives=True),
    _harmless("gb18030_labelled"),
    _harmless("gb18030_unlabelled"),
    _harmless("gb18030_mislabelled"),
    _harmless("gbk_as_gb2312"),
    _harmless("utf8_as_gbk"),
    _harmless("server_error_once"),
    _harmless("throttled_once"),
    _harmless("closed_once"),
    _harmless("cookie_gate", "site"),
    _harmless("forced_gzip", "site"),
)
_SHAPES = 3  # the first ones, which publish in UTF-8, as the faults of encoding need


def hazards_world(seed: int = 1, *, drip_seconds: float = 0.5) -> World:
    """Two healthy districts, and others whose bodies each have a site with a hazard of HAZARDS.

    drip_seconds: pause between the pieces of the slow listing (it has hundreds of pieces, so any patience ends).
    """
    base = build_world(seed, districts=2, issuers=3, years=_YEARS)
    config = Config(seed, districts=0, issuers=1, years=_YEARS, complete=True)
    sites: dict[str, Site] = dict(base.sites)
    issuers: list[IssuerTruth] = []
    hazards: list[HazardTruth] = []
    sources: list[SourceTruth] = []
    places: list[District] = []
    reports, pages = list(base.reports), list(base.pages)
    for number, hazard in enumerate(HAZARDS):
        where = district(NAMED_DISTRICTS - 1 - number // len(FIELD_BODIES))
        body = office(where, FIELD_BODIES[number % len(FIELD_BODIES)], number)
        out, truth, own_sites = _hazard_source(
            hazard, number, replace(config, only_format=hazard.form), body, drip_seconds
        )
        places.append(where)
        issuers.append(issuer_truth(body))
        hazards.append(truth)
        sources += [
            replace(source, notes=f"hazard: {hazard.name}", issuer_id=body.issuer_id)
            for source in out.sources
        ]
        reachable = set(truth.reports)
        reports += [report for report in out.reports if (report.issuer_id, report.year) in reachable]
        pages += out.pages if truth.reports else []
        sites |= own_sites
    sites[ELSEWHERE] = StaticSite({"/": Resource(_OTHER_LISTING.encode(), "text/html; charset=utf-8")})
    return replace(
        base,
        regions=(*base.regions, *region_truths(list(dict.fromkeys(places)))[1:]),
        issuers=(*base.issuers, *issuers),
        sources=(*base.sources, *sources),
        reports=tuple(reports),
        pages=tuple(pages),
        sites=sites,
        hazards=tuple(hazards),
    )


def _hazard_source(
    hazard: Hazard, number: int, config: Config, body: Office, drip_seconds: float
) -> tuple[Publication, HazardTruth, dict[str, Site]]:
    where: District = body.district
    slug = hazard.name.replace("_", "-")
    host = f"{slug}.{where.slug}.gov.test"
    out = Publisher(config, where, [body], SHAPES[number % _SHAPES], host, f"hazard-{slug}").publish()
    listing = out.sources[0].listings[0]
    page = max(out.reports, key=lambda report: report.year)
    shows = page.url if hazard.role == "page" else listing
    sites: dict[str, Site] = {host: out.site}
    if hazard.role == "host":
        out.site.refused = True
    elif hazard.role == "robots":
        robots = Resource(b"User-agent: *\nDisallow: /\n", "text/plain")
        sites[host] = OverlaidSite(out.site, {"/robots.txt": robots})
    elif hazard.role == "site":
        sites[host] = OverlaidSite(out.site, everywhere=named_faults()[hazard.name])
    elif hazard.role == "copy":
        copied = with_copies(number, out, out.reports, (CopyKind.MIRROR, CopyKind.OTHER_YEAR))
        sites |= {host: copied.site, **copied.others}
    else:
        out.site.faults[path_of(shows)] = _fault(hazard, shows, drip_seconds)
    through = [
        report for report in out.reports if hazard.survives or (hazard.role == "page" and report is not page)
    ]
    truth = HazardTruth(
        hazard=hazard.name,
        source_id=out.sources[0].source_id,
        url=shows,
        role="page" if hazard.role == "page" else "listing",
        outcomes=tuple(outcome.value for outcome in (hazard.outcome, *hazard.also)),
        reports=tuple((report.issuer_id, report.year) for report in through),
    )
    return out, truth, sites


def _fault(hazard: Hazard, url: str, drip_seconds: float) -> Fault:
    own = {
        "no_links": Fault(FaultKind.REPLACED, page=_OTHER_LISTING),
        "page_no_report": Fault(FaultKind.REPLACED, page=_NO_REPORT),
        "https_only": Fault(FaultKind.REDIRECT, location=url.replace("http://", "https://", 1)),
        "spreadsheet_instead": Fault(FaultKind.FILE, page="table.xlsx"),
    }
    if hazard.name in own:
        return own[hazard.name]
    fault = named_faults(path_of(url), f"http://{ELSEWHERE}/")[hazard.fault or hazard.name]
    return replace(fault, seconds=drip_seconds) if fault.kind is FaultKind.DRIP else fault
