"""`datapackage.json`: the release's Parquet files as a Frictionless data package, with schema, keys and links.

A mart that is written by years is a resource per file: several paths of one resource would mean one file in pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from nianbao.warehouse.release.mart import Column, Mart
from nianbao.warehouse.release.parquet import Part

_TYPES = {
    "VARCHAR": "string",
    "BIGINT": "integer",
    "INTEGER": "integer",
    "HUGEINT": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "TIMESTAMP WITH TIME ZONE": "datetime",
    "JSON": "object",
}
_PARAMETERS = re.compile(r"\(.*\)")


def data_package(
    marts: Sequence[Mart],
    parts: Mapping[str, Sequence[Part]],
    files: Mapping[str, Mapping[str, object]],
    created_at: str,
    version: str,
) -> dict[str, object]:
    """The descriptor of a release. parts: per mart its Parquet files; files: per file its bytes and sha256."""
    whole = {
        mart.name for mart in marts if len(parts[mart.name]) == 1 and "=" not in parts[mart.name][0].name
    }
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "nianbao",
        "title": "Annual rule-of-law reports of China's district governments, as year-over-year facts",
        "version": version,
        "created": created_at,
        "licenses": [
            {
                "name": "Apache-2.0",
                "title": "Apache License 2.0; LICENSE-NOTE.md says what it covers",
                "path": "https://www.apache.org/licenses/LICENSE-2.0",
            }
        ],
        "resources": [
            _resource(mart, part, files[part.name], whole) for mart in marts for part in parts[mart.name]
        ],
    }


def _resource(mart: Mart, part: Part, facts: Mapping[str, object], whole: Iterable[str]) -> dict[str, object]:
    name = part.name.split("/", 1)[1].removesuffix(".parquet").replace("/", ".").replace("=", ".").lower()
    return {
        "name": name,
        "type": "table",
        "description": mart.description,
        "path": part.name,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": facts["bytes"],
        "hash": f"sha256:{facts['sha256']}",
        "schema": _schema(mart, whole),
    }


def _schema(mart: Mart, whole: Iterable[str]) -> dict[str, object]:
    schema: dict[str, object] = {"fields": [_field(mart, column) for column in mart.columns]}
    if mart.key:
        schema["primaryKey"] = list(mart.key)
    links = [
        {"fields": [column], "reference": {"resource": target, "fields": [field]}}
        for column, (target, field) in mart.links.items()
        if target in whole
    ]
    if links:
        schema["foreignKeys"] = links
    return schema


def _field(mart: Mart, column: Column) -> dict[str, object]:
    field: dict[str, object] = {"name": column.name, "type": _type(column.type)}
    if column.description:
        field["description"] = column.description
    constraints = {}
    if not column.nullable:
        constraints["required"] = True
    if mart.key == (column.name,):
        constraints["unique"] = True
    if constraints:
        field["constraints"] = constraints
    return field


def _type(type_: str) -> str:
    """The type of a field in a table schema for one of DuckDB's."""
    if type_.endswith("]"):
        return "array"
    name = _PARAMETERS.sub("", type_)
    return "number" if name == "DECIMAL" else _TYPES.get(name, "any")
