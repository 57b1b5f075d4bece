"""What extraction reads out of a text: metadata, sections, figures, references, statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a metadata value was read and how sure the rule is.

    place: text, title, meta, page (that offers a file), link, url, registry or given. start, end: span in the text, None elsewhere.
    confidence: sure, likely or weak.
    """

    rule: str
    place: str
    confidence: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a report says about itself. Values are None where it does not; evidence is keyed by field name.

    issuer: full official name. issuer_id: registry slug, None if the registry does not know the body.
    region: full name (上海市普陀区). is_report: True for an annual report of `kind`.
    """

    is_report: bool
    kind: str | None
    title: str | None = None
    report_year: int | None = None
    issuer: str | None = None
    issuer_id: str | None = None
    co_issuers: tuple[str, ...] = ()
    region: str | None = None
    region_code: str | None = None
    doc_number: str | None = None
    signer: str | None = None
    signed_date: date | None = None
    published_date: date | None = None
    source: str | None = None
    recipient: str | None = None
    evidence: Mapping[str, Evidence] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Section:
    """A node of the outline (章节). start, end: span of the heading; body_end: where the section's text ends.

    kind: overview, measures, responsibility, problems, plan, other or preamble. subkind: of measures, else ''.
    parent: index of the enclosing section in the same list. inline: text runs on in the heading's line.
    """

    start: int
    end: int
    body_end: int
    heading: str
    kind: str
    level: int
    parent: int | None = None
    inline: bool = False
    subkind: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One quantity stated in the text (数字). text == report_text[start:end].

    value, value_max: fully scaled (44.89万件 → 448900); percentages stay in percent. qualifier: exact,
    approx_over, approx_under, about, at_least or at_most. scope: own, region or system. direction: increase,
    decrease or None. parent, yoy_of, rate_of: indices into the same report's figures. section: index into
    sections. sentence_start, sentence_end: the sentence it stands in. rule: what accepted it.
    """

    start: int
    end: int
    text: str
    value: Decimal
    value_max: Decimal | None
    unit: str
    qualifier: str
    measure: str
    scope: str
    fact_year: int | None
    is_target: bool
    sentence_start: int
    sentence_end: int
    rule: str
    indicator: str | None = None
    direction: str | None = None
    parent: int | None = None
    yoy_of: int | None = None
    rate_of: int | None = None
    period_text: str | None = None
    period_start: date | None = None
    period_end: date | None = None
    section: int | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """A number that looks like a figure and is none. rule: what turned it down. text == report_text[start:end]."""

    start: int
    end: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A 《…》 in the text, brackets included. kind: law, regulation, party_rule, policy_doc, internal_rule, work, other."""

    start: int
    end: int
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A self-reported problem or a promise for the next year. kind: shortcoming or commitment."""

    start: int
    end: int
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that extraction reads out of one text. All offsets are str indices into that text.

    missing_parts: kinds of the five prescribed parts (measures, problems, responsibility, plan, other) that no
    heading announces.
    """

    metadata: Metadata
    sections: tuple[Section, ...]
    figures: tuple[Figure, ...]
    references: tuple[Reference, ...]
    statements: tuple[Statement, ...]
    missing_parts: tuple[str, ...] = ()
