"""Which year's reports are in (event time), as the current release has them. Nothing here is compared with when anybody
looked: a report counts for the day on which it was published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from nianbao.warehouse.engine import DUCKDB_CONFIG

_SEEN_WITHIN = timedelta(days=7)
_COUNTS = """
select report_kind, report_year, state, count(*) from fct_coverage group by all order by 1, 2 desc, 3
"""
# The issuers that owe a report in both years, and whose sources have been read to their end; each year's reports up to the same day of the year in which they were due.
_PACE = """
with owed as (
    select coalesce(region_code, '') as region_code, report_kind, issuer_id, year(publish_by) as due_year,
           state = 'published' as is_in, published_date
    from fct_coverage where year(publish_by) in ($this, $this - 1) and state <> 'unexplored'
),
both_years as (
    select this.region_code, this.report_kind, this.is_in, this.published_date, former.is_in as was_in,
           former.published_date as former_date
    from owed as this join owed as former using (issuer_id, report_kind)
    where this.due_year = $this and former.due_year = $this - 1
)
select region_code, report_kind, count(*),
       count(*) filter (is_in and published_date <= $by), count(*) filter (was_in and former_date <= $former_by),
       count(*) filter ((is_in and published_date is null) or (was_in and former_date is null))
from both_years group by all order by 1, 2
"""


@dataclass(frozen=True, slots=True)
class ReportsIn:
    """The reports of one kind for one year. expected: how many are owed; states: coverage state → how many."""

    report_kind: str
    report_year: int
    expected: int
    states: Mapping[str, int]

    @property
    def published(self) -> int:
        """How many are in."""
        return self.states.get("published", 0)


@dataclass(frozen=True, slots=True)
class Pace:
    """How far a district is with the reports due this year, beside last year's on the same day of the year.

    by_on: that day; expected: issuers that owe one in both years; published, former_published: of them, whose report bears a
    date up to that day; undated: issuers with a report without a date in either year, counted in neither number.
    """

    region_code: str
    region: str
    report_kind: str
    by_on: date
    expected: int
    published: int
    former_published: int
    undated: int


def reports_in(database: Path) -> tuple[ReportsIn, ...]:
    """The coverage of a release, newest year first. Raises duckdb.Error if the release is of an older version."""
    counts: dict[tuple[str, int], dict[str, int]] = {}
    with duckdb.connect(str(database), read_only=True, config=DUCKDB_CONFIG) as connection:
        for kind, year, state, count in connection.execute(_COUNTS).fetchall():
            counts.setdefault((kind, year), {})[state] = count
    return tuple(
        ReportsIn(kind, year, sum(states.values()), states) for (kind, year), states in counts.items()
    )


def pace(database: Path, regions: Mapping[str, str], today: date) -> tuple[Pace, ...]:
    """How far each district is, up to a week before `today`: what came out since may not have been visited yet.

    regions: code → name. Raises duckdb.Error if the release is of an older version.
    """
    by_on = today - _SEEN_WITHIN
    with duckdb.connect(str(database), read_only=True, config=DUCKDB_CONFIG) as connection:
        rows = connection.execute(
            _PACE, {"this": by_on.year, "by": by_on, "former_by": _a_year_before(by_on)}
        ).fetchall()
    return tuple(
        Pace(code, regions.get(code, code), kind, by_on, expected, published, former, undated)
        for code, kind, expected, published, former, undated in rows
    )


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)
