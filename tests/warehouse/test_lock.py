"""One writer of a home at a time; the lock of a dead writer is free."""

import os
import signal
import subprocess
import sys

import pytest

from nianbao.warehouse.lock import LockedError, hold_lock, lock_holder

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
    with hold_lock(tmp_path, "refresh") as taken_over:
        assert f"process {holder.pid}" in taken_over


def test_a_lock_that_was_given_back_leaves_no_word_of_its_holder(tmp_path):
    with hold_lock(tmp_path, "refresh"):
        assert lock_holder(tmp_path)
    assert lock_holder(tmp_path) is None
    with hold_lock(tmp_path, "refresh") as taken_over:
        assert taken_over is None


def test_a_writer_that_failed_is_no_dead_one(tmp_path):
    with pytest.raises(ValueError, match="no source"), hold_lock(tmp_path, "refresh"):
        raise ValueError("no source")
    with hold_lock(tmp_path, "refresh") as taken_over:
        assert taken_over is None
