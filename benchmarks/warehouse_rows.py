"""Generated reports for benchmarks/warehouse.py: a registry and the lake's Parquet files, written with SQL alone.

    python benchmarks/warehouse_rows.py FOLDER [--reports N] [--seed N]

Every county of the real registry gets 30 bodies, every body a report a year for 12 years; fewer reports are fewer counties.
A report has about 30 figures (14 of indicators), 25 sections, 12 references and 8 statements; three in a hundred are edited
later, four stand at two addresses. A batch holds 5,000 reports of one year or two, as nights bring them: no issuer's reports lie together.
The same seed gives the same rows (under the same version of DuckDB, whose hash function takes the place of chance).
"""

# ruff: noqa: S608 - constants and names of the contract only

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa
from warehouse_phrases import BODIES
from warehouse_sql import TABLES, prepare, read_batch

from nianbao.model import Issuer, Registry, Source
from nianbao.registry import load_registry
from nianbao.settings import project_dir
from nianbao.warehouse.lake import Lake
from nianbao.warehouse.schema import LAKE_TABLES

RULES = "benchmark"
BATCH_REPORTS = 5_000
YEARS = 12
FIRST_YEAR = 2013
SEED = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """What is generated: how many reports, and the seed."""

    reports: int
    seed: int = SEED

    @property
    def issuers(self) -> int:
        """How many bodies publish."""
        return -(-self.reports // YEARS)


def registry(plan: Plan) -> Registry:
    """The real registry with generated bodies in place of its issuers and one source per county.

    The counties are spread over all provinces. Reports are due since the first year.
    """
    given = load_registry(project_dir("data"), project_dir("data"))
    counties = [region for region in given.regions if region.level == "county"]
    wanted = -(-plan.issuers // len(BODIES))
    if wanted > len(counties):
        most = len(counties) * len(BODIES) * YEARS
        raise SystemExit(
            f"{len(counties)} counties publish at most {most:,} reports; ask for fewer with --reports"
        )
    issuers, sources = [], []
    for number in range(wanted):
        county = counties[number * len(counties) // wanted]
        bodies = BODIES[: plan.issuers - number * len(BODIES)]
        owed = [
            Issuer(f"{county.code}-{kind}", county.full_name + name, county.code, "county", kind)
            for kind, name in bodies
        ]
        issuers += owed
        sources.append(
            Source(
                f"{county.code}-reports",
                county.code,
                "rule_of_law",
                (f"http://www.c{county.code}.test/reports/",),
                expected_issuers=tuple(issuer.issuer_id for issuer in owed),
                expected_since=FIRST_YEAR,
            )
        )
    return replace(
        given, issuers=tuple(issuers), sources=tuple(sources), fingerprint=f"benchmark-{plan.reports}"
    )


class Writer:
    """Writes batches of generated reports into a lake."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self._plan = plan
        self._folder = folder / f"rules={RULES}"
        self._connection = duckdb.connect()
        self._connection.execute("set preserve_insertion_order = false")
        known = registry(plan)
        names = {region.code: region.full_name for region in known.regions}
        prepare(
            self._connection,
            issuers=[
                (i.issuer_id, i.name, i.region_code, names[i.region_code], i.level, i.department_type)
                for i in known.issuers
            ],
            indicators=[(i.indicator_id, i.label, i.unit) for i in known.indicators],
            seed=plan.seed,
            first_year=FIRST_YEAR,
            rules=RULES,
        )

    def all_reports(self) -> None:
        """Writes the lake of the full build; batches that are there stay as they are."""
        for number, first in enumerate(range(0, self._plan.reports, BATCH_REPORTS)):
            last = min(first + BATCH_REPORTS, self._plan.reports)
            self._write(number, f"select unnest(range({first}, {last})) as report_no")

    def next_year(self, reports: int) -> Path:
        """Writes one more batch, the reports on the next year of all bodies of some counties. Returns its folder."""
        issuers, counties = self._plan.issuers, -(-self._plan.issuers // len(BODIES))
        apart = max(1, counties * len(BODIES) // reports)
        return self._write(
            _next_year(reports),
            f"select {issuers * YEARS} + issuer_no as report_no from issuer"
            f" where (issuer_no // {len(BODIES)}) % {apart} = 0 order by issuer_no limit {reports}",
        )

    def forget_next_year(self, reports: int) -> None:
        """Removes the batch that next_year wrote, if it is there."""
        shutil.rmtree(self._batch(_next_year(reports)), ignore_errors=True)

    def _batch(self, number: int) -> Path:
        digest = hashlib.sha256(f"{self._plan} {number}".encode()).hexdigest()[:16]
        return self._folder / f"batch={digest}"

    def _write(self, number: int, reports: str) -> Path:
        final = self._batch(number)
        if final.exists():
            return final
        partial = final.with_name(f".partial-{final.name}")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        read_batch(self._connection, reports)
        for table, schema in LAKE_TABLES.items():
            self._connection.execute(
                f"copy ({self._selection(table, schema)}) to '{partial / table}.parquet'"
                " (format parquet, compression zstd)"
            )
        partial.replace(final)
        return final

    def _selection(self, table: str, schema: pa.Schema) -> str:
        """The generated rows of a table in the form that the contract gives it."""
        if table not in TABLES:
            raise SystemExit(
                f"the lake has a table {table} that is not generated; add it to warehouse_sql.py"
            )
        rows = f"({TABLES[table]}) as made"
        made = {row[0] for row in self._connection.execute(f"describe from {rows}").fetchall()}
        lacking = [field.name for field in schema if field.name not in made and not field.nullable]
        if lacking:
            raise SystemExit(f"{table}.{', '.join(lacking)}: not generated; add it to warehouse_sql.py")
        columns = [
            f'cast({field.name if field.name in made else "null"} as {_sql_type(field.type)}) as "{field.name}"'
            for field in schema
        ]
        return f"select {', '.join(columns)} from {rows}"


def _next_year(reports: int) -> int:
    # Apart from the numbers of all batches of the first years.
    return 10**6 + reports


def write_lake(plan: Plan, folder: Path) -> Lake:
    """The lake of a plan, written where it is not there yet. Raises ContractError if it does not keep the contract."""
    Writer(plan, folder).all_reports()
    lake = Lake(folder, RULES)
    for table in LAKE_TABLES:
        lake.files(table)
    return lake


def _sql_type(kind: pa.DataType) -> str:
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision}, {kind.scale})"
    names = {
        "string": "varchar",
        "int64": "bigint",
        "bool": "boolean",
        "double": "double",
        "date32[day]": "date",
    }
    return names.get(str(kind), "timestamptz")


def main() -> None:
    """Writes a lake and prints rows and bytes per table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    lake = write_lake(Plan(given.reports, given.seed), given.folder)
    for table in LAKE_TABLES:
        files = [str(path) for path in lake.files(table)]
        row = duckdb.execute("select count(*) from read_parquet($files)", {"files": files}).fetchone()
        size = sum(Path(path).stat().st_size for path in files)
        sys.stdout.write(f"{table:10}{row[0] if row else 0:14,} rows{size / 1e6:12,.1f} MB\n")


if __name__ == "__main__":
    main()
