"""The rows that people ask for in their own words: a table or view, narrowed to regions, bodies, years, indicators."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from nianbao.warehouse.release import ReleaseError

_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")
_YEAR_COLUMNS = ("fact_year", "report_year")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a table is narrowed to; empty means all. regions: codes or names, with all that lies in them; issuers, indicators:
    ids or names; years: "2023" or "2021-2024", of the figure where the table has it, else of the report."""

    regions: Sequence[str] = ()
    issuers: Sequence[str] = ()
    years: str = ""
    indicators: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """A query that gives the rows, and the filters in it by their names."""

    query: str
    filters: dict[str, str] = field(default_factory=dict)


def tables_of(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Names of the marts and views of an open release."""
    rows = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'main' union all"
        " select view_name from duckdb_views() where schema_name = 'main' and not internal and not temporary order by 1"
    ).fetchall()
    return [str(row[0]) for row in rows]


def selection(connection: duckdb.DuckDBPyConnection, table: str, wanted: Wanted) -> Selection:
    """The query for a table. Raises ReleaseError where table, region, body or indicator are unknown, or the table has no
    column for a filter."""
    names = tables_of(connection)
    if table not in names:
        raise ReleaseError(
            f"there is no table or view {table}{_near(table, names)}; `nianbao sql` lists them"
        )
    columns = {str(row[0]) for row in connection.execute(f'describe main."{table}"').fetchall()}
    conditions, filters = [], {}
    for name, condition, words in (
        ("region", *_regions(connection, table, columns, wanted.regions)),
        ("issuer", *_named(connection, table, columns, "issuer", wanted.issuers)),
        ("years", *_years(table, columns, wanted.years)),
        ("indicator", *_named(connection, table, columns, "indicator", wanted.indicators)),
    ):
        if condition:
            conditions.append(condition)
            filters[name] = words
    where = f" where {' and '.join(conditions)}" if conditions else ""
    return Selection(f"select * from {table}{where}", filters)


def _regions(
    connection: duckdb.DuckDBPyConnection, table: str, columns: set[str], regions: Sequence[str]
) -> tuple[str, str]:
    if not regions:
        return "", ""
    codes = [_region(connection, region) for region in regions]
    # 990100 is a city and 990101 lies in it.
    lies_in = " or ".join(
        f"starts_with(region_code, {_quoted(re.sub('(00)+$', '', code))})" for code in codes
    )
    if "region_code" in columns:
        return f"({lies_in})", ", ".join(codes)
    _need(table, columns, "issuer_id", "region")
    return f"issuer_id in (select issuer_id from dim_issuer where {lies_in})", ", ".join(codes)


def _region(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    rows = connection.execute(
        "select region_code, full_name from dim_region where $1 in (region_code, full_name, region_name) order by 1",
        [name],
    ).fetchall()
    if len(rows) > 1:
        listed = ", ".join(f"{full} {code}" for code, full in rows[:10])
        raise ReleaseError(f"{name} is the name of {len(rows)} regions ({listed}); name one by its code")
    if not rows:
        raise ReleaseError(f"there is no region {name}; `from dim_region` lists codes and names")
    return str(rows[0][0])


def _named(
    connection: duckdb.DuckDBPyConnection, table: str, columns: set[str], what: str, names: Sequence[str]
) -> tuple[str, str]:
    """Bodies or indicators by their ids or names."""
    if not names:
        return "", ""
    column = f"{what}_id"
    _need(table, columns, column, what)
    matching = {
        "issuer": "issuer_name = $1 or list_contains(aliases, $1)",
        "indicator": "$1 in (label, label_en)",
    }[what]
    ids: list[str] = []
    for name in names:
        found = connection.execute(
            f"select {column} from dim_{what} where {column} = $1 or {matching} order by 1", [name]
        ).fetchall()
        if len(found) > 1:
            raise ReleaseError(
                f"{name} is the name of several: {', '.join(row[0] for row in found[:10])}; name one by its id"
            )
        if not found:
            label = "issuer_name" if what == "issuer" else "label"
            known = connection.execute(f"select {column}, {label} from dim_{what}").fetchall()
            near = _near(name, [str(each) for row in known for each in row])
            raise ReleaseError(f"there is no {what} {name}{near}; `from dim_{what}` lists them")
        ids.append(str(found[0][0]))
    return f"{column} in ({', '.join(map(_quoted, ids))})", ", ".join(ids)


def _years(table: str, columns: set[str], years: str) -> tuple[str, str]:
    if not years:
        return "", ""
    parsed = _YEARS.fullmatch(years)
    if not parsed or (parsed[2] and parsed[2] < parsed[1]):
        raise ReleaseError(f"{years} are no years; write 2023 or 2021-2024")
    column = next((name for name in _YEAR_COLUMNS if name in columns), "")
    _need(table, columns, column or "report_year", "years")
    return f"{column} between {parsed[1]} and {parsed[2] or parsed[1]}", years


def _need(table: str, columns: set[str], column: str, what: str) -> None:
    if column not in columns:
        raise ReleaseError(
            f"{table} has no column {column}, so it cannot be narrowed by {what}; leave that out, or use --query"
        )


def _near(name: str, names: Sequence[str]) -> str:
    found = difflib.get_close_matches(name, names, 3, 0.4)
    return f" (did you mean {' or '.join(found)}?)" if found else ""


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
