"""`nianbao sql`: read-only queries on a release."""

from __future__ import annotations

import io
import json
import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TextIO

import duckdb
import pyarrow as pa

from nianbao.commands.querying import explained, list_tables, open_locked, reading, release_of
from nianbao.commands.tables import print_table
from nianbao.export import TableError, cite_table, columns_of, write_table
from nianbao.export.files import new_file
from nianbao.settings import Settings
from nianbao.warehouse.release import Release, ReleaseError

_BATCH = 10_000  # rows that are held at a time where they are written to a file


@dataclass(frozen=True, slots=True)
class Wish:
    """How the rows are to come. form: table, csv, json or parquet; output: a file, None for the terminal; force: replace it;
    safe: guard texts of CSV that look like formulas; known_on: show what was known at the end of that day."""

    form: str = "table"
    output: Path | None = None
    force: bool = False
    safe: bool = False
    known_on: date | None = None


def run(
    settings: Settings, query: str | None, release_name: str, wish: Wish, out: TextIO, err: TextIO
) -> int:
    """Runs one query (without one: lists the tables) and gives its rows; 1 on a wrong query, 2 without a release."""
    if wish.form == "parquet" and wish.output is None:
        print("Parquet is not for the terminal; name a file with -o", file=err)
        return 2
    try:
        release = release_of(settings, release_name)
        with open_locked(release, wish.known_on) as connection:
            try:
                _answer(connection, release, query, wish, out)
            except duckdb.Error as error:
                print(explained(connection, error, wish.known_on), file=err)
                return 1
    except (TableError, pa.ArrowException) as error:
        print(error, file=err)
        return 1
    except ReleaseError as error:
        print(error, file=err)
        return 2
    return 0


def interact(settings: Settings, release_name: str, known_on: date | None, err: TextIO) -> int:
    """Asks for queries until the end; 2 without a release."""
    from nianbao.commands.sql_shell import Shell

    if not sys.stdin.isatty():
        print("-i asks in a terminal, and this is none; give the query as an argument", file=err)
        return 2
    try:
        release = release_of(settings, release_name)
        with open_locked(release, known_on) as connection:
            Shell(connection, release, known_on).run()
    except ReleaseError as error:
        print(error, file=err)
        return 2
    return 0


def _answer(
    connection: duckdb.DuckDBPyConnection, release: Release, query: str | None, wish: Wish, out: TextIO
) -> None:
    cursor = (
        connection.execute(reading(connection, query))
        if query
        else list_tables(connection, release, wish.known_on)
    )
    with _target(wish, out) as target:
        if wish.form in ("csv", "parquet"):
            rows = cursor.to_arrow_reader(_BATCH)
            columns = columns_of(connection.cursor(), rows.schema.names)
            citation = cite_table(release, query or "tables", query or "")
            target.flush()
            write_table(
                rows,
                "csv" if wish.form == "csv" else "parquet",
                target.buffer,
                columns=columns,
                citation=citation,
                bom=False,
                safe=wish.safe,
            )
        else:
            print_rows(
                wish.form, [str(column[0]) for column in cursor.description or ()], cursor.fetchall(), target
            )


@contextmanager
def _target(wish: Wish, out: TextIO) -> Iterator[TextIO]:
    if wish.output is None:
        yield out
        return
    with new_file(wish.output, wish.force) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        yield text
        text.flush()
        text.detach()


def print_rows(form: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]], out: TextIO) -> None:
    """Prints rows as a table or as JSON. Raises TableError where JSON cannot tell two columns apart."""
    if form == "json":
        if len(set(columns)) < len(columns):
            raise TableError("two columns have the same name; give them names with `as`")
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
