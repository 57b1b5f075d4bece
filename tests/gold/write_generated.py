"""Writes the generated gold anew: `make gold`. The same code gives the same bytes."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from nianbao.registry.regions import COLUMNS
from nianbao.simulation.proving import proving_gold, region_rows, to_json

FOLDER = Path(__file__).parent / "generated"
SEED, COUNT = 1, 78


def write(folder: Path) -> None:
    """All texts, annotations and the fictional regions."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in (*folder.glob("*.txt"), *folder.glob("*.json")):
        old.unlink()
    for text, annotation in proving_gold(SEED, COUNT):
        (folder / f"{annotation['doc']}.txt").write_text(text, encoding="utf-8", newline="")
        (folder / f"{annotation['doc']}.json").write_text(to_json(annotation), encoding="utf-8", newline="")
    with (folder / "regions.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *region_rows()])


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
