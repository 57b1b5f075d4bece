"""Trouble around a run is told as what it is, however deep it lies and whoever noticed it first."""

import errno
import os
import sqlite3
from contextlib import closing

import pytest

from nianbao.warehouse.surroundings import surroundings


def test_a_full_disk_is_told_also_where_another_error_came_after_it(tmp_path):
    def write():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(RuntimeError) as raised:
        try:
            write()
        except OSError as error:
            raise RuntimeError("the candidate cannot be built") from error
    sentence = surroundings(raised.value, tmp_path)
    assert sentence.startswith(f"there is no space left on the disk of {tmp_path}; make room")


def test_a_locked_database_is_told_with_how_to_find_who_holds_it(tmp_path):
    path = tmp_path / "ledger.sqlite"
    with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(path, timeout=0)) as other:
        one.execute("begin exclusive")
        with pytest.raises(sqlite3.OperationalError) as raised:
            other.execute("create table t (x)")
    assert f"fuser {tmp_path}/*.sqlite" in surroundings(raised.value, tmp_path)


def test_an_error_of_the_run_itself_is_nobody_elses(tmp_path):
    assert surroundings(ValueError("no such indicator"), tmp_path) is None
