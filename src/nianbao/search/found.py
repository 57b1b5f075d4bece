"""What a search gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

KINDS = ("report", "section", "figure", "reference")


class SearchError(Exception):
    """An index that is not there, is damaged or of another version; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a hit's text as it stands in the report, never markup.

    spans: (start, end) in `text` of what was searched for, in order, not overlapping. before, after: whether the hit's text
    goes on at that side.
    """

    text: str
    spans: tuple[tuple[int, int], ...] = ()
    before: bool = False
    after: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where the query was found.

    kind: one of KINDS. A `report` hit is its title, its issuer, its document number or what stands before the first heading; a
    `section` hit its heading or its own text, without sections inside it. start, end: offsets of the hit in the edition's
    text: of the section, the figure or the reference, of what stands before the first heading. title: the report's. heading:
    the section's path, outermost first, joined by " › " (also of the section that a figure or reference stands in); "" for
    a report. label: the indicator of a figure, the instrument of a reference, else "". said: the figure or the reference as
    written, else "". section_ordinal: which section of the edition, -1 for none. score: BM25, comparable within one
    answer only.
    """

    kind: str
    report_id: str
    edition_id: str
    issuer_id: str
    issuer_name: str
    region_code: str
    year: int
    report_kind: str
    title: str
    section_kind: str
    section_ordinal: int
    heading: str
    label: str
    said: str
    indicator_id: str
    start: int
    end: int
    snippet: Snippet
    score: float

    @property
    def figure_id(self) -> str:
        """The id of a figure hit; "" for the other kinds."""
        return f"{self.edition_id}:{self.start}-{self.end}" if self.kind == "figure" else ""


@dataclass(frozen=True, slots=True)
class Facets:
    """How many of all hits fall on each year, region code and kind; of regions only those with the most hits."""

    years: Mapping[int, int] = field(default_factory=dict)
    regions: Mapping[str, int] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a query.

    total: how many hits there are, exactly; hits: those of the page that was asked for, the best first. trouble: a sentence
    on what is wrong with the query or a filter, and then there are no hits; "" when all is well. words: what was searched
    for, folded, for people who want to know.
    """

    total: int = 0
    hits: tuple[Hit, ...] = ()
    facets: Facets = field(default_factory=Facets)
    trouble: str = ""
    words: tuple[str, ...] = ()
