"""What people configure: regions, issuers, sources, indicators, report kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


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
    aliases: other names it is called by in titles, leads and signatures. predecessors: issuer ids of the bodies whose
    work it took over. valid_from, valid_to: ISO days of its first and last day, None where unknown or still there.
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
    valid_from: str | None = None
    valid_to: str | None = None


class Family(StrEnum):
    """How a site publishes: which content management system's addresses and listings it has (docs/families.md)."""

    GENERIC = "generic"
    TRS = "trs"  # tYYYYMMDD_ID pages, index_N, createPageHTML
    TRS_RECORDSET = "trs_recordset"  # /col/colN/ with <recordset><record>
    JPAGE = "jpage"  # 大汉 jcms: /art/Y/M/D/art_COL_ID, dataproxy.jsp
    GKMLPT = "gkmlpt"  # Guangdong: /gkmlpt/api/all/CATEGORY
    SHANGHAI_HEX = "shanghai_hex"  # /nwCOL/YYYYMMDD/HEX32.html, /govxxgk/UNIT/YYYY-MM-DD/UUID.html
    DAY_OF_YEAR = "day_of_year"  # /COLUMN/YYYY/DDD/ID.html
    DETAILS_JSON = "details_json"  # details?id=UUID, filled from JSON
    SNOWFLAKE = "snowflake"  # /…/1887786296572162049.html
    CONTENT_ID = "content_id"  # Hunan: /CATEGORY/…/content_ID.html
    PUBLIC_PLATFORM = "public_platform"  # Anhui: /public/ORGAN/ID.html
    VSB = "vsb"  # 博达: /info/COLUMN/ID.htm
    JSONP = "jsonp"  # a search that answers callback({…})


@dataclass(frozen=True, slots=True)
class Source:
    """One place on one website where reports of an issuer (or of several) appear, and how to look there.

    listings: addresses of listing pages; {page} in one stands for the number of the page. family: how the site
    publishes. parameters: what a family has to be told, by name (docs/families.md).
    issuer_id: whose reports these are when the text does not say; None where the listing holds several issuers'.
    hosts: hosts that pages and attachments may come from; the listings' hosts are always among them.
    aliases: other names of the listing's host (a bare address, an old name): what stands there is asked for, and kept,
    under the listing's host.
    follow: titles (links whose text names such a report) or all (every link below the listing's own folder, for
    columns that hold nothing else and whose links do not spell the title).
    delay_seconds: pause between two requests to one host. max_pages: listing pages read at most.
    max_requests: requests made to look at the source once; what is left over comes next time.
    window: hours in China during which the site may be asked, such as 20:00-07:00; '' for any hour.
    expected_issuers: issuer ids whose reports are due here. expected_since: first report year that is due.
    simulated: True for a simulated site, which alone may lie on a loopback or private address.
    verified: the day a person last saw the listing work. seen: years and bodies whose reports were seen there.
    """

    source_id: str
    region_code: str
    report_kind: str
    listings: tuple[str, ...]
    family: Family = Family.GENERIC
    parameters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    issuer_id: str | None = None
    hosts: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    follow: str = "titles"
    delay_seconds: float = 1.0
    max_pages: int = 20
    max_requests: int = 500
    window: str = ""
    expected_issuers: tuple[str, ...] = ()
    expected_since: int | None = None
    simulated: bool = False
    verified: str | None = None
    seen: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A canonical measure (指标) that figures of different reports can be compared under.

    kind: sum (flow over the year), stock (level at a date), rate, or count (one-off inventory).
    rules: the matching rules as read from data/indicators.yml; extraction compiles them. breaks: years from which on
    it counts something else than before, each with the reason; values on the two sides are not compared.
    """

    indicator_id: str
    label: str
    label_en: str
    unit: str
    kind: str
    rules: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    breaks: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def alternatives(self) -> Sequence[Mapping[str, object]]:
        """The rule itself and those under `also`, which take from it what they do not say; empty if nothing triggers it."""
        if not self.rules.get("triggers"):
            return ()
        also = self.rules.get("also")
        shared = {k: value for k, value in self.rules.items() if k not in ("also", "requires", "excludes")}
        listed = also if isinstance(also, Sequence) and not isinstance(also, str) else ()
        return (self.rules, *({**shared, **item} for item in listed if isinstance(item, Mapping)))

    def units_of(self, alternative: Mapping[str, object]) -> tuple[str, ...]:
        """The units under which one of its rules is asked."""
        units = alternative.get("units")
        listed = units if isinstance(units, Sequence) and not isinstance(units, str) else (units,)
        return tuple(str(unit) for unit in listed if unit) or (self.unit,)

    @property
    def units(self) -> frozenset[str]:
        """The units under which any of its rules is asked: figures in other units are never its values."""
        return frozenset(unit for rule in self.alternatives for unit in self.units_of(rule))


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A kind of report (rule_of_law first) with what recognises it, as data."""

    kind_id: str
    label: str
    label_en: str
    rules: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Correction:
    """A known error in a published report: one field of one figure of its current edition.

    figure_text: the figure's words; sentence: words of its sentence. field: value, value_max, unit or fact_year.
    expect: what the field says as published; value: what is right; both as text. since: ISO day it was found.
    """

    correction_id: str
    report_id: str
    figure_text: str
    sentence: str
    field: str
    expect: str
    value: str
    reason: str
    since: str


@dataclass(frozen=True, slots=True)
class VisitSeason:
    """Every how many days the nightly refresh visits the sources of a report kind, in some months (1 to 12) in China."""

    report_kind: str
    months: tuple[int, ...]
    every_days: int


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything under data/ (or NIANBAO_DATA), validated. fingerprint: hash of all files it was read from but visits.yml, which says
    nothing about what is read."""

    regions: tuple[Region, ...]
    issuers: tuple[Issuer, ...]
    sources: tuple[Source, ...]
    indicators: tuple[Indicator, ...]
    report_kinds: tuple[ReportKind, ...]
    fingerprint: str
    hosts: tuple[Host, ...] = ()
    departments: tuple[Department, ...] = ()
    corrections: tuple[Correction, ...] = ()
    visits: tuple[VisitSeason, ...] = ()
