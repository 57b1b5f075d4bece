"""Walks the listings of a source, page by page, until there is nothing new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from nianbao.harvest.answer import Answer
from nianbao.harvest.discovery import judge
from nianbao.harvest.families import family_of
from nianbao.harvest.families.base import ListingPage
from nianbao.harvest.inquiry import Inquiry
from nianbao.harvest.memory import Address, Memory
from nianbao.harvest.read_listing import ReadListing, read_by
from nianbao.harvest.roles import LISTING, OTHER
from nianbao.model import Outcome, ReportKind, Source, edition_id
from nianbao.reading import Link

# How often a listing is walked to its end. In between, a walk ends at the first page that holds nothing new: listings
# show the newest first, and what is not found there (an old report put in its old place) comes with the next whole walk.
_WHOLE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Entry:
    """A report link, and the address of the listing page it stands on."""

    link: Link
    listing: str


class Walk:
    """One walk through the listings of one source. entries: canonical address → report link, as found. is_cut: a listing
    has more pages than the source may be asked for."""

    def __init__(
        self,
        source: Source,
        kind: ReportKind,
        inquiry: Inquiry,
        memory: Memory,
        began: datetime,
        *,
        to_the_end: bool = False,
    ) -> None:
        self.entries: dict[str, Entry] = {}
        self.is_cut = False
        self._source = source
        self._kind = kind
        self._family = family_of(source)
        self._inquiry = inquiry
        self._memory = memory
        self._read_by = read_by(source, kind)
        walked = memory.last_whole(source.source_id)
        self._everything = to_the_end or walked is None or began - walked > _WHOLE

    def listings(self) -> bool:
        """Walks all listings; True if each was read to its end."""
        walked = [self._listing(listing) for listing in self._source.listings]
        return all(walked)

    def _listing(self, listing: str) -> bool:
        found, visited, seen = 0, set[str](), set[str]()
        parameters = {**self._source.parameters, "listing": listing}
        url: str | None = self._family.start(listing, parameters)
        while url and url not in visited and len(visited) < self._source.max_pages:
            visited.add(url)
            read = self._read(url, listing, parameters)
            if read is None:
                return False
            found += len(read.follow)
            fresh = self._take(read)
            links = read.addresses
            # Asked for a page too far, sites send the first or the last one again.
            if len(visited) > 1 and links and links <= seen:
                break
            if links and not fresh and not self._everything:
                return False
            seen |= links
            url = read.next_url
        else:
            self._tell_if_cut(listing, url if url not in visited else None)
        if not found:
            sentence = (
                f"{listing} links to no report on {len(visited)} page(s); check that this is still the column"
                " where the reports appear"
            )
            self._inquiry.note("discover", Outcome.NO_LINKS, sentence, listing)
        return True

    def _tell_if_cut(self, listing: str, onward: str | None) -> None:
        if onward:
            self.is_cut = True
            sentence = (
                f"{listing} goes on after {self._source.max_pages} pages at {onward}, and is not read further; raise"
                " `max_pages` if older reports stand there"
            )
            self._inquiry.note("discover", Outcome.POSTPONED, sentence, onward)

    def _read(self, url: str, listing: str, parameters: Mapping[str, str]) -> ReadListing | None:
        """A page of a listing, from the site or, where it has not changed, as it is remembered or archived."""
        sent: dict[Answer, tuple[ListingPage, ReadListing]] = {}

        def read(answer: Answer) -> tuple[ListingPage, ReadListing]:
            if answer not in sent:
                page = self._family.read(answer.page, parameters)
                sent[answer] = page, self._judged(page, answer.page.url, listing)
            return sent[answer]

        def content(answer: Answer) -> str:
            page, _ = read(answer)
            said = [f"{link.url} {link.text} {link.date}" for link in page.links]
            return edition_id("\n".join([*said, page.next_url or ""])) if said else ""

        def error(answer: Answer) -> tuple[Outcome, str] | None:
            # A listing that has reports is one, whatever the titles of its other entries speak of.
            return None if read(answer)[1].follow else answer.error

        asked = self._inquiry.ask(url, LISTING, Link(url, ""), "", content_id=content, error=error)
        if asked is None:
            return None
        self._memory.note(asked.address)
        if asked.answer is None:
            return None
        source_id, capture_id = self._source.source_id, asked.address.capture_id
        if not sent:
            remembered = self._memory.listing(source_id, url, capture_id, self._read_by)
            if remembered is not None:
                return remembered
        is_archived = not sent or asked.address.outcome == Outcome.OK  # not other bytes of the same content
        said = read(asked.answer())[1]
        if is_archived:
            self._memory.note_listing(source_id, url, capture_id, self._read_by, said)
        return said

    def _judged(self, page: ListingPage, url: str, listing: str) -> ReadListing:
        judged = judge(page, self._source, listing, self._kind)
        follow = {self._inquiry.canonical(link.url): link for link in judged.follow}
        others = dict.fromkeys(self._inquiry.canonical(link.url) for link in page.links)
        return ReadListing(
            url, follow, judged.foreign, tuple(o for o in others if o not in follow), page.next_url
        )

    def _take(self, read: ReadListing) -> bool:
        """Keeps the report links of a page; True if it holds an entry that nobody has seen before."""
        fresh = False
        for url, link in read.follow.items():
            self.entries.setdefault(url, Entry(link, read.url))
            fresh = fresh or self._memory.address(url) is None
        for link in read.foreign:
            sentence = (
                f"{read.url} links to {link.url} ({link.text}), on a host that the source does not allow; add the host"
                " to `hosts` if it is the issuer's"
            )
            self._inquiry.note("discover", Outcome.HOST_NOT_ALLOWED, sentence, link.url)
        for url in read.others:
            if self._memory.address(url) is None:
                fresh = True
                self._memory.note(Address(url, self._source.source_id, OTHER, parent_url=read.url))
        return fresh
