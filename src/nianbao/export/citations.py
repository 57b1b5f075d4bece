"""How one figure is cited: what is stated, by whom, where it was published, which archived copy proves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from nianbao.export.forms import (
    PUBLISHER,
    Lang,
    bibtex_entry,
    china_day,
    date_parts,
    filled,
    one_line,
    plain_number,
    web_address,
)
from nianbao.warehouse.release import Release, ReleaseError
from nianbao.warehouse.release.lineage import Origin, trace

_CHOSEN = "chosen_figure_id"


@dataclass(frozen=True, slots=True)
class FigureCitation:
    """What proves a figure.

    value, value_max: fully scaled, None where the text states none; words: as the text has it; section: headings from the
    outermost inwards; start, end: its place in the edition's text, in characters; published: None where the page does not
    say; captured: the day, in China, on which the archived copy was fetched; payload_sha256: of that copy's bytes.
    """

    figure_id: str
    value: Decimal | None
    value_max: Decimal | None
    unit: str
    words: str
    sentence: str
    section: tuple[str, ...]
    start: int
    end: int
    title: str
    issuer: str
    year: int
    doc_number: str
    published: date | None
    url: str
    captured: date
    capture_id: str
    payload_sha256: str
    edition_id: str
    release_id: str

    @property
    def quantity(self) -> str:
        """The value with its unit, as a number: 1300人, 1–2次."""
        if self.value is None:
            return self.words
        upper = f"–{plain_number(self.value_max)}" if self.value_max is not None else ""
        return f"{plain_number(self.value)}{upper}{self.unit}"

    def text(self, lang: Lang = "zh") -> str:
        """In the manner of GB/T 7714: the report, then what is cited of it, then the copy that proves it."""
        place = " › ".join(map(one_line, self.section))
        if lang == "zh":
            parts = [
                self._source(),
                f"数值：{self.quantity}（“{one_line(self.sentence)}”，{place + '，' if place else ''}正文第{self.start + 1}–{self.end}字）",
                f"存档副本：{self.capture_id}，{self.captured}采集，sha256:{self.payload_sha256}",
                f"{PUBLISHER}，文本版本{self.edition_id}，数据发布{self.release_id}，数字编号{self.figure_id}",
            ]
        else:
            parts = [
                self._source(),
                f"Value: {self.quantity} (“{one_line(self.sentence)}”, {place + ', ' if place else ''}characters {self.start + 1}–{self.end})",
                f"Archived copy: {self.capture_id}, fetched {self.captured}, sha256:{self.payload_sha256}",
                f"{PUBLISHER}, edition {self.edition_id}, release {self.release_id}, figure {self.figure_id}",
            ]
        return ". ".join(parts) + "."

    def _source(self) -> str:
        online = web_address(self.url)
        number = f"：{one_line(self.doc_number)}" if self.doc_number else ""
        dates = f"({self.published})" if self.published else f"({self.year})"
        kind, seen = ("R/OL", f"[{self.captured}]") if online else ("R", "")
        source = f"{one_line(self.issuer)}. {one_line(self.title)}{number}[{kind}]. {dates}{seen}"
        return f"{source}. {one_line(online or self.url)}"

    def csl(self) -> dict[str, Any]:
        """As an item of CSL-JSON, type report."""
        return filled(
            {
                "id": self.figure_id,
                "type": "report",
                "language": "zh-CN",
                "title": one_line(self.title),
                "author": [{"literal": one_line(self.issuer)}],
                "issued": date_parts(self.published) if self.published else None,
                "accessed": date_parts(self.captured),
                "number": one_line(self.doc_number),
                "URL": web_address(self.url),
                "archive": PUBLISHER,
                "archive_location": self.capture_id,
                "note": self._note(),
            }
        )

    def bibtex(self) -> str:
        """As one BibTeX entry."""
        return bibtex_entry(
            "techreport",
            f"nianbao-{self.figure_id}",
            {
                "author": self.issuer,
                "title": self.title,
                "institution": self.issuer,
                "number": self.doc_number,
                "year": str(self.published.year if self.published else self.year),
                "url": web_address(self.url),
                "urldate": self.captured.isoformat(),
                "note": self._note(),
            },
        )

    def _note(self) -> str:
        return (
            f"{self.quantity}：“{one_line(self.sentence)}”; characters {self.start + 1}-{self.end} of edition "
            f"{self.edition_id}; archived copy {self.capture_id} sha256:{self.payload_sha256}; release {self.release_id}; "
            f"figure {self.figure_id}"
        )


def cite_figure(connection: duckdb.DuckDBPyConnection, release: Release, key: str) -> FigureCitation:
    """The citation of a figure of an open release: by its id, or by issuer/indicator/year the one whose value stands there.

    Raises ReleaseError if there is no such figure, or the release holds no editions.
    """
    found = trace(connection, release, key)
    origin = next(
        (each for each in found.origins if each.figure and each.role in ("figure_id", _CHOSEN)), None
    )
    if origin is None:
        raise ReleaseError(f"'{key}' leads to no figure; name a figure id, or issuer/indicator/year")
    return _citation(origin, release.release_id)


def _citation(origin: Origin, release_id: str) -> FigureCitation:
    figure, edition, capture = origin.figure, origin.edition, origin.capture
    return FigureCitation(
        figure_id=figure["figure_id"],
        value=figure["value"],
        value_max=figure["value_max"],
        unit=figure["unit"] or "",
        words=figure["text"],
        sentence=figure["sentence"],
        section=origin.section,
        start=figure["start_offset"],
        end=figure["end_offset"],
        title=edition["title"] or "",
        issuer=edition["issuer_name"] or "",
        year=edition["report_year"],
        doc_number=edition["doc_number"] or "",
        published=edition["published_date"],
        url=edition["url"] or "",
        captured=china_day(capture["fetched_at"]),
        capture_id=edition["capture_id"],
        payload_sha256=capture["payload_sha256"],
        edition_id=edition["edition_id"],
        release_id=release_id,
    )
