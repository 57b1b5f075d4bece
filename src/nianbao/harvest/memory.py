"""What the harvest knows about addresses, from night to night: one SQLite file that may be deleted."""

# Names of columns are this module's own; values go by question marks.
# ruff: noqa: S608

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

from nianbao.harvest.read_listing import ReadListing
from nianbao.harvest.robots import RobotsNote

log = logging.getLogger("nianbao.harvest")
_T = TypeVar("_T")

_VERSION = 2
_RESUMED_WITHIN = timedelta(hours=12)
_SCHEMA = """
create table address (
    url text primary key,
    source_id text not null,
    role text not null,
    parent_url text not null,
    link_title text not null,
    link_date text not null,
    final_url text not null,
    etag text not null,
    last_modified text not null,
    looked_at text,
    listed_at text,
    outcome text not null,
    capture_id text not null,
    misses integer not null
) without rowid;
create index address_of_source on address (source_id, role, looked_at);
create table visit (
    source_id text primary key,
    began_at text not null,
    ended_at text,
    whole_at text
) without rowid;
create table robots (
    site text primary key,
    text text not null,
    etag text not null,
    last_modified text not null,
    looked_at text not null,
    status integer not null
) without rowid;
"""
# Came with version 2.
_LISTINGS = """
create table listing (
    source_id text not null,
    url text not null,
    capture_id text not null,
    read_by text not null,
    said text not null,
    primary key (source_id, url)
) without rowid;
"""


@dataclass(frozen=True, slots=True)
class Address:
    """What is known about one address.

    role: listing, page or attachment. parent_url, link_title, link_date: the link that led there. final_url, etag,
    last_modified, outcome, capture_id: of the last look. looked_at, listed_at: when it was last asked for, and last
    seen on a listing, aware, None for never. misses: looks in a row at which it was not there.
    """

    url: str
    source_id: str
    role: str
    parent_url: str = ""
    link_title: str = ""
    link_date: str = ""
    final_url: str = ""
    etag: str = ""
    last_modified: str = ""
    looked_at: datetime | None = None
    listed_at: datetime | None = None
    outcome: str = ""
    capture_id: str = ""
    misses: int = 0


_NEVER = datetime.min.replace(tzinfo=UTC)
_COLUMNS = [column.name for column in fields(Address)]
_VALUES = attrgetter(*_COLUMNS)
_TIMES = _COLUMNS.index("looked_at")  # and the next one
_UPSERT = (
    f"insert into address ({', '.join(_COLUMNS)}) values ({', '.join('?' * len(_COLUMNS))})"
    f" on conflict (url) do update set {', '.join(f'{name} = excluded.{name}' for name in _COLUMNS[1:])}"
)


class Memory:
    """Opens the memory, or makes it. Threads share it; one process writes it, the holder of the home's lock.

    A damaged file is set aside with a warning, and a new one begun: nothing is lost by it but time.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()
        # source_id → url → what is known, of the sources that are being visited: each address is asked about several times.
        self._visited: dict[str, dict[str, Address]] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise  # no place, no permission, or in use: not the file's fault
            self._connection = self._anew(error)

    def close(self) -> None:
        """Closes the file."""
        with self._guard:
            self._connection.close()

    # --- visits ---

    def begin_visit(self, source_id: str, at: datetime) -> datetime:
        """When the visit began: `at`, or earlier if it goes on with one that was broken off less than 12 hours ago."""

        def begin(connection: sqlite3.Connection) -> datetime:
            row = connection.execute(
                "select began_at from visit where source_id = ? and ended_at is null", (source_id,)
            ).fetchone()
            began = _time(row[0]) if row else None
            if began is not None and timedelta(0) <= at - began < _RESUMED_WITHIN:
                return began
            connection.execute(
                "insert into visit (source_id, began_at) values (?, ?)"
                " on conflict (source_id) do update set began_at = excluded.began_at, ended_at = null",
                (source_id, _text(at)),
            )
            return at

        began = self._do(begin)
        self._load(source_id)
        return began

    def end_visit(self, source_id: str, at: datetime, whole: bool) -> None:
        """Ends a visit. whole: every page of the listings was read."""
        with self._guard:
            self._visited.pop(source_id, None)
        self._do(
            lambda connection: connection.execute(
                "insert into visit (source_id, began_at, ended_at, whole_at) values (?1, ?2, ?2, ?3)"
                " on conflict (source_id) do update set ended_at = ?2, whole_at = coalesce(?3, whole_at)",
                (source_id, _text(at), _text(at) if whole else None),
            )
        )

    def start_over(self) -> None:
        """Forgets that visits were broken off, and that listings were read to their end: the next visits do both anew."""
        self._do(lambda connection: connection.execute("delete from visit"))

    def last_whole(self, source_id: str) -> datetime | None:
        """When the last visit ended that read every page of the listings, None before the first."""
        row = self._do(
            lambda connection: connection.execute(
                "select whole_at from visit where source_id = ?", (source_id,)
            ).fetchone()
        )
        return _time(row[0]) if row else None

    def last_wholes(self) -> dict[str, datetime]:
        """source_id → `last_whole`, of the sources that have one."""
        rows = self._do(
            lambda connection: connection.execute(
                "select source_id, whole_at from visit where whole_at is not null"
            ).fetchall()
        )
        return {str(source_id): datetime.fromisoformat(at) for source_id, at in rows}

    # --- addresses ---

    def address(self, url: str) -> Address | None:
        """What is known about an address, None if nothing is."""
        with self._guard:
            for known in self._visited.values():
                if url in known:
                    return known[url]
        row = self._do(
            lambda connection: connection.execute("select * from address where url = ?", (url,)).fetchone()
        )
        return _address(row) if row else None

    def addresses(self, source_id: str, roles: Collection[str]) -> list[Address]:
        """The addresses of a source that have one of the roles, the least recently looked at first."""
        with self._guard:
            visited = self._visited.get(source_id)
            if visited is not None:
                found = [address for address in visited.values() if address.role in roles]
                return sorted(found, key=lambda address: (address.looked_at or _NEVER, address.url))
        marks = ", ".join("?" * len(roles))
        rows = self._do(
            lambda connection: connection.execute(
                f"select * from address where source_id = ? and role in ({marks})"
                " order by looked_at is not null, looked_at, url",
                (source_id, *roles),
            ).fetchall()
        )
        return [_address(row) for row in rows]

    def note(self, address: Address) -> None:
        """Remembers an address in place of what was known about it."""
        values = [_text(v) if isinstance(v, datetime) else v for v in _VALUES(address)]
        self._do(lambda connection: connection.execute(_UPSERT, values))
        with self._guard:
            for known in self._visited.values():
                known.pop(address.url, None)
            if address.source_id in self._visited:
                self._visited[address.source_id][address.url] = address

    def _load(self, source_id: str) -> None:
        rows = self._do(
            lambda connection: connection.execute(
                "select * from address where source_id = ?", (source_id,)
            ).fetchall()
        )
        with self._guard:
            self._visited[source_id] = {row[0]: _address(row) for row in rows}

    # --- listings ---

    def listing(self, source_id: str, url: str, capture_id: str, read_by: str) -> ReadListing | None:
        """What a page of a listing said, None if it was not read from this capture and by the same (`read_by`)."""
        row = self._do(
            lambda connection: connection.execute(
                "select said from listing where source_id = ? and url = ? and capture_id = ? and read_by = ?",
                (source_id, url, capture_id, read_by),
            ).fetchone()
        )
        return ReadListing.from_json(row[0]) if row else None

    def note_listing(
        self, source_id: str, url: str, capture_id: str, read_by: str, said: ReadListing
    ) -> None:
        """Remembers what a page of a listing said in place of what was known of it."""
        values = (source_id, url, capture_id, read_by, said.to_json())
        self._do(
            lambda connection: connection.execute(
                "insert or replace into listing values (?, ?, ?, ?, ?)", values
            )
        )

    # --- robots.txt ---

    def robots(self, site: str) -> RobotsNote | None:
        """The robots.txt of a site (scheme, host and port) as last seen, None if it never was."""
        row = self._do(
            lambda connection: connection.execute("select * from robots where site = ?", (site,)).fetchone()
        )
        if row is None:
            return None
        site, text, etag, last_modified, looked_at, status = row
        return RobotsNote(site, text, etag, last_modified, datetime.fromisoformat(looked_at), status)

    def note_robots(self, note: RobotsNote) -> None:
        """Remembers a robots.txt in place of what was known."""
        values = (note.site, note.text, note.etag, note.last_modified, _text(note.looked_at), note.status)
        self._do(
            lambda connection: connection.execute(
                "insert or replace into robots values (?, ?, ?, ?, ?, ?)", values
            )
        )

    # --- the file ---

    def _do(self, what: Callable[[sqlite3.Connection], _T]) -> _T:
        """Does it, and once more with a new file where the present one turns out to be damaged."""
        with self._guard:
            try:
                return what(self._connection)
            except sqlite3.DatabaseError as error:
                if type(error) is not sqlite3.DatabaseError:
                    raise  # its subclasses tell of other things than a damaged file
                self._connection.close()
                self._connection = self._anew(error)
                return what(self._connection)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=30, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = normal")
            (verdict,) = connection.execute("pragma quick_check (1)").fetchone()
            if verdict != "ok":
                raise sqlite3.DatabaseError(str(verdict))
            (version,) = connection.execute("pragma user_version").fetchone()
            if version == 0:
                connection.executescript(
                    f"begin; {_SCHEMA} {_LISTINGS} pragma user_version = {_VERSION}; commit"
                )
            elif version == 1:
                connection.executescript(f"begin; {_LISTINGS} pragma user_version = {_VERSION}; commit")
            elif version != _VERSION:
                raise sqlite3.DatabaseError(f"it was written by another version of nianbao ({version})")
        except BaseException:
            connection.close()
            raise
        return connection

    def _anew(self, error: sqlite3.DatabaseError) -> sqlite3.Connection:
        aside = self._path.with_name(f"{self._path.name}.damaged")
        log.warning(
            "%s cannot be read (%s); it was set aside as %s and begun anew, so this night asks for more than others",
            self._path,
            error,
            aside.name,
        )
        self._path.replace(aside)
        self._visited.clear()
        for rest in ("-wal", "-shm"):
            self._path.with_name(self._path.name + rest).unlink(missing_ok=True)
        return self._open()


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _address(row: tuple[Any, ...]) -> Address:
    before, (looked_at, listed_at), after = row[:_TIMES], row[_TIMES : _TIMES + 2], row[_TIMES + 2 :]
    values: tuple[Any, ...] = (*before, _time(looked_at), _time(listed_at), *after)
    return Address(*values)
