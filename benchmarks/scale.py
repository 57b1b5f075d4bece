"""What a refresh costs against its size: real pages of simulated districts from harvest to release, at several sizes.

    python benchmarks/scale.py FOLDER --districts 3 10 33 100 [--workers processes:2]

A district has 32 bodies and about 300 reports of ten years. Every size is a home of its own, refreshed against a running
Prefect server, the sites being another process on the same machine: first everything (all stages), then a night in which
one district has brought its next year, some 30 reports. Prints each stage's seconds, reports per second, peak of resident
memory and share, the bytes that a report takes, and the exponent of a power of the number of reports fitted to each stage. Sizes that
were measured before are taken from FOLDER.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from night import Sites, prefect_server

from nianbao.settings import Settings
from nianbao.simulation.places import district
from nianbao.warehouse.release import current_release

HERE = Path(__file__).parent
YEARS = 10
STAGES = (
    "harvest",
    "read and extract",
    "load",
    "align",
    "transform",
    "validate",
    "publish",
    "around",
    "whole",
)
_UP_TO_CANDIDATE = ("harvest", "read and extract", "load", "align", "transform")
_PLACES = ("archive", "lake", "releases")
Stages = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Measured:
    """A size: districts, reports held, figures, bytes on disk by place, and what the stages took (seconds, processor seconds, MiB) at
    the first refresh and in the night of one district's next year."""

    districts: int
    reports: int
    figures: int
    bytes: dict[str, int]
    first: Stages
    night: Stages
    night_reports: int


def measure(folder: Path, districts: int, workers: str) -> Measured:
    """Builds a home of so many districts, then lets one of them bring its next year."""
    folder.mkdir(parents=True, exist_ok=True)
    home = folder / "home"
    with prefect_server(folder / "prefect") as prefect:
        sites = Sites(folder / "registry", "--districts", str(districts), "--years", str(YEARS))
        read_to_the_end(folder / "registry")
        first = refresh(folder, home, sites.resolve, prefect, workers)
        sites.close()
        reports, figures = counts(home)
        size = {place: disk(home / place) for place in _PLACES}
        # Only this district's site answers now, and it has one year more.
        sites = Sites(folder / "other", "--districts", "1", "--years", str(YEARS), "--then", "1")
        night = refresh(
            folder, home, sites.resolve, prefect, workers, "--only", f"district={district(0).code}"
        )
        sites.close()
    return Measured(districts, reports, figures, size, first, night, counts(home)[0] - reports)


def read_to_the_end(registry: Path) -> None:
    """Lets a visit read all of a source at once, however long its listings are."""
    for file in (registry / "sources").glob("*.yml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(
            text.replace("  simulated: true", "  simulated: true\n  max_pages: 1000\n  max_requests: 100000"),
            encoding="utf-8",
        )


def refresh(
    folder: Path, home: Path, resolve: str, prefect: str, workers: str, *options: str
) -> dict[str, list[float]]:
    """One refresh in a process of its own; what its stages took."""
    marks = folder / "marks.json"
    environment = os.environ | {
        "NIANBAO_HOME": str(home),
        "NIANBAO_DATA": str(folder / "registry"),
        "NIANBAO_RESOLVE": resolve,
        "NIANBAO_WORKERS": workers,
        "PREFECT_API_URL": prefect,
    }
    with (folder / "refresh.log").open("a") as log:
        command = [sys.executable, str(HERE / "scale_run.py"), str(marks), *options]
        done = subprocess.run(command, env=environment, stdout=log, stderr=log, check=False)
    if done.returncode:
        raise SystemExit((folder / "refresh.log").read_text()[-4_000:])
    costs: dict[str, list[float]] = json.loads(marks.read_text(encoding="utf-8"))
    return costs


def counts(home: Path) -> tuple[int, int]:
    """Reports and figures of the current release."""
    release = current_release(Settings(home=home).current)
    if release is None:
        raise SystemExit(f"{home} holds no release")
    return release.row_counts["fct_report"], release.row_counts["fct_figure"]


def disk(folder: Path) -> int:
    """Bytes that a folder takes; a file of several names is counted once."""
    files = {(f.st_dev, f.st_ino): f.st_size for f in (p.stat() for p in folder.rglob("*") if p.is_file())}
    return sum(files.values())


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """The power of the size that fits the costs best (least squares of logarithms); nan of a single size."""
    if len(sizes) < 2:
        return math.nan
    xs, ys = [math.log(x) for x in sizes], [math.log(max(y, 1e-3)) for y in costs]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True)) / sum(
        (x - middle_x) ** 2 for x in xs
    )


def tell(measured: Sequence[Measured]) -> None:
    """Prints the tables."""
    sizes = [m.reports for m in measured]
    print(
        "\nFirst refresh: seconds on the clock (processor seconds), peak of resident MiB of the process until then"
    )
    _table(measured, sizes, lambda m: m.first)
    print("\nreports per second, whole:", *(f"{m.reports / m.first['whole'][0]:.1f}" for m in measured))
    print("bytes per report:")
    for place in _PLACES:
        print(f"    {place:10}", *(f"{m.bytes[place] / m.reports:12,.0f}" for m in measured))
    print(f"\nA night of {', '.join(str(m.night_reports) for m in measured)} new reports beside what is held")
    _table(measured, sizes, lambda m: m.night)
    held = [sum(m.night.get(stage, (0, 0, 0))[0] for stage in _UP_TO_CANDIDATE) for m in measured]
    print(f"{'up to the candidate':20}", *(f"{s:24.1f}" for s in held), f"{exponent(sizes, held):8.2f}")


def _table(measured: Sequence[Measured], sizes: Sequence[int], take: Callable[[Measured], Stages]) -> None:
    print(f"{'stage':20}", *(f"{f'{m.reports:,} reports':>24}" for m in measured), "exponent   share")
    for stage in STAGES:
        costs = [take(m).get(stage, [0.0, 0.0, 0.0]) for m in measured]
        cells = [f"{c[0]:9.1f} ({c[1]:7.1f}) {c[2]:6,.0f}" for c in costs]
        power = exponent(sizes, [c[0] for c in costs])
        share = costs[-1][0] / take(measured[-1])["whole"][0]
        print(f"{stage:20}", *cells, f"{power:8.2f}", f"{share:7.1%}")


def main() -> None:
    """Measures what is not measured yet, and prints all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--districts", type=int, nargs="+", default=[3, 10, 33, 100])
    parser.add_argument("--workers", default="threads")
    given = parser.parse_args()
    measured = []
    for districts in given.districts:
        folder = given.folder.resolve() / f"{districts}-{given.workers.replace(':', '-')}"
        kept = folder / "measured.json"
        if not kept.exists():
            result = measure(folder, districts, given.workers)
            kept.write_text(json.dumps(asdict(result)), encoding="utf-8")
        measured.append(Measured(**json.loads(kept.read_text(encoding="utf-8"))))
    tell(measured)


if __name__ == "__main__":
    main()
