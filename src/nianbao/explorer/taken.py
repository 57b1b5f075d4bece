"""Tables to take away: the whole of what a table on a page shows a part of, with its citation."""

from __future__ import annotations

from starlette.responses import Response

from nianbao.explorer.asked import Asked
from nianbao.explorer.opened import Opened
from nianbao.explorer.table import TableQuery


def taken(asked: Asked, opened: Opened, query: TableQuery, form: str) -> Response:
    """A file with all rows of a table, filtered and ordered as the address says. form: csv, xlsx or parquet."""
    raise NotImplementedError
