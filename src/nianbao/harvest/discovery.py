"""Which links of a listing lead to reports: judged by title and by column, never by where else a page points."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from nianbao.extraction import looks_like_report_title
from nianbao.harvest.families import family_of
from nianbao.harvest.families.base import ListingPage
from nianbao.model import ReportKind, Source
from nianbao.reading import Link

_ELLIPSES = ("…", "...", "··")


@dataclass(frozen=True, slots=True)
class Judged:
    """The report links of a listing page, in its order. foreign: those that lead to hosts the source does not allow."""

    follow: tuple[Link, ...]
    foreign: tuple[Link, ...]


def judge(page: ListingPage, source: Source, listing: str, kind: ReportKind) -> Judged:
    """Judges the links of a page of `listing`.

    A link is followed if its title names a report; in a column that holds nothing else (`follow: all`) also if it is
    an article below the listing's folder. A title that is cut off is judged by what is left of it.
    """
    hosts = hosts_of(source)
    follow: list[Link] = []
    foreign: list[Link] = []
    for link in page.links:
        if _encloses(link.url, listing) or not _leads_to_report(link, source, listing, kind):
            continue
        (follow if _host(link.url) in hosts else foreign).append(link)
    return Judged(tuple(follow), tuple(foreign))


def hosts_of(source: Source) -> frozenset[str]:
    """Hosts that pages and files of a source may come from."""
    named = (*source.hosts, *source.aliases)
    return frozenset(
        {host.rpartition(":")[0] or host for host in map(str.lower, named)}
        | {_host(url) for url in source.listings}
    )


def _leads_to_report(link: Link, source: Source, listing: str, kind: ReportKind) -> bool:
    family = family_of(source)
    for title in (link.text, link.title):
        if title and looks_like_report_title(title, kind):
            return True
    cut = next((link.text.removesuffix(mark).rstrip() for mark in _ELLIPSES if link.text.endswith(mark)), "")
    if cut and family.is_article(link.url) and _begins_like_a_report(cut, kind):
        return True
    return source.follow == "all" and _below(link.url, listing)


def _begins_like_a_report(cut: str, kind: ReportKind) -> bool:
    """Whether a title that was cut off can go on to name a report: 某区2024年法治政府建设… can, 某区2024年预算… cannot."""
    return any(looks_like_report_title(cut + rest, kind) for rest in _RESTS)


_RESTS = ("建设年度报告", "政府建设年度报告", "年度报告", "报告", "告", "情况报告", "情况的报告")


def _below(url: str, listing: str) -> bool:
    """True for an address below the listing's folder."""
    folder, here = _bare(urljoin(listing, ".")), _bare(url)
    return here.startswith(folder) and here not in (folder, _bare(listing))


def _encloses(url: str, listing: str) -> bool:
    """True for the index page of a folder that the listing lies in: breadcrumbs are often named like a report."""
    name = urlsplit(url).path.rpartition("/")[2]
    if urlsplit(url).query:
        return False
    return _bare(listing).startswith(_bare(urljoin(url, "."))) and (not name or name.startswith("index."))


def _bare(url: str) -> str:
    """An address without its scheme: sites link to themselves by http and by https."""
    return url.partition("://")[2]


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
