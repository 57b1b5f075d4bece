"""The gate: reads a candidate with Great Expectations and says of every check in expectations/ how it ended.

dbt's tests guard the keys and the logic of the models; the suites guard what a refresh brings (docs/quality.md has
the division of labour).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from nianbao.model import Check
from nianbao.warehouse.bands import band_parameters, read_bands
from nianbao.warehouse.database import Database, opened, written_out
from nianbao.warehouse.due import Situation
from nianbao.warehouse.exceptions import (
    AcceptedException,
    exceptions_check,
    read_exceptions,
    valid_on,
)
from nianbao.warehouse.gx_gate import Gate
from nianbao.warehouse.published import attachment
from nianbao.warehouse.schema import CHECK_SCHEMA, CHECK_TABLE
from nianbao.warehouse.suites import (
    BANDS_FILE,
    SuiteCheck,
    filled,
    filled_query,
    flat_parameters,
    read_suites,
)
from nianbao.warehouse.verdicts import Plan, verdict_on


def validate(
    candidate: Database,
    *,
    suites: Path,
    parameters: Mapping[str, object],
    published: Path | None = None,
    bands: Path | None = None,
    exceptions: Path | None = None,
) -> tuple[Check, ...]:
    """Runs all suites of a folder over a candidate, which is only read, and returns one check per check of the files.

    parameters: what varies and the suites ask for: `as_of` (a date), `previous` (rows per table of the last release,
    empty before the first) and `same_rules` (whether that release was made by the same rules, models and registry).
    published: DuckDB file of the last release. bands: file of bands learned from the home's releases, which go before
    those in the suites' folder. exceptions: file of accepted exceptions. Files may be missing.
    A check that cannot run is a critical failure. A check of rows that has none to look at is NO_DATA, one whose
    conditions do not hold NOT_DUE. Raises SuiteError, before anything is read, if one of the files is wrong.
    """
    checks = read_suites(suites)
    accepted = read_exceptions(exceptions, checks)
    today = parameters.get("as_of")
    day = today if isinstance(today, date) else date.min
    known = flat_parameters(
        {"same_rules": False, **parameters} | band_parameters(read_bands(suites / BANDS_FILE, bands))
    )
    planned = [(check, filled(check, known)) for check in checks]
    gate = Gate(planned)
    valid = valid_on(accepted, day)
    plans = _look(candidate, published, planned, known, valid)
    found: dict[str, Any] = {}
    with gate.opened(candidate, published) as opened:
        running = sorted((plan.check for plan in plans if plan.runs), key=_looks_at)
        for _, group in itertools.groupby(running, key=_looks_at):
            found |= opened.results(list(group), known, {entry.check_id for entry in valid})
    verdicts: list[Check] = []
    used: list[AcceptedException] = []
    for plan in plans:
        verdict, needed = verdict_on(plan, found.get(plan.check.check_id), known)
        verdicts.append(verdict)
        used += needed
    return (*verdicts, exceptions_check(accepted, used, day))


def refused(checks: Iterable[Check]) -> bool:
    """True if a critical check failed and is not accepted: the candidate must not be released."""
    return any(check.refuses for check in checks)


def write_verdicts(candidate: Database, checks: Iterable[Check]) -> None:
    """Writes the checks into the candidate's table main.ops_check, in place of former ones, and closes it cleanly."""
    table = pa.Table.from_pylist(
        [asdict(c) | {"verdict": str(c.verdict)} for c in checks], schema=CHECK_SCHEMA
    )
    columns = ", ".join(f"{field.name} varchar not null" for field in CHECK_SCHEMA)
    with opened(candidate) as connection:
        connection.execute(f"create or replace table main.{CHECK_TABLE} ({columns})")
        connection.register("incoming", table)
        connection.execute(f"insert into main.{CHECK_TABLE} by name select * from incoming")
        connection.unregister("incoming")
        written_out(candidate, connection)


def _looks_at(check: SuiteCheck) -> tuple[str, str, tuple[str, ...]]:
    return check.schema, check.table, check.key


def _look(
    candidate: Database,
    published: Path | None,
    planned: Iterable[tuple[SuiteCheck, Mapping[str, object]]],
    parameters: Mapping[str, object],
    accepted: Iterable[AcceptedException],
) -> list[Plan]:
    """The checks with what has to be known before they run: rows to look at, and whether they are due."""
    plans = []
    entries = tuple(accepted)
    with opened(candidate, read_only=True) as connection:
        if published is not None:
            connection.execute(attachment(published))
        situation = Situation(connection, parameters, published is not None)
        counts: dict[tuple[str, str], int | None] = {}
        for check, kwargs in planned:
            table = (check.schema, check.table)
            if table not in counts:
                counts[table] = 1 if check.query else _row_count(connection, *table)
            rows = counts[table]
            asked = str(kwargs.get("unexpected_rows_query", "")).replace("{batch}", ".".join(table))
            reason = situation.not_due(check.due, asked or filled_query(check, parameters))
            mine = tuple(entry for entry in entries if entry.check_id == check.check_id)
            plans.append(Plan(check, kwargs, rows, reason, mine))
    return plans


def _row_count(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> int | None:
    """Rows of a table; None for one that the candidate does not have."""
    present = connection.execute(
        "select count(*) from duckdb_tables() where database_name = current_database()"
        " and schema_name = ? and table_name = ?",
        [schema, table],
    ).fetchone()
    if not present or not present[0]:
        return None
    row = connection.execute(f'select count(*) from "{schema}"."{table}"').fetchone()
    return int(row[0]) if row else 0
