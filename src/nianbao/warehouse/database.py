"""How a warehouse's database is opened, everywhere: a DuckDB file, or one on DuckLake."""

from __future__ import annotations

from pathlib import Path

import duckdb

from nianbao.warehouse.ducklake import DuckLake

# Extensions are never fetched from the network behind an operator's back.
DUCKDB_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    # What does not fit goes to disk: a warehouse of any size is built in the memory of a small machine.
    "memory_limit": "5GB",
    # A search for a thousand issuers skips the blocks of sorted tables that hold none of them. Longer lists of keys cost more
    # at each block than they save: with tens of thousands, reading the lake takes six times as long.
    "dynamic_or_filter_threshold": 5_000,
}
Database = Path | DuckLake


def opened(database: Database, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection to a database, which is the default one in it; close it. Raises LakeError for one on DuckLake that cannot be
    reached, duckdb.Error for a file that cannot be opened."""
    if isinstance(database, DuckLake):
        return database.connect(read_only=read_only)
    return duckdb.connect(str(database), read_only=read_only, config=DUCKDB_CONFIG)


def attach(connection: duckdb.DuckDBPyConnection, name: str, database: Database) -> None:
    """Attaches a database to a connection under a name, for reading. Raises LakeError, duckdb.Error."""
    if isinstance(database, DuckLake):
        database.attach(connection, name, read_only=True)
    else:
        quoted = str(database).replace("'", "''")
        connection.execute(f"attach '{quoted}' as {name} (read_only)")


def written_out(database: Database, connection: duckdb.DuckDBPyConnection) -> None:
    """Closes what was written cleanly: of a file, no journal stays beside it. DuckLake has every commit where it belongs."""
    if isinstance(database, Path):
        connection.execute("checkpoint")
