"""`nianbao sql`: read-only queries on a release."""

from __future__ import annotations

import csv
import difflib
import json
import math
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TextIO

import duckdb

from nianbao.commands.tables import print_table
from nianbao.settings import Settings
from nianbao.warehouse.release import Release, ReleaseError, current_release, find_release
from nianbao.warehouse.release.known import FILTERED, open_as_of
from nianbao.warehouse.release.texts import TEXTS, offer_texts

_READING = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.RELATION}
_TABLES = """
select table_name as "table", estimated_size as "rows", comment as description
from duckdb_tables() where schema_name = 'main' and (not $known or table_name in $filtered or starts_with(table_name, 'dim_'))
union all by name
select 'edition_text' as "table", 'Full text of each edition: edition_id, text.' as description where $texts
order by "table"
"""


def run(
    settings: Settings,
    query: str | None,
    form: str,
    release_name: str,
    known_on: date | None,
    out: TextIO,
    err: TextIO,
) -> int:
    """Runs one query (without one: lists the tables) and prints its rows; 1 on a wrong query, 2 without a release."""
    try:
        release = _release(settings, release_name)
        with _opened(release, known_on) as connection:
            try:
                columns, rows = _answer(connection, release, query, known_on)
            except duckdb.Error as error:
                print(_explain(connection, error, known_on), file=err)
                return 1
    except ReleaseError as error:
        print(error, file=err)
        return 2
    if form == "json" and len(set(columns)) < len(columns):
        print("two columns have the same name; give them names with `as`", file=err)
        return 1
    _print(form, columns, rows, out)
    return 0


def _opened(release: Release, known_on: date | None) -> duckdb.DuckDBPyConnection:
    return (
        open_as_of(release, known_on) if known_on else duckdb.connect(str(release.database), read_only=True)
    )


def _answer(
    connection: duckdb.DuckDBPyConnection, release: Release, query: str | None, known_on: date | None
) -> tuple[list[str], list[tuple[object, ...]]]:
    # Queries read this release and nothing else: no other file, no network, no way to open either again.
    connection.execute("set allowed_directories = [$folder]", {"folder": str(release.folder / TEXTS)})
    connection.execute("set enable_external_access = false")
    statements = connection.extract_statements(query) if query else []
    if query and (len(statements) != 1 or statements[0].type not in _READING):
        raise ReleaseError("only one reading query at a time (select, from, with, describe, show, explain)")
    has_texts = "fct_edition" in release.row_counts
    if has_texts:
        offer_texts(connection, release)
    connection.execute("set lock_configuration = true")
    if query:
        cursor = connection.execute(statements[0])
    else:
        known = {"known": known_on is not None, "filtered": list(FILTERED), "texts": has_texts}
        cursor = connection.execute(_TABLES, known)
    return [str(column[0]) for column in cursor.description or ()], cursor.fetchall()


def _release(settings: Settings, name: str) -> Release:
    if current_release(settings.current) is None and name == "current":
        raise ReleaseError(
            f"{settings.home} holds no release yet; `nianbao refresh` or `nianbao import` makes one"
        )
    return find_release(settings.releases, settings.current, name)


def _explain(connection: duckdb.DuckDBPyConnection, error: duckdb.Error, known_on: date | None) -> str:
    message = str(error).split("\n\n")[0]
    wrong = re.search(r"Table with name (\S+) does not exist", message)
    if not wrong:
        return message
    names = [
        str(row[0])
        for row in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'main' union all select 'edition_text'"
        ).fetchall()
    ]
    if known_on and wrong[1] in names:
        return (
            f"{wrong[1]} says what is known today, so --known-on does not offer it; it offers {', '.join(FILTERED)}"
            " and the dimensions"
        )
    near = difflib.get_close_matches(wrong[1], names, 3, 0.4)
    hint = f"did you mean {' or '.join(dict.fromkeys(near))}?" if near else "`nianbao sql` lists the tables"
    return f"there is no table {wrong[1]}; {hint}"


def _print(form: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]], out: TextIO) -> None:
    if form == "csv":
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(["" if value is None else value for value in row] for row in rows)
    elif form == "json":
        objects = [dict(zip(columns, map(_plain, row), strict=True)) for row in rows]
        print(json.dumps(objects, ensure_ascii=False, allow_nan=False, indent=1), file=out)
    else:
        print_table(columns, rows, out)


def _plain(value: object) -> object:
    """A value as JSON has it: numbers as numbers, whatever JSON lacks as text."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, bytes):
        return value.hex()
    return value if value is None or isinstance(value, str | bool | int) else str(value)
