"""A warehouse on DuckLake: a catalog in PostgreSQL, rows as Parquet in a folder or an object store.

DuckDB's extensions come from packages (the extra `lake`) and are loaded from their files, so nothing is ever fetched. What
logs in is given to DuckDB as secrets of the connection: no statement, no error and no log holds it.
"""

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
from pydantic import SecretStr

from nianbao.settings import Settings
from nianbao.warehouse.engine import DUCKDB_CONFIG

# Between catalogs of one PostgreSQL database: the published warehouse has one schema there, every candidate another.
PUBLISHED_SCHEMA = "nianbao"
CATALOG = "ducklake:postgres:"
_CANDIDATES = "candidate_"
_TABLES = """
select format('{}."{}"', schema_name, table_name) from duckdb_tables() where database_name = 'warehouse'
"""
_EXTENSIONS = ("postgres_scanner", "ducklake")
_OBJECT_STORE = "httpfs"


class LakeError(Exception):
    """The warehouse on DuckLake cannot be reached or used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class DuckLake:
    """One database on DuckLake. address: of the PostgreSQL database with its catalog; data: folder or s3://bucket/prefix of
    its Parquet files; schema: the PostgreSQL schema of the catalog's tables."""

    address: SecretStr
    data: str
    schema: str = PUBLISHED_SCHEMA

    def __str__(self) -> str:
        parts = urlsplit(self.address.get_secret_value())
        return f"schema {self.schema} of the warehouse at {parts.hostname}:{parts.port or 5432}{parts.path}"

    @classmethod
    def of(cls, settings: Settings) -> DuckLake | None:
        """The published warehouse of the settings, None where they name no DuckLake. Raises LakeError."""
        if settings.warehouse is None:
            return None
        if not settings.warehouse_data:
            raise LakeError(
                "NIANBAO_WAREHOUSE names a catalog, and NIANBAO_WAREHOUSE_DATA no place for its Parquet files; set it to"
                " a folder or to s3://bucket/prefix"
            )
        if urlsplit(settings.warehouse.get_secret_value()).query:
            raise LakeError(
                "NIANBAO_WAREHOUSE takes no ?options; set them by PostgreSQL's own variables, such as PGSSLMODE=require"
            )
        return cls(settings.warehouse, settings.warehouse_data.rstrip("/") + "/")

    def candidate(self, home: str, name: str) -> DuckLake:
        """The database of a candidate: a catalog and a folder of its own beside the published ones.

        home: what tells the candidates of one home from those of others, name: of one of them; letters and digits.
        """
        own = f"{home}_{name}".lower().replace("-", "_")
        return replace(self, schema=f"{_CANDIDATES}{own}", data=f"{self.data}candidates/{own}/")

    def candidates(self, home: str) -> list[DuckLake]:
        """The candidates of a home that are there. Raises LakeError."""
        start = f"{_CANDIDATES}{home}_"
        with self.catalog() as connection:
            rows = connection.execute(
                "select schema_name from duckdb_schemas()"
                " where database_name = 'catalog' and starts_with(schema_name, $start)",
                {"start": start},
            ).fetchall()
        return [self.candidate(home, str(row[0]).removeprefix(start)) for row in rows]

    def connect(self, *, read_only: bool = False, version: int | None = None) -> duckdb.DuckDBPyConnection:
        """An open connection in which this is the default database, under the name `warehouse`.

        version: a snapshot to look at, which is read-only. Raises LakeError.
        """
        connection = duckdb.connect(config=DUCKDB_CONFIG)
        try:
            self.attach(connection, "warehouse", read_only=read_only, version=version)
            connection.execute("use warehouse")
        except BaseException:
            connection.close()
            raise
        return connection

    def attach(
        self,
        connection: duckdb.DuckDBPyConnection,
        alias: str,
        *,
        read_only: bool = False,
        version: int | None = None,
    ) -> None:
        """Attaches this database to a connection under a name. Raises LakeError."""
        self.prepare(connection)
        options = [f"data_path '{_quoted(self.data)}'", f"metadata_schema '{self.schema}'"]
        options += ["read_only"] if read_only or version is not None else []
        options += [f"snapshot_version {version}"] if version is not None else []
        try:
            connection.execute(f"attach '{CATALOG}' as {alias} ({', '.join(options)})")
        except duckdb.Error as error:
            raise LakeError(f"{self} cannot be opened: {_first_line(error)}") from None

    def prepare(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Loads what a connection needs to open this database, and tells it how to log in. Raises LakeError."""
        load_extensions(connection, object_store=self.data.startswith("s3://"))
        parts = urlsplit(self.address.get_secret_value())
        login = {
            "host": parts.hostname or "",
            "port": str(parts.port or 5432),
            "database": unquote(parts.path.lstrip("/")),
            "user": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
        }
        _secret(connection, "postgres", login)
        if self.data.startswith("s3://"):
            _secret(connection, "s3", _object_store_login())

    def remove(self) -> None:
        """Removes a candidate's catalog and its files. Never the published warehouse. Raises LakeError."""
        if not self.schema.startswith(_CANDIDATES):
            raise ValueError("the published warehouse is not removed")
        if self.data.startswith("s3://"):
            self._remove_objects()
        with self.catalog() as connection:
            connection.execute(f'drop schema if exists catalog."{self.schema}" cascade')
        if not self.data.startswith("s3://"):
            shutil.rmtree(self.data, ignore_errors=True)

    def _remove_objects(self) -> None:
        """Objects are known to the catalog alone: it deletes those of tables and snapshots that it forgets."""
        with self.connect() as connection:
            for (table,) in connection.execute(_TABLES).fetchall():
                connection.execute(f"drop table {table}")
            connection.execute("call ducklake_expire_snapshots('warehouse', older_than => now())")
            connection.execute("call ducklake_cleanup_old_files('warehouse', cleanup_all => true)")

    @contextmanager
    def catalog(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection in which the PostgreSQL database itself is attached as `catalog`. Raises LakeError."""
        with duckdb.connect() as connection:
            self.prepare(connection)
            try:
                connection.execute("attach '' as catalog (type postgres)")
            except duckdb.Error as error:
                raise LakeError(f"{self} cannot be opened: {_first_line(error)}") from None
            yield connection


def load_extensions(connection: duckdb.DuckDBPyConnection, *, object_store: bool) -> None:
    """Loads DuckLake and PostgreSQL, and the object store's protocol, from installed packages. Raises LakeError."""
    for name in (*_EXTENSIONS, *((_OBJECT_STORE,) if object_store else ())):
        try:
            package = importlib.import_module(f"duckdb_extension_{name}")
        except ImportError as error:
            raise LakeError(
                "a warehouse on DuckLake needs packages that are not installed: pip install 'nianbao[lake]'"
            ) from error
        found = sorted(Path(package.__path__[0]).glob(f"extensions/v{duckdb.__version__}/*.duckdb_extension"))
        if not found:
            raise LakeError(
                f"the package duckdb-extension-{name.replace('_', '-')} holds nothing for DuckDB {duckdb.__version__};"
                " pip install 'nianbao[lake]' installs the one that fits"
            )
        connection.execute(f"load '{_quoted(str(found[0]))}'")


def _object_store_login() -> dict[str, str]:
    """As the usual variables of the environment have it."""
    said = os.environ.get("AWS_ENDPOINT_URL", "")
    endpoint = urlsplit(said)
    login = {
        "key_id": os.environ.get("AWS_ACCESS_KEY_ID", ""),
        "secret": os.environ.get("AWS_SECRET_ACCESS_KEY", ""),
        "session_token": os.environ.get("AWS_SESSION_TOKEN", ""),
        "region": os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1",
    }
    if said:
        login |= {
            "endpoint": endpoint.netloc,
            "url_style": "path",
            "use_ssl": "false" if endpoint.scheme == "http" else "true",
        }
    return {name: value for name, value in login.items() if value}


def _secret(connection: duckdb.DuckDBPyConnection, kind: str, values: dict[str, str]) -> None:
    pairs = ", ".join(f"{name} '{_quoted(value)}'" for name, value in values.items() if value)
    try:
        connection.execute(f"create or replace secret (type {kind}, {pairs})")
    except duckdb.Error:
        # Its text would hold the statement.
        raise LakeError(
            f"DuckDB does not take the login for {kind}: look at its address and password"
        ) from None


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0]


def _quoted(text: str) -> str:
    return text.replace("'", "''")
