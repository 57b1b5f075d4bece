"""What a mart is beside its rows: key, columns with their descriptions, links to other marts, partitions.

Tables and columns are taken from the database, where dbt left the descriptions as comments; key, partition and links
from the models' .yml files: `config: {meta: {key: [columns], partition: column}}` and the `relationships` tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import yaml

from nianbao.warehouse.release.store import ReleaseError
from nianbao.warehouse.schema import CHECK_TABLE

_REF = re.compile(r"ref\('(\w+)'\)")
# Written beside the models, so no model's .yml speaks of it.
_OTHER_KEYS = {CHECK_TABLE: ("check_id",)}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, DuckDB's type, whether it may be null, what it means."""

    name: str
    type: str
    nullable: bool
    description: str


@dataclass(frozen=True, slots=True)
class Mart:
    """One table for analysts. links: column → (mart, column) whose values it takes. partition: "" for one file."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    partition: str
    links: Mapping[str, tuple[str, str]]

    @property
    def column_names(self) -> list[str]:
        """Names of the columns, in their order."""
        return [column.name for column in self.columns]


def marts_of(connection: duckdb.DuckDBPyConnection, project: Path) -> list[Mart]:
    """The marts of an open database (schema main), by name.

    Raises ReleaseError where a model's .yml names a key or a partition that is no column of its table.
    """
    tables = connection.execute(
        "select table_name, coalesce(comment, '') from duckdb_tables()"
        " where schema_name = 'main' and not temporary order by table_name"
    ).fetchall()
    return _described(connection, project, tables)


def views_of(connection: duckdb.DuckDBPyConnection, project: Path) -> list[Mart]:
    """The views under plain names, by name; their rows are those of the marts. Raises as `marts_of`."""
    views = connection.execute(
        "select view_name, coalesce(comment, '') from duckdb_views()"
        " where schema_name = 'main' and not temporary and not internal order by view_name"
    ).fetchall()
    return _described(connection, project, views)


def _described(
    connection: duckdb.DuckDBPyConnection, project: Path, tables: Iterable[tuple[str, str]]
) -> list[Mart]:
    models = dict(_models(project))
    rows = connection.execute(
        "select table_name, column_name, data_type, is_nullable, coalesce(comment, '') from duckdb_columns()"
        " where schema_name = 'main' and not internal order by table_name, column_index"
    ).fetchall()
    marts = []
    for name, description in tables:
        columns = tuple(Column(*row[1:]) for row in rows if row[0] == name)
        marts.append(_mart(str(name), str(description), columns, models.get(str(name), {})))
    return marts


def _mart(name: str, description: str, columns: tuple[Column, ...], model: Mapping[str, object]) -> Mart:
    config = model.get("config")
    meta = config.get("meta", {}) if isinstance(config, dict) else {}
    key = tuple(meta.get("key", ())) or _combination(model) or _OTHER_KEYS.get(name, ())
    partition = str(meta.get("partition", ""))
    missing = {*key, *filter(None, [partition])} - {column.name for column in columns}
    if missing:
        raise ReleaseError(
            f"mart {name} has no column {', '.join(sorted(missing))}, which its .yml names as key or partition;"
            " correct meta.key or meta.partition in dbt_project/models"
        )
    return Mart(name, description, columns, key, partition, _links(model))


def _models(project: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    for path in sorted((project / "models").rglob("*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) or {}
        for model in content.get("models", ()):
            yield str(model["name"]), model


def _tests(of: Mapping[str, object], kind: str) -> Iterator[Mapping[str, object]]:
    """The arguments of all data tests of one kind on a model or a column."""
    found = of.get("data_tests")
    for test in found if isinstance(found, list) else ():
        if isinstance(test, dict) and kind in test:
            yield test[kind].get("arguments", test[kind])
        elif test == kind:
            yield {}


def _columns(model: Mapping[str, object]) -> list[Mapping[str, object]]:
    found = model.get("columns")
    return found if isinstance(found, list) else []


def _combination(model: Mapping[str, object]) -> tuple[str, ...]:
    """The key that the tests of uniqueness imply, where meta names none."""
    for arguments in _tests(model, "unique_combination"):
        columns = arguments["columns"]
        return tuple(columns) if isinstance(columns, list) else ()
    return next(((str(c["name"]),) for c in _columns(model) if list(_tests(c, "unique"))), ())


def _links(model: Mapping[str, object]) -> dict[str, tuple[str, str]]:
    links = {}
    for column in _columns(model):
        for arguments in _tests(column, "relationships"):
            target = _REF.search(str(arguments["to"]))
            if target:
                links[str(column["name"])] = (target[1], str(arguments["field"]))
    return links
