"""How DuckDB is set up in every connection."""

from __future__ import annotations

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
