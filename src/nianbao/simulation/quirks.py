"""The manners of sites, which differ though their pages do not: validators, counters in pages, gzip, a cookie gate."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import count

from .faults import Fault, FaultKind
from .labels import page_text
from .overlay import OverlaidSite
from .site import HTML, Resource, Site, Validators
from .truth import HostTruth

_VISITORS = re.compile(r"您是本站第\d+位访客")
_TODAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日(?= 星期.)")
_ORDER = (Validators.STRONG, Validators.DATE, Validators.NONE, Validators.WEAK, Validators.CHANGING)


def host_truth(index: int, host: str) -> HostTruth:
    """The manners of the district number `index`: of five neighbours no two have the same validators."""
    return HostTruth(
        host=host,
        validators=_ORDER[index % len(_ORDER)].value,
        visit_counter=index % 4 == 2,
        forced_gzip=index % 6 == 3,
        cookie_gate=index % 6 == 5,
    )


def with_manners(site: Site, manners: HostTruth) -> OverlaidSite:
    """The site with these manners. A visit counter makes every answer's bytes differ while the content is the same."""
    gate = Fault(FaultKind.COOKIE_GATE) if manners.cookie_gate else None
    packed = Fault(FaultKind.FORCED_GZIP) if manners.forced_gzip else None
    return OverlaidSite(site, everywhere=gate or packed, change=_changer(manners))


def _changer(manners: HostTruth) -> Callable[[str, Resource], Resource]:
    validators = Validators(manners.validators)
    visits = count(1)

    def change(target: str, resource: Resource) -> Resource:
        if manners.visit_counter and resource.media_type.startswith(HTML) and resource.status == 200:
            resource = replace(resource, body=refurnished(resource.body, next(visits)), last_modified=None)
        return replace(resource, validators=validators)

    return change


def refurnished(body: bytes, visits: int) -> bytes:
    """A page with another number of visitors and another day's date around its text, which stays as it was."""
    page, encoding = page_text(body)
    said = f"您是本站第{10_000_000 + visits}位访客"
    page, found = _VISITORS.subn(said, page)
    if not found:
        page = page.replace("</body>", f'<div class="footer"><p>{said}</p></div></body>', 1)
    page = _TODAY.sub(f"2025年{visits % 12 + 1}月{visits % 28 + 1}日", page)
    return page.encode(encoding)
