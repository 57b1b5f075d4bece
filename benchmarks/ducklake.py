"""Publishers and readers of one warehouse on DuckLake at once, and what a build there costs beside a build in a file.

    python benchmarks/ducklake.py [--seconds 600] [--publishers 3] [--readers 5] [--reports N]

The catalog is a PostgreSQL server of Debian's package, started here; rows lie in a folder. Every publisher and every reader is
a process. Prints commits and reads with their times, what was lost, failed or inconsistent, then the stages of a whole
build of N generated reports in a file and on DuckLake, and whether the marts are the same.
"""

# ruff: noqa: S608 - names of tables from the catalog

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import warehouse_stages as stages
from pydantic import SecretStr
from warehouse_rows import Plan, registry, write_lake

from nianbao.settings import project_dir
from nianbao.warehouse.database import Database, opened
from nianbao.warehouse.ducklake import DuckLake
from nianbao.warehouse.load import load
from nianbao.warehouse.transform import transform
from nianbao.warehouse.validate import validate

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "cluster"))
from postgres import postgres_server
from publishers import at_once, first_release, tallies


def together(address: str, folder: Path, publishers: int, readers: int, seconds: float) -> None:
    """Prints what publishers and readers did at the same time."""
    warehouse = DuckLake(SecretStr(address), f"{folder}/data/", schema="at_once")
    first_release(warehouse, folder / "first")
    done = at_once(warehouse, folder, publishers=publishers, readers=readers, seconds=seconds)
    wrote = {name: said for name, said in done.items() if "commits" in said}
    read = {name: said for name, said in done.items() if "reads" in said}
    commits = {name: said["commits"] for name, said in wrote.items()}
    print(f"{publishers} publishers and {readers} readers, {seconds:.0f} s")
    print(
        f"  commits {sum(commits.values())} ({', '.join(map(str, commits.values()))}), begun again {_sum(wrote, 'again')}"
    )
    print(f"  lost {'none' if tallies(warehouse) == commits else f'SOME: {tallies(warehouse)} of {commits}'}")
    _times("  a publication", [second for said in wrote.values() for second in said["seconds"]])
    wrong = [each for said in read.values() for each in said["wrong"]]
    print(
        f"  reads {_sum(read, 'reads')}, failed 0, inconsistent {len(wrong)}{': ' + wrong[0] if wrong else ''}"
    )
    _times("  a read", [second for said in read.values() for second in said["seconds"]])


def _sum(said: dict[str, dict[str, int]], name: str) -> int:
    return sum(each[name] for each in said.values())


def _times(what: str, seconds: Sequence[float]) -> None:
    cuts = statistics.quantiles(seconds, n=20) if len(seconds) > 1 else list(seconds) * 19
    print(f"{what}: median {statistics.median(seconds):.2f} s, 95 of 100 within {cuts[18]:.2f} s")


def builds(address: str, folder: Path, reports: int) -> None:
    """Prints the stages of a whole build in a file and on DuckLake."""
    plan = Plan(reports)
    lake = write_lake(plan, folder / "lake")
    warehouse = DuckLake(SecretStr(address), f"{folder}/builds/")
    places: dict[str, Database] = {
        "file": folder / "file" / "nianbao.duckdb",
        "DuckLake": warehouse.candidate("benchmark", "build"),
    }
    print(f"whole build of {reports:,} generated reports, seconds")
    print(f"{'':10}{'load':>10}{'models, tests':>15}{'gate':>10}{'all':>10}")
    rows = []
    for name, database in places.items():
        marks = [time.perf_counter()]
        load(database, lake, registry(plan))
        marks.append(time.perf_counter())
        transform(database, as_of=stages.AS_OF, work=folder / "dbt", full_tests=False)
        marks.append(time.perf_counter())
        validate(
            database, suites=project_dir("expectations"), parameters={"as_of": stages.AS_OF, "previous": {}}
        )
        marks.append(time.perf_counter())
        load_s, models, gate = (after - before for before, after in itertools.pairwise(marks))
        print(f"{name:10}{load_s:10.1f}{models:15.1f}{gate:10.1f}{marks[-1] - marks[0]:10.1f}", flush=True)
        rows.append(_rows(database))
    print(f"{len(rows[0])} marts, {'the same' if rows[0] == rows[1] else 'OTHER ROWS'}")


def _rows(database: Database) -> dict[str, tuple[object, ...] | None]:
    with opened(database, read_only=True) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'main' and database_name = current_database()"
        ).fetchall()
        return {
            str(name): connection.execute(
                f'select count(*), sum(hash(t)::hugeint) from main."{name}" t'
            ).fetchone()
            for (name,) in tables
        }


def main() -> None:
    """Prints both."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--publishers", type=int, default=3)
    parser.add_argument("--readers", type=int, default=5)
    parser.add_argument("--reports", type=int, default=100_000)
    given = parser.parse_args()
    with postgres_server() as address, tempfile.TemporaryDirectory() as name:
        if address is None:
            raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")
        if given.seconds:
            together(address, Path(name) / "at-once", given.publishers, given.readers, given.seconds)
        if given.reports:
            builds(address, Path(name), given.reports)


if __name__ == "__main__":
    main()
