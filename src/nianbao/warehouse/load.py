"""Loads a candidate's schema `raw`: the registry as it is now, and the lake's rows of one rules version."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from nianbao.model import Registry
from nianbao.warehouse.lake import ContractError, Lake, checked
from nianbao.warehouse.schema import LAKE_TABLES, RAW_SCHEMA, REGISTRY_TABLES, RULES_SCHEMA

# Extensions are never fetched from the network behind an operator's back.
DUCKDB_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def load(candidate: Path, lake: Lake, registry: Registry) -> dict[str, int]:
    """Writes a new DuckDB file with schema `raw` and returns the rows per raw table.

    An edition that several captures hold is kept as its earliest capture was read, with the rows that belong to that
    reading. Raises ContractError (from the lake) when a batch does not keep the contract.
    """
    candidate.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(candidate), config=DUCKDB_CONFIG) as connection:
        connection.execute(f"create schema {RAW_SCHEMA}")
        registry_rows = _registry_rows(registry)
        for name, schema in REGISTRY_TABLES.items():
            _create(connection, name, schema)
            _insert(connection, name, pa.Table.from_pylist(registry_rows[name], schema=schema))
        kept = lake.kept()
        for name, schema in LAKE_TABLES.items():
            _create(connection, name, schema)
            _insert_rows(connection, name, lake.files(name), kept)
        _create(connection, "rules", RULES_SCHEMA)
        _insert(connection, "rules", _rules_rows(lake, kept))
        return {name: _count(connection, name) for name in (*REGISTRY_TABLES, *LAKE_TABLES)}


def _insert_rows(
    connection: duckdb.DuckDBPyConnection, name: str, own: Sequence[Path], kept: Mapping[str, Path]
) -> None:
    """The rows of a lake table: of own batches all, of the others those of the captures kept from there."""
    others = [str(checked(batch, name)) for batch in sorted(set(kept.values()))]
    parts, parameters = [], {}
    if own:
        parts.append("select * from read_parquet($own, hive_partitioning = false)")
        parameters["own"] = [str(path) for path in own]
    if others:
        parts.append(
            "select * exclude (filename) from read_parquet($others, hive_partitioning = false, filename = true)"
            " as other semi join kept on other.capture_id = kept.capture_id and other.filename = kept.file"
        )
        parameters["others"] = others
    if not parts:
        return
    files = {"capture_id": list(kept), "file": [str(batch / f"{name}.parquet") for batch in kept.values()]}
    text = pa.string()
    connection.register("kept", pa.table(files, schema=pa.schema({"capture_id": text, "file": text})))
    statement = (
        f"insert into {RAW_SCHEMA}.{name} by name {_selection(name, ' union all by name '.join(parts))}"
    )
    try:
        connection.execute(statement, parameters)
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        raise ContractError(
            f"a {name}.parquet in the lake is damaged: {error}; delete its batch folder, the next refresh makes it"
            " anew from the archive"
        ) from error
    finally:
        connection.unregister("kept")


def _rules_rows(lake: Lake, kept: Mapping[str, Path]) -> pa.Table:
    captures = Counter(batch.parent.name.partition("=")[2] for batch in kept.values())
    captures[lake.rules_version] = len(lake.finished_captures()) - len(kept)
    rows = [
        {"rules_version": version, "holds_under": lake.rules_version, "captures": count}
        for version, count in sorted(captures.items())
    ]
    return pa.Table.from_pylist(rows, schema=RULES_SCHEMA)


def _selection(table: str, rows: str) -> str:
    """What of a lake table is loaded; `capture` and `edition` come before the tables that lean on them."""
    rows = f"from ({rows}) as lake"
    if table == "capture":
        return f"select * {rows}"
    if table == "edition":
        return (
            f"select lake.* {rows} join {RAW_SCHEMA}.capture using (capture_id) qualify row_number() over"
            " (partition by lake.edition_id order by capture.fetched_at, lake.capture_id) = 1"
        )
    return f"select lake.* {rows} semi join {RAW_SCHEMA}.edition using (edition_id, capture_id)"


def _create(connection: duckdb.DuckDBPyConnection, name: str, schema: pa.Schema) -> None:
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


def _insert(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    connection.register("incoming", rows)
    connection.execute(f"insert into {RAW_SCHEMA}.{name} by name select * from incoming")
    connection.unregister("incoming")


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    row = connection.execute(f"select count(*) from {RAW_SCHEMA}.{name}").fetchone()
    return int(row[0]) if row else 0


def _registry_rows(registry: Registry) -> Mapping[str, list[dict[str, object]]]:
    def array(values: tuple[str, ...]) -> str:
        return json.dumps(values, ensure_ascii=False)

    expectations: dict[tuple[str, str], int] = {}
    for source in registry.sources:
        if source.expected_since is None:
            continue
        owners = source.expected_issuers or ((source.issuer_id,) if source.issuer_id else ())
        for issuer_id in owners:
            key = (issuer_id, source.report_kind)
            expectations[key] = min(expectations.get(key, source.expected_since), source.expected_since)
    return {
        "region": [
            {
                "region_code": r.code,
                "region_name": r.name,
                "full_name": r.full_name,
                "parent_code": r.parent_code,
                "level": r.level,
                "valid_from": r.valid_from,
                "valid_to": r.valid_to,
            }
            for r in registry.regions
        ],
        "issuer": [
            {
                "issuer_id": i.issuer_id,
                "issuer_name": i.name,
                "region_code": i.region_code,
                "level": i.level,
                "department_type": i.department_type,
                "aliases": array(i.aliases),
                "predecessors": array(i.predecessors),
            }
            for i in registry.issuers
        ],
        "indicator": [
            {
                "indicator_id": i.indicator_id,
                "label": i.label,
                "label_en": i.label_en,
                "unit": i.unit,
                "kind": i.kind,
            }
            for i in registry.indicators
        ],
        "report_kind": [
            {"report_kind": k.kind_id, "label": k.label, "label_en": k.label_en}
            for k in registry.report_kinds
        ],
        "source": [
            {
                "source_id": s.source_id,
                "region_code": s.region_code,
                "issuer_id": s.issuer_id,
                "report_kind": s.report_kind,
                "family": s.family,
                "listings": array(s.listings),
                "simulated": s.simulated,
                "verified": s.verified,
                "seen": s.seen,
            }
            for s in registry.sources
        ],
        "expectation": [
            {"issuer_id": issuer_id, "report_kind": kind, "first_year": year}
            for (issuer_id, kind), year in sorted(expectations.items())
        ],
    }
