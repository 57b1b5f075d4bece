"""The stages of benchmarks/warehouse.py: each does one thing in a folder and tells what it saw."""

# ruff: noqa: S608 - table names of the contract and of the release

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import warehouse_queries
from warehouse_rows import RULES, Plan, Writer, registry, write_lake

from nianbao.settings import project_dir
from nianbao.warehouse import transform as transforming
from nianbao.warehouse.align import align, alignment_version, lake_texts, load_alignment
from nianbao.warehouse.align_lake import AlignmentLake
from nianbao.warehouse.engine import DUCKDB_CONFIG
from nianbao.warehouse.lake import Lake
from nianbao.warehouse.load import finish, load
from nianbao.warehouse.release import current_release, publish
from nianbao.warehouse.release.texts import texts_of
from nianbao.warehouse.schema import LAKE_TABLES
from nianbao.warehouse.validate import refused, validate, write_verdicts

# After the last generated year's reports were due.
AS_OF = date(2026, 3, 15)
_SHOWN = 25
# Texts are shared between releases as files, not loaded.
_LOADED = [table for table in LAKE_TABLES if table != "text"]


@dataclass(frozen=True, slots=True)
class Home:
    """Where a run's files lie, and what is built: the plan, how many new reports, and bare DuckDB's memory limit."""

    folder: Path
    plan: Plan
    new: int
    memory_limit: str | None

    @property
    def lake(self) -> Lake:
        """The generated lake."""
        return Lake(self.folder / "lake", RULES)

    @property
    def candidate(self) -> Path:
        """The DuckDB file that is being built."""
        return self.folder / "builds" / "candidate" / "nianbao.duckdb"

    @property
    def bare(self) -> Path:
        """The DuckDB file of the bare stages."""
        return self.folder / "bare.duckdb"

    @property
    def current(self) -> Path:
        """The link to the current release."""
        return self.folder / "current"

    def fresh(self, path: Path) -> Path:
        """A path at which nothing is."""
        if path.is_dir():
            shutil.rmtree(path)
        for old in (path, path.with_name(path.name + ".wal")):
            old.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def connect(self, path: Path) -> duckdb.DuckDBPyConnection:
        """DuckDB at its fastest: where it has to keep the order of rows, it writes a table of many files twice."""
        connection = duckdb.connect(str(path), config={"preserve_insertion_order": False})
        if self.memory_limit:
            connection.execute(f"set memory_limit = '{self.memory_limit}'")
        return connection


def generate(home: Home) -> dict[str, Any]:
    """Writes the lake, without what a former run added to it."""
    for old in (home.folder / "lake").glob("alignment=*"):
        shutil.rmtree(old)
    Writer(home.plan, home.folder / "lake").forget_next_year(home.new)
    lake = write_lake(home.plan, home.folder / "lake")
    return {"MB": sum(path.stat().st_size for batch in lake.batches() for path in batch.iterdir()) // 10**6}


def bare_build(home: Home) -> dict[str, Any]:
    """Reads every row of the lake and writes it into a DuckDB file, as it comes."""
    with home.connect(home.fresh(home.bare)) as connection:
        for table in _LOADED:
            _copy_table(connection, table, [batch / f"{table}.parquet" for batch in home.lake.batches()])
        connection.execute("checkpoint")
        figures = _one(connection, "select count(*) from figure")
    return {"figures": figures, "MB": home.bare.stat().st_size // 10**6}


def load_full(home: Home) -> dict[str, Any]:
    """Loads the candidate's schema `raw` from nothing."""
    home.fresh(home.folder / "builds")
    load(home.candidate, home.lake, registry(home.plan))
    return {"MB": home.candidate.stat().st_size // 10**6}


def align_reports(home: Home) -> dict[str, Any]:
    """Aligns the reports of the issuers whose rows of it are not there."""
    root = home.folder / "lake"
    lake = AlignmentLake(root, alignment_version())
    with duckdb.connect(str(home.candidate), config=DUCKDB_CONFIG) as connection:
        aligned = align(connection, lake, lake_texts(connection, root))
        load_alignment(connection, lake, aligned)
    return {"issuers": aligned.computed}


def transform_full(home: Home) -> dict[str, Any]:
    """Builds all models and runs the tests."""
    return _transform(home, changed_only=False)


def generate_new(home: Home) -> dict[str, Any]:
    """Writes one more batch into the lake: the next year of some counties."""
    batch = Writer(home.plan, home.folder / "lake").next_year(home.new)
    return {"MB": sum(path.stat().st_size for path in batch.iterdir()) / 10**6}


def bare_new(home: Home) -> dict[str, Any]:
    """Copies the release's file and writes every row of the new batch into it, as it comes."""
    copy = home.fresh(home.folder / "bare-new.duckdb")
    shutil.copyfile(_release(home), copy)
    batch = Writer(home.plan, home.folder / "lake").next_year(home.new)
    with home.connect(copy) as connection:
        for table in _LOADED:
            _copy_table(connection, f"new_{table}", [batch / f"{table}.parquet"])
        connection.execute("checkpoint")
    size = copy.stat().st_size // 10**6
    copy.unlink()
    return {"MB": size}


def load_new(home: Home) -> dict[str, Any]:
    """Loads into a copy of the release what the new reports change."""
    home.fresh(home.folder / "builds")
    loaded = load(home.candidate, home.lake, registry(home.plan), former=_release(home))
    return {"changed_issuers": loaded.changed_issuers, "MB": home.candidate.stat().st_size // 10**6}


def transform_new(home: Home) -> dict[str, Any]:
    """Builds and tests what belongs to the changed issuers."""
    return _transform(home, changed_only=True)


def gate(home: Home) -> dict[str, Any]:
    """Runs Great Expectations over the candidate."""
    release = current_release(home.current)
    checks = validate(
        home.candidate,
        suites=project_dir("expectations"),
        parameters={"as_of": AS_OF, "previous": dict(release.row_counts) if release else {}},
    )
    write_verdicts(home.candidate, checks)
    return {
        "checks": len(checks),
        "refused": refused(checks),
        "failed": " ".join(check.check_id for check in checks if check.verdict == "fail"),
    }


def publish_first(home: Home) -> dict[str, Any]:
    """Makes the candidate the only release."""
    home.current.unlink(missing_ok=True)
    home.fresh(home.folder / "releases")
    return publish_next(home)


def publish_next(home: Home) -> dict[str, Any]:
    """Makes the candidate a release beside the one before, and tells the bytes that it does not share with it."""
    finish(home.candidate)
    release = publish(
        home.candidate,
        home.folder / "releases",
        home.current,
        refresh_id="benchmark",
        inputs={},
        checks=(),
        texts=texts_of(home.candidate, home.folder / "lake"),
    )
    own = [path.stat() for path in release.folder.rglob("*") if path.is_file()]
    return {"MB": sum(facts.st_size for facts in own if facts.st_nlink == 1) // 10**6, "files": len(own)}


def bare_publish(home: Home) -> dict[str, Any]:
    """Writes the release's tables as Parquet, as they lie there."""
    target = home.fresh(home.folder / "bare-parquet")
    target.mkdir()
    release = _release(home)
    with duckdb.connect(str(release), read_only=True) as connection:
        for (table,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'main'"
        ).fetchall():
            connection.execute(
                f"copy main.{table} to '{target / table}.parquet' (format parquet, compression zstd)"
            )
    shutil.copyfile(release, target / "copy.duckdb")
    size = sum(path.stat().st_size for path in target.iterdir()) // 10**6
    shutil.rmtree(target)
    return {"MB": size}


def queries(home: Home) -> dict[str, Any]:
    """Asks the five queries of the release, and of its marts in no order."""
    release = _release(home)
    shuffled = home.fresh(home.folder / "shuffled.duckdb")
    warehouse_queries.shuffle(release, shuffled)
    asked = zip(warehouse_queries.ask(release), warehouse_queries.ask(shuffled), strict=True)
    return {
        "asked": [
            [
                ours.question,
                ours.rows,
                *(found.percentile(share) for found in (ours, bare) for share in (0.5, 0.95)),
            ]
            for ours, bare in asked
        ]
    }


def _transform(home: Home, *, changed_only: bool) -> dict[str, Any]:
    """Runs dbt and tells the seconds of each command and the slowest nodes."""
    results: list[Any] = []
    commands: list[tuple[str, float]] = []
    original = transforming.Dbt.results

    def timed(dbt: Any, command: str, *arguments: str) -> Sequence[Any]:
        started = time.perf_counter()
        found = original(dbt, command, *arguments)
        commands.append((command, time.perf_counter() - started))
        results.extend(found)
        return found

    transforming.Dbt.results = timed  # type: ignore[method-assign]
    done = transforming.transform(
        home.candidate, as_of=AS_OF, work=home.folder / "dbt", changed_only=changed_only, full_tests=False
    )
    slowest = sorted(((str(r.node.name), float(r.execution_time)) for r in results), key=lambda row: -row[1])
    return {
        **{f"{command} s": round(seconds, 1) for command, seconds in commands},
        "models": done.models,
        "tests": done.tests,
        "failed": " ".join(check.check_id for check in done.failures),
        "slowest": slowest[:_SHOWN],
    }


def _release(home: Home) -> Path:
    release = current_release(home.current)
    if release is None:
        raise SystemExit(f"{home.current} leads to no release; run the stage publish first")
    return release.database


def _copy_table(connection: duckdb.DuckDBPyConnection, table: str, files: Sequence[Path]) -> None:
    connection.execute(
        f"create table {table} as select * from read_parquet($files, hive_partitioning = false)",
        {"files": [str(path) for path in files]},
    )


def _one(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    row = connection.execute(statement).fetchone()
    return int(row[0]) if row else 0
