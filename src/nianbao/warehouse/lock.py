"""One writer of a home at a time: an advisory file lock that the kernel frees when its holder dies."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nianbao import clock


class LockedError(Exception):
    """Another process is writing to this home; the message names it."""


@contextmanager
def hold_lock(home: Path, purpose: str) -> Iterator[str | None]:
    """Holds `home`/refresh.lock. Yields a sentence about a dead former holder whose lock was taken over, or None.

    Raises LockedError if a living process holds it.
    """
    home.mkdir(parents=True, exist_ok=True)
    # Opened without truncation: the file says who held it last until it is ours.
    descriptor = os.open(home / "refresh.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _take(descriptor):
            raise LockedError(_busy(home, _describe(_read(descriptor))))
        former = _read(descriptor)
        taken_over = (
            f"took over the lock of {_describe(former)}, which ended without finishing" if former else None
        )
        _write(
            descriptor,
            {
                "pid": os.getpid(),
                "host": socket.gethostname(),
                "purpose": purpose,
                "since": clock.now().isoformat(timespec="seconds"),
            },
        )
        try:
            yield taken_over
        finally:
            _write(descriptor, {})  # only a holder that was killed leaves its name behind
    finally:
        os.close(descriptor)


def _take(descriptor: int) -> bool:
    """Tries for a moment: whoever asks who holds the lock holds it for the blink of an eye."""
    for pause in (0.05, 0.1, 0.2, 0):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(pause)
        else:
            return True
    return False


def lock_holder(home: Path) -> str | None:
    """Who holds the lock of this home now, in words, or None."""
    path = home / "refresh.lock"
    if not path.exists():
        return None
    descriptor = os.open(path, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _describe(_read(descriptor))
        return None
    finally:
        os.close(descriptor)


def ensure_free(home: Path) -> None:
    """Raises LockedError if a living process holds the lock; it may be taken a moment later all the same."""
    holder = lock_holder(home)
    if holder:
        raise LockedError(_busy(home, holder))


def _busy(home: Path, holder: str) -> str:
    return f"{home} is being written by {holder}; wait for it to end, or stop it"


def _read(descriptor: int) -> dict[str, object]:
    os.lseek(descriptor, 0, os.SEEK_SET)
    try:
        content = json.loads(os.read(descriptor, 4096) or b"{}")
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _write(descriptor: int, holder: dict[str, object]) -> None:
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    if holder:
        os.write(descriptor, json.dumps(holder).encode())
    os.fsync(descriptor)


def _describe(holder: dict[str, object]) -> str:
    if not holder:
        return "another process"
    return (
        f"'nianbao {holder.get('purpose')}' (process {holder.get('pid')} on {holder.get('host')}, "
        f"since {holder.get('since')})"
    )
