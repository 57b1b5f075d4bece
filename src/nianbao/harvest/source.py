"""Harvests sources: listing pages, the report pages they link to, and the files those pages offer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from nianbao.archive import Archive, ArchiveWriter
from nianbao.extraction import looks_like_report_title
from nianbao.harvest.exchange import Exchange
from nianbao.harvest.fetcher import Fetcher
from nianbao.model import Capture, Outcome, OutcomeRow, ReportKind, Source, UnreadableError
from nianbao.reading import Link, links, next_page, read_document, soft_404

LISTING, PAGE, ATTACHMENT = "listing", "page", "attachment"


@dataclass(slots=True)
class SourceHarvest:
    """What came of one source. new: captures archived; links: report links found on its listings."""

    source_id: str
    outcomes: list[OutcomeRow] = field(default_factory=list)
    new: int = 0
    links: int = 0

    @property
    def reached(self) -> bool:
        """True if a listing of the source could be read, from the site or because it had not changed."""
        listed = {row.outcome for row in self.outcomes if row.stage == "discover"}
        return (
            bool(listed & {Outcome.OK, Outcome.UNCHANGED, Outcome.NOT_MODIFIED})
            and Outcome.SOFT_404 not in listed
        )


def group_by_host(sources: Iterable[Source]) -> list[tuple[Source, ...]]:
    """Sources in groups that share a host: a group is fetched by one thread, with one pace."""
    groups: dict[str, list[Source]] = {}
    for source in sources:
        groups.setdefault(_host(source.listings[0]), []).append(source)
    return [tuple(group) for _, group in sorted(groups.items())]


class Harvester:
    """Harvests the sources of one group. Pages that several sources link to are fetched once."""

    def __init__(
        self, fetcher: Fetcher, archive: Archive, writer: ArchiveWriter, kinds: Sequence[ReportKind]
    ) -> None:
        self._fetcher = fetcher
        self._archive = archive
        self._writer = writer
        self._kinds = {kind.kind_id: kind for kind in kinds}
        self._seen: set[str] = set()

    def harvest(self, source: Source) -> SourceHarvest:
        """Looks at one source; whatever the site does ends as outcome rows."""
        result = SourceHarvest(source.source_id)
        self._visit = self._fetcher.visit(source)
        for link, listing in self._report_links(source, result):
            if link.url in self._seen:
                continue
            self._seen.add(link.url)
            result.links += 1
            capture = self._get(link.url, PAGE, "fetch", source, result, link, listing)
            if capture is not None:
                self._attachments(capture, source, result)
        return result

    def _report_links(self, source: Source, result: SourceHarvest) -> Iterator[tuple[Link, str]]:
        kind = self._kinds[source.report_kind]
        for start in source.listings:
            found, pages, url, visited = 0, 0, start, set[str]()
            # A page that answers with an earlier page's address ends the listing, as does max_pages.
            while url and url not in visited and pages < source.max_pages:
                visited.add(url)
                capture = self._get(url, LISTING, "discover", source, result)
                if capture is None:
                    break
                body = self._archive.read(capture)
                missing = _missing(body, capture)
                if missing:
                    self._note(result, "discover", Outcome.SOFT_404, f"{url}: {missing}", url, capture)
                    break
                pages += 1
                for link in links(body, capture.url, capture.media_type):
                    if _encloses(link.url, start):
                        continue
                    if looks_like_report_title(link.text, kind) or _below(source, link.url, start):
                        found += 1
                        yield link, capture.url
                url = next_page(body, capture.url, capture.media_type) or ""
            if pages and not found:
                sentence = (
                    f"{start} links to no report on {pages} page(s); check that this is still the column"
                    " where the reports appear"
                )
                self._note(result, "discover", Outcome.NO_LINKS, sentence, start)

    def _attachments(self, page: Capture, source: Source, result: SourceHarvest) -> None:
        try:
            document = read_document(self._archive.read(page), content_type=page.media_type, url=page.url)
        except UnreadableError:
            return  # said once, where the page is read
        for url, text in document.attachments:
            if url not in self._seen:
                self._seen.add(url)
                link = Link(url, text or page.link_title)
                self._get(url, ATTACHMENT, "fetch", source, result, link, page.url)

    def _get(
        self,
        url: str,
        role: str,
        stage: str,
        source: Source,
        result: SourceHarvest,
        link: Link | None = None,
        parent: str = "",
    ) -> Capture | None:
        """Fetches and archives one address; None if it gave no body and none is archived."""
        last = self._archive.last_ok(url)
        exchange = self._visit.get(
            url,
            etag=last.etag if last else "",
            last_modified=last.last_modified if last else "",
        )
        if exchange.outcome is Outcome.NOT_MODIFIED and last is not None:
            self._note(result, stage, exchange.outcome, exchange.sentence, url, last)
            return last
        if exchange.outcome is not Outcome.OK:
            self._note(result, stage, exchange.outcome, exchange.sentence, url)
            return None
        last = self._archive.last_ok(exchange.final_url)
        why: dict[str, Any] = {
            "source_id": source.source_id,
            "role": role,
            "link_title": link.text if link else "",
            "link_date": link.date if link else "",
            "parent_url": parent,
        }
        if last is not None and last.payload_sha256 == hashlib.sha256(exchange.body).hexdigest():
            sentence = f"{url} was sent again, and is the same to the byte"
            if (last.etag, last.last_modified) != (exchange.header("ETag"), exchange.header("Last-Modified")):
                # Kept for its new validators, so that the next night can ask conditionally.
                self._writer.add_revisit(**_record(exchange), **why, original=last)
            self._note(result, stage, Outcome.UNCHANGED, sentence, url, last)
            return last
        capture = self._writer.add_response(**_record(exchange), **why, body=exchange.body)
        result.new += 1
        changed = "has changed" if last else "is new"
        self._note(
            result, stage, Outcome.OK, f"{url} {changed}: {len(exchange.body)} bytes archived", url, capture
        )
        return capture

    @staticmethod
    def _note(
        result: SourceHarvest,
        stage: str,
        outcome: Outcome,
        sentence: str,
        url: str,
        capture: Capture | None = None,
    ) -> None:
        result.outcomes.append(
            OutcomeRow(
                stage=stage,
                outcome=outcome,
                sentence=sentence,
                url=url,
                source_id=result.source_id,
                at=datetime.now(UTC),
                capture_id=capture.capture_id if capture else "",
            )
        )


def _below(source: Source, url: str, listing: str) -> bool:
    """True for an address below the listing's folder, where the source wants all of those followed."""
    folder = urljoin(listing, ".")
    return source.follow == "all" and url.startswith(folder) and url not in (folder, listing)


def _encloses(url: str, listing: str) -> bool:
    """True for the index page of a folder that the listing lies in: breadcrumbs are often named like a report."""
    name = urlsplit(url).path.rpartition("/")[2]
    return listing.startswith(urljoin(url, ".")) and (not name or name.startswith("index."))


def _missing(body: bytes, capture: Capture) -> str | None:
    """A sentence when a listing answers 200 and is really the page of a suspended host or a page not found."""
    try:
        return soft_404(read_document(body, content_type=capture.media_type, url=capture.url))
    except UnreadableError:
        return None  # a listing that is no page at all has no links either, and that is said


def _record(exchange: Exchange) -> dict[str, Any]:
    """An exchange as the archive's writer takes it, without its body."""
    return {
        "url": exchange.final_url,
        "status": exchange.status,
        "reason": exchange.reason,
        "request_headers": exchange.request_headers,
        "response_headers": exchange.response_headers,
        "fetched_at": exchange.fetched_at,
    }


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()
