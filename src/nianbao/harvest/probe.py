"""Looks at an address that may become a source: how the site publishes, what would be fetched, what is suspicious."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from nianbao.harvest.answer import Answer
from nianbao.harvest.discovery import judge
from nianbao.harvest.families import FAMILIES
from nianbao.harvest.families.base import Page
from nianbao.harvest.families.pages import GENERIC
from nianbao.harvest.fetcher import Fetcher
from nianbao.harvest.visit import Visit
from nianbao.model import Family, Outcome, ReportKind, Source
from nianbao.reading import Link

# Pages that a listing may have in front of its rows.
_SHELLS = 2
# Anything shorter is no listing that a person would give.
_SHELL_CHARACTERS = 200


@dataclass(slots=True)
class Probed:
    """What an address turned out to be.

    outcome, sentence: how asking for the listing ended. family, why: how the site publishes, and what speaks for it.
    links: what would be fetched from the pages read. entries: all links of those pages; articles: those of them that
    have the shape of an article's address. doubts: sentences on what a person should look at. total: entries that the
    listing says it has.
    """

    source: Source
    outcome: Outcome
    sentence: str
    family: Family = Family.GENERIC
    why: str = ""
    pages: int = 0
    entries: int = 0
    articles: int = 0
    total: int | None = None
    links: list[Link] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def probe(fetcher: Fetcher, source: Source, kind: ReportKind, pages: int) -> Probed:
    """Looks at the first listing of a source, as many pages as given; never raises for what the site does.

    source: with the family `generic`, unless a person knows better.
    """
    visit = fetcher.visit(source)
    listing = source.listings[0]
    first = FAMILIES[source.family].start(listing, _parameters(source, listing))
    exchange = visit.get(first)
    if exchange.outcome is not Outcome.OK:
        return Probed(source, exchange.outcome, exchange.sentence)
    answer = Answer(exchange.final_url, exchange.body, exchange.header("Content-Type"))
    family, why = recognised(answer.page) if source.family is Family.GENERIC else (source.family, "as given")
    found = Probed(replace(source, family=family), exchange.outcome, exchange.sentence, family, why)
    if exchange.moved_to:
        found.doubts.append(f"it has moved for good to {exchange.moved_to}; use that address")
    _walk(found, visit, answer, kind, pages)
    _doubt(found, answer)
    return found


def recognised(page: Page) -> tuple[Family, str]:
    """The family that a page speaks for, with the reason; generic where none but that one does."""
    for name, family in FAMILIES.items():
        if name is not Family.GENERIC:
            why = family.recognise(page)
            if why:
                return name, why
    return Family.GENERIC, FAMILIES[Family.GENERIC].recognise(page) or "nothing in the page names a system"


def _walk(found: Probed, visit: Visit, answer: Answer, kind: ReportKind, pages: int) -> None:
    source, listing = found.source, found.source.listings[0]
    family, seen = FAMILIES[found.family], set[str]()
    page = answer.page
    for _ in range(pages + _SHELLS):
        read = family.read(page, _parameters(source, listing))
        found.total = found.total or read.total
        new = {link.url for link in read.links} - seen
        seen |= new
        judged = judge(read, source, listing, kind)
        found.links += [link for link in judged.follow if link.url in new]
        found.doubts += [f"{link.url} ({link.text}) lies on a host of its own" for link in judged.foreign]
        found.entries = len(seen)
        found.articles = sum(family.is_article(url) or GENERIC.is_article(url) for url in seen)
        # A shell that only says where its list is, with menus around, counts for no page.
        found.pages += bool(judged.follow)
        if not read.next_url or (read.links and not new) or found.pages >= pages:
            return
        exchange = visit.get(read.next_url)
        if exchange.outcome is not Outcome.OK:
            found.doubts.append(f"its next page gives nothing: {exchange.sentence}")
            return
        page = Page(exchange.final_url, exchange.body, exchange.header("Content-Type"))


def _doubt(found: Probed, answer: Answer) -> None:
    if found.links:
        return
    if answer.error is not None:
        found.doubts.append(f"the page {answer.error[1]}")
        found.outcome = answer.error[0]
        return
    found.outcome = Outcome.NO_LINKS
    if found.articles:
        found.doubts.append(
            f"none of its {found.entries} links names a report; give the column where the reports are, or"
            " `follow: all` if it holds nothing else"
        )
    elif found.entries:
        found.doubts.append(
            f"its {found.entries} links are menus, none leads to an article; if a browser shows a list here, scripts"
            " fill it, which are not run: look there for the address the list comes from"
        )
    elif found.family is Family.DETAILS_JSON and found.why:
        found.doubts.append(
            "its entries have ids and no addresses; look in a browser where the text of one comes from, and give that"
            " with {id} in the id's place as `parameters: {article: …}`, here as --article"
        )
    elif answer.document is None or len(answer.document.text) < _SHELL_CHARACTERS:
        found.doubts.append(
            "the page is filled by scripts, which are not run; look in a browser for the address its list comes from"
        )
    else:
        found.doubts.append("the page has no links; give the address of the listing, not of an article")


def _parameters(source: Source, listing: str) -> dict[str, str]:
    return {**source.parameters, "listing": listing}
