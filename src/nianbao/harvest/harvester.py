"""Harvests sources: walks their listings, asks for what is new there, and looks again at what is known."""

from __future__ import annotations

from collections.abc import Sequence

from nianbao import clock
from nianbao.archive import Archive, ArchiveWriter
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

    def harvest(self, source: Source) -> SourceHarvest:
        """Looks at one source; whatever the site does ends as outcome rows. A look that was killed is resumed."""
        began = self._memory.begin_visit(source.source_id, clock.now())
        result = SourceHarvest(source.source_id, began)
        inquiry = Inquiry(
            source, self._fetcher.visit(source), self._archive, self._keeper, self._memory, began, result
        )
        walk = Walk(source, self._kinds[source.report_kind], inquiry, self._memory, began)
        whole = walk.listings()
        result.links = len(walk.entries)
        pages = _Pages(inquiry, self._memory, self._asked, walk.entries)
        pages.new(source)
        # What is left over is found again next time: the listings are walked to their end once more.
        whole = whole and not inquiry.postponed
        if result.reached:  # a site that does not even show its listing says nothing about its pages
            pages.known(source)
        inquiry.close()
        result.end(clock.now(), whole=whole, postponed=inquiry.postponed)
        self._memory.end_visit(source.source_id, result.ended_at, whole)
        return result


class _Pages:
    """The report pages of one source, and the files they offer."""

    def __init__(self, inquiry: Inquiry, memory: Memory, asked: set[str], entries: dict[str, Entry]) -> None:
        self._inquiry = inquiry
        self._memory = memory
        self._asked = asked
        self._entries = entries

    def new(self, source: Source) -> None:
        """Asks for what the listings link to and nobody has asked for: it comes before looking again at what is known,
        so that the budget of requests goes to it."""
        for url, entry in self._entries.items():
            known = self._memory.address(url)
            if known is None or known.role != PAGE or known.source_id != source.source_id:
                self._page(url, entry.link, entry.listing)

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
        address = asked.address
        # The page is remembered when its files are in: a look that is killed in between asks for it again.
        if asked.answer and (before is None or before.capture_id != address.capture_id):
            for file, text in asked.answer().attachments:
                self._file(file, Link(file, text or link.text), address.final_url)
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
