"""What of an edition is found on its own: the report, each section, each figure, each reference.

The report and its sections share out the edition's text: what stands before the first heading is the report's, and every section
has its heading and what follows up to the next heading of any level. So everything in a text is in exactly one of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_BETWEEN = " › "


@dataclass(frozen=True, slots=True)
class Section:
    """A section: which of the edition, inside which other, its kind, heading, and where it begins in the text."""

    ordinal: int
    parent: int | None
    kind: str
    heading: str
    start: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: its span, what is written there, its indicator and its label ("" without), its section, its sentence."""

    start: int
    end: int
    said: str
    indicator_id: str
    label: str
    section: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference: its span, what is written there, and the instrument that is meant."""

    start: int
    end: int
    said: str
    instrument: str


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition with everything of it that is searched."""

    edition_id: str
    report_id: str
    issuer_id: str
    issuer_name: str
    region_code: str
    report_kind: str
    year: int
    title: str
    doc_number: str
    text: str
    sections: Sequence[Section] = ()
    figures: Sequence[Figure] = ()
    references: Sequence[Reference] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is found: what is searched (text, and heads, which weigh more) and what is told of it (found.Hit)."""

    kind: str
    start: int
    end: int
    text: str
    heads: tuple[str, ...]
    section: int = -1
    section_kind: str = ""
    indicator_id: str = ""
    label: str = ""
    said: str = ""


def entries(edition: Edition) -> Iterator[Entry]:
    """Everything that is found of an edition."""
    sections = sorted(edition.sections, key=lambda section: (section.start, section.ordinal))
    kinds = {section.ordinal: section.kind for section in sections}
    front = sections[0].start if sections else len(edition.text)
    heads = (edition.title, edition.issuer_name, edition.doc_number)
    yield Entry("report", 0, front, edition.text[:front], heads)
    ends = [*(section.start for section in sections[1:]), len(edition.text)]
    for section, end in zip(sections, ends, strict=False):
        text = edition.text[section.start : end]
        yield Entry("section", section.start, end, text, (section.heading,), section.ordinal, section.kind)
    for figure in edition.figures:
        where = -1 if figure.section is None else figure.section
        yield Entry(
            "figure",
            figure.start,
            figure.end,
            figure.sentence,
            (figure.label,),
            where,
            kinds.get(where, ""),
            figure.indicator_id,
            figure.label,
            figure.said,
        )
    starts = [section.start for section in sections]
    for reference in edition.references:
        place = bisect_right(starts, reference.start) - 1
        where = sections[place].ordinal if place >= 0 else -1
        yield Entry(
            "reference",
            reference.start,
            reference.end,
            reference.said,
            (reference.instrument,),
            where,
            kinds.get(where, ""),
            label=reference.instrument,
            said=reference.said,
        )


def paths(sections: Sequence[Section]) -> Iterator[tuple[Section, str]]:
    """Each section with the headings that lead to it, outermost first."""
    by_ordinal = {section.ordinal: section for section in sections}
    for section in sections:
        headings: dict[int, str] = {}
        at: Section | None = section
        while at is not None and at.ordinal not in headings:
            headings[at.ordinal] = at.heading
            at = None if at.parent is None else by_ordinal.get(at.parent)
        yield section, _BETWEEN.join(heading for heading in reversed(headings.values()) if heading)
