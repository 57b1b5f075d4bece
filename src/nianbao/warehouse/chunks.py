"""Rows of many editions, chunk by chunk, out of tables that lie in another order.

Asking a table for the rows of one chunk reads all of it, or all batches of the lake: once a chunk, that is time that grows with the
square of what is held. Here the rows of all chunks are taken out once, in the order in which they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb
import pyarrow as pa

CHUNKED = "chunked"


def take_out(
    connection: duckdb.DuckDBPyConnection, chunks: Sequence[Sequence[str]], statements: Iterable[str]
) -> None:
    """Runs statements that make temp tables, while `chunked` (edition_id, chunk) tells which chunk each edition is in, from 0."""
    numbered = [(edition_id, number) for number, chunk in enumerate(chunks) for edition_id in chunk]
    rows = {
        "edition_id": pa.array([edition_id for edition_id, _ in numbered], pa.string()),
        "chunk": pa.array([number for _, number in numbered], pa.int64()),
    }
    connection.register(CHUNKED, pa.table(rows))
    for statement in statements:
        connection.execute(statement)
    connection.unregister(CHUNKED)
