"""What would change for readers: the rows of a candidate beside those of the published release, before anyone sees them.

Only captures that the release holds are compared, so that new reports are no difference. Editions are paired by their
id, and where reading itself changed (another text, another id) by their capture. Within a pair, rows are the same thing
if their span is the same; of editions read anew, if their words are (and the how many-th of these it is).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from nianbao.warehouse.load import DUCKDB_CONFIG
from nianbao.warehouse.schema import RAW_SCHEMA

Connection = duckdb.DuckDBPyConnection

# Table → the words by which a row is known again when its edition was read anew, and the column that shows it best.
_SPANS = {
    "figure": ("sentence || ' · ' || text", "sentence"),
    "section": ("heading", "heading"),
    "reference": ("text", "text"),
    "statement": ("text", "text"),
}
# Keys, places and marks that differ without the report saying anything else.
_NO_FIELDS = {
    "edition_id",
    "capture_id",
    "figure_id",
    "ordinal",
    "parent_ordinal",
    "section_ordinal",
    "start_offset",
    "end_offset",
    "body_end_offset",
    "text",
    "n_chars",
    "rules_version",
}
_LINK = "_figure_id"
_SIDES = ("published", "candidate")
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


def difference(published: Path, candidate: Path, target: Path) -> Difference:
    """Compares the raw rows of two DuckDB files and writes the difference to `target`, replacing what is there."""
    with duckdb.connect(config=DUCKDB_CONFIG) as connection:
        for name, path in zip(_SIDES, (published, candidate), strict=True):
            quoted = str(path).replace("'", "''")
            connection.execute(f"attach '{quoted}' as {name} (read_only)")
        _pair_editions(connection)
        connection.execute(
            "create temp table difference (subject varchar, change varchar, pair bigint, item varchar,"
            " indicator_id varchar, field varchar, before varchar, after varchar, sentence varchar)"
        )
        _compare_captures(connection)
        _compare_reports(connection)
        for table in _SPANS:
            _compare_spans(connection, table)
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


def _pair_editions(connection: Connection) -> None:
    """Temp table pair: the editions of both sides that are readings of the same captures; `same` if of the same text."""
    connection.execute(
        f"""
        create temp table pair as
        with seen as (
            select after.* from candidate.{RAW_SCHEMA}.capture after
            semi join published.{RAW_SCHEMA}.capture before using (capture_id)
        ),
        old as (select edition_id from published.{RAW_SCHEMA}.edition),
        new as (
            select edition_id from candidate.{RAW_SCHEMA}.edition
            where edition_id in (select edition_id from seen)
        ),
        same as (select edition_id from old semi join new using (edition_id)),
        reread as (
            select before.edition_id as before_id, min(seen.edition_id) as after_id
            from published.{RAW_SCHEMA}.capture before join seen using (capture_id)
            where before.edition_id in (select edition_id from old anti join same using (edition_id))
              and seen.edition_id in (select edition_id from new anti join same using (edition_id))
            group by before.edition_id
        ),
        paired as (
            select edition_id as before_id, edition_id as after_id, true as same from same
            union all
            select min(before_id), after_id, false from reread group by after_id
        ),
        everything as (
            from paired
            union all
            select edition_id, null, true from old where edition_id not in (select before_id from paired)
            union all
            select null, edition_id, true from new where edition_id not in (select after_id from paired)
        )
        select row_number() over (order by before_id, after_id) as pair, * from everything
        """
    )


def _compare_captures(connection: Connection) -> None:
    connection.execute(
        f"""
        insert into difference
        select 'capture', 'changed', coalesce(a.pair, b.pair), before.url, null, 'outcome', before.outcome, after.outcome,
               after.sentence
        from published.{RAW_SCHEMA}.capture before join candidate.{RAW_SCHEMA}.capture after using (capture_id)
        left join pair a on a.after_id = after.edition_id left join pair b on b.before_id = before.edition_id
        where before.outcome <> after.outcome
        """
    )


def _compare_reports(connection: Connection) -> None:
    for side, key in zip(_SIDES, ("before_id", "after_id"), strict=True):
        connection.execute(
            f"create temp table {side}_report as select pair, '' as item, edition.*, coalesce(title, report_id) as words"
            f" from {side}.{RAW_SCHEMA}.edition join pair on pair.{key} = edition.edition_id"
        )
    _compare(connection, "report", _fields(connection, "edition"), sentence="words", indicator="null")


def _compare_spans(connection: Connection, table: str) -> None:
    fields = _fields(connection, table)
    links = [name for name in fields if name.endswith(_LINK)]
    known, words = _SPANS[table]
    for side, key in zip(_SIDES, ("before_id", "after_id"), strict=True):
        connection.execute(
            f"""
            create temp table {side}_plain as
            select * exclude (known, nth), known || case when nth > 1 then ' #' || nth else '' end as item from (
                select *, row_number() over (partition by pair, known order by ordinal) as nth from (
                    select pair, case when same then start_offset || '-' || end_offset else {known} end as known, spans.*
                    from {side}.{RAW_SCHEMA}.{table} spans join pair on pair.{key} = spans.edition_id
                )
            )
            """
        )
        # Links are compared by what they lead to, since ids carry the edition.
        joined = "".join(
            f" left join {side}_plain as to_{link} on to_{link}.{table}_id = plain.{link}" for link in links
        )
        replaced = ", ".join(f"to_{link}.text || ' @ ' || to_{link}.item as {link}" for link in links)
        parent = ""
        if table == "section":
            parent = ", above.heading as parent"
            joined += f" left join {side}_plain above on above.pair = plain.pair and above.ordinal = plain.parent_ordinal"
        connection.execute(
            f"create temp table {side}_{table} as select plain.*{f' replace ({replaced})' if links else ''}{parent},"
            f" plain.{words} as words from {side}_plain plain{joined}"
        )
        connection.execute(f"drop table {side}_plain")
    if table == "section":
        fields.append("parent")
    indicator = "coalesce(after.indicator_id, before.indicator_id)" if "indicator_id" in fields else "null"
    _compare(connection, table, fields, sentence="words", indicator=indicator)


def _fields(connection: Connection, table: str) -> list[str]:
    """Columns that both sides have and that say something; an older release may lack some."""
    found = [
        {
            str(row[0])
            for row in connection.execute(
                "select column_name from duckdb_columns() where database_name = ? and schema_name = ? and table_name = ?",
                [side, RAW_SCHEMA, table],
            ).fetchall()
        }
        for side in _SIDES
    ]
    return sorted(set.intersection(*found) - _NO_FIELDS)


def _compare(
    connection: Connection, table: str, fields: Sequence[str], *, sentence: str, indicator: str
) -> None:
    """Adds what differs between the temp tables published_<table> and candidate_<table>, matched by pair and item."""
    shown = "text" if table == "figure" else "report_id" if table == "report" else "words"
    both = f"from published_{table} before {{join}} join candidate_{table} after using (pair, item)"
    for join, change, side, there, gone in (
        ("anti", "removed", "before", f"before.{shown}", "null"),
        ("anti", "added", "after", "null", f"after.{shown}"),
    ):
        rows = (
            both.format(join=join)
            if side == "before"
            else (f"from candidate_{table} after anti join published_{table} before using (pair, item)")
        )
        own = f"{side}.indicator_id" if indicator != "null" else "null"
        connection.execute(
            f"insert into difference select '{table}', '{change}', pair, item, {own}, '', {there}, {gone},"
            f" {side}.{sentence} {rows}"
        )
    pairs = ", ".join(
        f"{{'field': '{name}', 'before': {_text('before', name)}, 'after': {_text('after', name)}}}"
        for name in fields
    )
    differs = " or ".join(f"before.{name} is distinct from after.{name}" for name in fields)
    connection.execute(
        f"""
        insert into difference
        select '{table}', 'changed', pair, item, indicator_id, told.field, told.before, told.after, sentence
        from (
            select pair, item, {indicator} as indicator_id, after.{sentence} as sentence, unnest([{pairs}]) as told
            {both.format(join="")} where {differs}
        )
        where told.before is distinct from told.after
        """
    )


def _text(side: str, name: str) -> str:
    """A value as people write it: 35, not 35.000000."""
    value = f"{side}.{name}"
    return f"case when typeof({value}) like 'DECIMAL%' then rtrim(rtrim({value}::varchar, '0'), '.') else {value}::varchar end"


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
        left join published.{RAW_SCHEMA}.edition b on b.edition_id = pair.before_id
        left join candidate.{RAW_SCHEMA}.edition a on a.edition_id = pair.after_id
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
