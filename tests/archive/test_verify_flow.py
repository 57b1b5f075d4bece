"""The flows verify and gc, without a server: damage is told, a refresh that runs beside it is no damage."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from flows.gc import gc_flow
from flows.verify import archive_damage
from nianbao.archive import Archive
from nianbao.model import Capture
from nianbao.settings import Settings
from nianbao.warehouse.lock import LockedError, hold_lock

from .records import T0, respond


@pytest.fixture
def settings(filled: tuple[Path, list[Capture]], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home whose archive is the filled one."""
    monkeypatch.setenv("NIANBAO_HOME", str(filled[0].parent))
    return Settings()


def test_a_whole_archive_and_an_empty_home_have_no_damage(settings: Settings, tmp_path: Path) -> None:
    segments, captures, damage = archive_damage.fn(settings)
    assert (segments, captures > 0, damage) == (2, True, [])
    empty = settings.model_copy(update={"home": tmp_path / "empty"})
    assert archive_damage.fn(empty) == (0, 0, [])


def test_a_refresh_that_writes_meanwhile_is_no_damage(settings: Settings) -> None:
    ended = threading.Event()

    def refresh() -> None:
        archive = Archive(settings.archive)
        for batch in range(25):
            with archive.writer(f"20260401T0230{batch:02d}Z-b") as writer:
                for page in range(12):
                    at = T0 + timedelta(days=30, seconds=batch * 60 + page)
                    respond(writer, f"http://www.b.test/{batch}/{page}", b"x" * 3000, fetched_at=at)
        archive.close()
        ended.set()

    with hold_lock(settings.home, "refresh"):
        writing = threading.Thread(target=refresh)
        writing.start()
        looks, found = 0, []
        while not ended.is_set():
            found += archive_damage.fn(settings)[2]
            looks += 1
        writing.join()
    assert looks > 1
    assert found == []
    assert archive_damage.fn(settings)[2] == []


def test_damage_of_what_was_finished_is_told_also_while_a_refresh_runs(settings: Settings) -> None:
    first, second = sorted((settings.archive / "segments").glob("*.warc.gz"))
    content = bytearray(first.read_bytes())
    content[len(content) // 2] ^= 0xFF
    first.write_bytes(content)
    second.unlink()
    with hold_lock(settings.home, "refresh"):
        damage = archive_damage.fn(settings)[2]
    assert any(first.name in sentence and "restore the file from a copy" in sentence for sentence in damage)
    assert any(second.name in sentence and "is missing" in sentence for sentence in damage)


def test_gc_clears_what_killed_runs_left_but_not_beside_a_writer(settings: Settings) -> None:
    leftover = settings.builds / "20260101T000000Z-dead"
    leftover.mkdir(parents=True)
    with hold_lock(settings.home, "refresh"), pytest.raises(LockedError, match="'nianbao refresh'"):
        gc_flow.fn()
    assert leftover.exists()
    assert gc_flow.fn().leftovers == (leftover.name,)
    assert not leftover.exists()
