"""Loads a candidate's schema `raw`: the registry as it is now, and what the lake holds under one rules version.

Two ways with the same outcome. A full load makes a new file, in which edition, section, figure, reference and statement
are views over the lake. An incremental one copies the release before: only the issuers of captures that came, went or
were read anew are loaded (`raw.changed_issuer`), their other rows from the marts of that release, which hold every
column of the lake. transform then makes anew what belongs to these issuers.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from nianbao.model import Registry
from nianbao.warehouse.database import Database, attach, opened, written_out
from nianbao.warehouse.lake import ContractError, Lake, checked
from nianbao.warehouse.registry_rows import registry_rows
from nianbao.warehouse.schema import (
    ALIGNMENT_TABLES,
    CAPTURE_SCHEMA,
    LAKE_TABLES,
    OPERATION_TABLES,
    PIECES,
    RAW_SCHEMA,
    RAW_TABLES,
    REGISTRY_TABLES,
    RULES_SCHEMA,
)

_TRANSIENT = (*PIECES, "text", *ALIGNMENT_TABLES, "reading", "changed_issuer")
# Where an incremental build puts what it makes anew before it stands in for former rows (macros/materialization.sql).
_PARTS = "changed"
_TEXTS_AT_LEAST = 20_000
_COPY_BYTES = 1 << 30
Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did. captures: how many the candidate holds. changed_issuers: how many issuers have other rows than
    in the release before, which alone were loaded; None for a full load."""

    captures: int
    changed_issuers: int | None


def load(
    candidate: Database,
    lake: Lake,
    registry: Registry,
    *,
    operation: Mapping[str, pa.Table] | None = None,
    former: Path | None = None,
) -> Loaded:
    """Writes schema `raw` of a candidate.

    An edition that several captures hold is kept as its earliest capture was read, with the rows that belong to that
    reading. operation: rows of OPERATION_TABLES. former: the DuckDB file of a release made with the same models and the
    same registry; without one the load is full. Raises ContractError (from the lake) when a batch does not keep the
    contract.
    """
    if isinstance(candidate, Path):
        candidate.parent.mkdir(parents=True, exist_ok=True)
    if former is not None:
        _copy(former, candidate)
    with opened(candidate) as connection:
        connection.execute(f"create schema if not exists {RAW_SCHEMA}")
        if former is None:
            _create(connection, "capture", CAPTURE_SCHEMA)
        else:
            connection.execute(f"create temp table former_withdrawal as from {RAW_SCHEMA}.withdrawal")
        rows = registry_rows(registry)
        for name, schema in REGISTRY_TABLES.items():
            _replace(connection, name, schema, pa.Table.from_pylist(rows[name], schema=schema))
        for name, schema in (OPERATION_TABLES | ALIGNMENT_TABLES).items():
            _replace(connection, name, schema, (operation or {}).get(name))
        changes = _Captures(connection, lake).bring_up()
        _replace(connection, "rules", RULES_SCHEMA)
        connection.execute(_RULES, {"present": lake.rules_version})
        _replace(connection, "changed_issuer", RAW_TABLES["changed_issuer"])
        if former is None:
            _load_everything(connection, changes)
            return Loaded(_count(connection, "capture"), None)
        connection.execute(f"create schema {_PARTS}")
        _load_changes(connection, changes)
        return Loaded(_count(connection, "capture"), _count(connection, "changed_issuer"))


def renew_operation(candidate: Database, operation: Mapping[str, pa.Table]) -> None:
    """Puts what refreshes did until now in place of what a candidate that was built before knows of it."""
    with opened(candidate) as connection:
        for name, schema in OPERATION_TABLES.items():
            _replace(connection, name, schema, operation.get(name))


def _copy(former: Path, candidate: Database) -> None:
    """A copy of a release: of its file, which shares blocks with the original until they change where the file system can
    do that; or of its tables into a candidate on DuckLake, with what is said of them."""
    if isinstance(candidate, Path):
        with former.open("rb") as source, candidate.open("wb") as target:
            while os.copy_file_range(source.fileno(), target.fileno(), _COPY_BYTES):
                pass
        return
    with opened(candidate) as connection:
        attach(connection, "former", former)
        connection.execute("copy from database former to warehouse")
        connection.execute("begin")
        for (statement,) in connection.execute(_COMMENTS).fetchall():
            connection.execute(statement)
        connection.execute("commit")


_COMMENTS = """
select format('comment on table {}."{}" is $said${}$said$', schema_name, table_name, comment)
from duckdb_tables() where database_name = 'former' and comment is not null
union all
select format('comment on column {}."{}"."{}" is $said${}$said$', schema_name, table_name, column_name, comment)
from duckdb_columns() semi join duckdb_tables() using (database_name, schema_name, table_name)
where database_name = 'former' and comment is not null
"""


def finish(candidate: Database) -> None:
    """Removes from a built candidate what it needed only while it was built, and closes it cleanly."""
    with opened(candidate) as connection:
        for name in _TRANSIENT:
            _forget(connection, name)
        connection.execute(f"drop schema if exists {_PARTS} cascade")
        written_out(candidate, connection)


_RULES = f"""
insert into {RAW_SCHEMA}.rules
select regexp_extract(batch, 'rules=([^/]*)', 1), $present, count(*) from {RAW_SCHEMA}.capture group by 1
union all
select $present, $present, 0 where $present not in
    (select regexp_extract(batch, 'rules=([^/]*)', 1) from {RAW_SCHEMA}.capture)
"""


class _Captures:
    """Brings raw.capture up to what the lake holds, and reads what else lies in the batches."""

    def __init__(self, connection: Connection, lake: Lake) -> None:
        self._connection = connection
        self._lake = lake

    def bring_up(self) -> _Captures:
        """Temp table touched(edition_id): the editions of captures that came or went."""
        run, capture = self._connection.execute, f"{RAW_SCHEMA}.capture"
        self._hold()
        run(f"create temp table gone as from {capture} anti join holding using (capture_id, batch)")
        run(f"create temp table added as from holding anti join {capture} using (capture_id, batch)")
        run(f"delete from {capture} where (capture_id, batch) in (select (capture_id, batch) from gone)")
        batches = self.batches_of("added")
        if batches:
            columns = ", ".join(f"lake.{name}" for name in LAKE_TABLES["capture"].names)
            self.insert(
                f"insert into {capture} by name select {columns}, added.batch from {self.read('capture', batches)}"
                f" as lake join added on added.capture_id = lake.capture_id and added.batch = {self.batch}"
            )
        run(
            f"""
            create temp table touched as
            select edition_id from gone where edition_id is not null
            union
            select edition_id from {capture} semi join added using (capture_id) where edition_id is not null
            """
        )
        return self

    @property
    def batch(self) -> str:
        """SQL for the batch of a row of `lake`, a table expression of `read`: rules=…/batch=… below the lake's folder."""
        return f"substring(parse_dirpath(lake.filename), {len(str(self._lake.root)) + 2})"

    def batches_of(self, table: str) -> list[str]:
        """The distinct batches that a table names, in order."""
        rows = self._connection.execute(f"select distinct batch from {table} order by 1").fetchall()
        return [str(row[0]) for row in rows]

    def read(self, table: str, batches: Iterable[str]) -> str:
        """A table expression for a lake table in some batches. Raises ContractError for a file that breaks the contract."""
        files = (str(checked(self._lake.root / batch, table)).replace("'", "''") for batch in batches)
        listed = ", ".join(f"'{file}'" for file in files)
        return f"read_parquet([{listed}], hive_partitioning = false, filename = true)"

    def insert(self, statement: str) -> None:
        """Runs a statement that reads the lake. Raises ContractError where a file turns out to be damaged."""
        try:
            self._connection.execute(statement)
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise ContractError(
                f"a file in the lake is damaged: {error}; delete its batch folder, the next refresh makes it anew from"
                " the archive"
            ) from error

    def _hold(self) -> None:
        """Temp table holding(capture_id, batch): whose rows hold under these rules, and where they lie.

        Batches never change, so those that the former release was made from are not opened again.
        """
        run, root = self._connection.execute, self._lake.root
        known = set(self.batches_of(f"{RAW_SCHEMA}.capture"))
        own = [str(path.relative_to(root)) for path in self._lake.batches()]
        new = [batch for batch in own if batch not in known]
        run("create temp table own_batch (batch varchar)")
        self._connection.register("listed", pa.table({"batch": pa.array(own, pa.string())}))
        run("insert into own_batch from listed")
        self._connection.unregister("listed")
        run(
            f"create temp table holding as select capture_id, batch from {RAW_SCHEMA}.capture"
            " where batch in (select batch from own_batch)"
        )
        if new:
            self.insert(
                f"insert into holding select lake.capture_id, {self.batch} from {self.read('capture', new)} as lake"
            )
        noted = self._lake.noted()
        if noted:
            batches = [str(batch.relative_to(root)) for batch in noted.values()]
            self._connection.register("noted", pa.table({"capture_id": list(noted), "batch": batches}))
            run("insert into holding from noted where capture_id not in (select capture_id from holding)")
            self._connection.unregister("noted")


def _readings(where: str = "true") -> str:
    """Of each edition the capture that it is kept as: the earliest."""
    return (
        f"select edition_id, capture_id, batch from {RAW_SCHEMA}.capture"
        f" where edition_id is not null and {where}"
        " qualify row_number() over (partition by edition_id order by fetched_at, capture_id) = 1"
    )


def _pieces(table: str, lake: str, reading: str, batch: str | None) -> str:
    """The rows of a lake table that belong to some readings. batch: None where a capture lies in one batch only."""
    columns = ", ".join(f"lake.{name}" for name in LAKE_TABLES[table].names)
    there = f" and reading.batch = {batch}" if batch else ""
    return (
        f"select {columns} from {lake} as lake semi join {reading} as reading"
        f" on reading.capture_id = lake.capture_id{there}"
    )


# --- a full load ---


def _load_everything(connection: Connection, captures: _Captures) -> None:
    connection.execute(f"create table {RAW_SCHEMA}.reading as {_readings()}")
    batches = captures.batches_of(f"{RAW_SCHEMA}.capture")
    # Only rows that are kept from other versions may lie beside later ones of the same capture.
    batch = captures.batch if len({name.split("/")[0] for name in batches}) > 1 else None
    for name in (*PIECES, "text"):
        if batches:
            listed = _looked_at_again(connection) if name == "text" else batches
            rows = _pieces(name, captures.read(name, listed), f"{RAW_SCHEMA}.reading", batch)
            connection.execute(f"create view {RAW_SCHEMA}.{name} as {rows}")
        else:
            _create(connection, name, LAKE_TABLES[name])


def _looked_at_again(connection: Connection) -> list[str]:
    """Batches whose texts are compared with their spans once more: all, or of very many a sixteenth.

    Extraction makes spans of the very text that it writes; reading gigabytes of texts again would cost more than all
    models. In an incremental load all texts of the night are looked at.
    """
    rows = connection.execute(
        f"""
        select batch from (
            select batch, sum(n) over (order by md5(batch), batch) - n as before, sum(n) over () as n_captures
            from (select batch, count(*) as n from {RAW_SCHEMA}.capture group by batch)
        ) where before < greatest(n_captures / 16, {_TEXTS_AT_LEAST}) order by batch
        """
    ).fetchall()
    return [str(row[0]) for row in rows]


# --- an incremental load ---


def _load_changes(connection: Connection, captures: _Captures) -> None:
    touched = _readings("edition_id in (select edition_id from touched)")
    connection.execute(
        f"create temp table fresh as from ({touched}) anti join main.fct_edition using (edition_id, capture_id, batch)"
    )
    # Editions of which nothing of the former release may be used again.
    connection.execute(
        f"""
        create temp table stale as select edition_id from touched
        where edition_id in (select edition_id from fresh)
           or edition_id not in (select edition_id from {RAW_SCHEMA}.capture where edition_id is not null)
        """
    )
    batches = captures.batches_of("fresh")
    for name in (*PIECES, "text"):  # of texts only the fresh ones are there
        _create(connection, name, LAKE_TABLES[name])
        if batches:
            rows = _pieces(name, captures.read(name, batches), "fresh", captures.batch)
            captures.insert(f"insert into {RAW_SCHEMA}.{name} {rows}")
    connection.execute(_CHANGED_ISSUERS)
    for name in PIECES:
        connection.execute(
            f"insert into {RAW_SCHEMA}.{name} {as_in_lake(name)}"
            f" where issuer_id in (select issuer_id from {RAW_SCHEMA}.changed_issuer)"
            " and edition_id not in (select edition_id from stale)"
        )


_CHANGED_ISSUERS = f"""
insert into {RAW_SCHEMA}.changed_issuer
with other_withdrawal as (
    (from former_withdrawal except from {RAW_SCHEMA}.withdrawal)
    union all
    (from {RAW_SCHEMA}.withdrawal except from former_withdrawal)
),
own as (
    select issuer_id from main.fct_edition where edition_id in (
        select edition_id from touched
        union
        select edition_id from {RAW_SCHEMA}.capture where url in (select url from other_withdrawal)
    )
    union
    select issuer_id from {RAW_SCHEMA}.edition
)
from own
union
-- A body's first year is seen beside the last one of those it came from.
select issuer.issuer_id from {RAW_SCHEMA}.issuer
where exists (select 1 from own where list_contains(from_json(issuer.predecessors, '["VARCHAR"]'), own.issuer_id))
"""


def as_in_lake(table: str, database: str = "") -> str:
    """A query for the rows of a lake table as a release's mart holds them."""
    mart = f"{database}.main.fct_{table}" if database else f"main.fct_{table}"
    return f"select {', '.join(map(_column_of_mart, LAKE_TABLES[table]))} from {mart}"


def _column_of_mart(field: pa.Field) -> str:
    """A lake column as the mart has it; marts say null for what the lake leaves empty."""
    if not field.nullable and pa.types.is_string(field.type):
        return f"coalesce({field.name}, '') as {field.name}"
    return str(field.name)


# --- tables ---


def _forget(connection: Connection, name: str) -> None:
    kinds = connection.execute(
        "select table_type from information_schema.tables where table_schema = ? and table_name = ?",
        [RAW_SCHEMA, name],
    ).fetchall()
    for (kind,) in kinds:
        connection.execute(f"drop {'view' if kind == 'VIEW' else 'table'} {RAW_SCHEMA}.{name}")


def _replace(connection: Connection, name: str, schema: pa.Schema, rows: pa.Table | None = None) -> None:
    _forget(connection, name)
    _create(connection, name, schema)
    if rows is not None:
        connection.register("incoming", rows)
        connection.execute(f"insert into {RAW_SCHEMA}.{name} by name select * from incoming")
        connection.unregister("incoming")


def _create(connection: Connection, name: str, schema: pa.Schema) -> None:
    columns = ", ".join(
        f"{field.name} {_sql_type(field.type)}{'' if field.nullable else ' not null'}" for field in schema
    )
    connection.execute(f"create table {RAW_SCHEMA}.{name} ({columns})")


def _sql_type(kind: pa.DataType) -> str:
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision}, {kind.scale})"
    names = {
        pa.string(): "varchar",
        pa.int64(): "bigint",
        pa.bool_(): "boolean",
        pa.float64(): "double",
        pa.date32(): "date",
        pa.timestamp("us", tz="UTC"): "timestamptz",
    }
    return names[kind]


def _count(connection: Connection, name: str) -> int:
    row = connection.execute(f"select count(*) from {RAW_SCHEMA}.{name}").fetchone()
    return int(row[0]) if row else 0
