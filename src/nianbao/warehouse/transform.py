"""Builds the marts of a candidate: runs the dbt project in this process and says in sentences what its tests found.

The only place that calls dbt. dbt is imported inside `transform`, it takes seconds.
"""

from __future__ import annotations

import json
import logging
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from nianbao.model import Check, Verdict
from nianbao.settings import project_dir
from nianbao.warehouse.database import Database, opened

SUITE = "dbt"
# What the profile asks for: the file, or the place and the schema of a candidate on DuckLake.
_CANDIDATE, _CANDIDATE_SCHEMA = "NIANBAO_CANDIDATE", "NIANBAO_CANDIDATE_SCHEMA"
_SAMPLE_ROWS = 5
# A test's model is kept as the text of a call: source('raw', 'figure') or ref('fct_report').
_QUOTED = re.compile(r"'([^']+)'")


class TransformError(Exception):
    """The marts could not be built; the message holds one sentence per error and where dbt's log lies."""


@dataclass(frozen=True, slots=True)
class TransformResult:
    """What a transform did: models and seeds built, tests run, every test as a check, wall time in seconds."""

    models: int
    tests: int
    checks: tuple[Check, ...]
    seconds: float

    @property
    def failures(self) -> tuple[Check, ...]:
        """The tests that failed: critical for severity error, warning for severity warn."""
        return tuple(check for check in self.checks if check.verdict is Verdict.FAIL)


def transform(
    candidate: Database,
    *,
    as_of: date,
    work: Path,
    changed_only: bool = False,
    full_tests: bool = True,
    select: str = "",
    project: Path | None = None,
) -> TransformResult:
    """Builds all models of the dbt project in a candidate, then runs the tests.

    as_of: the day against which the calendar of duties is read. changed_only: makes anew, and tests, what belongs to the
    issuers in raw.changed_issuer and leaves the rest of the candidate, a copy of a release, as it is. work: folder for dbt's log, compiled SQL and parse
    cache. full_tests: also run dbt's unit tests, which test the rules in SQL rather than this candidate's rows.
    select: builds and tests only the models that this selects, such as ops_*. project: another dbt project folder than the
    product's. Nothing holds the candidate open afterwards.
    Raises TransformError if the project does not compile or a model cannot be built.
    """
    folder = project or project_dir("dbt_project")
    work.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with dbt_surroundings(candidate):
        target = "candidate" if isinstance(candidate, Path) else "lake"
        run = Dbt(folder, work, {"as_of_date": as_of.isoformat(), "changed_only": changed_only}, target)
        chosen = ("--select", select) if select else ()
        models = run.results(
            "build", *chosen, "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"
        )
        _refuse_errors(models, work)
        only_data = () if full_tests else ("--exclude-resource-type", "unit_test")
        tests = run.results("test", *chosen, *only_data)
    checks = _checks(candidate, tests)
    return TransformResult(len(models), len(checks), checks, time.monotonic() - started)


class Dbt:
    """dbt for one project; it is parsed once for all commands, each of which runs in dbt_surroundings(candidate)."""

    def __init__(
        self, project: Path, work: Path, variables: Mapping[str, object], target: str = "candidate"
    ) -> None:
        """work: folder for dbt's log, compiled SQL and parse cache. variables: as in dbt_project.yml. target: of profiles.yml."""
        from dbt.cli.main import dbtRunner

        self._work = work
        runner: Any = dbtRunner
        self._options = (
            *("--project-dir", str(project)),
            *("--profiles-dir", str(project)),
            *("--target-path", str(work / "target")),
            *("--log-path", str(work)),
            *("--target", target),
            *("--vars", json.dumps(dict(variables))),
            *("--log-level", "none", "--log-level-file", "info"),
            *("--no-send-anonymous-usage-stats", "--no-version-check", "--no-use-colors", "--no-print"),
        )
        parsed = runner().invoke(["parse", *self._options])
        if not parsed.success:
            raise self._failed(parsed.exception)
        self._runner = runner(manifest=parsed.result)

    def results(self, command: str, *arguments: str) -> Sequence[Any]:
        """The results of one command's nodes."""
        outcome = self._runner.invoke([command, *arguments, *self._options])
        if outcome.result is None:
            raise self._failed(outcome.exception)
        return list(outcome.result.results)

    def _failed(self, cause: BaseException | None) -> TransformError:
        return TransformError(f"dbt cannot run the project: {_one_line(cause)}; see {self._work / 'dbt.log'}")


@contextmanager
def dbt_surroundings(candidate: Database) -> Iterator[None]:
    """Names the candidate to the project's profile, and undoes what dbt changes in this process."""
    handlers = list(logging.root.handlers)
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli import main  # noqa: F401 - imported for what it does to the log

    # A library that dbt brings writes everybody's log to the terminal from its import on.
    logging.root.handlers[:] = handlers
    connections: Any = DuckDBConnectionManager
    former, folder = dict(os.environ), Path.cwd()
    os.environ |= _named(candidate)
    # On a full disk each line of dbt's log would leave a traceback on the terminal; what failed is told in a sentence.
    telling, logging.raiseExceptions = logging.raiseExceptions, False
    try:
        yield
    finally:
        logging.raiseExceptions = telling
        connections.close_all_connections()
        os.environ.clear()
        os.environ.update(former)
        os.chdir(folder)


def _named(candidate: Database) -> dict[str, str]:
    """The variables by which the project's profile finds a candidate."""
    if isinstance(candidate, Path):
        return {_CANDIDATE: str(candidate.resolve())}
    from nianbao.warehouse import dbt_ducklake

    dbt_ducklake.building = candidate
    return {_CANDIDATE: candidate.data, _CANDIDATE_SCHEMA: candidate.schema}


def _refuse_errors(results: Sequence[Any], work: Path) -> None:
    broken = [r for r in results if str(r.status) not in ("success", "pass")]
    if broken:
        causes = [r for r in broken if str(r.status) != "skipped"] or broken
        sentences = "; ".join(
            f"model {r.node.name} ({r.node.original_file_path}) cannot be built: {_one_line(r.message)}"
            for r in causes
        )
        skipped = len(broken) - len(causes)
        and_more = f" ({skipped} models that lean on it were left out)" if skipped else ""
        raise TransformError(f"{sentences}{and_more}; see {work / 'dbt.log'}")


def _checks(candidate: Database, results: Sequence[Any]) -> tuple[Check, ...]:
    with opened(candidate, read_only=True) as connection:
        return tuple(_check(result, connection) for result in sorted(results, key=lambda r: str(r.node.name)))


def _check(result: Any, connection: duckdb.DuckDBPyConnection) -> Check:
    node, status = result.node, str(result.status)
    subject = _subject(node)
    rows = int(result.failures or 0)
    severity = "warning" if str(getattr(node.config, "severity", "error")).lower() == "warn" else "critical"
    if status == "pass":
        verdict, sentence, sample = Verdict.PASS, f"{subject}: {_claim(node)}", "[]"
    elif status in ("fail", "warn"):
        verdict = Verdict.FAIL
        what = "cases" if node.resource_type == "unit_test" else "rows"
        sentence = f"{subject}: {_claim(node)} - not so for {rows} {what}; look at {node.original_file_path}"
        sample = _sample(node, connection)
    else:
        verdict, sample = Verdict.FAIL, "[]"
        sentence = f"{subject}: the test {node.name} could not run: {_one_line(result.message)}"
    return Check(str(node.name), SUITE, subject, severity, verdict, str(rows), "0", sentence, sample)


def _subject(node: Any) -> str:
    """The table, and the column where there is one, that a test is about."""
    metadata = getattr(node, "test_metadata", None)
    if node.resource_type == "unit_test":
        return str(node.unique_id).split(".")[2]
    if metadata is None:
        return str(node.name)
    named = _QUOTED.findall(str(metadata.kwargs.get("model", "")))
    table = ".".join(named) or str(node.name)
    return f"{table}.{node.column_name}" if getattr(node, "column_name", None) else table


def _claim(node: Any) -> str:
    """What a test says: its description where it has one, else the words of its kind."""
    if node.description:
        return str(node.description).strip().rstrip(".")
    metadata = getattr(node, "test_metadata", None)
    if metadata is None:
        return str(node.name).replace("_", " ")
    arguments: Mapping[str, Any] = metadata.kwargs.get("arguments") or metadata.kwargs
    words = {
        "unique": "each value occurs once",
        "not_null": "no value is missing",
        "relationships": f"each value exists in {arguments.get('to', '')} as {arguments.get('field', '')}",
        "accepted_values": f"each value is one of {arguments.get('values', '')}",
        "accepted_range": f"each value lies within [{arguments.get('min_value')}, {arguments.get('max_value')}]",
        "unique_combination": f"each combination of {arguments.get('columns', '')} occurs once",
        "holds": f"{arguments.get('condition', '')} holds",
    }
    return words.get(metadata.name, str(metadata.name).replace("_", " "))


def _sample(node: Any, connection: duckdb.DuckDBPyConnection) -> str:
    """Some of the rows that failed a data test, as JSON."""
    query = getattr(node, "compiled_code", None)
    if not query or node.resource_type == "unit_test":
        return "[]"
    reader = connection.execute(f"select * from ({query}) limit {_SAMPLE_ROWS}")
    columns = [column[0] for column in reader.description or ()]
    rows = [dict(zip(columns, row, strict=True)) for row in reader.fetchall()]
    return json.dumps(rows, ensure_ascii=False, default=str)


def _one_line(cause: object) -> str:
    return " ".join(str(cause).split())
