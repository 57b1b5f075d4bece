"""How a warehouse's database is opened, everywhere: a DuckDB file, or one on DuckLake."""

from __future__ import annotations

from pathlib import Path

import duckdb

from nianbao.warehouse.ducklake import DuckLake
from nianbao.warehouse.engine import DUCKDB_CONFIG

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
