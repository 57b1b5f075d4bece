"""`nianbao sql`: read-only queries on a release."""

from __future__ import annotations

import csv
import difflib
import json
import math
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TextIO

import duckdb

from nianbao.commands.tables import print_table
from nianbao.settings import Settings
from nianbao.warehouse.release import Release, ReleaseError, current_release, read_release

_READING = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.RELATION}
_TABLES = (
    'select table_name as "table", estimated_size as "rows", comment as description from duckdb_tables()'
    " where schema_name = 'main' order by table_name"
)


def run(
    settings: Settings, query: str | None, form: str, release_id: str | None, out: TextIO, err: TextIO
) -> int:
    """Runs one query (without one: lists the tables) and prints its rows; 1 on a wrong query, 2 without a release."""
    try:
        release = _release(settings, release_id)
    except ReleaseError as error:
        print(error, file=err)
        return 2
    with duckdb.connect(
        str(release.database),
        read_only=True,
        # Queries read this release and nothing else: no other file, no network, no way to open either again.
        config={"enable_external_access": False, "lock_configuration": True},
    ) as connection:
        try:
            statements = connection.extract_statements(query or _TABLES)
            if len(statements) != 1 or statements[0].type not in _READING:
                print(
                    "only one reading query at a time (select, from, with, describe, show, explain)", file=err
                )
                return 2
            cursor = connection.execute(statements[0])
            columns = [str(column[0]) for column in cursor.description or ()]
            rows = cursor.fetchall()
        except duckdb.Error as error:
            print(_explain(connection, error), file=err)
            return 1
    if form == "json" and len(set(columns)) < len(columns):
        print("two columns have the same name; give them names with `as`", file=err)
        return 1
    _print(form, columns, rows, out)
    return 0


def _release(settings: Settings, release_id: str | None) -> Release:
    if release_id:
        folder: Path = settings.releases / Path(release_id).name
        if not folder.is_dir():
            raise ReleaseError(f"there is no release {release_id}; `nianbao releases` lists those there are")
        return read_release(folder)
    release = current_release(settings.current)
    if release is None:
        raise ReleaseError(
            f"{settings.home} holds no release yet; `nianbao refresh` or `nianbao import` makes one"
        )
    return release


def _explain(connection: duckdb.DuckDBPyConnection, error: duckdb.Error) -> str:
    message = str(error).split("\n\n")[0]
    wrong = re.search(r"Table with name (\S+) does not exist", message)
    if not wrong:
        return message
    names = [
        str(row[0])
        for row in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'main'"
        ).fetchall()
    ]
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
