"""One writer of a home at a time, also where two machines share it; the lock of a dead writer is free."""

import json
import logging
import os
import signal
import subprocess
import sys
import time

import pytest

from nianbao.warehouse import lock as lock_module
from nianbao.warehouse.lock import LockedError, LockLostError, ensure_free, hold_lock, lock_holder

HOLDER = """
import sys, time
from pathlib import Path
from nianbao.warehouse.lock import hold_lock
with hold_lock(Path(sys.argv[1]), "refresh"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def elsewhere(home, silent, token="theirs"):
    """Leaves in the lock file what a holder on another machine writes, whose kernel's lock does not reach this one."""
    path = home / "refresh.lock"
    path.write_text(
        json.dumps(
            {
                "pid": 7,
                "host": "archive-2",
                "machine": "another kernel",
                "purpose": "refresh",
                "since": "2026-01-01T00:00:00+00:00",
                "token": token,
            }
        )
    )
    moment = time.time() - silent
    os.utime(path, (moment, moment))


def test_a_second_writer_is_told_who_holds_the_lock(tmp_path, holder):
    with (
        pytest.raises(LockedError, match=rf"'nianbao refresh' \(process {holder.pid} on"),
        hold_lock(tmp_path, "import"),
    ):
        pass
    assert str(holder.pid) in lock_holder(tmp_path)


def test_the_lock_of_a_killed_writer_is_taken_over_and_said(tmp_path, holder):
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    with hold_lock(tmp_path, "refresh") as lock:
        assert f"process {holder.pid}" in lock.taken_over


def test_a_lock_that_was_given_back_leaves_no_word_of_its_holder(tmp_path):
    with hold_lock(tmp_path, "refresh"):
        assert lock_holder(tmp_path)
    assert lock_holder(tmp_path) is None
    with hold_lock(tmp_path, "refresh") as lock:
        assert lock.taken_over is None


def test_a_writer_that_failed_is_no_dead_one(tmp_path):
    with pytest.raises(ValueError, match="no source"), hold_lock(tmp_path, "refresh"):
        raise ValueError("no source")
    with hold_lock(tmp_path, "refresh") as lock:
        assert lock.taken_over is None


def test_who_waits_gets_the_lock_when_its_holder_dies_and_said_whom_it_waits_for(tmp_path, holder, caplog):
    caplog.set_level(logging.INFO, "nianbao.lock")
    kill = subprocess.Popen(["sh", "-c", f"sleep 0.5; kill -9 {holder.pid}"])
    with hold_lock(tmp_path, "refresh", wait=60) as lock:
        assert f"process {holder.pid}" in lock.taken_over
    assert "waiting up to 60 s more" in caplog.text
    assert f"process {holder.pid}" in caplog.text
    kill.wait()


def test_a_wait_that_is_over_ends_with_who_holds_the_lock(tmp_path, holder):
    with pytest.raises(LockedError, match=str(holder.pid)), hold_lock(tmp_path, "refresh", wait=0.1):
        pass


def test_a_holder_on_another_machine_is_judged_by_its_heartbeat(tmp_path):
    elsewhere(tmp_path, silent=60)
    assert "on archive-2" in lock_holder(tmp_path)
    assert "last sign of life 60 s ago" in lock_holder(tmp_path)
    with pytest.raises(LockedError, match="archive-2"):
        ensure_free(tmp_path)
    with pytest.raises(LockedError, match="archive-2"), hold_lock(tmp_path, "refresh"):
        pass
    elsewhere(tmp_path, silent=121)
    assert lock_holder(tmp_path) is None
    with hold_lock(tmp_path, "refresh") as lock:
        assert "archive-2" in lock.taken_over


def test_the_local_clock_does_not_judge_who_is_alive(tmp_path, monkeypatch):
    elsewhere(tmp_path, silent=60)
    monkeypatch.setenv("NIANBAO_CLOCK_OFFSET", "-259200")
    assert lock_holder(tmp_path)
    monkeypatch.setenv("NIANBAO_CLOCK_OFFSET", "259200")
    assert lock_holder(tmp_path)


def test_a_heartbeat_from_the_future_holds_for_two_minutes_at_most(tmp_path):
    elsewhere(tmp_path, silent=-86_400)
    with pytest.raises(LockedError), hold_lock(tmp_path, "refresh"):
        pass
    # From now on it counts, as if the last sign of life had come just now.
    assert abs((tmp_path / "refresh.lock").stat().st_mtime - time.time()) < 60


def test_a_holder_that_slept_while_another_took_over_notices_and_leaves_the_lock_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(lock_module, "_FIRST_LOOK_SECONDS", 0.05)
    told = []
    with hold_lock(tmp_path, "refresh") as lock:
        lock.check()
        lock.on_lost = told.append
        elsewhere(tmp_path, silent=0)
        with pytest.raises(LockLostError, match=r"archive-2.*publishes nothing"):
            lock.check()
        while not told:
            time.sleep(0.01)
    assert "archive-2" in lock_holder(tmp_path)


def test_the_heartbeat_touches_the_lock(tmp_path, monkeypatch):
    monkeypatch.setattr(lock_module, "_FIRST_LOOK_SECONDS", 0.05)
    with hold_lock(tmp_path, "refresh"):
        path = tmp_path / "refresh.lock"
        os.utime(path, (0, 0))
        while path.stat().st_mtime == 0:
            time.sleep(0.01)
