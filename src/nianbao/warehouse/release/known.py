"""A release as it would have been on an earlier day: the editions whose captures were there by then.

Temp views take the place of the marts whose rows are pieces of editions. They hold what today's rules read in the texts
of that day. What is computed from these marts is not computed again, and so it is not offered.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import duckdb

from nianbao.warehouse.release.store import ReleaseError

PIECES = ("fct_section", "fct_figure", "fct_reference", "fct_statement")
FILTERED = ("fct_report", "fct_edition", *PIECES)
_DAYS_OF = ZoneInfo("Asia/Shanghai")

# The same as model fct_edition, of the captures until then.
_EDITION = """
create temp view fct_edition as
with look as (
    select capture.edition_id, edition.report_id, capture.url, capture.fetched_at
    from {catalog}.raw.capture as capture
    inner join {catalog}.main.fct_edition as edition on capture.edition_id = edition.edition_id
    where capture.fetched_at < timestamptz '{until}'
),
seen as (
    select
        look.edition_id,
        look.report_id,
        min(look.fetched_at) as first_seen_at,
        max(look.fetched_at) as last_seen_at,
        count(*) as n_captures,
        case when count(*) = count(withdrawal.url) then max(withdrawal.withdrawn_at) end as withdrawn_at
    from look
    left join {catalog}.raw.withdrawal as withdrawal
        on look.url = withdrawal.url
        and look.fetched_at <= withdrawal.withdrawn_at
        and withdrawal.withdrawn_at < timestamptz '{until}'
    group by look.edition_id, look.report_id
),
placed as (
    select
        seen.*,
        row_number() over (partition by report_id order by last_seen_at desc, edition_id) = 1 as is_current,
        (
            select min(look.fetched_at) from look
            where look.report_id = seen.report_id and look.edition_id <> seen.edition_id
                and look.fetched_at > seen.last_seen_at
        ) as replaced_at
    from seen
)
select edition.* replace (
    placed.first_seen_at as first_seen_at,
    placed.last_seen_at as last_seen_at,
    placed.n_captures as n_captures,
    placed.first_seen_at as known_from,
    coalesce(placed.replaced_at, placed.withdrawn_at) as known_to,
    placed.is_current as is_current,
    placed.is_current and placed.withdrawn_at is not null as is_withdrawn
)
from {catalog}.main.fct_edition as edition
inner join placed on edition.edition_id = placed.edition_id
"""
# Columns of fct_report that no edition has; all others are those of its current edition.
_OF_REPORT = {
    "n_editions": "counted.n_editions",
    "first_seen_at": "counted.first_seen_at",
    "n_figures": "coalesce(figures.n_figures, 0)",
    "withdrawn_at": "case when edition.is_withdrawn then edition.known_to end",
}
_REPORT = """
create temp view fct_report as
select {columns}
from fct_edition as edition
inner join (
    select report_id, count(*) as n_editions, min(first_seen_at) as first_seen_at from fct_edition group by report_id
) as counted on edition.report_id = counted.report_id
left join (
    select edition_id, count(*) as n_figures from {catalog}.main.fct_figure group by edition_id
) as figures on edition.edition_id = figures.edition_id
where edition.is_current
"""
_PIECE = """
create temp view {name} as
select piece.* replace (edition.is_current as is_current)
from {catalog}.main.{name} as piece
inner join fct_edition as edition on piece.edition_id = edition.edition_id
"""


def filter_to(connection: duckdb.DuckDBPyConnection, day: date) -> None:
    """Lets the filtered marts of an open release show what was known at the end of a day, Chinese time.

    Raises ReleaseError for a release that is too old to say when it knew what.
    """
    row = connection.execute("select current_database()").fetchone()
    catalog = f'"{row[0]}"' if row else "main"
    until = datetime.combine(day + timedelta(days=1), time(), _DAYS_OF).isoformat()
    found = connection.execute(
        "select table_name, column_name from duckdb_columns()"
        " where schema_name = 'main' and not internal order by column_index"
    ).fetchall()
    if not set(FILTERED) <= {table for table, _ in found}:
        raise ReleaseError(
            "this release was made before releases said when they knew what; choose a newer one, or refresh"
        )
    connection.execute(_EDITION.format(catalog=catalog, until=until))
    columns = [
        f'{_OF_REPORT[column]} as "{column}"' if column in _OF_REPORT else f'edition."{column}"'
        for table, column in found
        if table == "fct_report"
    ]
    connection.execute(_REPORT.format(catalog=catalog, columns=", ".join(columns)))
    for name in PIECES:
        connection.execute(_PIECE.format(catalog=catalog, name=name))


def refuse_others(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """Raises ReleaseError if a query reads a table that is not filtered by `filter_to`. To be asked before it."""
    for name in sorted(connection.get_table_names(query, qualified=True)):
        if name in FILTERED or name.startswith("dim_"):
            continue
        if name.rpartition(".")[2] in FILTERED:
            raise ReleaseError(
                f"write {name.rpartition('.')[2]} without its schema; {name} is not filtered by day"
            )
        raise ReleaseError(
            f"{name} says what is known today, so --known-on does not offer it; it offers {', '.join(FILTERED)} and dim_*"
        )
