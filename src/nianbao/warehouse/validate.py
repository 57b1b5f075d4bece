"""The gate: reads a candidate with Great Expectations and says of every check in expectations/ how it ended.

The only place that imports Great Expectations, inside the function: that takes seconds. dbt's tests guard the keys and
the logic of the models; the suites guard what a refresh brings (docs/warehouse.md has the division of labour).
"""

from __future__ import annotations

import itertools
import json
import logging
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from nianbao.model import Check, Verdict
from nianbao.warehouse.database import DUCKDB_CONFIG
from nianbao.warehouse.schema import CHECK_SCHEMA, CHECK_TABLE
from nianbao.warehouse.suites import SuiteCheck, SuiteError, filled, flat_parameters, read_suites, suggestion

_SAMPLE_ROWS = 5
_ROWS_QUERY = "unexpected_rows"
# A table that the last release did not have, or there was none: 0, as in kwargs.
_UNKNOWN_BEFORE = re.compile(r"\{previous\.\w+\}")


def validate(candidate: Path, *, suites: Path, parameters: Mapping[str, object]) -> tuple[Check, ...]:
    """Runs all suites of a folder over a candidate, which is only read, and returns one check per check of the files.

    parameters: what varies and the suites ask for: `as_of` (a date) and `previous` (rows per table of the last
    release, empty before the first). A check that cannot run is a critical failure. A check of rows that has none to
    look at is NO_DATA. Raises SuiteError, before anything is read, if a suite file is wrong.
    """
    known = flat_parameters(parameters)
    planned = [(check, filled(check, known)) for check in read_suites(suites)]
    gate = _Gate(planned)
    rows = _row_counts(candidate, {(check.schema, check.table) for check, _ in planned})
    found: dict[str, Any] = {}
    with gate.opened(candidate) as opened:
        for (schema, table), group in itertools.groupby(
            planned, key=lambda plan: (plan[0].schema, plan[0].table)
        ):
            checks = [check for check, _ in group if _can_run(check, rows)]
            if checks:
                found |= opened.results(schema, table, checks)
    return tuple(
        _verdict(check, kwargs, rows[check.schema, check.table], found.get(check.check_id), known)
        for check, kwargs in planned
    )


def refused(checks: Iterable[Check]) -> bool:
    """True if a critical check failed: the candidate must not be released."""
    return any(check.severity == "critical" and check.verdict is Verdict.FAIL for check in checks)


def write_verdicts(candidate: Path, checks: Iterable[Check]) -> None:
    """Writes the checks into the candidate's table main.ops_check, in place of former ones, and closes it cleanly."""
    table = pa.Table.from_pylist(
        [asdict(c) | {"verdict": str(c.verdict)} for c in checks], schema=CHECK_SCHEMA
    )
    columns = ", ".join(f"{field.name} varchar not null" for field in CHECK_SCHEMA)
    with duckdb.connect(str(candidate), config=DUCKDB_CONFIG) as connection:
        connection.execute(f"create or replace table main.{CHECK_TABLE} ({columns})")
        connection.register("incoming", table)
        connection.execute(f"insert into main.{CHECK_TABLE} by name select * from incoming")
        connection.unregister("incoming")
        connection.execute("checkpoint")


class _Gate:
    """Great Expectations with the planned checks as its expectations."""

    def __init__(self, planned: Sequence[tuple[SuiteCheck, Mapping[str, object]]]) -> None:
        import great_expectations as gx

        self._gx = gx
        self._expectations = {check.check_id: self._expectation(check, kwargs) for check, kwargs in planned}

    def opened(self, candidate: Path) -> _OpenGate:
        """The gate with a candidate open for reading."""
        return _OpenGate(self._gx, self._expectations, candidate)

    def _expectation(self, check: SuiteCheck, kwargs: Mapping[str, object]) -> Any:
        kinds = _expectation_kinds(self._gx)
        kind = kinds.get(check.expect)
        if kind is None:
            raise SuiteError(
                f"{check.where}: no expectation '{check.expect}'{suggestion(check.expect, kinds)}"
            )
        for name in kwargs:
            if name not in kind.__fields__:
                raise SuiteError(
                    f"{check.where}: {check.expect} takes no '{name}'{suggestion(name, kind.__fields__)}"
                )
        try:
            return kind(**kwargs, severity=check.severity, meta={"check_id": check.check_id})
        except ValueError as error:
            raise SuiteError(f"{check.where}: {' '.join(str(error).split())}") from error


class _OpenGate:
    """A candidate open in an ephemeral, silent context of Great Expectations."""

    def __init__(self, gx: Any, expectations: Mapping[str, Any], candidate: Path) -> None:
        self._gx, self._expectations, self._candidate = gx, expectations, candidate

    def __enter__(self) -> _OpenGate:
        from great_expectations.data_context.types.base import (
            DataContextConfig,
            InMemoryStoreBackendDefaults,
            ProgressBarsConfig,
        )

        from nianbao.warehouse import gx_duckdb

        gx_duckdb.register()
        logging.getLogger("great_expectations").setLevel(logging.WARNING)
        # No store but memory, and no Data Docs: they would load scripts from the network.
        config = DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            progress_bars=ProgressBarsConfig(globally=False),
        )
        context = self._gx.get_context(mode="ephemeral", project_config=config)
        self._source = context.data_sources.add_sql(
            "candidate",
            connection_string=f"{gx_duckdb.NAME}:///{self._candidate.resolve()}",
            kwargs={"connect_args": {"read_only": True, "config": DUCKDB_CONFIG}},
        )
        return self

    def __exit__(self, *_: object) -> None:
        # The source and its execution engine keep a pool each; both hold the file.
        self._source.get_execution_engine().close()
        self._source.get_engine().dispose()

    def results(self, schema: str, table: str, checks: Sequence[SuiteCheck]) -> dict[str, Any]:
        """Great Expectations' results for checks of one table, by check id."""
        with warnings.catch_warnings():
            # SQLAlchemy has no word for DuckDB's lists; no check looks into one. The tables are in several schemas.
            warnings.filterwarnings("ignore", message="Did not recognize type")
            warnings.filterwarnings("ignore", message="`schema_name` is deprecated")
            return self._results(schema, table, checks)

    def _results(self, schema: str, table: str, checks: Sequence[SuiteCheck]) -> dict[str, Any]:
        asset = self._source.add_table_asset(f"{schema}.{table}", table_name=table, schema_name=schema)
        batch = asset.add_batch_definition_whole_table("whole").get_batch()
        results: dict[str, Any] = {}
        for wants_rows, group in itertools.groupby(sorted(checks, key=_asks_for_rows), key=_asks_for_rows):
            chosen = list(group)
            suite = self._gx.ExpectationSuite(
                name=f"{schema}.{table} {wants_rows}",
                expectations=[self._expectations[check.check_id] for check in chosen],
            )
            outcome = batch.validate(suite, result_format=_result_format(wants_rows, chosen[0].key))
            results |= {result.expectation_config.meta["check_id"]: result for result in outcome.results}
        return results


def _asks_for_rows(check: SuiteCheck) -> bool:
    return check.expect == _ROWS_QUERY


def _result_format(wants_rows: bool, key: tuple[str, ...]) -> dict[str, object]:
    """COMPLETE brings a query's rows; for the others SUMMARY brings as many as a sample holds, COMPLETE every one."""
    if wants_rows:
        return {"result_format": "COMPLETE"}
    names: dict[str, object] = {"unexpected_index_column_names": list(key)} if key else {}
    return {"result_format": "SUMMARY", "partial_unexpected_count": _SAMPLE_ROWS, **names}


def _expectation_kinds(gx: Any) -> dict[str, Any]:
    kinds = {
        str(kind.expectation_type): kind
        for name in dir(gx.expectations)
        if name.startswith("Expect") and hasattr(kind := getattr(gx.expectations, name), "expectation_type")
    }
    return kinds | {_ROWS_QUERY: gx.expectations.UnexpectedRowsExpectation}


def _row_counts(candidate: Path, tables: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int | None]:
    """Rows per table; None for a table that the candidate does not have."""
    counts: dict[tuple[str, str], int | None] = {}
    with duckdb.connect(str(candidate), read_only=True, config=DUCKDB_CONFIG) as connection:
        present = set(
            connection.execute("select table_schema, table_name from information_schema.tables").fetchall()
        )
        for schema, table in tables:
            counts[schema, table] = None
            if (schema, table) in present:
                row = connection.execute(f'select count(*) from "{schema}"."{table}"').fetchone()
                counts[schema, table] = int(row[0]) if row else 0
    return counts


def _can_run(check: SuiteCheck, rows: Mapping[tuple[str, str], int | None]) -> bool:
    count = rows[check.schema, check.table]
    return count is not None and (count > 0 or check.expect.startswith("expect_table"))


def _verdict(
    check: SuiteCheck,
    kwargs: Mapping[str, object],
    rows: int | None,
    result: Any,
    parameters: Mapping[str, object],
) -> Check:
    def ended(verdict: Verdict, value: str, sentence: str, sample: object = (), severity: str = "") -> Check:
        return Check(
            check_id=check.check_id,
            suite=check.suite,
            subject=check.subject,
            severity=severity or check.severity,
            verdict=verdict,
            value=value,
            threshold=_threshold(kwargs),
            sentence=sentence,
            sample=json.dumps(sample, ensure_ascii=False, default=str),
        )

    if rows is None:
        return ended(
            Verdict.FAIL, "", f"the candidate has no table {check.schema}.{check.table}", severity="critical"
        )
    if result is None:
        return ended(Verdict.NO_DATA, "", f"{check.subject}: no rows to look at")
    problem = _exception(result)
    if problem:
        return ended(
            Verdict.FAIL,
            "",
            f"{check.subject}: the check {check.check_id} could not run: {problem}",
            severity="critical",
        )
    facts = result.result
    nothing_there = "element_count" in facts and facts["element_count"] == facts.get("missing_count")
    if nothing_there and check.expect != "expect_column_values_to_not_be_null":
        return ended(Verdict.NO_DATA, "", f"{check.subject}: all values are missing, none to look at")
    value = _value(facts)
    words = {**parameters, "value": value, "threshold": _threshold(kwargs), "rows": rows}
    sentence = _sentence(check, words)
    return ended(Verdict.PASS if result.success else Verdict.FAIL, value, sentence, _sample(facts, check))


def _value(facts: Mapping[str, Any]) -> str:
    """What was found: the number of unexpected rows, else the observed value."""
    if facts.get("unexpected_count") is not None:
        return str(facts["unexpected_count"])
    observed = facts.get("observed_value", "")
    return str(observed)


def _threshold(kwargs: Mapping[str, object]) -> str:
    """What was asked for, in words."""
    bounds = [f"at least {kwargs['min_value']}"] if kwargs.get("min_value") is not None else []
    bounds += [f"at most {kwargs['max_value']}"] if kwargs.get("max_value") is not None else []
    values = kwargs.get("value_set")
    if isinstance(values, list):
        bounds.append(f"from a set of {len(values)}")
    mostly = kwargs.get("mostly")
    if isinstance(mostly, int | float):
        bounds.append(f"{mostly:.0%} of the rows")
    return ", ".join(bounds) or "no row"


def _sentence(check: SuiteCheck, words: Mapping[str, object]) -> str:
    """The check's sentence with its values; names are dotted, so that str.format cannot be used."""
    text = check.sentence
    for name, value in words.items():
        text = text.replace(f"{{{name}}}", str(value))
    return _UNKNOWN_BEFORE.sub("0", text)


def _sample(facts: Mapping[str, Any], check: SuiteCheck) -> list[object]:
    rows = facts.get("details", {}).get("unexpected_rows") or facts.get("partial_unexpected_index_list")
    if not rows:
        rows = facts.get("partial_unexpected_list") or []
    return list(rows)[:_SAMPLE_ROWS]


def _exception(result: Any) -> str | None:
    """The sentence of the first exception in a result; Great Expectations nests them by metric."""
    information = result.exception_info or {}
    nested = [information] if "raised_exception" in information else list(information.values())
    for found in nested:
        if isinstance(found, dict) and found.get("raised_exception"):
            return " ".join(str(found.get("exception_message") or "no message").split())
    return None
