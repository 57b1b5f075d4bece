"""What is wrong around a run, not in it: a disk that is full or read-only, a file that another process holds."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_AGAIN = "What was archived is kept, and the next run goes on from there"
# With less no database of the home can be written.
_LEAST_BYTES = 1_000_000
_FULL = (
    "there is no space left on the disk of {home}; make room (`nianbao releases gc` removes old releases, and cache/,"
    " logs/ and builds/ may be deleted) and run it again"
)
_READ_ONLY = (
    "{home} cannot be written: its file system is read-only, as after an error of the disk; see what the kernel says"
    " (dmesg), mount it for writing again, and run it again"
)
# As the kernel, SQLite, DuckDB and Arrow say it.
_KNOWN = (
    (("No space left on device", "database or disk is full", "Disk quota exceeded"), _FULL),
    (("Read-only file system", "readonly database"), _READ_ONLY),
    (
        ("database is locked",),
        "another process holds ledger.sqlite, harvest.sqlite or archive/index.sqlite in {home} locked for half a minute;"
        " find it (fuser {home}/*.sqlite), end it, and run it again",
    ),
    (
        ("Could not set lock on file", "Conflicting lock is held"),
        "another process has opened the candidate in {home}/builds, which is nobody's but the run's; close it there, and"
        " run it again",
    ),
)


def surroundings(error: BaseException, home: Path) -> str | None:
    """A sentence about the disk or the other process that an error, or one before it, comes from; None for any other."""
    seen: BaseException | None = error
    while seen is not None:
        said = str(seen)
        for marks, sentence in _KNOWN:
            if any(mark in said for mark in marks):
                return _told(sentence, home, seen)
        seen = seen.__cause__ or seen.__context__
    state = disk_trouble(home)
    return _told(state, home, error) if state else None


def disk_trouble(home: Path) -> str | None:
    """What is wrong with the disk of a home, as a pattern for its path; None if it can be written.

    SQLite and dbt often say no more than that something went wrong.
    """
    if os.statvfs(home).f_flag & os.ST_RDONLY:
        return _READ_ONLY
    return _FULL if shutil.disk_usage(home).free < _LEAST_BYTES else None


def _told(sentence: str, home: Path, error: BaseException) -> str:
    return f"{sentence.format(home=home)}. {_AGAIN} ({' '.join(str(error).split())[:300]})"
