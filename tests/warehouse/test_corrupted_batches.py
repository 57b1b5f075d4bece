"""A few of the batches of `make gate-faults`: damage just outside what may pass is refused, just inside is not."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest
from corrupted_batches import KINDS, SOUND, Batch, corrupted, sound
from every_check import DAMAGES
from gate_faults_run import refusing, rows_per_table
from small_world import ROOT
from wide_world import AS_OF, build_wide

from nianbao.model import Verdict
from nianbao.warehouse.bands import Band, read_bands, write_bands
from nianbao.warehouse.suites import BANDS_FILE, read_suites
from nianbao.warehouse.validate import validate

_CORRUPTED = ("units swapped", "figures doubled", "new texts cut off", "sections lost", "wrong issuer",
              "values changed, same rules", "coverage shrinks")  # fmt: skip
_SOUND = ("units swapped", "figures doubled", "new texts cut off", "wrong issuer", "coverage shrinks",
          "new and edited reports", "one odd report")  # fmt: skip


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[str, int]]:
    path = build_wide(tmp_path_factory.mktemp("wide"))
    return path, rows_per_table(path)


def _chosen(batches: list[Batch], names: tuple[str, ...]) -> list[Batch]:
    return [next(b for b in batches if b.name.split(" ×")[0] == name) for name in names]


@pytest.mark.parametrize("batch", _chosen(list(corrupted(len(KINDS), 7)), _CORRUPTED), ids=lambda b: b.name)
def test_a_corrupted_batch_is_refused(
    batch: Batch, released: tuple[Path, Mapping[str, int]], tmp_path: Path
) -> None:
    assert refusing(batch, *released, tmp_path)


@pytest.mark.parametrize("batch", _chosen(list(sound(100, 7)), _SOUND), ids=lambda b: b.name)
def test_a_sound_batch_is_not(batch: Batch, released: tuple[Path, Mapping[str, int]], tmp_path: Path) -> None:
    assert refusing(batch, *released, tmp_path) == []


def test_a_hundred_batches_hold_every_kind() -> None:
    assert len(KINDS) >= 40 and len(list(corrupted(100, 1))) == len(list(sound(100, 1))) == 100
    assert {b.name.split(" ×")[0] for b in sound(100, 1)} >= set(SOUND)


def test_every_check_can_fail(released: tuple[Path, Mapping[str, int]], tmp_path: Path) -> None:
    base, counts = released
    checks = read_suites(ROOT / "expectations")
    # Wide bands that hold anywhere only fail once a home has learned narrower ones.
    wide = read_bands(ROOT / "expectations" / BANDS_FILE, None).bands
    write_bands(tmp_path / BANDS_FILE, [Band(name, 0.123, 0.123) for name in wide], {}, [])
    failed: set[str] = set()
    for number, (statements, same_rules) in enumerate(DAMAGES):
        candidate = tmp_path / f"{number}.duckdb"
        shutil.copyfile(base, candidate)
        with duckdb.connect(str(candidate)) as connection:
            for statement in statements:
                connection.execute(statement)
        found = validate(
            candidate,
            suites=ROOT / "expectations",
            parameters={"as_of": AS_OF, "previous": counts, "same_rules": same_rules},
            published=base,
            bands=tmp_path / BANDS_FILE,
        )
        failed |= {
            c.check_id for c in found if c.verdict is Verdict.FAIL and "could not run" not in c.sentence
        }
    assert {check.check_id for check in checks} - failed == set()
