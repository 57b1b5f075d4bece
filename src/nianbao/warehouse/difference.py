"""What would change for readers: the rows of a candidate beside those of the published release, before anyone sees them.

Only captures that the release holds are compared, so that new reports are no difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from nianbao.warehouse.database import Database, attach
from nianbao.warehouse.engine import DUCKDB_CONFIG
from nianbao.warehouse.row_changes import (
    SIDES,
    SPANS,
    Connection,
    compare_captures,
    compare_reports,
    compare_spans,
    pair_editions,
    view_rows,
)
from nianbao.warehouse.schema import RAW_SCHEMA

_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows of a table (or reports) changed in one way, in how many reports. field is '' for rows that came or went."""

    subject: str
    change: str
    field: str
    rows: int
    reports: int


@dataclass(frozen=True, slots=True)
class IndicatorCount:
    """Figures of one indicator: how many the release holds and the candidate would, how many came and went."""

    indicator_id: str
    before: int
    after: int
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs. path: Parquet file with one row per row that came or went and per field that changed."""

    path: Path
    counts: tuple[Count, ...]
    indicators: tuple[IndicatorCount, ...]
    samples: tuple[dict[str, str | None], ...]

    def rows(self) -> list[dict[str, str | None]]:
        """Every row of the file: subject, change, report_id, …, field, before, after, sentence."""
        with duckdb.connect(config=DUCKDB_CONFIG) as connection:
            return _dicts(connection.execute("from read_parquet($path)", {"path": str(self.path)}))


def difference(published: Path, candidate: Database, target: Path) -> Difference:
    """Compares the raw rows of a release and of a candidate and writes the difference to `target`, replacing what is there."""
    with duckdb.connect(config=DUCKDB_CONFIG) as connection:
        for name, database in zip(SIDES, (published, candidate), strict=True):
            attach(connection, name, database)
        view_rows(connection)
        pair_editions(connection)
        connection.execute(
            "create temp table difference (subject varchar, change varchar, pair bigint, item varchar,"
            " indicator_id varchar, field varchar, before varchar, after varchar, sentence varchar)"
        )
        compare_captures(connection)
        compare_reports(connection)
        for table in SPANS:
            compare_spans(connection, table)
        _tell_reports(connection)
        _write(connection, target)
        counts = connection.execute(
            "select subject, change, field, count(*), count(distinct coalesce(report_id, url)) from told group by subject, change, field"
            " order by subject <> 'report', subject, change, field"
        ).fetchall()
        samples = _dicts(
            connection.execute(
                "select * from told qualify row_number() over (partition by subject, change, field,"
                " case field when 'indicator_id' then [before, after] end order by report_id,"
                f" item) <= {_SAMPLES} order by subject <> 'report', subject, change, field, report_id, item"
            )
        )
        return Difference(
            target, tuple(Count(*row) for row in counts), _indicators(connection), tuple(samples)
        )


def captures_of(published: Path) -> set[str]:
    """Ids of the captures whose rows a release was made from."""
    with duckdb.connect(str(published), read_only=True, config=DUCKDB_CONFIG) as connection:
        rows = connection.execute(f"select capture_id from {RAW_SCHEMA}.capture").fetchall()
        return {str(row[0]) for row in rows}


def _tell_reports(connection: Connection) -> None:
    """Temp table told: the difference with the report that each row belongs to."""
    connection.execute(
        f"""
        create temp table told as
        select d.subject, d.change, coalesce(a.report_id, b.report_id) as report_id,
               coalesce(a.issuer_name, b.issuer_name) as issuer_name,
               coalesce(a.report_year, b.report_year)::varchar as report_year,
               coalesce(a.edition_id, b.edition_id) as edition_id,
               coalesce(c.capture_id, e.capture_id) as capture_id,
               coalesce(c.url, e.url, case when d.subject = 'capture' then d.item end) as url,
               d.item, d.indicator_id, d.field, d.before, d.after, d.sentence
        from difference d left join pair using (pair)
        left join published_rows_of_edition b on b.edition_id = pair.before_id
        left join candidate_rows_of_edition a on a.edition_id = pair.after_id
        left join candidate.{RAW_SCHEMA}.capture c on c.capture_id = a.capture_id
        left join published.{RAW_SCHEMA}.capture e on e.capture_id = b.capture_id
        """
    )


def _indicators(connection: Connection) -> tuple[IndicatorCount, ...]:
    rows = connection.execute(
        """
        with both_sides as (
            select before.indicator_id as before, after.indicator_id as after
            from published_figure before full join candidate_figure after using (pair, item)
        ),
        each as (
            select before as indicator_id, before, after from both_sides
            union all
            select after, before, after from both_sides where after is distinct from before
        )
        select indicator_id, count(*) filter (before = indicator_id), count(*) filter (after = indicator_id),
               count(*) filter (before is distinct from indicator_id), count(*) filter (after is distinct from indicator_id)
        from each where indicator_id is not null
        group by indicator_id having count(*) filter (before is distinct from after) > 0 order by indicator_id
        """
    ).fetchall()
    return tuple(IndicatorCount(*row) for row in rows)


def _write(connection: Connection, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    quoted = str(partial).replace("'", "''")
    connection.execute(
        f"copy (from told order by subject <> 'report', subject, report_id, item, change, field)"
        f" to '{quoted}' (format parquet, compression zstd)"
    )
    partial.replace(target)


def _dicts(cursor: Connection) -> list[dict[str, str | None]]:
    columns = [str(column[0]) for column in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
