"""The truth about a simulated world as data: what every report says, where it stands, and what else is there."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from nianbao.model import Family

TRUTH_VERSION = 1


@dataclass(frozen=True, slots=True)
class RegionTruth:
    """A fictional region, as a row of regions.csv."""

    code: str
    name: str
    full_name: str
    parent_code: str | None
    level: str


@dataclass(frozen=True, slots=True)
class IssuerTruth:
    """A fictional body, as an entry of issuers/*.yml. It reports on a year if it is there on its last day."""

    issuer_id: str
    name: str
    region_code: str
    level: str
    department_type: str
    aliases: tuple[str, ...]
    predecessors: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class SourceTruth:
    """A column of a simulated website, as an entry of sources/*.yml. shape: which kind of site it is; family,
    parameters, aliases: as in the registry."""

    source_id: str
    region_code: str
    host: str
    listings: tuple[str, ...]
    expected_issuers: tuple[str, ...]
    expected_since: int
    shape: str
    issuer_id: str | None = None
    hosts: tuple[str, ...] = ()
    notes: str = ""
    family: Family = Family.GENERIC
    parameters: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureTruth:
    """One quantity: text == report.text[char_start:char_end]; value and value_max fully scaled.

    sentence: up to and including its full stop. parent, yoy_of: positions in the report's figures. scope: own, or region
    for the whole district. covers_to: last day of the part of the year that it is said to be of; None: of the whole year.
    """

    text: str
    char_start: int
    char_end: int
    value: Decimal
    value_max: Decimal | None
    unit: str
    qualifier: str
    indicator: str | None
    fact_year: int
    is_target: bool
    direction: str | None
    sentence: str
    measure: str
    series: str
    parent: int | None
    yoy_of: int | None
    scope: str
    covers_to: date | None


@dataclass(frozen=True, slots=True)
class SectionTruth:
    """A heading: without its number; char_start of the heading's line, number included."""

    heading: str
    kind: str
    level: int
    char_start: int
    inline: bool


@dataclass(frozen=True, slots=True)
class ReportTruth:
    """One published report.

    url: where its text stands. page_url: the page that the listing links to (the same, unless the text is attached).
    urls: both. format: html, pdf or docx. text: paragraphs stripped, joined by line feeds. signed_date and
    doc_number only where the text states them. title_in_text: the title is among the paragraphs of `text`.
    """

    issuer_id: str
    issuer: str
    region_code: str
    kind: str
    year: int
    title: str
    url: str
    page_url: str
    urls: tuple[str, ...]
    host: str
    source_id: str
    format: str
    published_date: date
    signed_date: date | None
    doc_number: str | None
    title_in_text: bool
    text: str
    sections: tuple[SectionTruth, ...]
    figures: tuple[FigureTruth, ...]


@dataclass(frozen=True, slots=True)
class PageTruth:
    """A page that is no report, however its title sounds. genre: what it is."""

    url: str
    host: str
    title: str
    genre: str
    published_date: date
    source_id: str


@dataclass(frozen=True, slots=True)
class AbsentTruth:
    """A report that was due and is not there."""

    issuer_id: str
    year: int
    source_id: str


@dataclass(frozen=True, slots=True)
class RedefinitionTruth:
    """A year from which on an indicator counts something else, as an entry of indicators.yml."""

    indicator: str
    year: int
    reason: str


@dataclass(frozen=True, slots=True)
class UnreadableTruth:
    """A report that stands there as a file which nobody can read; the link to it says whose and on which year."""

    issuer_id: str
    year: int
    url: str
    source_id: str


@dataclass(frozen=True, slots=True)
class ContradictionTruth:
    """A stated change that does not agree with the values that the reports on both years state.

    char_start: of the change in the report's text.
    """

    issuer_id: str
    year: int
    url: str
    indicator: str
    char_start: int
    text: str


@dataclass(frozen=True, slots=True)
class RestatementTruth:
    """A value for the year before that is another than that year's own report states. off_by: by how much."""

    issuer_id: str
    year: int
    url: str
    indicator: str
    char_start: int
    value: Decimal
    off_by: Decimal


@dataclass(frozen=True, slots=True)
class HazardTruth:
    """A source with something wrong. url: where it shows; outcomes: values of model.Outcome, any of which is right;
    role: listing, page or attachment; reports: (issuer id, year) that must come through from this source."""

    hazard: str
    source_id: str
    url: str
    role: str
    outcomes: tuple[str, ...]
    reports: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ChangeTruth:
    """What differs from the world before.

    change: edited, refurnished (nothing that counts), withdrawn, late, added, readdressed, duplicated, moved (a whole
    source, then issuer_id is empty and year 0) or repaged (every listing of the world). url: where it shows. sentence:
    the edited one as it reads now. manner: of a withdrawal: not_found, unlisted or soft_404. old_url: where the report
    or the listing was before.
    """

    change: str
    issuer_id: str
    year: int
    url: str
    sentence: str = ""
    manner: str = ""
    old_url: str = ""


@dataclass(frozen=True, slots=True)
class CopyTruth:
    """A report under a second address that a listing links. kind: of CopyKind. of_url: the report's own address.

    foreign: on a host that is not the source's and that nobody may ask.
    """

    kind: str
    issuer_id: str
    year: int
    url: str
    of_url: str
    source_id: str
    foreign: bool


@dataclass(frozen=True, slots=True)
class HostTruth:
    """A host's manners. validators: of Validators. visit_counter: pages differ at every answer and say the same.

    forced_gzip: packed bodies, asked for or not. cookie_gate: every first request is redirected to itself with a cookie.
    """

    host: str
    validators: str
    visit_counter: bool
    forced_gzip: bool
    cookie_gate: bool


@dataclass(frozen=True, slots=True)
class FaultTruth:
    """An injected fault. fault: its name in named_faults. role: listing, page or attachment. outcomes: values of
    model.Outcome, any of which is right. passing: it goes away when asked again, and the report has to come through.
    issuer_id, year: of the report that stands there, '' and 0 for a listing."""

    fault: str
    url: str
    role: str
    source_id: str
    outcomes: tuple[str, ...]
    passing: bool
    issuer_id: str = ""
    year: int = 0


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} has no form in the truth's JSON")


def to_json(content: dict[str, object]) -> str:
    """The truth as JSON text with stable order, dataclasses as objects."""

    def default(value: object) -> object:
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}
        return _plain(value)

    return json.dumps(content, ensure_ascii=False, indent=1, default=default) + "\n"
