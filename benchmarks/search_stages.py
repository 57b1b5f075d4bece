"""The stages of benchmarks/search.py: each does one thing in a folder and tells what it saw."""

# ruff: noqa: S311, S608 - chance for queries, names of the lake's files

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path
from typing import Any

import duckdb
from warehouse_rows import RULES, Plan, Writer, registry, write_lake

from nianbao.search import Index, open_index
from nianbao.warehouse.engine import DUCKDB_CONFIG
from nianbao.warehouse.release import Release
from nianbao.warehouse.release.searching import SEARCH, make_index

_SEED = 11
_MARTS = """
create or replace table fct_edition as
select edition.*, concat('rules=', edition.rules, '/batch=', edition.batch) as of_batch, capture.fetched_at,
    row_number() over (partition by report_id order by fetched_at desc, edition.edition_id) = 1 as is_current
from {edition} as edition
inner join (select capture_id, fetched_at from {capture}) as capture on edition.capture_id = capture.capture_id
qualify row_number() over (partition by edition.edition_id order by fetched_at) = 1;
alter table fct_edition drop column batch;
alter table fct_edition rename of_batch to batch;
create or replace table fct_section as
select piece.*, is_current from {section} as piece inner join fct_edition as edition using (edition_id, capture_id);
create or replace table fct_figure as
select piece.*, is_current from {figure} as piece inner join fct_edition as edition using (edition_id, capture_id);
create or replace table fct_reference as
select piece.*, is_current, trim(piece.text, '《》') as instrument
from {reference} as piece inner join fct_edition as edition using (edition_id, capture_id);
create or replace table dim_indicator (indicator_id varchar, label varchar);
"""


def generate(folder: Path, plan: Plan) -> dict[str, Any]:
    """Writes the lake, where it is not there yet."""
    write_lake(plan, folder / "lake")
    return {}


def marts(folder: Path, plan: Plan) -> dict[str, Any]:
    """Writes the marts that an index is made of, without dbt: their rows are the lake's."""
    with duckdb.connect(str(folder / "candidate.duckdb"), config=DUCKDB_CONFIG) as connection:
        files = {
            name: f"read_parquet('{folder}/lake/*/*/{name}.parquet', hive_partitioning = true)"
            for name in ("edition", "capture", "section", "figure", "reference")
        }
        connection.execute(_MARTS.format(**files))
        labels = [(each.indicator_id, each.label) for each in registry(plan).indicators]
        connection.executemany("insert into dim_indicator values (?, ?)", labels)
        row = connection.execute("select count(*) from fct_edition where is_current").fetchone()
    return {"reports": row[0] if row else 0}


def whole(folder: Path, plan: Plan) -> dict[str, Any]:
    """Makes the index anew."""
    Writer(plan, folder / "lake").forget_next_year(_new(plan))
    marts(folder, plan)
    return _make(folder, folder / "whole", None)


def on(folder: Path, plan: Plan) -> dict[str, Any]:
    """Goes on from it, with a thousandth of new reports."""
    Writer(plan, folder / "lake").next_year(_new(plan))
    marts(folder, plan)
    return _make(folder, folder / "on", Release("whole", folder / "whole", {}))


def _new(plan: Plan) -> int:
    return max(1, plan.reports // 1000)


def _make(folder: Path, staged: Path, previous: Release | None) -> dict[str, Any]:
    shutil.rmtree(staged, ignore_errors=True)
    (staged / "texts").mkdir(parents=True)
    for batch in (folder / "lake" / f"rules={RULES}").glob("batch=*"):
        name = f"{RULES}-{batch.name.removeprefix('batch=')}.parquet"
        (staged / "texts" / name).symlink_to(batch / "text.parquet")
    started, worked = time.perf_counter(), time.process_time()
    made = make_index(folder / "candidate.duckdb", staged, previous, whole=previous is None)
    took, work = time.perf_counter() - started, time.process_time() - worked
    files = [path.stat() for path in (staged / SEARCH).iterdir()]
    return {
        "index s": round(took, 1),
        "index processor s": round(work, 1),
        "entries": made.entries if made else 0,
        "added": made.added if made else 0,
        "MB": sum(facts.st_size for facts in files) // 10**6,
        "own MB": sum(facts.st_size for facts in files if facts.st_nlink == 1) // 10**6,
        "segments": len(list((staged / SEARCH).glob("*.store"))),
    }


def ask(folder: Path, plan: Plan) -> dict[str, Any]:
    """Asks 200 queries of every kind, one after another, and each once more."""
    asked = _queries(folder)
    before = _own_memory()
    index = open_index(folder / "on" / SEARCH)
    opened = _own_memory()
    rows = []
    for kind in dict.fromkeys(kind for kind, _, _ in asked):
        rows.append([kind, *_timed(index, [(q, f) for k, q, f in asked if k == kind])])
    rows.append(["all", *_timed(index, [(q, f) for _, q, f in asked])])
    return {"asked": rows, "own MiB before": before, "opened": opened, "after": _own_memory()}


def _timed(index: Index, queries: list[tuple[str, dict[str, Any]]]) -> list[float]:
    """How many, hits in the mean; p50, p95 and the slowest on the wall; p50 and p95 of the processor; milliseconds."""
    wall, work, totals = [], [], 0
    for query, filters in queries:
        started, worked = time.perf_counter(), time.process_time()
        found = index.search(query, **filters)
        wall.append((time.perf_counter() - started) * 1000)
        work.append((time.process_time() - worked) * 1000)
        if found.trouble:
            raise SystemExit(f"{query}: {found.trouble}")
        totals += found.total
    told = [sorted(took)[int(share * (len(took) - 1))] for took in (wall, work) for share in (0.5, 0.95, 1)]
    return [len(queries), totals / len(queries), *told[:5]]


def _queries(folder: Path) -> list[tuple[str, str, dict[str, Any]]]:
    """Kind, query and filters: pieces of the texts, since what nobody wrote is found too fast."""
    chance = random.Random(_SEED)
    texts = [
        str(row[0]).replace("\n", "").replace('"', "")
        for row in duckdb.execute(
            f"select text from read_parquet('{folder}/lake/*/*/text.parquet') order by hash(edition_id) limit 200"
        ).fetchall()
    ]

    def piece(length: int) -> str:
        text = chance.choice(texts)
        first = chance.randrange(len(text) - length)
        return text[first : first + length].strip(",。 -") or "法治"

    made: list[tuple[str, str, dict[str, Any]]] = []
    made += [("two characters", piece(2), {}) for _ in range(30)]
    made += [("four characters", piece(4), {}) for _ in range(40)]
    made += [("ten characters", piece(10), {}) for _ in range(20)]
    made += [("two words", f"{piece(2)} {piece(4)}", {}) for _ in range(30)]
    made += [("a word and not another", f"{piece(4)} -{piece(2)}", {}) for _ in range(20)]
    made += [("with filters", piece(4), {"regions": ["31"], "years": (2018, 2022)}) for _ in range(20)]
    made += [("of one kind", piece(4), {"kinds": ["section"]}) for _ in range(20)]
    made += [("one character", piece(1), {}) for _ in range(10)]
    made += [("the hundredth page", piece(2), {"offset": 1980}) for _ in range(10)]
    return made


def _own_memory() -> int:
    """MiB that are this process's own: pages of the index in memory are the file system's, which takes them back at need."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) // 1024
