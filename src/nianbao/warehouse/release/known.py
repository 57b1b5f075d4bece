"""A release as it would have been on an earlier day: the editions whose captures were there by then.

Views take the place of the marts whose rows are pieces of editions. They hold what today's rules read in the texts of
that day. What is computed from these marts is not computed again, and so it is not offered.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import duckdb

from nianbao.warehouse.engine import DUCKDB_CONFIG
from nianbao.warehouse.release.store import Release, ReleaseError

PIECES = ("fct_section", "fct_figure", "fct_reference", "fct_statement")
FILTERED = ("fct_report", "fct_edition", *PIECES)
_CATALOG = "release"
_DAYS_OF = ZoneInfo("Asia/Shanghai")

# The same as model fct_edition, of the captures until then.
_EDITION = """
create view fct_edition as
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
        case when count(case when look.url not like 'file:%' then 1 end) = count(withdrawal.url)
            then max(withdrawal.withdrawn_at) end as withdrawn_at
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
create view fct_report as
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
create view {name} as
select piece.* replace (edition.is_current as is_current)
from {catalog}.main.{name} as piece
inner join fct_edition as edition on piece.edition_id = edition.edition_id
"""


def open_as_of(release: Release, day: date) -> duckdb.DuckDBPyConnection:
    """Opens a release read-only as what was known at the end of a day, Chinese time: views of the filtered marts and of
    the dimensions, and no other table under its own name.

    Raises ReleaseError for a release that is too old to say when it knew what.
    """
    if not set(FILTERED) <= set(release.row_counts):
        raise ReleaseError(
            f"{release.release_id} was made before releases said when they knew what; choose a newer one, or refresh"
        )
    connection = duckdb.connect(config=DUCKDB_CONFIG)
    path = str(release.database).replace("'", "''")
    connection.execute(f"attach '{path}' as {_CATALOG} (read_only)")
    until = datetime.combine(day + timedelta(days=1), time(), _DAYS_OF).isoformat()
    connection.execute(_EDITION.format(catalog=_CATALOG, until=until))
    columns = connection.execute(
        "select column_name from duckdb_columns() where database_name = ? and schema_name = 'main'"
        " and table_name = 'fct_report' order by column_index",
        [_CATALOG],
    ).fetchall()
    listed = (f'{_OF_REPORT.get(name, f"edition.{name}")} as "{name}"' for (name,) in columns)
    connection.execute(_REPORT.format(catalog=_CATALOG, columns=", ".join(listed)))
    for name in PIECES:
        connection.execute(_PIECE.format(catalog=_CATALOG, name=name))
    for name in release.row_counts:
        if name.startswith("dim_"):
            connection.execute(f"create view {name} as from {_CATALOG}.main.{name}")
    return connection
