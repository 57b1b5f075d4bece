"""A few of the batches of `make gate-faults`: damage just outside what may pass is refused, just inside is not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from corrupted_batches import KINDS, SOUND, Batch, corrupted, sound
from gate_faults_run import refusing, rows_per_table
from wide_world import build_wide

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
