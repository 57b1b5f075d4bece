"""How often sources are visited, as the registry's file visits.yml says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import Field

from nianbao.model import VisitSeason
from nianbao.registry.entries import Entry, Slug
from nianbao.registry.problems import Problems
from nianbao.registry.references import Listed

Month = Annotated[int, Field(ge=1, le=12)]


class VisitSeasonEntry(Entry):
    """Some months of a report kind, and every how many days its sources are visited in them."""

    report_kind: Slug
    months: Annotated[list[Month], Field(min_length=1)]
    every_days: Annotated[int, Field(ge=1, le=366)]


def check_visits(
    seasons: Sequence[Listed[VisitSeasonEntry]], kinds: Iterable[str], problems: Problems
) -> None:
    """Notes kinds that nobody knows, and months of a kind that are given twice or not at all."""
    known = set(kinds)
    given: dict[str, list[int]] = {}
    last: dict[str, Listed[VisitSeasonEntry]] = {}
    for item in seasons:
        entry = item.entry
        # Where no kind could be read, that is the problem.
        if known and entry.report_kind not in known:
            problems.add(
                item.at("report_kind"),
                f"`report_kind: {entry.report_kind}` is not known; known are {', '.join(sorted(known))}",
            )
        months = given.setdefault(entry.report_kind, [])
        twice = sorted(
            {month for month in entry.months if months.count(month) or entry.months.count(month) > 1}
        )
        if twice:
            problems.add(
                item.at("months"),
                f"month {', '.join(map(str, twice))} is given twice for {entry.report_kind}",
            )
        months += entry.months
        last[entry.report_kind] = item
    for kind, months in given.items():
        missing = sorted(set(range(1, 13)) - set(months))
        if missing:
            problems.add(
                last[kind].at("months"),
                f"month {', '.join(map(str, missing))} is given nowhere for {kind}; each month needs its number of days",
            )


def visit_season(entry: VisitSeasonEntry) -> VisitSeason:
    """An entry as a frozen value."""
    return VisitSeason(entry.report_kind, tuple(sorted(entry.months)), entry.every_days)
