"""What of an edition is found on its own: the report, each section, each figure, each reference.

The report and its sections share out the edition's text: what stands before the first heading is the report's, and every section
has its heading and what follows up to the next heading of any level. So everything in a text is in exactly one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_PATH = " › "


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
    heading: str = ""
    indicator_id: str = ""
    label: str = ""
    said: str = ""


def entries(edition: Edition) -> Iterator[Entry]:
    """Everything that is found of an edition."""
    sections = sorted(edition.sections, key=lambda section: (section.start, section.ordinal))
    by_ordinal = {section.ordinal: section for section in sections}
    front = sections[0].start if sections else len(edition.text)
    heads = (edition.title, edition.issuer_name, edition.doc_number)
    yield Entry("report", 0, front, edition.text[:front], heads)
    ends = [*(section.start for section in sections[1:]), len(edition.text)]
    for section, end in zip(sections, ends, strict=False):
        text = edition.text[section.start : end]
        path = _path(section, by_ordinal)
        yield Entry(
            "section", section.start, end, text, (section.heading,), section.ordinal, section.kind, path
        )
    for figure in edition.figures:
        where = by_ordinal.get(-1 if figure.section is None else figure.section)
        yield Entry(
            "figure",
            figure.start,
            figure.end,
            figure.sentence,
            (figure.label,),
            *_place(where, by_ordinal),
            figure.indicator_id,
            figure.label,
            figure.said,
        )
    for reference in edition.references:
        where = next((each for each in reversed(sections) if each.start <= reference.start), None)
        yield Entry(
            "reference",
            reference.start,
            reference.end,
            reference.said,
            (reference.instrument,),
            *_place(where, by_ordinal),
            "",
            reference.instrument,
            reference.said,
        )


def _place(section: Section | None, by_ordinal: Mapping[int, Section]) -> tuple[int, str, str]:
    """Ordinal, kind and path of the section that a figure or reference stands in."""
    if section is None:
        return -1, "", ""
    return section.ordinal, section.kind, _path(section, by_ordinal)


def _path(section: Section, by_ordinal: Mapping[int, Section]) -> str:
    headings: list[str] = []
    seen: set[int] = set()
    at: Section | None = section
    while at is not None and at.ordinal not in seen:
        seen.add(at.ordinal)
        headings.append(at.heading)
        at = by_ordinal.get(at.parent) if at.parent is not None else None
    return _PATH.join(heading for heading in reversed(headings) if heading)
