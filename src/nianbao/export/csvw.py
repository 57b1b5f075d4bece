"""What a CSV file cannot say about itself, beside it as CSV on the Web metadata: columns, citation, hash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from nianbao.export.compilations import TableCitation
from nianbao.export.headings import Columns, label_of


def metadata_path(path: Path) -> Path:
    """Where readers of CSV on the Web look for what is said of a file."""
    return path.with_name(path.name + "-metadata.json")


def csv_metadata(
    name: str, schema: pa.Schema, columns: Columns, citation: TableCitation
) -> Mapping[str, Any]:
    """The metadata of the CSV file called `name`. citation: that of this file, with its hash."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "url": name,
        "dc:title": citation.title,
        "dc:source": citation.query,
        "dc:bibliographicCitation": [
            {"@value": citation.text("zh"), "@language": "zh"},
            {"@value": citation.text("en"), "@language": "en"},
        ],
        "dc:identifier": f"sha256:{citation.sha256}",
        "tableSchema": {"columns": _columns(schema, columns)},
    }


def _columns(schema: pa.Schema, columns: Columns) -> Sequence[Mapping[str, Any]]:
    found = []
    for field in schema:
        label, description = columns.get(field.name, (field.name, ""))
        titles = {"und": field.name, "zh": label, "en": label_of(field.name, "en")}
        column = {"name": field.name, "titles": titles, "datatype": _datatype(field.type)}
        found.append(column | ({"dc:description": description} if description else {}))
    return found


def _datatype(type_: pa.DataType) -> str:
    for is_type, name in (
        (pa.types.is_boolean, "boolean"),
        (pa.types.is_integer, "integer"),
        (pa.types.is_decimal, "decimal"),
        (pa.types.is_floating, "double"),
        (pa.types.is_date, "date"),
        (pa.types.is_timestamp, "dateTime"),
        (pa.types.is_nested, "json"),
    ):
        if is_type(type_):
            return name
    return "string"
