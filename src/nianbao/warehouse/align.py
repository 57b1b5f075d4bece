"""The stage that aligns each issuer's reports: text taken over, commitments followed up, problems that come back.

The unit of work is an issuer's editions of one report kind. A unit's key is made of its editions, the rules that read
them and the alignment's version, so a unit is computed again exactly when one of these changes; nothing is ever compared
across issuers.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from pathlib import Path

import duckdb
import pyarrow as pa

from nianbao.warehouse.align_lake import AlignmentLake
from nianbao.warehouse.align_unit import Edition, Tables, Told, Unit, align_units
from nianbao.warehouse.chunks import take_out
from nianbao.warehouse.schema import ALIGNMENT_TABLES, RAW_SCHEMA

Texts = Callable[[Sequence[str]], Mapping[str, str]]
_BATCH = 50  # units whose texts are held at the same time, and written as one batch
_MANY = 200  # units from which on processes are worth starting
_EDITIONS = """
    select issuer_id, report_kind, edition_id, report_year, rules_version
    from raw.edition order by issuer_id, report_kind, report_year, edition_id
"""
# Taken out once for all batches: in a whole build the raw tables are views of the lake, and a look at one batch would read all.
_TAKEN = (
    """
    create or replace temp table aligned_statement as
    select chunk, edition_id, ordinal, kind, text, start_offset, end_offset
    from raw.statement inner join chunked using (edition_id) order by chunk, edition_id, ordinal
    """,
    """
    create or replace temp table aligned_plan as
    select chunk, edition_id, ordinal, start_offset, body_end_offset
    from raw.section inner join chunked using (edition_id)
    where kind = 'plan' order by chunk, edition_id, ordinal
    """,
)
_STATEMENTS = """
    select edition_id, ordinal, kind, text, start_offset, end_offset
    from aligned_statement where chunk = $chunk order by edition_id, ordinal
"""
_PLANS = """
    select edition_id, start_offset, body_end_offset
    from aligned_plan where chunk = $chunk order by edition_id, ordinal
"""


@dataclass(frozen=True, slots=True)
class Aligned:
    """What the stage left: the keys of all units of today, and how many of them were computed now."""

    unit_keys: frozenset[str]
    computed: int


@cache
def alignment_version() -> str:
    """The version of all that decides what an alignment's rows are: its code, its list of words, its library."""
    digest = hashlib.sha256(metadata.version("rapidfuzz").encode())
    sources = [*resources.files("nianbao.alignment").iterdir()]
    sources += [resources.files("nianbao.warehouse") / name for name in ("align_unit.py", "schema.py")]
    for source in sorted(sources, key=lambda source: source.name):
        if source.name.endswith((".py", ".yml")):
            digest.update(f"\n{source.name}\n".encode() + source.read_bytes())
    return digest.hexdigest()[:12]


def align(connection: duckdb.DuckDBPyConnection, lake: AlignmentLake, texts: Texts) -> Aligned:
    """Computes and writes the rows of all units of raw.edition that the lake does not hold.

    texts: gives the texts of some edition ids. Raises ContractError for a damaged file of the lake, KeyError for an
    edition without a text.
    """
    lake.sweep()
    units = _units(connection, lake.version)
    done = lake.finished_units()
    pending = [unit for unit in units if unit.key not in done]
    shares = [pending[at : at + _BATCH] for at in range(0, len(pending), _BATCH)]
    editions = [[edition.edition_id for unit in share for edition in unit.editions] for share in shares]
    take_out(connection, editions, _TAKEN)
    batches = (_told(connection, number, share, texts) for number, share in enumerate(shares))
    for tables in _computed(batches, many=len(pending) > _MANY):
        lake.write(tables)
    return Aligned(frozenset(unit.key for unit in units), len(pending))


def load_alignment(connection: duckdb.DuckDBPyConnection, lake: AlignmentLake, aligned: Aligned) -> None:
    """Puts the rows of some units into a candidate's raw tables."""
    connection.register("wanted", pa.table({"unit_key": pa.array(sorted(aligned.unit_keys), pa.string())}))
    for name in ALIGNMENT_TABLES:
        files = [str(path) for path in lake.files(name)]
        if files:
            connection.execute(
                f"insert into {RAW_SCHEMA}.{name} by name select * from read_parquet($files, hive_partitioning = false)"
                " semi join wanted using (unit_key)",
                {"files": files},
            )
    connection.unregister("wanted")


def lake_texts(connection: duckdb.DuckDBPyConnection, root: Path) -> Texts:
    """Gives the texts of a loaded candidate's editions from the lake's batches. root: the lake's folder."""
    lies_in = {
        str(edition_id): (str(capture_id), root / str(batch) / "text.parquet")
        for edition_id, capture_id, batch in connection.execute(
            "select edition_id, capture_id, batch"
            f" from {RAW_SCHEMA}.edition join (select capture_id, batch from {RAW_SCHEMA}.capture) using (capture_id)"
        ).fetchall()
    }

    def texts(edition_ids: Sequence[str]) -> Mapping[str, str]:
        captures = [lies_in[edition_id][0] for edition_id in edition_ids]
        files = sorted({str(lies_in[edition_id][1]) for edition_id in edition_ids})
        rows = connection.execute(
            "select edition_id, text from read_parquet($files, hive_partitioning = false)"
            " semi join (select unnest($editions) as edition_id, unnest($captures) as capture_id)"
            " using (edition_id, capture_id)",
            {"files": files, "editions": list(edition_ids), "captures": captures},
        ).fetchall()
        return {str(edition_id): str(text) for edition_id, text in rows}

    return texts


def _units(connection: duckdb.DuckDBPyConnection, version: str) -> list[Unit]:
    editions: dict[tuple[str, str], list[tuple[str, int, str]]] = defaultdict(list)
    for issuer_id, report_kind, *edition in connection.execute(_EDITIONS).fetchall():
        editions[issuer_id, report_kind].append((edition[0], edition[1], edition[2]))
    return [
        Unit(
            key=_key(version, [(edition_id, rules) for edition_id, _, rules in rows]),
            issuer_id=issuer_id,
            report_kind=report_kind,
            editions=tuple(Edition(edition_id, year) for edition_id, year, _ in rows),
        )
        for (issuer_id, report_kind), rows in editions.items()
    ]


def _key(version: str, editions: Sequence[tuple[str, str]]) -> str:
    lines = [version, *(f"{edition_id} {rules}" for edition_id, rules in sorted(editions))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _told(
    connection: duckdb.DuckDBPyConnection, number: int, units: Sequence[Unit], texts: Texts
) -> tuple[Sequence[Unit], Mapping[str, Told]]:
    """The units of a batch with the texts, statements and plans of their editions."""
    editions = [edition.edition_id for unit in units for edition in unit.editions]
    statements, plans = defaultdict(list), defaultdict(list)
    for edition_id, *statement in connection.execute(_STATEMENTS, {"chunk": number}).fetchall():
        statements[edition_id].append(tuple(statement))
    for edition_id, start, end in connection.execute(_PLANS, {"chunk": number}).fetchall():
        plans[edition_id].append((start, end))
    words = texts(editions)
    return units, {
        edition_id: Told.of(words[edition_id], statements[edition_id], plans[edition_id])
        for edition_id in editions
    }


def _computed(
    batches: Iterator[tuple[Sequence[Unit], Mapping[str, Told]]], *, many: bool
) -> Iterator[Tables]:
    """The rows of each batch, in their order; many: in processes, of which each holds one batch at a time."""
    if not many:
        for batch in batches:
            yield align_units(*batch)
        return
    workers = os.cpu_count() or 1
    # Spawned: a forked process would share DuckDB's threads and locks.
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        running: deque[Future[Tables]] = deque()
        for batch in batches:
            running.append(pool.submit(align_units, *batch))
            if len(running) > workers:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
