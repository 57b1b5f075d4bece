"""The SQL behind the difference of two sets of raw rows, attached as `published` and `candidate` to one connection.

Editions are paired by their id, and where reading itself changed (another text, another id) by their capture. Within a
pair, rows are the same thing if their span is the same; of editions read anew, if their words are (and the how many-th of
these it is). What differs is added to the temp table `difference`.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from nianbao.warehouse.load import as_in_lake
from nianbao.warehouse.schema import RAW_SCHEMA

Connection = duckdb.DuckDBPyConnection

# Table → the words by which a row is known again when its edition was read anew, and the column that shows it best.
SPANS = {
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
    "parent_indicator_id",
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
SIDES = ("published", "candidate")


def view_rows(connection: Connection) -> None:
    """Temp views <side>_rows_of_<table>: what the lake gave each side, from schema raw or, in a release, from its marts."""
    for side in SIDES:
        there = connection.execute(
            "select 1 from information_schema.tables where table_catalog = ? and table_schema = ? and table_name = 'edition'",
            [side, RAW_SCHEMA],
        ).fetchall()
        for table in ("edition", *SPANS):
            rows = f"from {side}.{RAW_SCHEMA}.{table}" if there else as_in_lake(table, side)
            connection.execute(f"create temp view {side}_rows_of_{table} as {rows}")


def pair_editions(connection: Connection) -> None:
    """Temp table pair: the editions of both sides that are readings of the same captures; `same` if of the same text."""
    connection.execute(
        f"""
        create temp table pair as
        with seen as (
            select after.* from candidate.{RAW_SCHEMA}.capture after
            semi join published.{RAW_SCHEMA}.capture before using (capture_id)
        ),
        old as (select edition_id from published_rows_of_edition),
        new as (
            select edition_id from candidate_rows_of_edition
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


def compare_captures(connection: Connection) -> None:
    """Captures of which something else came than before."""
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


def compare_reports(connection: Connection) -> None:
    """Reports that came, went, or say something else about themselves."""
    for side, key in zip(SIDES, ("before_id", "after_id"), strict=True):
        connection.execute(
            f"create temp table {side}_report as select pair, '' as item, edition.*, coalesce(title, report_id) as words"
            f" from {side}_rows_of_edition as edition join pair on pair.{key} = edition.edition_id"
        )
    _compare(connection, "report", _fields(connection, "edition"), sentence="words", indicator="null")


def compare_spans(connection: Connection, table: str) -> None:
    """Rows of a table of SPANS that came, went or changed; leaves the temp tables published_<table>, candidate_<table>."""
    fields = _fields(connection, table)
    links = [name for name in fields if name.endswith(_LINK)]
    known, words = SPANS[table]
    for side, key in zip(SIDES, ("before_id", "after_id"), strict=True):
        connection.execute(
            f"""
            create temp table {side}_plain as
            select * exclude (known, nth), known || case when nth > 1 then ' #' || nth else '' end as item from (
                select *, row_number() over (partition by pair, known order by ordinal) as nth from (
                    select pair, case when same then start_offset || '-' || end_offset else {known} end as known, spans.*
                    from {side}_rows_of_{table} spans join pair on pair.{key} = spans.edition_id
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
                "select column_name from duckdb_columns() where schema_name = 'main' and table_name = ?",
                [f"{side}_rows_of_{table}"],
            ).fetchall()
        }
        for side in SIDES
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
