"""What one entry of a registry file may hold, as pydantic models. Keys that are not listed here are refused."""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    field_validator,
    model_validator,
)

_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


def _slug(value: object) -> object:
    if isinstance(value, str) and not _SLUG.fullmatch(value):
        raise ValueError(f"'{value}' is no id; use small letters, digits, - and _ such as sh-putuo-sfj")
    return value


def _code(value: object) -> object:
    # YAML reads 310107 as a number; nobody should have to quote it.
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not (isinstance(text, str) and re.fullmatch(r"\d{6}", text)):
        raise ValueError(f"'{value}' is no region code; give the six digits of regions.csv such as 310107")
    return text


def _day(value: object) -> object:
    if value is None:
        return None
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value.isoformat()
    try:
        return datetime.date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValueError(
            f"'{value}' is no date; give a day such as 2026-03-01, or leave it out for never"
        ) from None


Slug = Annotated[str, BeforeValidator(_slug)]
Code = Annotated[str, BeforeValidator(_code)]
Day = Annotated[str | None, BeforeValidator(_day)]
Name = Annotated[str, Field(min_length=1)]


class Entry(BaseModel):
    """An entry: strict types, nothing unknown, blanks around texts dropped."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, str_strip_whitespace=True)


class IssuerEntry(Entry):
    """One body of issuers/**/*.yml."""

    id: Slug
    name: Name
    region: Code
    level: Literal["province", "city", "county", "township"] | None = None
    department_type: Slug | None = None
    aliases: list[Name] = []
    predecessors: list[Slug] = []
    valid_from: Day = None
    valid_to: Day = None

    @model_validator(mode="after")
    def _in_order(self) -> IssuerEntry:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(
                f"ends on {self.valid_to}, before it begins on {self.valid_from}; swap the two days"
            )
        return self

    @field_validator("id")
    @classmethod
    def _registered(cls, value: str) -> str:
        if value.startswith("unregistered-"):
            raise ValueError(
                f"'{value}' looks like the id of a body that only a report names; give the issuer an id of its own"
                " without unregistered-"
            )
        return value


def _trigger(value: str) -> str:
    before, gap, behind = value.partition("…")
    if gap and not (len(before) >= 2 and behind):
        raise ValueError(f"'{value}' needs two characters before the gap … and a word behind it")
    return value


def _cleaned(value: str) -> str:
    """As it stands, if cleaned text can hold it: rules are asked about nothing else."""
    said = value.replace("…", "")
    held = "".join(unicodedata.normalize("NFKC", said).split())
    if held != said:
        raise ValueError(
            f"'{value}' is never found, since text is read without blanks and in half width; write '{held}'"
        )
    return value


Word = Annotated[str, Field(min_length=1)]
RuleWord = Annotated[Word, AfterValidator(_cleaned)]
Trigger = Annotated[RuleWord, AfterValidator(_trigger)]


def _one_or_more_groups(value: object) -> str:
    return "groups" if isinstance(value, list) and any(isinstance(v, list) for v in value) else "words"


def _told_or_not(value: object) -> str:
    return "near miss" if isinstance(value, dict) else "sentence"


class IndicatorRule(Entry):
    """What must stand around a number for it to be a value of an indicator; data/README.md explains each key."""

    units: list[RuleWord] | None = None
    triggers: list[Trigger] | None = Field(None, min_length=1)
    requires: Annotated[
        Annotated[list[RuleWord], Tag("words")] | Annotated[list[list[RuleWord]], Tag("groups")],
        Discriminator(_one_or_more_groups),
    ] = []
    excludes: list[RuleWord] = []
    not_part_of: list[RuleWord] = []
    sections: list[
        Literal["overview", "measures", "responsibility", "problems", "plan", "other", "preamble"]
    ] = []
    reach: Literal["clause", "sentence", "section", "around"] = "clause"
    carries: bool = False


class IndicatorRules(IndicatorRule):
    """The first rule of an indicator, and further ones that take from it what they do not say."""

    triggers: list[Trigger] = Field(min_length=1)
    also: list[IndicatorRule] = []


class NearMiss(BaseModel):
    """A sentence in which no number is a value of the indicator."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    sentence: Name = Field(alias="not")


def _example(value: str) -> str:
    if len(re.findall("【[^【】]+】", value)) != 1:
        raise ValueError(
            f"'{value}' marks no number or several; put the one that counts in 【】, or write it behind not:"
        )
    return value


Example = Annotated[
    Annotated[str, AfterValidator(_example), Tag("sentence")] | Annotated[NearMiss, Tag("near miss")],
    Discriminator(_told_or_not),
]


class BreakEntry(Entry):
    """A break in an indicator's series: from this report year on it counts something else."""

    year: int = Field(ge=1990, le=2100)
    reason: Name


class IndicatorEntry(Entry):
    """One measure of indicators.yml. rules: for extraction; examples: sentences the rules are tested with."""

    id: Slug
    label: Name
    label_en: Name
    unit: str
    kind: Literal["sum", "stock", "rate", "count"]
    rules: IndicatorRules
    breaks: list[BreakEntry] = []
    examples: list[Example] = []


class IndicatorFile(Entry):
    """indicators.yml as a whole."""

    version: int | str
    indicators: list[Any]


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"'{value}' is no regular expression ({error})") from None
    return value


Pattern = Annotated[Word, AfterValidator(_pattern)]


class ReportKindRules(Entry):
    """What recognises a kind of report: patterns over half-width text without blanks."""

    title_patterns: list[Pattern] = Field(min_length=1)
    exclude_title_patterns: list[Pattern] = []
    lead_patterns: list[Pattern] = []
    exclude_lead_patterns: list[Pattern] = []
    heading_patterns: list[Pattern] = []
    prescribed_patterns: list[Pattern] = []
    subject_patterns: list[Pattern] = []
    exclude_subject_patterns: list[Pattern] = []
    word_patterns: list[Pattern] = []
    url_hints: list[Word] = []


class ReportKindEntry(Entry):
    """One file of report_kinds/."""

    id: Slug
    label: Name
    label_en: Name
    rules: ReportKindRules
