"""What the commands that run a flow share: what is in the way before, and what is said of an end that nobody planned."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nianbao.harvest.choice import ChoiceError, choose
from nianbao.registry import RegistryError, load_registry
from nianbao.settings import Settings, project_dir
from nianbao.warehouse.lake import ContractError
from nianbao.warehouse.ledger import Ledger, RefreshState
from nianbao.warehouse.lock import LockedError, LockLostError, ensure_free
from nianbao.warehouse.release import ReleaseError
from nianbao.warehouse.surroundings import disk_trouble, surroundings


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended. refresh_id is '' if the ledger never knew of it."""

    refresh_id: str
    state: RefreshState
    sentence: str


@contextmanager
def told_when_stopped(settings: Settings, tell: Callable[[Ended], None] | None) -> Iterator[None]:
    """Within it, what is to be told on stdout is told also of a run that SIGTERM or Ctrl-C ends; None tells nothing."""
    from flows.recorded import last_begun
    from flows.stopping import stoppable

    def goodbye(why: str) -> None:
        if tell is not None:
            row = last_begun(settings)
            tell(
                Ended(row.refresh_id, row.state, row.sentence)
                if row
                else Ended("", RefreshState.INTERRUPTED, why)
            )

    with stoppable(goodbye):
        yield


def hindrance(
    settings: Settings, parameters: Mapping[str, Any] = MappingProxyType({})
) -> tuple[int, str] | None:
    """What can be known to be in the way before anything is started: (exit code, sentence). Raises sqlite3.Error where the
    ledger cannot be read."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.home):
            pass
    except OSError as error:
        return 2, f"{settings.home} cannot be written ({error.strerror}); name another folder in NIANBAO_HOME"
    if trouble := disk_trouble(settings.home):
        return 1, trouble.format(home=settings.home)
    Ledger(settings.ledger).refreshes(1)
    try:
        choose(load_registry(settings.registry_folder, project_dir("data")), parameters.get("only", ()))
        if not parameters.get("wait"):
            ensure_free(settings.home)
    except (RegistryError, ChoiceError) as error:
        return 2, str(error)
    except LockedError as error:
        return 1, str(error)
    return None


def told(settings: Settings, error: Exception) -> str:
    """The sentence about an error that ended a run; what nobody foresaw is kept in a file."""
    from flows.recorded import RefreshFailedError

    if isinstance(error, RefreshFailedError | LockedError | LockLostError | ReleaseError | ContractError):
        return str(error)
    if sentence := surroundings(error, settings.home):
        return sentence
    settings.logs.mkdir(parents=True, exist_ok=True)
    path = settings.logs / "last-failure.txt"
    path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    remedy = ""
    if "Failed to reach API" in str(error):
        remedy = "; start the Prefect server that PREFECT_API_URL names, or unset it"
    return f"{type(error).__name__}: {error}{remedy} (the whole story is in {path})"


def called(settings: Settings) -> str:
    """How to call this command again: nianbao, or the way to it, with the home where one was named."""
    command = "nianbao"
    if Path(sys.argv[0]).resolve().parent not in {Path(p).resolve() for p in os.get_exec_path()}:
        command = os.path.relpath(sys.argv[0])
    home = f"NIANBAO_HOME={settings.home} " if "home" in settings.model_fields_set else ""
    return home + command
