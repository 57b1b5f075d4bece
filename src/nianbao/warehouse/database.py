"""How DuckDB is opened, everywhere."""

# Extensions are never fetched from the network behind an operator's back.
DUCKDB_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    # What does not fit goes to disk: a warehouse of any size is built in the memory of a small machine.
    "memory_limit": "5GB",
    # A search for a thousand issuers skips the blocks of sorted tables that hold none of them.
    "dynamic_or_filter_threshold": 100_000,
}
