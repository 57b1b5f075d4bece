"""What commands that query a release share: the release opened so that nothing else can be read, and mistakes explained."""

from __future__ import annotations

import difflib
import re
from datetime import date

import duckdb

from nianbao.settings import Settings
from nianbao.warehouse.release import Release, ReleaseError, current_release, find_release
from nianbao.warehouse.release.known import FILTERED, open_as_of
from nianbao.warehouse.release.texts import TEXTS, offer_texts

_READING = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.RELATION}
_MISSING = re.compile(r"Table with name (\S+) does not exist")
# Views under plain names come first: they are what most people want.
TABLES = """
select table_name as "table", estimated_size as "rows", comment as description, 1 as place
from duckdb_tables() where schema_name = 'main' and (not $known or table_name in $filtered or starts_with(table_name, 'dim_'))
union all by name
select view_name as "table", comment as description, 0 as place
from duckdb_views() where schema_name = 'main' and not internal and not temporary and not $known
union all by name
select 'edition_text' as "table", 'Full text of each edition: edition_id, text.' as description, 1 as place where $texts
"""


def release_of(settings: Settings, name: str) -> Release:
    """The release of a name (an id, its beginning, current, previous). Raises ReleaseError if there is none."""
    if current_release(settings.current) is None and name == "current":
        raise ReleaseError(
            f"{settings.home} holds no release yet; `nianbao refresh` or `nianbao import` makes one"
        )
    return find_release(settings.releases, settings.current, name)


def open_locked(release: Release, known_on: date | None = None) -> duckdb.DuckDBPyConnection:
    """Opens a release read-only with its full texts as edition_text, and no way to any other file or the network.

    known_on: only what was known at the end of that day. Raises ReleaseError where the release cannot tell.
    """
    connection = (
        open_as_of(release, known_on) if known_on else duckdb.connect(str(release.database), read_only=True)
    )
    try:
        connection.execute("set allowed_directories = [$folder]", {"folder": str(release.folder / TEXTS)})
        connection.execute("set enable_external_access = false")
        if has_texts(release):
            offer_texts(connection, release)
        connection.execute("set lock_configuration = true")
    except BaseException:
        connection.close()
        raise
    return connection


def has_texts(release: Release) -> bool:
    """Whether the full texts of a release are at hand."""
    return "fct_edition" in release.row_counts


def reading(connection: duckdb.DuckDBPyConnection, query: str) -> duckdb.Statement:
    """The one statement of a query. Raises ReleaseError if it is not one that only reads, duckdb.Error if it is no SQL."""
    statements = connection.extract_statements(query)
    if len(statements) != 1 or statements[0].type not in _READING:
        raise ReleaseError("only one reading query at a time (select, from, with, describe, show, explain)")
    return statements[0]


def list_tables(
    connection: duckdb.DuckDBPyConnection, release: Release, known_on: date | None = None
) -> duckdb.DuckDBPyConnection:
    """Executes the list of what can be queried: table, rows, description."""
    known = {"known": known_on is not None, "filtered": list(FILTERED), "texts": has_texts(release)}
    return connection.execute(
        f'select "table", "rows", description from ({TABLES}) order by place, "table"', known
    )


def explained(
    connection: duckdb.DuckDBPyConnection, error: duckdb.Error, known_on: date | None = None
) -> str:
    """What is wrong with a query, in a sentence; of an unknown table with the nearest names."""
    message = str(error).split("\n\n")[0]
    wrong = _MISSING.search(message)
    if not wrong:
        return message
    names = [
        str(row[0])
        for row in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'main' union all select 'edition_text' union all"
            " select view_name from duckdb_views() where schema_name = 'main' and not internal"
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
