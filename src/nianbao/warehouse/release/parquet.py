"""Parquet of every mart: one file, or one per year where a mart is large; what has not changed is a hard link.

    parquet/<mart>.parquet · parquet/<mart>/<column>=<year>.parquet

Whether rows have changed is told by their number and the sum of their hashes, which no order of rows changes; they are
kept in the manifest. Rows are written by issuer and indicator, then by the mart's key: equal rows make equal files, and
who asks for one issuer or indicator reads little of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from nianbao.warehouse.release.files import link_or_copy
from nianbao.warehouse.release.mart import Mart
from nianbao.warehouse.release.store import Release

PARQUET = "parquet"
# From here on a mart is written by years: a night then rewrites the years that it touched.
_LARGE = 1_000_000
_YEARS = ("report_year", "fact_year")
_LEADING = ("issuer_id", "indicator_id")
_NO_YEAR = "__HIVE_DEFAULT_PARTITION__"  # what other software calls the partition of nulls


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file of a release: its name in the release's folder, its rows, and what tells whether they changed."""

    name: str
    rows: int
    fingerprint: str
    linked: bool


def export(
    connection: duckdb.DuckDBPyConnection, mart: Mart, folder: Path, previous: Release | None
) -> list[Part]:
    """Writes one mart below a release's folder; files whose rows the previous release has are linked to there."""
    counted = connection.execute(f"select count(*) from {_table(mart)}").fetchone()
    column = _partition(mart, counted[0] if counted else 0)
    known = _fingerprints(previous)
    parts = []
    for name, value, rows, fingerprint in _parts(connection, mart, column):
        target = folder / name
        former = previous.folder / name if previous and known.get(name) == fingerprint else None
        linked = former is not None and former.is_file()
        if former is not None and linked:
            link_or_copy(former, target)
        else:
            _write(connection, mart, column, value, target)
        parts.append(Part(name, rows, fingerprint, linked))
    return parts


def _partition(mart: Mart, rows: int) -> str:
    if mart.partition or rows < _LARGE:
        return mart.partition
    return next((name for name in _YEARS if name in mart.column_names), "")


def _parts(
    connection: duckdb.DuckDBPyConnection, mart: Mart, column: str
) -> Iterator[tuple[str, object, int, str]]:
    """Name, value of the partition's column, rows and fingerprint of each file of a mart."""
    # DuckDB promises the same hashes only to the same version of itself; other columns are another content.
    shape = [duckdb.__version__, *(f"{each.name} {each.type}" for each in mart.columns)]
    seed = hashlib.sha256("\n".join(shape).encode()).hexdigest()[:16]
    value = f'"{column}"' if column else "null"
    hashes = f"sum(hash({', '.join(_quoted(mart.column_names))}))"
    found = connection.execute(
        f"select {value}, count(*), {hashes} from {_table(mart)} group by all order by all"
    ).fetchall()
    if not column:
        _, rows, total = found[0] if found else (None, 0, 0)
        yield f"{PARQUET}/{mart.name}.parquet", None, rows, f"{seed}-{total or 0:x}-{rows}"
        return
    for year, rows, total in found:
        name = f"{column}={_NO_YEAR if year is None else year}"
        yield f"{PARQUET}/{mart.name}/{name}.parquet", year, rows, f"{seed}-{total:x}-{rows}"


def _write(
    connection: duckdb.DuckDBPyConnection, mart: Mart, column: str, value: object, target: Path
) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    where = f'where "{column}" is not distinct from $value' if column else ""
    leading = [name for name in _LEADING if name in mart.column_names]
    order = f"order by {', '.join(_quoted([*leading, *mart.key]))}" if mart.key else "order by all"
    path = str(target).replace("'", "''")
    connection.execute(
        f"copy (select * from {_table(mart)} {where} {order}) to '{path}' (format parquet, compression zstd)",
        {"value": value} if column else None,
    )


def _fingerprints(previous: Release | None) -> dict[str, str]:
    if previous is None:
        return {}
    return {
        name: str(part["fingerprint"])
        for mart in previous.marts.values()
        for name, part in mart["parts"].items()
    }


def _table(mart: Mart) -> str:
    return f'main."{mart.name}"'


def _quoted(names: Iterable[str]) -> list[str]:
    return [f'"{name}"' for name in names]
