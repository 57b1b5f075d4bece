"""What one release has that another has not: rows added, changed and gone per mart, each with the cause.

The rows of both are compared by the mart's key; marts whose files have the same fingerprints are not read at all. Why a
row differs is told by its lineage (causes.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from nianbao.warehouse.engine import DUCKDB_CONFIG
from nianbao.warehouse.release.causes import Sides, explain
from nianbao.warehouse.release.store import Release, ReleaseError

_CHANGE_TABLE = """
create table change (
    n bigint, mart varchar, key json, change varchar, fields varchar[], reports varchar[], editions varchar[],
    issuer_id varchar, region_code varchar, year bigint, indicator_id varchar, instrument varchar, cause varchar
)
"""


@dataclass(frozen=True, slots=True)
class MartChanges:
    """Rows of one mart that only the later release has, that differ, that only the former has; per cause how many."""

    mart: str
    added: int
    changed: int
    gone: int
    causes: dict[str, int]


def compare(former: Release, later: Release, rows: Path | None = None) -> list[MartChanges]:
    """The marts that differ, by name. rows: a Parquet file to write, one row per row that differs.

    Raises ReleaseError if one of the databases cannot be read.
    """
    try:
        with duckdb.connect(config=DUCKDB_CONFIG) as connection:
            for name, release in (("former", former), ("later", later)):
                path = str(release.database).replace("'", "''")
                connection.execute(f"attach '{path}' as {name} (read_only)")
            sides = Sides(connection, former, later)
            connection.execute(_CHANGE_TABLE)
            for mart in sides.marts:
                if not _same(former, later, mart):
                    _compare_mart(connection, sides, mart)
            explain(connection, sides)
            if rows:
                _write(connection, rows)
            return _counted(connection)
    except duckdb.Error as error:
        raise ReleaseError(
            f"{former.release_id} and {later.release_id} cannot be compared: {error}; `nianbao releases verify` says"
            " whether they are whole"
        ) from error


def _same(former: Release, later: Release, mart: str) -> bool:
    """True where the manifests of both show that a mart's rows are equal."""
    one, other = (release.marts.get(mart, {}).get("parts") for release in (former, later))
    return bool(one) and one == other


def _compare_mart(connection: duckdb.DuckDBPyConnection, sides: Sides, mart: str) -> None:
    old, new = sides.columns("former", mart), sides.columns("later", mart)
    if not old or not new:
        _whole(connection, sides, mart, "later" if new else "former")
        return
    common = [name for name in new if name in old]
    key = [name for name in sides.key(mart) if name in common] or common
    others = [name for name in common if name not in key]
    differs = {
        name: f"({_compared('f', name, old, new)} is distinct from {_compared('l', name, new, old)})"
        for name in others
    }
    fields = ", ".join(f"case when {test} then '{name}' end" for name, test in differs.items()) or "null"
    same_key = " and ".join(
        f"{_compared('f', k, old, new)} is not distinct from {_compared('l', k, new, old)}" for k in key
    )
    changed = " or ".join(differs.values()) or "false"
    connection.execute(
        f"""
        insert into change
        select
            (select coalesce(max(n), 0) from change) + row_number() over (),
            '{mart}',
            {_key_json(key)},
            case when f.here is null then 'added' when l.here is null then 'gone' else 'changed' end,
            case when f.here and l.here then list_filter([{fields}], lambda x: x is not null) end,
            {sides.lineage(mart, old, new)},
            null
        from (select *, true as here from former.main."{mart}") as f
        full join (select *, true as here from later.main."{mart}") as l on {same_key}
        where f.here is null or l.here is null or {changed}
        """
    )


def _whole(connection: duckdb.DuckDBPyConnection, sides: Sides, mart: str, side: str) -> None:
    """A mart that only one of the releases has: all its rows are new, or gone, as the models are."""
    columns = list(sides.columns(side, mart))
    key = [name for name in sides.key(mart) if name in columns] or columns
    values = ", ".join(f'"{name}" := "{name}"' for name in key)
    connection.execute(
        f"""
        insert into change by name
        select
            (select coalesce(max(n), 0) from change) + row_number() over () as n,
            '{mart}' as mart,
            to_json(struct_pack({values})) as key,
            '{"added" if side == "later" else "gone"}' as change,
            'model_change' as cause
        from {side}.main."{mart}"
        """
    )


def _compared(alias: str, name: str, own: dict[str, str], other: dict[str, str]) -> str:
    """A column as it is compared: as text where the two releases give it different types."""
    column = f'{alias}."{name}"'
    return column if own[name] == other[name] else f"{column}::varchar"


def _key_json(key: Sequence[str]) -> str:
    values = ", ".join(
        f'"{name}" := case when l.here then l."{name}"::varchar else f."{name}"::varchar end' for name in key
    )
    return f"to_json(struct_pack({values}))"


def _write(connection: duckdb.DuckDBPyConnection, rows: Path) -> None:
    path = str(rows).replace("'", "''")
    connection.execute(
        f"copy (select mart, key, change, fields, cause, reports from change order by mart, n) to '{path}'"
        " (format parquet, compression zstd)"
    )


def _counted(connection: duckdb.DuckDBPyConnection) -> list[MartChanges]:
    found = connection.execute(
        "select mart, change, cause, count(*) from change group by all order by mart, count(*) desc, cause"
    ).fetchall()
    counted = []
    for mart in dict.fromkeys(row[0] for row in found):
        own = [row[1:] for row in found if row[0] == mart]
        totals = {
            kind: sum(n for change, _, n in own if change == kind) for kind in ("added", "changed", "gone")
        }
        causes: dict[str, int] = {}
        for _, cause, n in own:
            causes[cause] = causes.get(cause, 0) + n
        counted.append(MartChanges(mart, totals["added"], totals["changed"], totals["gone"], causes))
    return counted
