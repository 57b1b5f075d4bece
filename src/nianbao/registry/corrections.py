"""Corrections: known errors in published reports, as the registry's file corrections.yml lists them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

from pydantic import BeforeValidator, field_validator, model_validator

from nianbao.model import Correction
from nianbao.registry.entries import Entry, Name, Slug
from nianbao.registry.problems import Problems
from nianbao.registry.references import Listed

_NUMBERS = ("value", "value_max")
_LARGEST = Decimal(10) ** 22  # what the warehouse's decimals hold


def _text(value: object) -> object:
    """YAML reads 12 as a number and nobody should have to quote it; 1.50 would come out as 1.5."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _since(value: object) -> object:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(
            f"'{value}' is no date; give the day on which the error was found, such as 2026-03-01"
        ) from None


Scalar = Annotated[str, BeforeValidator(_text)]
Since = Annotated[datetime.date, BeforeValidator(_since)]


class CorrectionEntry(Entry):
    """One known error. figure: its words in the report; sentence: words beside it that no other such figure has.

    expect: what the field says as published; value: what it should say. Both as text; numbers without separators.
    """

    id: Slug
    report: Name
    figure: Name
    sentence: Name
    field: Literal["value", "value_max", "unit", "fact_year"]
    expect: Scalar
    value: Scalar
    reason: Name
    since: Since

    @field_validator("report")
    @classmethod
    def _report_id(cls, value: str) -> str:
        parts = value.split("/")
        if len(parts) != 3 or not all(parts) or not _is_year(parts[2]):
            raise ValueError(
                f"'{value}' is no id of a report; it is made of issuer, kind and year, such as"
                " my-issuer/rule_of_law/2024"
            )
        return value

    @model_validator(mode="after")
    def _fits(self) -> CorrectionEntry:
        for key, given in (("expect", self.expect), ("value", self.value)):
            _check_value(self.field, key, given)
        same = self.value == self.expect
        if self.field in _NUMBERS:
            same = Decimal(self.value) == Decimal(self.expect)
        if same:
            raise ValueError(f"`value: {self.value}` is what is published; give the value that is right")
        if self.figure not in self.sentence and self.sentence in self.figure:
            raise ValueError(
                f"`sentence: {self.sentence}` says no more than the figure; give the words beside it"
            )
        return self


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdigit()


def _check_value(field: str, key: str, given: str) -> None:
    if field in _NUMBERS:
        try:
            number = Decimal(given)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) >= _LARGEST:
            raise ValueError(f"`{key}: {given}` is no number; write it in digits, such as 1200 or '94.5'")
    elif field == "fact_year" and not _is_year(given):
        raise ValueError(f"`{key}: {given}` is no year; write four digits")
    elif not given:
        raise ValueError(f"`{key}` is empty; give the unit")


def check_corrections(
    corrections: Sequence[Listed[CorrectionEntry]], kinds: Iterable[str], problems: Problems
) -> None:
    """Notes ids given twice, one field of one figure corrected twice, and reports of kinds that nobody knows."""
    ids: set[str] = set()
    fields: set[tuple[str, ...]] = set()
    known = set(kinds)
    for item in corrections:
        entry = item.entry
        if entry.id in ids:
            problems.add(item.at("id"), f"`id: {entry.id}` is given twice; ids are unique")
        ids.add(entry.id)
        field = (entry.report, entry.figure, entry.sentence, entry.field)
        if field in fields:
            problems.add(
                item.at("field"),
                f"`field: {entry.field}` of this figure is corrected twice; keep one of them",
            )
        fields.add(field)
        kind = entry.report.split("/")[1]
        # Where no kind could be read, that is the problem.
        if known and kind not in known:
            problems.add(
                item.at("report"),
                f"`report: {entry.report}` is of the kind {kind}, which is not known; known are"
                f" {', '.join(sorted(known))}",
            )


def correction(entry: CorrectionEntry) -> Correction:
    """An entry as a frozen value."""
    return Correction(
        correction_id=entry.id,
        report_id=entry.report,
        figure_text=entry.figure,
        sentence=entry.sentence,
        field=entry.field,
        expect=entry.expect,
        value=entry.value,
        reason=entry.reason,
        since=entry.since.isoformat(),
    )
