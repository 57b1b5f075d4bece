"""File systems for trouble: a small one, and one that is read-only. Needs root, of the machine or of a user namespace."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _mount(*arguments: object) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True, capture_output=True)


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], check=True, capture_output=True)


def can_mount() -> bool:
    """True if this process may mount file systems."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            _mount("-t", "tmpfs", "-o", "size=1m", "chaos", folder)
        except (OSError, subprocess.CalledProcessError):
            return False
        _unmount(Path(folder))
    return True


def namespace() -> list[str] | None:
    """The words before a command that let it mount: none, those of a user namespace, or None where nothing helps."""
    if can_mount():
        return []
    prefix = ["unshare", "--map-root-user", "--mount"]
    try:
        subprocess.run([*prefix, "mount", "-t", "tmpfs", "chaos", "/mnt"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return prefix


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """A file system of so many megabytes, in memory, on `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "chaos", folder)
    try:
        yield
    finally:
        _unmount(folder)


def fill(folder: Path, left: int) -> Path:
    """Writes a file that leaves so many bytes free; returns it."""
    filler = folder / "filler"
    free = shutil.disk_usage(folder).free
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, free - left))
    return filler


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder is mounted over itself, read-only; files that are open for writing stay so."""
    _mount("--bind", folder, folder)
    try:
        _mount("-o", "remount,bind,ro", folder)
        yield
    finally:
        _unmount(folder)
