"""What a night leaves behind: memory, open files and threads of the process, bytes and files of the home."""

from __future__ import annotations

import gc
import itertools
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Measure:
    """After one night. memory: resident bytes of the process; disk, files: of the home, hard links counted once."""

    night: int
    state: str
    memory: int
    handles: int
    threads: int
    disk: int
    files: int


def measure(night: int, state: str, home: Path) -> Measure:
    """Measures this process and a home."""
    gc.collect()
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    sizes = {}
    for path in home.rglob("*"):
        if path.is_file() and not path.is_symlink():
            facts = path.stat()
            sizes[facts.st_ino] = facts.st_size
    handles = len(list(Path("/proc/self/fd").iterdir()))
    return Measure(night, state, resident, handles, threading.active_count(), sum(sizes.values()), len(sizes))


def growth(measures: Sequence[Measure], what: str) -> float:
    """By how much a figure grows from one quiet night to the next quiet one, as the median of such steps."""
    steps = [
        getattr(later, what) - getattr(former, what)
        for former, later in itertools.pairwise(measures)
        if former.state == later.state == "quiet"
    ]
    return float(sorted(steps)[len(steps) // 2]) if steps else 0.0
