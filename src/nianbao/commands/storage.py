"""`nianbao storage`: what a home's storage lacks or holds, and whether it is as it was stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from nianbao.settings import Settings
from nianbao.storage import StorageError
from nianbao.warehouse.ledger import Ledger
from nianbao.warehouse.lock import LockedError, hold_lock
from nianbao.warehouse.release.store import ConflictError, ReleaseError
from nianbao.warehouse.stored import Stored, pull_home, push_home

_NONE = "the settings name no storage, so all that this home has lies on its own disk; NIANBAO_STORAGE names one (docs/storage.md)"


def pushed(settings: Settings, out: TextIO, err: TextIO) -> int:
    """Stores what the storage lacks."""
    return _done(settings, "push", lambda: f"{push_home(settings, Ledger(settings.ledger))} stored", out, err)


def pulled(settings: Settings, out: TextIO, err: TextIO) -> int:
    """Fetches what the home lacks."""
    return _done(settings, "pull", lambda: f"{pull_home(settings)} fetched", out, err)


def verified(settings: Settings, out: TextIO, err: TextIO) -> int:
    """Reads all that is stored and compares it with its hashes. Returns 1 on damage."""
    if not settings.storage:
        print(_NONE, file=err)
        return 1
    try:
        problems = Stored(settings).verify()
    except StorageError as error:
        print(error, file=err)
        return 1
    print("\n".join(problems) or f"{settings.storage}: as stored", file=out)
    return 1 if problems else 0


def _done(settings: Settings, what: str, work: Callable[[], str], out: TextIO, err: TextIO) -> int:
    if not settings.storage:
        print(_NONE, file=err)
        return 1
    try:
        with hold_lock(settings.home, f"storage {what}"):
            print(work(), file=out)
    except (ConflictError, LockedError, ReleaseError, StorageError) as error:
        print(error, file=err)
        return 1
    return 0
