"""What the columns of a table are called in Chinese, and what they mean."""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterable, Mapping
from functools import cache

import duckdb
import yaml

from nianbao.export.forms import Lang

# Name of a column → (label, description).
Columns = Mapping[str, tuple[str, str]]
# Of a name that several tables have the description counts only where they agree: a query does not say which it means.
_COMMENTS = """
select column_name, any_value(comment) from duckdb_columns()
where schema_name = 'main' and comment is not null and ($table is null or table_name = $table)
group by column_name having count(distinct comment) = 1
"""


@cache
def _labels() -> Mapping[str, str]:
    path = importlib.resources.files("nianbao.export") / "labels.yml"
    labels: Mapping[str, str] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return labels


def label_of(name: str, lang: Lang = "zh") -> str:
    """What people call a column of the warehouse; its name where it has no other."""
    return _labels().get(name, name) if lang == "zh" else name.replace("_", " ")


def columns_of(
    connection: duckdb.DuckDBPyConnection, names: Iterable[str], table: str | None = None, lang: Lang = "zh"
) -> Columns:
    """Labels and descriptions of columns of an open release: those of a table or view, else of all that are called so."""
    found = dict(connection.execute(_COMMENTS, {"table": table}).fetchall())
    return {name: (label_of(name, lang), str(found.get(name, ""))) for name in names}
