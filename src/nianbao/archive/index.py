"""The SQLite index over the segments: derived, small, and safe to delete."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

from nianbao.model import Capture

_COLUMNS = tuple(field.name for field in fields(Capture))
_LIST = ", ".join(_COLUMNS)
_VERSION = 3
_OK = "status IN (0, 200)"  # 0: a file, which no server answered for
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS segment (name TEXT PRIMARY KEY, indexed INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS capture ({_LIST}, refers_to TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS capture_id ON capture (capture_id);
CREATE INDEX IF NOT EXISTS capture_url ON capture (url, fetched_at, segment, offset);
CREATE INDEX IF NOT EXISTS capture_role ON capture (role, fetched_at);
CREATE INDEX IF NOT EXISTS capture_segment ON capture (segment);
CREATE INDEX IF NOT EXISTS capture_payload ON capture (payload_sha256) WHERE refers_to = '' AND {_OK};
PRAGMA user_version = {_VERSION};
"""
_ORDER = "fetched_at, segment, offset"
_NEWEST = "fetched_at DESC, segment DESC, offset DESC"
# A revisit counts as something to read where its payload is not what the address gave just earlier.
_NEW = f"""(refers_to = '' OR payload_sha256 IS NOT (
    SELECT earlier.payload_sha256 FROM capture AS earlier
    WHERE earlier.url = capture.url AND earlier.{_OK}
      AND (earlier.fetched_at, earlier.segment, earlier.offset) < (capture.fetched_at, capture.segment, capture.offset)
    ORDER BY earlier.fetched_at DESC, earlier.segment DESC, earlier.offset DESC LIMIT 1))"""  # noqa: S608 - constants only


class Index:
    """Rows of captures, and how many bytes of each segment they cover. Threads may share it."""

    def __init__(self, path: Path, *, make: bool = True) -> None:
        """Opens the index. make: whether to make it where there is none, or none that can be used.

        Raises sqlite3.DatabaseError if it is not to be made, or locked, or not permitted.
        """
        self._path = path
        self._make = make
        self._lock = threading.RLock()
        self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        if not self._make and not self._path.exists():
            raise sqlite3.DatabaseError("no such file")
        try:
            return self._connect()
        except sqlite3.DatabaseError as error:
            # Locked or not permitted: not for us to delete.
            if isinstance(error, sqlite3.OperationalError) or not self._make:
                raise
            for name in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + name).unlink(missing_ok=True)
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=60, check_same_thread=False, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            # The segments are the truth; an index that lost its last rows in a power cut is brought up to date.
            connection.execute("PRAGMA synchronous = NORMAL")
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, _VERSION):
                raise sqlite3.DatabaseError(f"index of version {version}")
            if version == 0:
                connection.executescript(_SCHEMA)
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()

    def indexed(self) -> dict[str, int]:
        """Segment → number of its bytes that the rows cover."""
        with self._lock:
            return dict(self._connection.execute("SELECT name, indexed FROM segment").fetchall())

    def add(self, segment: str, indexed: int, captures: Iterable[tuple[Capture, str]]) -> None:
        """Adds captures (each with the id of the one that holds its body) and notes how far a segment is covered."""
        marks = ", ".join("?" * (len(_COLUMNS) + 1))
        rows = [(*_values(capture), refers_to) for capture, refers_to in captures]
        with self._lock, _Transaction(self._connection):
            self._connection.executemany(f"INSERT OR IGNORE INTO capture VALUES ({marks})", rows)  # noqa: S608 - marks only
            self._connection.execute(
                "INSERT INTO segment VALUES (?, ?) ON CONFLICT (name)"
                " DO UPDATE SET indexed = max(indexed, excluded.indexed)",
                (segment, indexed),
            )

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock, _Transaction(self._connection):
            self._connection.execute("DELETE FROM capture")
            self._connection.execute("DELETE FROM segment")

    def get(self, capture_id: str) -> Capture | None:
        """One capture."""
        return self._one("capture_id = ?", capture_id)

    def last_ok(self, url: str) -> Capture | None:
        """The newest capture of an address that has a body."""
        return self._one(f"url = ? AND {_OK} ORDER BY {_NEWEST}", url)

    def last(self, url: str) -> Capture | None:
        """The newest capture of an address, whatever its status."""
        return self._one(f"url = ? ORDER BY {_NEWEST}", url)

    def at(self, url: str, fetched_at: datetime) -> list[Capture]:
        """The captures of an address of this very time."""
        query = f"SELECT {_LIST} FROM capture WHERE url = ? AND fetched_at = ?"  # noqa: S608 - names only
        with self._lock:
            return [_capture(row) for row in self._connection.execute(query, (url, _time(fetched_at)))]

    def same_payload(self, sha256: str) -> Capture | None:
        """A capture that holds this body itself."""
        return self._one(f"payload_sha256 = ? AND refers_to = '' AND {_OK} ORDER BY rowid", sha256)

    def below(self, prefix: str, limit: int) -> list[Capture]:
        """Captures of the addresses that begin with `prefix`, by address, then oldest first."""
        query = f"SELECT {_LIST} FROM capture WHERE url >= ? AND url < ? ORDER BY url, {_ORDER} LIMIT ?"  # noqa: S608 - names only
        with self._lock:
            rows = self._connection.execute(query, (prefix, prefix + chr(0x10FFFF), limit))
            return [_capture(row) for row in rows]

    def refers_to(self, capture_id: str) -> str:
        """The id of the capture that holds a revisit's body, '' for captures that hold their own."""
        query = "SELECT refers_to FROM capture WHERE capture_id = ?"
        with self._lock:
            row = self._connection.execute(query, (capture_id,)).fetchone()
        return str(row[0]) if row else ""

    def captures(self, roles: Sequence[str] | None, latest_per_url: bool, with_errors: bool) -> list[Capture]:
        """Captures that brought something new under their address, oldest first."""
        where, values = _NEW if with_errors else f"{_OK} AND {_NEW}", list[str]()
        if roles is not None:
            where += f" AND role IN ({', '.join('?' * len(roles))})"
            values += roles
        table = "capture"
        if latest_per_url:
            newest = f"row_number() OVER (PARTITION BY url ORDER BY {_NEWEST})"
            table = f"(SELECT *, {newest} AS age FROM capture WHERE {where})"  # noqa: S608 - names and marks only
            where = "age = 1"
        query = f"SELECT {_LIST} FROM {table} WHERE {where} ORDER BY {_ORDER}"  # noqa: S608 - names and marks only
        with self._lock:
            return [_capture(row) for row in self._connection.execute(query, values)]

    def rows(self, segment: str) -> dict[str, tuple[Capture, str]]:
        """All captures of a segment by their ids, each with the id of the one that holds its body."""
        query = f"SELECT {_LIST}, refers_to FROM capture WHERE segment = ?"  # noqa: S608 - names only
        with self._lock:
            found = self._connection.execute(query, (segment,))
            return {str(row[0]): (_capture(row[:-1]), str(row[-1])) for row in found}

    def _one(self, where: str, value: str) -> Capture | None:
        query = f"SELECT {_LIST} FROM capture WHERE {where} LIMIT 1"  # noqa: S608 - only names of columns go in
        with self._lock:
            row = self._connection.execute(query, (value,)).fetchone()
        return _capture(row) if row else None


class _Transaction:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        self._connection.execute("COMMIT" if kind is None else "ROLLBACK")


def _values(capture: Capture) -> list[object]:
    return [
        _time(capture.fetched_at) if name == "fetched_at" else getattr(capture, name) for name in _COLUMNS
    ]


def _time(at: datetime) -> str:
    """One fixed form, so that times sort as text."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


def _capture(row: Sequence[object]) -> Capture:
    values = dict(zip(_COLUMNS, row, strict=True))
    values["fetched_at"] = datetime.fromisoformat(str(values["fetched_at"])).replace(tzinfo=UTC)
    return Capture(**values)  # type: ignore[arg-type]
