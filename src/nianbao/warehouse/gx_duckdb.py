"""The dialect through which Great Expectations reads DuckDB: `gxduckdb:////absolute/path.duckdb`.

Great Expectations reads a result after it has left the connection's block, when the pool has rolled back already;
DuckDB drops an open result with its transaction. Without transactions a result survives, and a metric that fails
does not spoil those after it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb_engine
from sqlalchemy.dialects import registry

from nianbao.warehouse.published import PUBLISHED, attachment

NAME = "gxduckdb"
# Under this name a connection is given the candidate on DuckLake that is to be its default database.
LAKE = "lake"


class GXDuckDB(duckdb_engine.Dialect):
    """DuckDB without transactions: pure autocommit."""

    name = "duckdb"
    supports_statement_cache = False

    def connect(self, *arguments: Any, **named: Any) -> Any:
        """A connection with the database `published`, if one is given, attached for reading."""
        published, lake = named.pop(PUBLISHED, None), named.pop(LAKE, None)
        connection = super().connect(*arguments, **named)
        if lake is not None:
            lake.attach(connection, "candidate", read_only=True)
            connection.execute("use candidate")
        if published is not None:
            connection.execute(attachment(Path(published)))
        return connection

    def do_begin(self, dbapi_connection: Any) -> None:
        """Nothing to begin."""

    def do_commit(self, dbapi_connection: Any) -> None:
        """Nothing to commit."""

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Nothing to roll back: an open result stays readable."""


def register() -> None:
    """Makes the dialect known to SQLAlchemy under its name."""
    registry.register(NAME, __name__, GXDuckDB.__name__)
