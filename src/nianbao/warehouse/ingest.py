"""From archived bytes to a batch of the lake: read, extract, turn into rows. One outcome row per capture."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from nianbao import clock
from nianbao.archive import Archive, ArchiveError
from nianbao.extraction import Extractor, looks_like_report_title
from nianbao.model import (
    Capture,
    Document,
    Evidence,
    Issuer,
    Metadata,
    Outcome,
    OutcomeRow,
    Registry,
    Report,
    UnreadableError,
)
from nianbao.reading import error_page
from nianbao.sandbox import BoundedReader
from nianbao.warehouse.lake import Lake, Row
from nianbao.warehouse.rows import report_rows
from nianbao.warehouse.rules import default_issuers

log = logging.getLogger("nianbao.ingest")

# A page with so little text of its own that offers a file is only the cover of that file.
_COVER_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Ingested:
    """What came of one batch: its outcome rows, and how many reports and figures it holds."""

    batch_id: str
    outcomes: tuple[OutcomeRow, ...]
    reports: int
    figures: int


def readable(archive: Archive) -> list[Capture]:
    """Captures that may hold a report, oldest first."""
    return archive.captures(roles=("page", "attachment", "file"))


def pending(archive: Archive, lake: Lake) -> list[Capture]:
    """Captures that may hold a report and whose rows under these rules the lake does not hold, oldest first."""
    done = lake.finished_captures()
    return [capture for capture in readable(archive) if capture.capture_id not in done]


def ingest(
    captures: Sequence[Capture],
    archive: Archive,
    lake: Lake,
    extractor: Extractor,
    registry: Registry,
    reader: BoundedReader,
) -> Ingested:
    """Reads and extracts captures and writes them as one batch. What cannot be read is a row that says so."""
    issuers = {issuer.issuer_id: issuer for issuer in registry.issuers}
    capture_reader = _CaptureReader(archive, extractor, reader, registry, issuers, lake.rules_version)
    tables: dict[str, list[Row]] = {}
    outcomes = []
    for capture in captures:
        outcome, rows = capture_reader.read(capture)
        outcomes.append(outcome)
        for table, table_rows in rows.items():
            tables.setdefault(table, []).extend(table_rows)
    batch_id = lake.batch_id(capture.capture_id for capture in captures)
    lake.write(batch_id, tables)
    return Ingested(
        batch_id,
        tuple(outcomes),
        reports=len(tables.get("edition", ())),
        figures=len(tables.get("figure", ())),
    )


def unregistered_issuer(metadata: Metadata) -> Issuer:
    """An issuer for a body that the report names and the registry does not know."""
    name = metadata.issuer or ""
    code = metadata.region_code or "000000"
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return Issuer(f"unregistered-{code}-{digest}", name, code, "", "", registered=False)


class _CaptureReader:
    def __init__(
        self,
        archive: Archive,
        extractor: Extractor,
        reader: BoundedReader,
        registry: Registry,
        issuers: Mapping[str, Issuer],
        rules: str,
    ) -> None:
        self._archive = archive
        self._extractor = extractor
        self._reader = reader
        self._defaults = default_issuers(registry)
        self._kinds = registry.report_kinds
        self._issuers = issuers
        self._rules = rules

    def read(self, capture: Capture) -> tuple[OutcomeRow, dict[str, list[Row]]]:
        """The outcome of one capture and its rows per lake table; whatever a page does to us costs that page only."""
        try:
            return self._read(capture)
        except ArchiveError as error:
            # No row in the lake: the capture is read as soon as the archive can give it again.
            note, _ = self._ended(capture, "read", Outcome.UNREADABLE, f"{capture.url}: {error}")
            return note, {}
        except Exception as error:
            log.exception("reading %s", capture.url)
            sentence = (
                f"{capture.url}: reading it failed ({type(error).__name__}: {error});"
                " report this page, the other ones go on"
            )
            return self._ended(capture, "read", Outcome.UNREADABLE, sentence)

    def _read(self, capture: Capture) -> tuple[OutcomeRow, dict[str, list[Row]]]:
        try:
            document = self._reader.read(
                self._archive.read(capture), content_type=capture.media_type, url=capture.url
            )
        except UnreadableError as error:
            note, rows = self._ended(capture, "read", error.outcome, f"{capture.url}: {error}")
            return note, {"capture": [{**rows["capture"][0], **self._told(capture)}]}
        pretence = error_page(document)
        if pretence is not None:
            return self._ended(capture, "read", pretence[0], f"{capture.url} {pretence[1]}")
        report = self._extract(capture, document)
        problem = self._problem(capture, document, report.metadata)
        if problem:
            return self._ended(capture, "extract", *problem)
        issuer = self._issuer(report.metadata)
        rows = report_rows(capture, document, report, issuer, self._rules)
        edition = str(rows["edition"][0]["edition_id"])
        sentence = (
            f"{issuer.name} {report.metadata.report_year}: {len(report.figures)} figures,"
            f" {len(report.sections)} sections"
        )
        if document.warnings:
            sentence += f" ({'; '.join(document.warnings)})"
        outcome, ended = self._ended(capture, "extract", Outcome.REPORT, sentence, edition)
        return outcome, ended | rows

    def _told(self, capture: Capture) -> Row:
        """Which report a file that cannot be read is, as far as its link says."""
        found = self._extractor.extract(
            "",
            url=capture.url,
            link_title=capture.link_title,
            default_issuer=self._defaults.get(capture.source_id),
        ).metadata
        kind = next((k for k in self._kinds if looks_like_report_title(capture.link_title, k)), None)
        if kind is None or not found.issuer or not found.report_year:
            return {}
        return {
            "told_issuer_id": self._issuer(found).issuer_id,
            "told_report_kind": kind.kind_id,
            "told_report_year": found.report_year,
        }

    def _extract(self, capture: Capture, document: Document) -> Report:
        link_title, meta = capture.link_title, document.meta
        cover = self._cover(capture)
        if cover is not None:
            link_title, meta = cover.title or link_title, cover.meta
        report = self._extractor.extract(
            document.text,
            url=capture.url,
            link_title=link_title,
            page_title=document.title,
            meta=meta,
            default_issuer=self._defaults.get(capture.source_id),
        )
        if report.metadata.published_date is None:
            published = self._published_elsewhere(capture, cover)
            if published is not None:
                evidence = {**report.metadata.evidence, "published_date": published[1]}
                metadata = replace(report.metadata, published_date=published[0], evidence=evidence)
                report = replace(report, metadata=metadata)
        return report

    def _published_elsewhere(self, capture: Capture, cover: Document | None) -> tuple[date, Evidence] | None:
        """When a file appeared that does not say so itself: by the page that offers it, or the listing's row."""
        if cover is not None:
            page = self._extractor.extract(
                cover.text, url=capture.parent_url, page_title=cover.title, meta=cover.meta
            ).metadata
            if page.published_date is not None:
                return page.published_date, Evidence("date.cover", "page", "likely")
        if capture.link_date:
            return date.fromisoformat(capture.link_date), Evidence("date.listing", "link", "likely")
        return None

    def _cover(self, capture: Capture) -> Document | None:
        """The page that offers an attachment."""
        parent = self._archive.last_ok(capture.parent_url) if capture.role == "attachment" else None
        if parent is None:
            return None
        try:
            return self._reader.read(
                self._archive.read(parent), content_type=parent.media_type, url=parent.url
            )
        except UnreadableError:
            return None

    @staticmethod
    def _problem(capture: Capture, document: Document, found: Metadata) -> tuple[Outcome, str] | None:
        if document.attachments and len(document.text) < _COVER_CHARACTERS:
            files = ", ".join(url for url, _ in document.attachments)
            return Outcome.ATTACHED, f"{capture.url} only points to {files}"
        if not found.is_report:
            why = found.title or document.title or capture.link_title or "without a title"
            return Outcome.NOT_A_REPORT, f"{capture.url} is no annual report of a known kind ({why})"
        if found.report_year is None:
            return (
                Outcome.NO_YEAR,
                f"{capture.url} says nowhere which year it reports on; name the year in the file name or the link",
            )
        if not found.issuer:
            return (
                Outcome.NO_ISSUER,
                f"{capture.url} says nowhere who reports; give its source an `issuer` in the registry",
            )
        return None

    def _issuer(self, metadata: Metadata) -> Issuer:
        return self._issuers.get(metadata.issuer_id or "") or unregistered_issuer(metadata)

    def _ended(
        self, capture: Capture, stage: str, outcome: Outcome, sentence: str, edition: str | None = None
    ) -> tuple[OutcomeRow, dict[str, list[Row]]]:
        row: Row = {
            "capture_id": capture.capture_id,
            "edition_id": edition,
            "url": capture.url,
            "source_id": capture.source_id,
            "role": capture.role,
            "link_title": capture.link_title,
            "fetched_at": capture.fetched_at,
            "status": capture.status,
            "media_type": capture.media_type,
            "payload_sha256": capture.payload_sha256,
            "segment": capture.segment,
            "record_offset": capture.offset,
            "record_length": capture.length,
            "outcome": str(outcome),
            "sentence": sentence,
            "rules_version": self._rules,
        }
        note = OutcomeRow(
            stage, outcome, sentence, capture.url, capture.source_id, clock.now(), capture.capture_id
        )
        return note, {"capture": [row]}
