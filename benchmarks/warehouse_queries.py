"""The five analyst queries of benchmarks/warehouse.py, on a release's marts and on the same rows in no order."""

# ruff: noqa: S608 - names of marts only

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

_TIMES = 20


@dataclass(frozen=True, slots=True)
class Query:
    """A question, the SQL that answers it from the marts, and the SQL that picks parameters for it.

    picks: gives rows, each the values for the parameters of one asking; the picked rows are spread over the mart.
    """

    question: str
    mart: str
    sql: str
    picks: str


QUERIES = (
    Query(
        "one issuer's series",
        "fct_indicator_year",
        "select indicator_id, scope, fact_year, value, unit, chosen_figure_id from fct_indicator_year"
        " where issuer_id = ? order by all",
        "select issuer_id from dim_issuer order by hash(issuer_id)",
    ),
    Query(
        "one indicator over all issuers in a year",
        "fct_indicator_year",
        "select issuer_name, value, unit, fct_indicator_year.issuer_id from fct_indicator_year"
        " inner join dim_issuer using (issuer_id)"
        " where indicator_id = ? and fact_year = ? and scope = 'own' order by value desc, fct_indicator_year.issuer_id",
        "select indicator_id, 2015 + hash(indicator_id) % 9 from dim_indicator order by hash(indicator_id)",
    ),
    Query(
        "top changes of a district's bodies in a year",
        "fct_indicator_yoy",
        "select issuer_id, indicator_id, prior_value, value, change_percent from fct_indicator_yoy"
        " where issuer_id in (select issuer_id from dim_issuer where region_code = ?) and fact_year = ?"
        " and comparability = 'comparable' order by abs(change_percent) desc, issuer_id, indicator_id limit 20",
        "select region_code, 2015 + hash(region_code) % 9 from dim_issuer group by region_code order by hash(region_code)",
    ),
    Query(
        "changes that were stated wrongly in a year",
        "fct_claim_check",
        "select issuer_id, indicator_id, claimed, computed, figure_id from fct_claim_check"
        " where report_year = ? and verdict = 'contradicted' order by all",
        "select 2015 + range % 9 from range(100)",
    ),
    Query(
        "coverage by province in a year",
        "fct_coverage",
        "select substr(fct_coverage.region_code, 1, 2) as province, state, count(*) from fct_coverage"
        " where report_year = ? group by province, state order by all",
        "select 2015 + range % 9 from range(100)",
    ),
)


@dataclass(frozen=True, slots=True)
class Answered:
    """How a query went: rows of the first answer, and the sorted seconds of every asking."""

    question: str
    rows: int
    seconds: Sequence[float]

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the askings was answered."""
        return 1000 * self.seconds[math.ceil(share * len(self.seconds)) - 1]


def ask(database: Path) -> list[Answered]:
    """Asks each query whose mart is there 20 times, each time about something else, in one connection."""
    answered = []
    with duckdb.connect(str(database), read_only=True) as connection:
        marts = {row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()}
        for query in QUERIES:
            if query.mart not in marts:
                continue
            picked = connection.execute(query.picks).fetchmany(_TIMES)
            seconds, rows = [], 0
            for number in range(_TIMES):
                started = time.perf_counter()
                found = connection.execute(query.sql, picked[number % len(picked)]).fetchall()
                seconds.append(time.perf_counter() - started)
                rows = rows or len(found)
            answered.append(Answered(query.question, rows, sorted(seconds)))
    return answered


def shuffle(release: Path, target: Path) -> None:
    """Writes the marts that the queries read into another file, their rows in no order."""
    needed = {query.mart for query in QUERIES} | {"dim_issuer", "dim_indicator"}
    with duckdb.connect(str(target)) as connection:
        connection.execute(f"attach '{release}' as release (read_only)")
        present = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'release' and schema_name = 'main'"
        ).fetchall()
        for (mart,) in present:
            if mart in needed:
                connection.execute(
                    f"create table {mart} as select * from release.main.{mart} as mart order by hash(mart)"
                )
