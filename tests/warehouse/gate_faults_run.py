"""Runs corrupted and sound batches through the gate and prints the table: gate_faults_run.py [COUNT] [SEED]."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import duckdb
from candidate import World
from corrupted_batches import LAKE_KINDS, LAKE_SOUND, Batch, corrupted, sound
from small_world import ROOT
from wide_world import AS_OF, build_wide, wide_world

from nianbao.warehouse.validate import validate


def rows_per_table(database: Path) -> dict[str, int]:
    """Rows of every mart, as a release's manifest has them."""
    with duckdb.connect(str(database), read_only=True) as connection:
        names = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'main'"
        ).fetchall()
        return {
            name: connection.execute(f'select count(*) from "{name}"').fetchall()[0][0] for (name,) in names
        }


def refusing(
    batch: Batch, base: Path, counts: Mapping[str, int], folder: Path, beside: Path | None = None
) -> list[str]:
    """Ids of the checks that refuse a batch: a copy of `base` with its statements, beside a release (else `base`)."""
    candidate = folder / "candidate.duckdb"
    candidate.unlink(missing_ok=True)
    shutil.copyfile(base, candidate)
    with duckdb.connect(str(candidate)) as connection:
        for statement in batch.statements:
            connection.execute(statement)
    checks = validate(
        candidate,
        suites=ROOT / "expectations",
        parameters={"as_of": AS_OF, "previous": counts, "same_rules": batch.same_rules},
        published=beside or base,
    )
    return [check.check_id for check in checks if check.refuses]


def refusing_lake(
    name: str, damage: Callable[[World], None], released: Path, counts: Mapping[str, int], folder: Path
) -> list[str]:
    """Who refuses a candidate that is built from damaged rows: dbt's tests, or ids of the gate's checks."""
    world = wide_world()
    damage(world)
    try:
        candidate = build_wide(folder, world, name.replace(" ", "_"))
    except AssertionError as error:
        return [f"dbt: {str(error)[:60]}"]
    return refusing(Batch(name, (), refuse=True, same_rules=True), candidate, counts, folder, beside=released)


def main(count: int, seed: int) -> int:
    """Returns how many batches were judged wrongly."""
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        released = build_wide(folder)
        counts = rows_per_table(released)
        for kinds, refuse in ((LAKE_KINDS, True), (LAKE_SOUND, False)):
            for kind, damage in kinds.items():
                found = refusing_lake(kind, damage, released, counts, folder)
                wrong += bool(found) != refuse
                _say(kind, "refused" if refuse else "let pass", bool(found) == refuse, found)
        for expected, batches in (("refused", corrupted(count, seed)), ("let pass", sound(count, seed))):
            right = total = 0
            for batch in batches:
                found = refusing(batch, released, counts, folder)
                good, total = bool(found) == batch.refuse, total + 1
                right += good
                wrong += not good
                _say(batch.name, expected, good, found)
            print(f"{right} of {total} {expected} as they should be (seed {seed})", flush=True)
    return wrong


def _say(name: str, expected: str, good: bool, found: Sequence[str]) -> None:
    print(f"{'ok   ' if good else 'WRONG'} {expected:9} {name:45} {', '.join(found[:3])}", flush=True)


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:3]]
    sys.exit(1 if main(*(numbers + [100, 1][len(numbers) :])) else 0)
