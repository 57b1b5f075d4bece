"""What the home takes on its disk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DiskUse:
    """parts: folder or file of the home → bytes on disk, files with several names counted once. free, total: bytes of its
    file system."""

    parts: Mapping[str, int]
    free: int
    total: int

    @property
    def used(self) -> int:
        """Bytes of the whole home."""
        return sum(self.parts.values())


def disk_use(home: Path) -> DiskUse:
    """What the home takes; all zero where there is none yet."""
    where = next(folder for folder in (home, *home.parents) if folder.exists())
    usage = shutil.disk_usage(where)
    parts: dict[str, int] = {}
    seen: set[tuple[int, int]] = set()
    for entry in sorted(os.scandir(home), key=lambda e: e.name) if home.is_dir() else ():
        if not entry.is_symlink():
            parts[entry.name] = sum(_sizes(entry, seen))
    return DiskUse(parts, usage.free, usage.total)


def _sizes(entry: os.DirEntry[str], seen: set[tuple[int, int]]) -> list[int]:
    try:
        if entry.is_dir(follow_symlinks=False):
            return [size for inner in os.scandir(entry.path) for size in _sizes(inner, seen)]
        facts = entry.stat(follow_symlinks=False)
    except OSError:  # gone meanwhile: a refresh may be at work
        return []
    if (facts.st_dev, facts.st_ino) in seen:
        return []
    seen.add((facts.st_dev, facts.st_ino))
    return [facts.st_blocks * 512]
