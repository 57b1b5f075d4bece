"""What a world is made of, before it is built."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from .pages import PER_PAGE

DEFAULT_YEARS = (2021, 2022, 2023, 2024)
Key = tuple[int, int, int]  # district index, issuer index, report year

_PLAIN = {1: "pdf", 6: "attached_pdf", 10: "attached_docx", 13: "pdf"}
_ALL = (
    "html", "attached_pdf", "html", "attached_doc", "html", "pdf", "attached_wps", "html", "attached_ofd",
    "html", "docx", "html", "doc", "attached_docx", "html", "ofd", "html",
)  # fmt: skip


class Fate(StrEnum):
    """What may become of a report some time after the world was first looked at: a closed list."""

    EDITED = "edited"  # another figure under the same address and date
    REFURNISHED = "refurnished"  # only counters and dates around the text are others: no change at all
    WITHDRAWN = "withdrawn"  # 404, and the listing still links it
    UNLISTED = "unlisted"  # 404, and the listing does not name it any more
    SOFT_WITHDRAWN = (
        "soft_withdrawn"  # a page with status 200 says that there is nothing, and the listing still links it
    )
    LATE = "late"  # a due report that was missing is there, on top of the listing
    READDRESSED = (
        "readdressed"  # stands at another address of the site, and the old one redirects there for good
    )
    DUPLICATED = "duplicated"  # stands at a second address of the site as well, and both are listed


@dataclass(frozen=True, slots=True)
class Event:
    """A report's fate. year: the calendar year in which a late report appears."""

    key: Key
    fate: Fate
    year: int = 0


@dataclass(frozen=True, slots=True)
class Config:
    """The recipe of a world; the same recipe always gives the same bytes.

    events: what has become of reports since. moved: districts whose site has another host now. per_page: rows on a
    listing's page. complete: nothing is missing. only_format: every report has this format. formats: plain or all.
    font: of Chinese characters; with it, `all` has scans. quirks: sites differ in validators, labels and manners, and
    list copies of their reports. breaks: years of a body cannot always be compared (breaks.py).
    """

    seed: int = 1
    districts: int = 3
    issuers: int = 4
    years: tuple[int, ...] = DEFAULT_YEARS
    events: frozenset[Event] = frozenset()
    moved: frozenset[int] = frozenset()
    per_page: int = PER_PAGE
    complete: bool = False
    only_format: str = ""
    formats: str = "plain"
    font: Path | None = None
    quirks: bool = False
    breaks: bool = False

    def fates(self, key: Key) -> dict[Fate, Event]:
        """What has become of a report."""
        return {event.fate: event for event in self.events if event.key == key}

    def absent(self, district: int, issuer: int, year: int) -> bool:
        """True for a due report that is not published: about one in eighteen, none of a district's government."""
        if self.complete or issuer == 0 or Fate.LATE in self.fates((district, issuer, year)):
            return False
        return (district * 5 + issuer * 7 + year + self.seed) % 18 == 10

    def format(self, district: int, issuer: int, year: int) -> str:
        """html, a file linked from the listing (pdf, docx, doc, ofd), or one behind a page that only says 详见附件."""
        if self.only_format:
            return self.only_format
        turn = district * 7 + issuer * 3 + year * 5 + self.seed
        if self.formats == "plain":
            return _PLAIN.get(turn % 16, "html")
        cycle = (*_ALL, "attached_scan", "html") if self.font else _ALL
        return cycle[turn % len(cycle)]
