"""The words of the product as frozen values: what a stage takes and what it hands on. No I/O, no clock.

The words and their meaning are listed in docs/architecture.md; the enumerations here are closed lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

# --- what people configure (the registry) -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Region:
    """An administrative division of county level or higher (行政区划).

    code: six digits of GB/T 2260. name: its own name (普陀区). full_name: with its parents (上海市普陀区).
    level: province, city or county. valid_from, valid_to: ISO dates, None where unknown or still valid.
    pinyin: the name's syllables without tones, one per character (pu tuo qu), '' where not given.
    """

    code: str
    name: str
    full_name: str
    parent_code: str | None
    level: str
    valid_from: str | None = None
    valid_to: str | None = None
    pinyin: str = ""


@dataclass(frozen=True, slots=True)
class Host:
    """Whose website a host, or a part of one, is.

    host: name of the host; hosts below it are meant too (shpt.gov.cn also for www.shpt.gov.cn).
    path: beginning of the address's path, '' for the whole host. region_code: whose pages stand there.
    body: full name of the body whose own site or column it is, '' where several bodies publish there.
    """

    host: str
    path: str
    region_code: str
    body: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Department:
    """A kind of body that most divisions have (司法局), with what it is called for short and in addresses.

    short_names: everyday names (人社局). labels: how hosts and paths spell it (sfj).
    """

    name: str
    short_names: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Issuer:
    """A body that publishes reports (发文机关).

    issuer_id: slug, never reused. name: full official name. level: province, city, county or township.
    department_type: government, general_office, justice, … (data/issuers says which are in use).
    aliases: other names it is called by in titles, leads and signatures. predecessors: issuer ids.
    registered: False for a body that a report names and the registry does not know.
    """

    issuer_id: str
    name: str
    region_code: str
    level: str
    department_type: str
    aliases: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = ()
    registered: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """One place on one website where reports of an issuer (or of several) appear, and how to look there.

    listings: addresses of listing pages. family: how the site publishes (generic is the only one so far).
    issuer_id: whose reports these are when the text does not say; None where the listing holds several issuers'.
    hosts: hosts that pages and attachments may come from; the listings' hosts are always among them.
    follow: titles (links whose text names such a report) or all (every link below the listing's own folder, for
    columns that hold nothing else and whose links do not spell the title).
    delay_seconds: pause between two requests to one host. max_pages: listing pages read at most.
    expected_issuers: issuer ids whose reports are due here. expected_since: first report year that is due.
    """

    source_id: str
    region_code: str
    report_kind: str
    listings: tuple[str, ...]
    family: str = "generic"
    issuer_id: str | None = None
    hosts: tuple[str, ...] = ()
    follow: str = "titles"
    delay_seconds: float = 1.0
    max_pages: int = 20
    expected_issuers: tuple[str, ...] = ()
    expected_since: int | None = None
    simulated: bool = False
    verified: str | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A canonical measure (指标) that figures of different reports can be compared under.

    kind: sum (flow over the year), stock (level at a date), rate, or count (one-off inventory).
    rules: the matching rules as read from data/indicators.yml; extraction compiles them.
    """

    indicator_id: str
    label: str
    label_en: str
    unit: str
    kind: str
    rules: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A kind of report (rule_of_law first) with what recognises it, as data."""

    kind_id: str
    label: str
    label_en: str
    rules: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything under data/ (or NIANBAO_DATA), validated. fingerprint: hash of all files it was read from."""

    regions: tuple[Region, ...]
    issuers: tuple[Issuer, ...]
    sources: tuple[Source, ...]
    indicators: tuple[Indicator, ...]
    report_kinds: tuple[ReportKind, ...]
    fingerprint: str
    hosts: tuple[Host, ...] = ()
    departments: tuple[Department, ...] = ()


# --- what harvest brings -----------------------------------------------------------------------------------


class Outcome(StrEnum):
    """How a capture, or the reading of one, ended (结果): a closed list."""

    # a body is there
    OK = "ok"
    UNCHANGED = "unchanged"  # status 200, the same bytes as last time
    NOT_MODIFIED = "not_modified"  # status 304: a row, no record
    # no body to read
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    SERVER_ERROR = "server_error"
    REDIRECT_LOOP = "redirect_loop"
    HOST_NOT_ALLOWED = "host_not_allowed"
    BLOCKED_CHALLENGE = "blocked_challenge"
    BLOCKED_ROBOTS = "blocked_robots"
    OVERSIZED = "oversized"
    BROKEN_TRANSFER = "broken_transfer"
    EMPTY = "empty"
    # a body is there, and no report could be made of it
    NO_LINKS = "no_links"  # a listing without a report on it
    SOFT_404 = "soft_404"
    UNREADABLE = "unreadable"
    UNSUPPORTED_FORMAT = "unsupported_format"
    NOT_A_REPORT = "not_a_report"
    ATTACHED = "attached"  # the page only points at the file that holds the report
    NO_ISSUER = "no_issuer"
    NO_YEAR = "no_year"
    REPORT = "report"


# Outcomes of an ordinary night: counted. All others are shown one by one to whoever watches a refresh.
ORDINARY_OUTCOMES = frozenset(
    {
        Outcome.OK,
        Outcome.UNCHANGED,
        Outcome.NOT_MODIFIED,
        Outcome.REPORT,
        Outcome.ATTACHED,
        Outcome.NOT_A_REPORT,
    }
)


@dataclass(frozen=True, slots=True)
class Capture:
    """One HTTP exchange or one imported file (采集), without its body.

    capture_id: the WARC-Record-ID without brackets (urn:uuid:…). fetched_at: aware UTC time.
    link_title, link_date: text of the link that led here and the ISO day printed beside it, '' where there is none. role: listing, page, attachment or file.
    payload_sha256: hex digest of the body; segment, offset, length: where its WARC record lies.
    """

    capture_id: str
    url: str
    source_id: str
    role: str
    fetched_at: datetime
    status: int
    media_type: str
    payload_sha256: str
    link_title: str = ""
    link_date: str = ""
    parent_url: str = ""
    etag: str = ""
    last_modified: str = ""
    segment: str = ""
    offset: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """What happened to one address (or file) at one stage, in a sentence that a person can act on.

    stage: discover, fetch, read or extract. capture_id is empty where nothing was archived.
    """

    stage: str
    outcome: Outcome
    sentence: str
    url: str
    source_id: str
    at: datetime
    capture_id: str = ""


# --- reading ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """One line of a document's text: text[start:end]. source_start: its offset in the decoded bytes
    (None where the format has no such offset); page: 1-based page number for paged formats."""

    start: int
    end: int
    source_start: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A body decoded to text blocks (文档): blocks are stripped lines, joined by one line feed each.

    media_type: what the bytes are (by magic, not by name). encoding: how text was decoded, '' for binary formats.
    title: the page's own title (meta ArticleTitle, h1, <title>), '' if none. meta: name → content of meta tags.
    attachments: (address, link text) of files the page offers. warnings: sentences on what was doubtful.
    """

    text: str
    blocks: tuple[Block, ...]
    media_type: str
    encoding: str = ""
    title: str = ""
    meta: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    attachments: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()


class UnreadableError(Exception):
    """Bytes that no reader can turn into text; the message says what is wrong, for an outcome row."""

    def __init__(self, sentence: str, outcome: Outcome = Outcome.UNREADABLE) -> None:
        super().__init__(sentence)
        self.outcome = outcome


# --- extraction ---------------------------------------------------------------------------------------------


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


# --- checks -------------------------------------------------------------------------------------------------


class Verdict(StrEnum):
    """How a check ended."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Check:
    """One data-quality statement about a candidate (检查) with its verdict.

    severity: critical (refuses the candidate) or warning (published with the release). value, threshold: as text.
    sentence: in plain words, with what to do when it fails. sample: worst rows as JSON text, at most five.
    """

    check_id: str
    suite: str
    subject: str
    severity: str
    verdict: Verdict
    value: str
    threshold: str
    sentence: str
    sample: str = "[]"
