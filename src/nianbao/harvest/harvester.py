"""Harvests sources: walks their listings, asks for what is new there, and looks again at what is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from nianbao import clock
from nianbao.archive import Archive, ArchiveWriter
from nianbao.harvest.batch import Batch
from nianbao.harvest.fetcher import Fetcher
from nianbao.harvest.inquiry import Asked, Inquiry
from nianbao.harvest.keeper import Keeper
from nianbao.harvest.memory import Memory
from nianbao.harvest.roles import ATTACHMENT, PAGE
from nianbao.harvest.source import SourceHarvest
from nianbao.harvest.walk import Entry, Walk
from nianbao.model import Outcome, ReportKind, Source
from nianbao.reading import Link

# Looks at a page that is gone and on no listing, before it is asked for no more.
_PATIENCE = 3


class Harvester:
    """Harvests the sources of one group. Pages that several sources link to are fetched once."""

    def __init__(
        self,
        fetcher: Fetcher,
        archive: Archive,
        writer: ArchiveWriter,
        memory: Memory,
        kinds: Sequence[ReportKind],
    ) -> None:
        self._fetcher = fetcher
        self._archive = archive
        self._keeper = Keeper(archive, writer)
        self._memory = memory
        self._kinds = {kind.kind_id: kind for kind in kinds}
        self._asked: set[str] = set()

    def harvest(self, source: Source, batch: Batch | None = None) -> SourceHarvest:
        """Looks at one source; whatever the site does ends as outcome rows. A look that was killed is resumed.

        batch: a step of a backfill. It walks the listings to their end and asks for what is new, not for what is known;
        if it has to leave something, the look stays open, and the next one goes on with it.
        """
        began = self._memory.begin_visit(source.source_id, clock.now())
        result = SourceHarvest(source.source_id, began)
        if batch:
            source = replace(source, max_requests=min(batch.requests, source.max_requests))
        visit = self._fetcher.visit(source)
        inquiry = Inquiry(source, visit, self._archive, self._keeper, self._memory, began, result)
        kind = self._kinds[source.report_kind]
        walk = Walk(source, kind, inquiry, self._memory, began, to_the_end=batch is not None)
        whole = walk.listings()
        result.links = len(walk.entries)
        pages = _Pages(inquiry, self._memory, self._asked, walk.entries)
        result.left = pages.new(source, batch.wants if batch else None)
        # What is left over is found again next time: the listings are walked to their end once more.
        whole = whole and not inquiry.postponed and not result.left
        if (
            result.reached and not batch
        ):  # a site that does not even show its listing says nothing about its pages
            pages.known(source)
        result.is_cut = bool(inquiry.postponed) and visit.requests >= source.max_requests
        result.requests = visit.requests
        inquiry.close()
        if batch and result.is_cut:  # what a batch leaves is no news: the next one has it
            result.outcomes = [row for row in result.outcomes if row.outcome is not Outcome.POSTPONED]
        result.end(clock.now(), whole=whole and not walk.is_cut, postponed=inquiry.postponed)
        if not (batch and inquiry.postponed):
            self._memory.end_visit(source.source_id, result.ended_at, whole)
        return result


class _Pages:
    """The report pages of one source, and the files they offer."""

    def __init__(self, inquiry: Inquiry, memory: Memory, asked: set[str], entries: dict[str, Entry]) -> None:
        self._inquiry = inquiry
        self._memory = memory
        self._asked = asked
        self._entries = entries

    def new(self, source: Source, wants: Callable[[Link], bool] | None) -> int:
        """Asks for what the listings link to and nobody has asked for: it comes before looking again at what is known,
        so that the budget of requests goes to it. Returns how many links were left because they are not wanted."""
        left = 0
        for url, entry in self._entries.items():
            known = self._memory.address(url)
            if known is None or known.role != PAGE or known.source_id != source.source_id:
                if wants and not wants(entry.link):
                    left += 1
                else:
                    self._page(url, entry.link, entry.listing)
        return left

    def known(self, source: Source) -> None:
        """Looks again at every page and file that is known of the source, the least recently looked at first."""
        for address in self._memory.addresses(source.source_id, (PAGE, ATTACHMENT)):
            listed = address.url in self._entries
            if not listed and address.outcome == Outcome.WITHDRAWN and address.misses >= _PATIENCE:
                continue
            link = Link(address.url, address.link_title, date=address.link_date)
            if address.role == PAGE:
                self._page(address.url, link, address.parent_url)
            else:
                self._file(address.url, link, address.parent_url)

    def _page(self, url: str, link: Link, parent: str) -> None:
        before = self._memory.address(url)
        asked = self._ask(url, PAGE, link, parent)
        if asked is None:
            return
        address, postponed = asked.address, self._inquiry.postponed
        # The page is remembered when its files are in: a look that ends in between asks for it again.
        if asked.answer and (before is None or before.capture_id != address.capture_id):
            for file, text in asked.answer().attachments:
                # Known files are looked at with all that is known, so that requests go to the others.
                if self._memory.address(self._inquiry.canonical(file)) is None:
                    self._file(file, Link(file, text or link.text), address.final_url)
        if self._inquiry.postponed == postponed:
            self._memory.note(address)

    def _file(self, url: str, link: Link, parent: str) -> None:
        asked = self._ask(url, ATTACHMENT, link, parent)
        if asked is not None:
            self._memory.note(asked.address)

    def _ask(self, url: str, role: str, link: Link, parent: str) -> Asked | None:
        """None for an address that has been asked for already, or is not asked this time."""
        url = self._inquiry.canonical(url)
        if url in self._asked:
            return None
        self._asked.add(url)
        asked = self._inquiry.ask(url, role, link, parent, listed=url in self._entries)
        if asked is not None:
            self._asked.add(self._inquiry.canonical(asked.address.final_url or url))
        return asked
