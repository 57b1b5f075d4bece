"""Reports under a second address: other spellings of the same one, gateways, mirrors on foreign hosts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from .labels import page_text, traditional
from .overlay import OverlaidSite
from .publication import Publication
from .site import HTML, Resource, Site, StaticSite
from .truth import CopyTruth, ReportTruth, SourceTruth

_PINYIN = ("fǎ zhì", "zhèng fǔ", "nián dù", "bào gào")
_GAMBLING = "<p>澜川棋牌官方下载，注册即送88元，百家乐、真人娱乐开户请认准本站。</p>"


class CopyKind(StrEnum):
    """How a report comes to stand at a second address: a closed list."""

    PORT = "port"  # https with its port written out, where the listing is http
    SCHEME = "scheme"  # https where the listing is http
    SECOND_ADDRESS = "second_address"  # the same page once more under another number
    BARE_IP = "bare_ip"  # the site under its bare address
    BIG5_GATEWAY = "big5_gateway"  # the state's gateway to traditional characters, on the same host
    MIRROR = "mirror"  # a hijacked host with the same path: traditional characters, pinyin between the lines
    INFESTED_MIRROR = "infested_mirror"  # the same with gambling words in the text
    OTHER_YEAR = "other_year"  # a document exchange that sells the report as the next year's


FOREIGN = frozenset({CopyKind.MIRROR, CopyKind.INFESTED_MIRROR, CopyKind.OTHER_YEAR})
_KINDS = tuple(CopyKind)
_PER_SITE = 3
_ROWS = (("<li", "</li>"), ("<tr", "</tr>"), ("<a ", "</a>"))


@dataclass(slots=True)
class Copied:
    """A site with copies: what its listing links, the sites that hold them, the source's aliases."""

    site: Site
    copies: list[CopyTruth] = field(default_factory=list)
    others: dict[str, Site] = field(default_factory=dict)
    sources: list[SourceTruth] = field(default_factory=list)


def with_copies(
    index: int, out: Publication, reports: list[ReportTruth], wanted: Sequence[CopyKind] = ()
) -> Copied:
    """A published site with rows in its listings that lead to copies of some of these reports: of the wanted kinds,
    else of three that go by the site's index, all kinds in three sites.

    Only HTML pages that an HTML listing links are copied; a site without any has no copies.
    """
    resources: dict[str, Resource | None] = {}
    done = Copied(OverlaidSite(out.site, resources), sources=list(out.sources))
    kinds = list(wanted) or [_KINDS[(index * _PER_SITE + n) % len(_KINDS)] for n in range(_PER_SITE)]
    for report in sorted(reports, key=lambda report: report.published_date, reverse=True):
        original = out.site.find(path_of(report.url))
        if not kinds or report.format != "html" or original is None:
            continue
        url = _address(kinds[0], report, index)
        changed = _with_row(done.site, out.listing_pages[report.source_id], url, kinds[0], report)
        if not changed:
            continue
        kind = kinds.pop(0)
        resources |= changed
        _put(done, resources, kind, url, original, report)
        if kind is CopyKind.BARE_IP:
            done.sources = [
                replace(each, aliases=(*each.aliases, host_of(url)))
                if each.source_id == report.source_id
                else each
                for each in done.sources
            ]
        done.copies.append(
            CopyTruth(
                kind.value, report.issuer_id, report.year, url, report.url, report.source_id, kind in FOREIGN
            )
        )
    return done


def path_of(url: str) -> str:
    """The path and query of an address."""
    return "/" + url.split("/", 3)[3]


def host_of(url: str) -> str:
    """The host of an address, without its port."""
    return url.split("/", 3)[2].split(":")[0]


def _address(kind: CopyKind, report: ReportTruth, index: int) -> str:
    path = path_of(report.url)
    stem, dot, suffix = path.rpartition(".")
    number = re.search(r"\d+$", stem)
    other = f"{stem[: number.start()]}{int(number[0]) + 7}" if number else f"{stem}7"
    return {
        CopyKind.PORT: f"https://{report.host}:443{path}",
        CopyKind.SCHEME: f"https://{report.host}{path}",
        CopyKind.SECOND_ADDRESS: f"http://{report.host}{other}{dot}{suffix}",
        CopyKind.BARE_IP: f"http://203.0.113.{index + 1}{path}",
        CopyKind.BIG5_GATEWAY: f"http://{report.host}/gate/big5/{report.host}{path}",
        CopyKind.MIRROR: f"http://www.mirror-{index + 1}.test{path}",
        CopyKind.INFESTED_MIRROR: f"http://www.infested-{index + 1}.test{path}",
        CopyKind.OTHER_YEAR: f"http://www.wenku-{index + 1}.test/doc/{index + 1}{report.year}.html",
    }[kind]


def _with_row(
    site: Site, pages: list[list[str]], url: str, kind: CopyKind, report: ReportTruth
) -> dict[str, Resource]:
    """The page of the listing that has the report, with its row once more, leading elsewhere; by all of its paths."""
    name = path_of(report.url).rsplit("/", 1)[1]
    for paths in pages:
        listing = site.find(paths[0])
        if listing is None or not listing.media_type.startswith(HTML):
            continue
        page, encoding = page_text(listing.body)
        place = _row_of(page, name)
        if place:
            end = place[1]
            row = _leading_elsewhere(page[slice(*place)], name, url, kind, report)
            changed = replace(listing, body=(page[:end] + "\n" + row + page[end:]).encode(encoding))
            return dict.fromkeys(paths, changed)
    return {}


def _leading_elsewhere(row: str, name: str, url: str, kind: CopyKind, report: ReportTruth) -> str:
    link = re.compile(rf'href="[^"]{{0,500}}{re.escape(name)}[^"]{{0,200}}"')
    if kind is CopyKind.OTHER_YEAR:
        row = link.sub('href=""', row).replace(str(report.year), str(report.year + 1))
        link = re.compile('href=""')
    return link.sub(f'href="{url}"', row)


def _row_of(page: str, name: str) -> tuple[int, int] | None:
    """Where the row begins and ends that links to a file of this name."""
    at = page.find(name)
    for opening, closing in _ROWS:
        start, end = page.rfind(opening, 0, max(at, 0)), page.find(closing, max(at, 0))
        if start >= 0 and end >= 0 and closing not in page[start:at]:
            return start, end + len(closing)
    return None


def _put(
    done: Copied,
    resources: dict[str, Resource | None],
    kind: CopyKind,
    url: str,
    original: Resource,
    report: ReportTruth,
) -> None:
    """Makes the copy answer where its address leads. Other spellings of one address need nothing."""
    path = path_of(url)
    if kind is CopyKind.SECOND_ADDRESS:
        resources[path] = original
    elif kind is CopyKind.BIG5_GATEWAY:
        resources[path] = _big5(original)
    elif kind is CopyKind.BARE_IP:
        done.others[host_of(url)] = done.site
    elif kind in FOREIGN:
        done.others[host_of(url)] = StaticSite({path: _foreign(kind, original, report)})


def _big5(original: Resource) -> Resource:
    page = traditional(page_text(original.body)[0])
    page = re.sub(r"charset=[\"']?[a-zA-Z0-9-]{1,20}", 'charset="big5', page, count=1)
    return replace(
        original, body=page.encode("big5", "xmlcharrefreplace"), media_type=f"{HTML}; charset=big5"
    )


def _foreign(kind: CopyKind, original: Resource, report: ReportTruth) -> Resource:
    page = page_text(original.body)[0]
    if kind is CopyKind.OTHER_YEAR:
        page = page.replace(f"{report.year}年", f"{report.year + 1}年")
    elif kind is CopyKind.INFESTED_MIRROR:
        page = page.replace("</p>", f"</p>{_GAMBLING}", 3)
    else:
        page = traditional(page).replace("</p>", f"</p><p>{' '.join(_PINYIN)}</p>")
    return Resource(page.encode(), f"{HTML}; charset=utf-8", original.last_modified)
