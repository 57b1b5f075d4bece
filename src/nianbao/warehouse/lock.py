"""One writer of a home at a time, across the processes of a machine and the machines that share the home.

Three things, each for what the one before cannot know:

- an advisory lock of the kernel on `refresh.lock`, freed when its holder dies: the truth on one machine;
- a heartbeat, the time of that file, touched every 20 seconds: some network file systems keep the kernel's lock to
  one machine, so a holder on another one is judged by it, by the clock of the file system alone;
- a token in the file: a holder that was asleep while another took over finds a token that is not its own, and stops.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import secrets
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from nianbao import clock

log = logging.getLogger("nianbao.lock")

LOCK_FILE = "refresh.lock"
# Six missed heartbeats: a machine that is merely slow, or a network that is away for a minute, is not taken for dead.
HEARTBEAT_SECONDS = 20.0
STALE_SECONDS = 120.0
# Two machines may start at the same second; the one whose token was overwritten shall notice soon.
_FIRST_LOOK_SECONDS = 2.0
_SAID_EVERY_SECONDS = 60.0


class LockedError(Exception):
    """Another process is writing to this home; the message names it."""


class LockLostError(Exception):
    """This process held the lock, and another one has taken it over meanwhile; nothing may be written any more."""


class Hold:
    """The lock while it is held. taken_over: a sentence about a dead former holder whose lock this was, or None."""

    def __init__(self, path: Path, descriptor: int, token: str, taken_over: str | None) -> None:
        self._path = path
        self._descriptor = descriptor
        self._token = token
        self.taken_over = taken_over
        self.on_lost: Callable[[LockLostError], None] | None = None
        self._over = threading.Event()
        self._writing = threading.Lock()
        threading.Thread(target=self._beat, name="lock heartbeat", daemon=True).start()

    def check(self) -> None:
        """Raises LockLostError if the lock is another's by now, as after a sleep of this machine."""
        # Opened anew: that is when a network file system asks its server what the file is now.
        holder = _holder_in(self._path)
        if holder.get("token") != self._token:
            other = (
                f"{_describe(holder)} has taken it over, as after two minutes without a sign of life from here"
                if holder
                else f"{self._path.name} was emptied or removed"
            )
            raise LockLostError(
                f"this process no longer holds the lock of {self._path.parent}: {other}."
                " It stops and publishes nothing; what it had archived is kept"
            )

    def release(self) -> None:
        """Gives the lock back, once; only a holder that was killed leaves its name behind."""
        with self._writing:
            if self._over.is_set():
                return
            self._over.set()
            try:
                self.check()
                _write(self._descriptor, {})
            except LockLostError:
                pass  # the file speaks of its new holder
            except OSError as error:
                log.warning("%s could not be emptied (%s); the next run says so", self._path, error.strerror)
            finally:
                os.close(self._descriptor)

    def _beat(self) -> None:
        pause = _FIRST_LOOK_SECONDS
        while not self._over.wait(pause):
            pause = HEARTBEAT_SECONDS
            with self._writing:
                if self._over.is_set():
                    return
                try:
                    self.check()
                    os.utime(self._descriptor)
                    continue
                except OSError as error:
                    log.warning("the lock %s could not be touched (%s)", self._path, error.strerror)
                    continue
                except LockLostError as lost:
                    said = lost
            log.error("%s", said)
            if self.on_lost:
                self.on_lost(said)
            return


@contextmanager
def hold_lock(home: Path, purpose: str, wait: float = 0.0) -> Iterator[Hold]:
    """Holds the lock of `home`; waits up to `wait` seconds for another holder to end, and says so every minute.

    Raises LockedError if it is still held then, by a living process of this machine, or by one of another machine
    that gave a sign of life within two minutes.
    """
    home.mkdir(parents=True, exist_ok=True)
    hold = _wait_for(home, purpose, wait)
    try:
        yield hold
    finally:
        hold.release()


def lock_holder(home: Path) -> str | None:
    """Who holds the lock of this home now, in words, or None."""
    path = home / LOCK_FILE
    if not path.exists():
        return None
    descriptor = os.open(path, os.O_RDONLY)
    try:
        holder = _read(descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _describe(holder)
        if holder and not _ours(holder):
            try:
                silent = _silent_seconds(home, descriptor)
            except OSError:
                return _describe(holder)  # nobody can write here, so nobody can tell
            return None if silent > STALE_SECONDS else _describe(holder, silent)
        return None
    finally:
        os.close(descriptor)


def ensure_free(home: Path) -> None:
    """Raises LockedError if a living process holds the lock; it may be taken a moment later all the same."""
    holder = lock_holder(home)
    if holder:
        raise LockedError(_busy(home, holder))


def _wait_for(home: Path, purpose: str, wait: float) -> Hold:
    until = time.monotonic() + wait
    say_at = time.monotonic()
    while True:
        try:
            return _take(home, purpose)
        except LockedError as busy:
            left = until - time.monotonic()
            if left <= 0:
                raise
            if time.monotonic() >= say_at:
                log.info("waiting up to %.0f s more: %s", left, busy)
                say_at += _SAID_EVERY_SECONDS
            time.sleep(min(left, 1.0))


def _take(home: Path, purpose: str) -> Hold:
    """Takes the lock now. Raises LockedError if it is held."""
    path = home / LOCK_FILE
    # Opened without truncation: the file says who held it last until it is ours.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _flock(descriptor):
            raise LockedError(_busy(home, _describe(_read(descriptor))))
        former, taken_over = _read(descriptor), None
        if former:
            silent = 0.0 if _ours(former) else _silent_seconds(home, descriptor)
            if not _ours(former) and silent <= STALE_SECONDS:
                raise LockedError(_busy(home, _describe(former, silent)))
            taken_over = f"took over the lock of {_describe(former, silent)}, which ended without finishing"
        token = secrets.token_hex(8)
        _write(
            descriptor,
            {
                "pid": os.getpid(),
                "host": socket.gethostname(),
                "machine": _machine(),
                "purpose": purpose,
                "since": clock.now().isoformat(timespec="seconds"),
                "token": token,
            },
        )
        os.utime(descriptor)
        return Hold(path, descriptor, token, taken_over)
    except BaseException:
        os.close(descriptor)
        raise


def _flock(descriptor: int) -> bool:
    """Tries for a moment: whoever asks who holds the lock holds it for the blink of an eye."""
    for pause in (0.05, 0.1, 0.2, 0):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(pause)
        else:
            return True
    return False


def _machine() -> str:
    """The running kernel: containers on it share its file locks, whatever they call their hosts."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return socket.gethostname()


def _ours(holder: dict[str, object]) -> bool:
    """True if the holder ran on this machine, where the kernel's lock is the whole truth."""
    return holder.get("machine", _machine()) == _machine()


def _silent_seconds(home: Path, descriptor: int) -> float:
    """Seconds since the last heartbeat, by the clock of the file system. Raises OSError where nothing can be written."""
    with tempfile.NamedTemporaryFile(dir=home, prefix=".clock-") as probe:
        os.utime(probe.fileno())
        now = os.fstat(probe.fileno()).st_mtime
    silent = now - os.fstat(descriptor).st_mtime
    if silent < 0:  # that clock was set back; counting begins anew now
        os.utime(home / LOCK_FILE)
        return 0.0
    return silent


def _busy(home: Path, holder: str) -> str:
    return f"{home} is being written by {holder}; wait for it to end, or stop it"


def _holder_in(path: Path) -> dict[str, object]:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return {}
    try:
        return _read(descriptor)
    finally:
        os.close(descriptor)


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


def _describe(holder: dict[str, object], silent: float | None = None) -> str:
    if not holder:
        return "another process"
    sign = f", last sign of life {silent:.0f} s ago" if silent else ""
    return (
        f"'nianbao {holder.get('purpose')}' (process {holder.get('pid')} on {holder.get('host')}, "
        f"since {holder.get('since')}{sign})"
    )
