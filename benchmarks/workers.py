"""Two workers beside one: plain processes, Prefect's process pool, a Dask and a Ray cluster, on the same captures.

    python benchmarks/workers.py FOLDER [--captures N] [--batch-size N] [--rounds N]

FOLDER is a home that a refresh has filled, such as benchmarks/scale.py leaves. Every contender reads and extracts the same
captures in the same batches into a lake of its own, with one worker and with two, in turn; clusters are started from
their packages with workers that are processes of their own, and each has read some batches before it is timed. Plain processes
are Python's own pool over the same function, with no Prefect. Prints seconds, the efficiency of two workers (speed of two over twice the speed of one), that beside
the plain processes' of the same round, and whether the rows are the same.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import duckdb
from night import prefect_server

from nianbao.archive import Archive
from nianbao.model import Capture
from nianbao.registry import load_registry
from nianbao.settings import Settings, project_dir
from nianbao.warehouse.ingest import pending
from nianbao.warehouse.lake import Lake
from nianbao.warehouse.rules import rules_of
from nianbao.warehouse.workplace import Order, Parcel, parceled

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "cluster"))
from clusters import dask_cluster, ray_cluster

Read = Callable[[Sequence[Parcel]], None]


@contextmanager
def plain(folder: Path, prefect: str, workers: int) -> Iterator[Read]:
    """Python's own pool of processes."""
    with get_context("spawn").Pool(workers) as pool:
        yield lambda parcels: pool.map(_ingest, parcels, 1)


@contextmanager
def processes(folder: Path, prefect: str, workers: int) -> Iterator[Read]:
    """Prefect's pool, whose processes end with each flow: their start is part of the time."""
    yield lambda parcels: _flow(f"processes:{workers}", parcels)


@contextmanager
def dask(folder: Path, prefect: str, workers: int) -> Iterator[Read]:
    """A Dask scheduler and workers."""
    with dask_cluster(folder, prefect, workers) as (address, _):
        yield lambda parcels: _flow(address, parcels)


@contextmanager
def ray(folder: Path, prefect: str, workers: int) -> Iterator[Read]:
    """A Ray head with so many processors."""
    with ray_cluster(folder, prefect, workers) as (address, _):
        yield lambda parcels: _flow(address, parcels)


CONTENDERS = {"plain": plain, "processes": processes, "dask": dask, "ray": ray}


def _ingest(parcel: Parcel) -> int:
    return parcel.ingest().reports


def _flow(workers: str, parcels: Sequence[Parcel]) -> None:
    import workers_flow

    workers_flow.parcels = parcels
    workers_flow.read(workers)


def timed(
    name: str, workers: int, order: Order, captures: Sequence[Capture], size: int, prefect: str
) -> tuple[float, str]:
    """Seconds that so many workers take for the captures in batches of `size`, and what the rows of the lake come to."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with CONTENDERS[name](folder / "cluster", prefect, workers) as read:
            warm = captures[: 2 * workers * size]
            read(parceled(replace(order, lake=folder / "warm"), warm, size))
            began = time.perf_counter()
            read(parceled(replace(order, lake=folder / "lake"), captures, size))
            took = time.perf_counter() - began
        rows = _rows(folder / "lake")
    return took, rows


def _rows(lake: Path) -> str:
    tables = sorted({file.stem for file in lake.glob("rules=*/batch=*/*.parquet")})
    with duckdb.connect() as connection:
        sums = [
            connection.execute(
                "select count(*), sum(hash(t)::hugeint) from read_parquet(?) t",  # whatever the order
                [f"{lake}/rules=*/batch=*/{table}.parquet"],
            ).fetchone()
            for table in tables
        ]
    return str(hash(tuple(map(str, sums))))


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--captures", type=int, default=5_000)
    parser.add_argument("--batch-size", type=int, default=Settings().batch_size)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=list(CONTENDERS))
    given = parser.parse_args()
    settings = Settings(home=given.folder)
    registry = load_registry(settings.registry_folder, project_dir("data"))
    version = rules_of(registry).version
    scratch = Path(tempfile.mkdtemp())
    captures = pending(Archive(settings.archive), Lake(scratch / "none", version))[: given.captures]
    size = given.batch_size
    order = Order.of(settings, version)
    print(f"{len(captures)} captures in batches of {size}")
    print(
        f"{'':12}{'1 worker s':>12}{'2 workers s':>12}{'captures/s':>12}{'efficiency':>12}{'of plain':>10}  rows"
    )
    beside: dict[str, list[float]] = {name: [] for name in given.only}
    with prefect_server(scratch / "prefect") as prefect:
        os.environ |= {
            "PREFECT_API_URL": prefect,
            "PREFECT_LOGGING_LEVEL": "ERROR",
            "PYTHONPATH": str(Path(__file__).parent),  # of the clusters' workers
        }
        same = ""
        for _ in range(given.rounds):
            whole = 0.0
            for name in given.only:
                (one, rows_1), (two, rows_2) = (
                    timed(name, n, order, captures, size, prefect) for n in (1, 2)
                )
                efficiency = one / two / 2
                whole, same = whole or efficiency, same or rows_1
                beside[name].append(efficiency / whole)
                print(
                    f"{name:12}{one:12.1f}{two:12.1f}{len(captures) / two:12.1f}{efficiency:12.2f}{beside[name][-1]:10.2f}"
                    f"  {'the same' if {rows_1, rows_2} == {same} else 'OTHER ROWS'}",
                    flush=True,
                )
    for name, ratios in beside.items():
        print(f"{name}: {statistics.median(ratios):.2f} of plain in the middle of {len(ratios)} rounds")
    shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
