"""The release that a candidate is compared with, as checks see it: attached to their connection as `published`."""

from __future__ import annotations

from pathlib import Path

# Under this name queries find it.
PUBLISHED = "published"


def attachment(published: Path) -> str:
    """The statement that attaches a DuckDB file as `published` for reading."""
    path = str(published.resolve()).replace("'", "''")
    return f"attach if not exists '{path}' as {PUBLISHED} (read_only)"
