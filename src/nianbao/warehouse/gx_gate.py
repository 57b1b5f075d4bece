"""Great Expectations as the gate uses it: planned checks as its expectations, a candidate open for reading, results.

The only place that imports Great Expectations, inside the functions: that takes seconds.
"""

from __future__ import annotations

import itertools
import logging
import warnings
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from nianbao.warehouse.database import Database
from nianbao.warehouse.ducklake import DuckLake
from nianbao.warehouse.engine import DUCKDB_CONFIG
from nianbao.warehouse.published import PUBLISHED
from nianbao.warehouse.suites import SuiteCheck, SuiteError, filled_query, suggestion

SAMPLE_ROWS = 5
_ROWS_QUERY = "unexpected_rows"


class Gate:
    """Great Expectations with the planned checks as its expectations."""

    def __init__(self, planned: Sequence[tuple[SuiteCheck, Mapping[str, object]]]) -> None:
        import great_expectations as gx

        self._gx = gx
        self._expectations = {check.check_id: self._expectation(check, kwargs) for check, kwargs in planned}

    def opened(self, candidate: Database, published: Path | None) -> OpenGate:
        """The gate with a candidate open for reading, and the last release beside it where there is one."""
        return OpenGate(self._gx, self._expectations, candidate, published)

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


class OpenGate:
    """A candidate open in an ephemeral, silent context of Great Expectations."""

    def __init__(
        self, gx: Any, expectations: Mapping[str, Any], candidate: Database, published: Path | None
    ) -> None:
        self._gx, self._expectations = gx, expectations
        self._candidate, self._published = candidate, published

    def __enter__(self) -> OpenGate:
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
        beside: dict[str, object] = {PUBLISHED: str(self._published)} if self._published else {}
        opens: dict[str, object]
        if isinstance(self._candidate, DuckLake):
            file, opens = ":memory:", {gx_duckdb.LAKE: self._candidate}
        else:
            file, opens = str(self._candidate.resolve()), {"read_only": True}
        context = self._gx.get_context(mode="ephemeral", project_config=config)
        self._source = context.data_sources.add_sql(
            "candidate",
            connection_string=f"{gx_duckdb.NAME}:///{file}",
            kwargs={"connect_args": {"config": DUCKDB_CONFIG, **opens, **beside}},
        )
        return self

    def __exit__(self, *_: object) -> None:
        # The source and its execution engine keep a pool each; both hold the file.
        self._source.get_execution_engine().close()
        self._source.get_engine().dispose()

    def results(
        self, checks: Sequence[SuiteCheck], parameters: Mapping[str, object], whole: Collection[str]
    ) -> dict[str, Any]:
        """Great Expectations' results for checks of one table or query, by check id.

        whole: ids of the checks whose failing rows are wanted all, not as many as a sample holds.
        """
        with warnings.catch_warnings():
            # SQLAlchemy has no word for DuckDB's lists; no check looks into one. The tables are in several schemas.
            warnings.filterwarnings("ignore", message="Did not recognize type")
            warnings.filterwarnings("ignore", message="`schema_name` is deprecated")
            return self._results(checks, parameters, whole)

    def _results(
        self, checks: Sequence[SuiteCheck], parameters: Mapping[str, object], whole: Collection[str]
    ) -> dict[str, Any]:
        first = checks[0]
        name = " ".join([f"{first.schema}.{first.table}", *first.key])
        if first.query:
            asset = self._source.add_query_asset(name, query=filled_query(first, parameters))
        else:
            asset = self._source.add_table_asset(name, table_name=first.table, schema_name=first.schema)
        batch = asset.add_batch_definition_whole_table("whole").get_batch()
        results: dict[str, Any] = {}

        def wants_all(check: SuiteCheck) -> bool:
            return check.expect == _ROWS_QUERY or check.check_id in whole

        for all_rows, group in itertools.groupby(sorted(checks, key=wants_all), key=wants_all):
            chosen = list(group)
            suite = self._gx.ExpectationSuite(
                name=f"{name} {all_rows}",
                expectations=[self._expectations[check.check_id] for check in chosen],
            )
            outcome = batch.validate(suite, result_format=_result_format(all_rows, first.key))
            results |= {result.expectation_config.meta["check_id"]: result for result in outcome.results}
        return results


def _result_format(all_rows: bool, key: tuple[str, ...]) -> dict[str, object]:
    """COMPLETE brings every failing row; SUMMARY as many as a sample holds."""
    names: dict[str, object] = {"unexpected_index_column_names": list(key)} if key else {}
    if all_rows:
        return {"result_format": "COMPLETE", **names}
    return {"result_format": "SUMMARY", "partial_unexpected_count": SAMPLE_ROWS, **names}


def _expectation_kinds(gx: Any) -> dict[str, Any]:
    kinds = {
        str(kind.expectation_type): kind
        for name in dir(gx.expectations)
        if name.startswith("Expect") and hasattr(kind := getattr(gx.expectations, name), "expectation_type")
    }
    return kinds | {_ROWS_QUERY: gx.expectations.UnexpectedRowsExpectation}
