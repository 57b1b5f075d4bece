"""Releases that pages read: opened once, lent to each request, closed when newer ones take their place.

A page reads one release from beginning to end, under the name of its own folder and never under `current`, so that a
refresh that publishes meanwhile neither disturbs it nor mixes two releases.
"""

from __future__ import annotations

import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

import duckdb

from nianbao.search import Found, Index, open_index
from nianbao.settings import Settings, project_dir
from nianbao.warehouse.engine import DUCKDB_CONFIG
from nianbao.warehouse.release import Release
from nianbao.warehouse.release.find import newest, published
from nianbao.warehouse.release.publication import schema_version
from nianbao.warehouse.release.searching import SEARCH
from nianbao.warehouse.release.texts import TEXTS

_KEPT = 3  # the current release, the one before, and one that somebody compares them with
_MEMORY = "300MB"  # of each; beside the rest of the server, below a gigabyte. What needs more goes to disk
# More queries at once than this are not answered sooner by a few processors, and together they need more than that memory.
_AT_ONCE = 3

_ATTACHED = "published"


class NoReleaseError(Exception):
    """There is no such release, or none at all; the message says what to do."""


class UnknownReleaseError(NoReleaseError):
    """An address pins a release that is not there; the message is its id."""


class OldReleaseError(Exception):
    """The release was made before it held what a page shows; the message names what is lacking."""


@dataclass(slots=True)
class Opened:
    """A release that is open for reading."""

    release: Release
    connection: duckdb.DuckDBPyConnection
    lent: int = field(default=0)
    index: Index | None = field(default=None)
    turn: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(_AT_ONCE))

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection of one's own to the release; several threads may have one each."""
        with self.connection.cursor() as cursor:
            cursor.execute(f"use {_ATTACHED}")
            yield cursor

    def search(self, query: str, **filters: Any) -> Found:
        """What the release's search index finds (nianbao.search). Raises SearchError if it has none, or a damaged one."""
        if self.index is None:
            self.index = open_index(self.release.folder / SEARCH)
        return self.index.search(query, **filters)

    def rows(self, sql: str, values: Mapping[str, object] = MappingProxyType({})) -> list[dict[str, Any]]:
        """The rows of a query as dicts, column → value. Raises OldReleaseError if the release lacks a table or column."""
        with self.turn, self.cursor() as cursor:
            try:
                cursor.execute(sql, dict(values))
            except (duckdb.CatalogException, duckdb.BinderException) as error:
                if self.release.schema_version == _own_schema():
                    raise
                raise OldReleaseError(str(error).split("\n")[0]) from error
            names = [str(column[0]) for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def one(self, sql: str, values: Mapping[str, object] = MappingProxyType({})) -> dict[str, Any] | None:
        """The first row of a query, None if it has none."""
        return next(iter(self.rows(sql, values)), None)


@cache
def _own_schema() -> str:
    return schema_version(project_dir("dbt_project"))


class OpenReleases:
    """Opens releases of a home and keeps the last few open. May be asked from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._guard = threading.Lock()
        self._open: OrderedDict[str, Opened] = OrderedDict()

    @contextmanager
    def lend(self, release_id: str = "") -> Iterator[Opened]:
        """A release by its id, or the current one, for as long as one page is made.

        Raises NoReleaseError if there is none.
        """
        release = self._find(release_id)
        with self._guard:
            opened = self._open.get(release.release_id)
            if opened is None:
                opened = self._open[release.release_id] = _opened(release)
            self._open.move_to_end(release.release_id)
            opened.lent += 1
        try:
            yield opened
        finally:
            with self._guard:
                opened.lent -= 1
                self._close_surplus()

    def close(self) -> None:
        """Closes all; for when no request is under way any more."""
        with self._guard:
            for opened in self._open.values():
                opened.connection.close()
            self._open.clear()

    def _find(self, release_id: str) -> Release:
        if release_id:
            found = published(self._settings, release_id)
            if found is None:
                raise UnknownReleaseError(release_id)
            return found
        current, why = newest(self._settings)
        if current is None:
            raise NoReleaseError(why)
        return current

    def _close_surplus(self) -> None:
        for name in list(self._open)[: max(0, len(self._open) - _KEPT)]:
            if not self._open[name].lent:
                self._open.pop(name).connection.close()


def _opened(release: Release) -> Opened:
    try:
        # Attached, not opened: others in this process may open the file too, and with other settings.
        connection = duckdb.connect(config=DUCKDB_CONFIG)
        path = str(release.database.resolve()).replace("'", "''")
        connection.execute(f"attach '{path}' as {_ATTACHED} (read_only)")
    except duckdb.Error as error:
        raise NoReleaseError(
            f"{release.release_id} cannot be opened ({str(error).splitlines()[0]}); `nianbao releases verify` says what is"
            " damaged"
        ) from error
    connection.execute(f"set memory_limit = '{_MEMORY}'")
    connection.execute("set temp_directory = $folder", {"folder": tempfile.gettempdir()})
    # Over a hundred thousand reports, looking for the keys of one side in the other costs ten times what it saves.
    connection.execute("set disabled_optimizers = 'join_filter_pushdown'")
    # Pages read this release and nothing else, whatever an address holds.
    connection.execute(
        "set allowed_directories = [$folder]", {"folder": str(release.folder.resolve() / TEXTS)}
    )
    connection.execute("set enable_external_access = false")
    return Opened(release, connection)
