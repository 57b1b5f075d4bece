"""Releases in a warehouse on DuckLake: each is one commit there, and stays readable as that snapshot.

A release comes from its DuckDB file. Only rows that differ from those of the release before are written, all marts in one
transaction together with a row of `releases`, so that a reader sees one release or the next. Publishers
come one after the other; whoever has built on another release than the newest one is refused and loses nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import duckdb

from nianbao.settings import Settings, project_dir
from nianbao.warehouse.ducklake import DuckLake, LakeError
from nianbao.warehouse.engine import DUCKDB_CONFIG
from nianbao.warehouse.ledger import Ledger
from nianbao.warehouse.release.mart import marts_of
from nianbao.warehouse.release.store import ConflictError, Release, current_release, known_releases

RELEASES = 'main."releases"'
# The schemas of a release's file beside main, from which its views read; each may read from those before it.
_SCHEMAS = ("raw", "staging", "intermediate")
_VIEWS = f"""
select sql from duckdb_views() where database_name = 'made' and not internal
order by list_position({list(_SCHEMAS)}, schema_name) nulls last, view_oid
"""
# Any number that no other program of the same PostgreSQL database takes for its advisory locks.
_LOCK = 0x6E69_616E
_LOCK_SECONDS = 600
Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class SharedRelease:
    """A release in the warehouse: its id, the snapshot that holds it, when it was made, its rows by mart."""

    release_id: str
    snapshot: int
    created_at: datetime
    rows: dict[str, int]


def shared_releases(warehouse: DuckLake) -> list[SharedRelease]:
    """The releases that the warehouse can still show, oldest first. Raises LakeError."""
    with warehouse.connect(read_only=True) as connection:
        return _releases(connection)


def share_current(settings: Settings, ledger: Ledger) -> str:
    """Makes a home's current release the newest one of the warehouse on DuckLake, where the settings name one; its id, '' where there
    was nothing to do. Raises ConflictError, LakeError, ReleaseError."""
    warehouse, current = DuckLake.of(settings), current_release(settings.current)
    if warehouse is None or current is None:
        return ""
    known = known_releases(settings.releases, ledger)
    return current.release_id if share(current, warehouse, known) else ""


def share(release: Release, warehouse: DuckLake, known: Collection[str]) -> bool:
    """Makes a release the newest one of the warehouse; False where it is that already.

    known: ids of the releases that this home has had; it may go on from any of them. Raises ConflictError where the newest
    one is none of them, LakeError where the warehouse cannot be reached.
    """
    with _alone(warehouse), warehouse.connect() as connection:
        newest = _newest(connection)
        if newest == release.release_id:
            return False
        if newest is not None and newest not in known:
            raise ConflictError(
                f"the warehouse on DuckLake holds the release {newest}, which this home does not have: another home"
                f" has published it. {release.release_id} stays this home's current release and is not shared; let one home"
                " publish, or let both use the same archive and lake and refresh again"
            )
        quoted = str(release.database).replace("'", "''")
        connection.execute(f"attach '{quoted}' as made (read_only)")
        try:
            _commit(connection, release)
        except duckdb.Error as error:
            raise LakeError(
                f"{release.release_id} could not be written into the warehouse on DuckLake ({str(error).splitlines()[0]});"
                " nothing of it is there, and the next refresh tries again"
            ) from None
    return True


def _commit(connection: Connection, release: Release) -> None:
    keys = _keys(release)
    connection.execute("begin")
    try:
        for schema in _SCHEMAS:
            connection.execute(f"create schema if not exists {schema}")
        connection.execute(
            f"create table if not exists {RELEASES} (release_id varchar not null, created_at timestamptz not null,"
            " manifest varchar not null)"
        )
        former, present = _tables(connection, "warehouse"), _tables(connection, "made")
        for name, columns in present.items():
            _bring_up(connection, name, keys.get(name, ()), columns == former.get(name))
        for gone in former.keys() - present.keys() - {RELEASES}:
            connection.execute(f"drop table {gone}")
        for (statement,) in connection.execute(_VIEWS).fetchall():
            connection.execute(statement.replace("CREATE VIEW", "create or replace view", 1))
        connection.execute(
            f"insert into {RELEASES} values ($id, $created, $manifest)",
            {
                "id": release.release_id,
                "created": release.manifest["created_at"],
                "manifest": json.dumps({"tables": release.manifest["tables"], "inputs": release.inputs}),
            },
        )
        connection.execute(
            "call warehouse.set_commit_message('nianbao', $message, extra_info => $release)",
            {"message": f"release {release.release_id}", "release": release.release_id},
        )
        connection.execute("commit")
    except BaseException:
        with suppress(duckdb.Error):  # a commit that failed has left nothing to take back
            connection.execute("rollback")
        raise


def _keys(release: Release) -> dict[str, tuple[str, ...]]:
    """Table → the columns that tell its rows apart, of those that have any."""
    with duckdb.connect(str(release.database), read_only=True, config=DUCKDB_CONFIG) as made:
        return {f'main."{mart.name}"': mart.key for mart in marts_of(made, project_dir("dbt_project"))}


def _bring_up(connection: Connection, table: str, key: Sequence[str], alike: bool) -> None:
    """Makes a table's rows those of the release, writing only what differs. alike: it is there, with the same columns."""
    made = f"made.{table}"
    if not alike:
        connection.execute(f"drop table if exists {table}")
        connection.execute(f"create table {table} as from {made}")
        return
    connection.execute(f"create or replace temp table gone as (from {table} except all from {made})")
    connection.execute(f"create or replace temp table come as (from {made} except all from {table})")
    if key:
        same = " and ".join(f'one."{name}" is not distinct from gone."{name}"' for name in key)
        if _any(connection, "gone"):
            connection.execute(f"delete from {table} as one using gone where {same}")
        if _any(connection, "come"):
            connection.execute(f"insert into {table} by name from come")
    elif _any(connection, "gone") or _any(connection, "come"):
        connection.execute(f"delete from {table}")
        connection.execute(f"insert into {table} by name from {made}")


def _any(connection: Connection, table: str) -> bool:
    return connection.execute(f"select 1 from {table} limit 1").fetchone() is not None


def _tables(connection: Connection, database: str) -> dict[str, list[tuple[str, str]]]:
    """Table with its schema → its columns with their types, as a database has them now."""
    found: dict[str, list[tuple[str, str]]] = {}
    for schema, table, column, kind in connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() as c semi join duckdb_tables() as t"
        " using (database_name, schema_name, table_name) where database_name = $database and not internal"
        " order by schema_name, table_name, column_index",
        {"database": database},
    ).fetchall():
        found.setdefault(f'{schema}."{table}"', []).append((str(column), str(kind)))
    return found


def _newest(connection: Connection) -> str | None:
    """The release that was committed last; after a rollback an older one."""
    found = _releases(connection)
    return found[-1].release_id if found else None


def _releases(connection: Connection) -> list[SharedRelease]:
    if RELEASES not in _tables(connection, "warehouse"):
        return []
    rows = connection.execute(
        f"""
        select made.release_id, max(seen.snapshot_id), any_value(made.created_at), any_value(made.manifest)
        from {RELEASES} as made inner join warehouse.snapshots() as seen on seen.commit_extra_info = made.release_id
        group by made.release_id order by max(seen.snapshot_id)
        """
    ).fetchall()
    return [SharedRelease(str(row[0]), int(row[1]), row[2], json.loads(row[3])["tables"]) for row in rows]


def expire(warehouse: DuckLake, doomed: Collection[str]) -> list[str]:
    """Forgets these releases, but for the newest one, with the files that only they need.

    Returns their ids. Raises LakeError.
    """
    with _alone(warehouse), warehouse.connect() as connection:
        gone = [each for each in _releases(connection)[:-1] if each.release_id in doomed]
        if gone:
            connection.execute(
                "call ducklake_expire_snapshots('warehouse', versions => $versions)",
                {"versions": [each.snapshot for each in gone]},
            )
            connection.execute("call ducklake_cleanup_old_files('warehouse', cleanup_all => true)")
        return [each.release_id for each in gone]


@contextmanager
def _alone(warehouse: DuckLake) -> Iterator[None]:
    """Waits until no other publisher is at work. The lock is PostgreSQL's: it ends with whoever held it."""
    with warehouse.catalog() as connection:
        try:
            connection.execute("begin")
            for statement in (
                f"set local lock_timeout = ''{_LOCK_SECONDS}s''",
                f"select pg_advisory_xact_lock({_LOCK})",
            ):
                connection.execute(f"call postgres_execute('catalog', '{statement}')")
        except duckdb.Error as error:
            raise LakeError(
                f"{warehouse} cannot be locked ({str(error).splitlines()[0]}); if another publisher hangs, end it, else"
                " look at the PostgreSQL server, and refresh again"
            ) from None
        yield


def attachment_sql(warehouse: DuckLake, release: SharedRelease) -> str:
    """What an analyst types into DuckDB to read a release; the password comes from PGPASSWORD or ~/.pgpass."""
    parts = urlsplit(warehouse.address.get_secret_value())
    login = f"host={parts.hostname} port={parts.port or 5432} dbname={parts.path.lstrip('/')}"
    return (
        "install ducklake; load ducklake; install postgres; load postgres;\n"
        f"attach 'ducklake:postgres:{login}' as nianbao\n"
        f"    (read_only, metadata_schema '{warehouse.schema}', snapshot_version {release.snapshot});\n"
        "use nianbao;"
    )
