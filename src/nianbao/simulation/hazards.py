"""A world in which each source has one thing wrong with it, beside healthy ones, and what must come of each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nianbao.model import Outcome

from .config import Config
from .faults import Fault, FaultKind, named_faults
from .places import FIELD_BODIES, District, Office, district, max_districts, office
from .publisher import Publication, Publisher
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
    """One thing that is wrong. role: where (listing, page, host or robots). form: of the source's reports.

    survives: True when even the faulty page's report must come through.
    """

    name: str
    role: str
    outcome: Outcome
    form: str = "html"
    survives: bool = False
    fault: str = ""


HAZARDS = (
    Hazard("refused", "host", Outcome.UNREACHABLE),
    Hazard("not_found", "listing", Outcome.NOT_FOUND),
    Hazard("forbidden", "listing", Outcome.FORBIDDEN),
    Hazard("server_error", "listing", Outcome.SERVER_ERROR),
    Hazard("redirect_loop", "listing", Outcome.REDIRECT_LOOP),
    Hazard("redirect_endless", "listing", Outcome.REDIRECT_LOOP),
    Hazard("redirect_away", "listing", Outcome.HOST_NOT_ALLOWED),
    Hazard("empty", "listing", Outcome.EMPTY),
    Hazard("no_links", "listing", Outcome.NO_LINKS),
    Hazard("drip", "listing", Outcome.TIMEOUT),
    Hazard("suspended", "listing", Outcome.SOFT_404),
    Hazard("challenge", "listing", Outcome.BLOCKED_CHALLENGE),
    Hazard("robots", "robots", Outcome.BLOCKED_ROBOTS),
    Hazard("page_not_found", "page", Outcome.NOT_FOUND, fault="not_found"),
    Hazard("page_soft_404", "page", Outcome.SOFT_404, fault="soft_404"),
    Hazard("page_empty", "page", Outcome.EMPTY, fault="empty"),
    Hazard("page_no_report", "page", Outcome.NOT_A_REPORT),
    Hazard("page_reset", "page", Outcome.BROKEN_TRANSFER, fault="reset"),
    Hazard("page_wrong_length", "page", Outcome.BROKEN_TRANSFER, fault="wrong_length"),
    Hazard("truncated_pdf", "page", Outcome.UNREADABLE, form="pdf", fault="truncated"),
    Hazard("gb18030_labelled", "page", Outcome.REPORT, survives=True),
    Hazard("gb18030_unlabelled", "page", Outcome.REPORT, survives=True),
    Hazard("gb18030_mislabelled", "page", Outcome.REPORT, survives=True),
    Hazard("server_error_once", "page", Outcome.REPORT, survives=True),
)


def hazards_world(seed: int = 1, *, drip_seconds: float = 0.5) -> World:
    """Two healthy districts, and one district whose bodies each have a site with a hazard of HAZARDS.

    drip_seconds: pause between the pieces of the slow listing (it has hundreds of pieces, so any patience ends).
    """
    base = build_world(seed, districts=2, issuers=3, years=_YEARS)
    where = district(max_districts() - 1)
    config = Config(seed, districts=0, issuers=1, years=_YEARS, complete=True)
    sites: dict[str, Site] = dict(base.sites)
    issuers: list[IssuerTruth] = []
    hazards: list[HazardTruth] = []
    sources: list[SourceTruth] = []
    reports, pages = list(base.reports), list(base.pages)
    for number, hazard in enumerate(HAZARDS):
        body = office(where, FIELD_BODIES[number], number)
        out, truth, site = _hazard_source(
            hazard, number, replace(config, only_format=hazard.form), body, drip_seconds
        )
        issuers.append(issuer_truth(body))
        hazards.append(truth)
        sources += [
            replace(source, notes=f"hazard: {hazard.name}", issuer_id=body.issuer_id)
            for source in out.sources
        ]
        reachable = set(truth.reports)
        reports += [report for report in out.reports if (report.issuer_id, report.year) in reachable]
        pages += out.pages if truth.reports else []
        sites[out.sources[0].host] = site
    sites[ELSEWHERE] = StaticSite({"/": Resource(_OTHER_LISTING.encode(), "text/html; charset=utf-8")})
    return replace(
        base,
        regions=(*base.regions, *region_truths([where])[1:]),
        issuers=(*base.issuers, *issuers),
        sources=(*base.sources, *sources),
        reports=tuple(reports),
        pages=tuple(pages),
        sites=sites,
        hazards=tuple(hazards),
    )


def _hazard_source(
    hazard: Hazard, number: int, config: Config, body: Office, drip_seconds: float
) -> tuple[Publication, HazardTruth, StaticSite]:
    where: District = body.district
    host = f"{hazard.name.replace('_', '-')}.{where.slug}.gov.test"
    shape = SHAPES[number % 3]  # the three that publish in UTF-8, as the faults of encoding need
    out = Publisher(config, where, [body], shape, host, f"hazard-{hazard.name.replace('_', '-')}").publish()
    listing = out.sources[0].listings[0]
    page = max(out.reports, key=lambda report: report.year)
    listing_path = listing.removeprefix(f"http://{host}")
    page_path = page.url.removeprefix(f"http://{host}")
    site = out.site
    if hazard.role == "host":
        site.refused = True
    elif hazard.role == "robots":
        site.resources = {
            **site.resources,
            "/robots.txt": Resource(b"User-agent: *\nDisallow: /\n", "text/plain"),
        }
    else:
        path = page_path if hazard.role == "page" else listing_path
        site.faults[path] = _fault(hazard, path, drip_seconds)
    through = [
        report for report in out.reports if hazard.role == "page" and (hazard.survives or report is not page)
    ]
    truth = HazardTruth(
        hazard=hazard.name,
        source_id=out.sources[0].source_id,
        url=page.url if hazard.role == "page" else listing,
        role="page" if hazard.role == "page" else "listing",
        outcomes=(hazard.outcome.value,),
        reports=tuple((report.issuer_id, report.year) for report in through),
    )
    return out, truth, site


def _fault(hazard: Hazard, path: str, drip_seconds: float) -> Fault:
    if hazard.name == "no_links":
        return Fault(FaultKind.REPLACED, page=_OTHER_LISTING)
    if hazard.name == "page_no_report":
        return Fault(FaultKind.REPLACED, page=_NO_REPORT)
    fault = named_faults(path, f"http://{ELSEWHERE}/")[hazard.fault or hazard.name]
    return replace(fault, seconds=drip_seconds) if fault.kind is FaultKind.DRIP else fault
