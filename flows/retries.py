"""Whether a task that failed is tried again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import State, Task
from prefect.client.schemas.objects import TaskRun

from nianbao.warehouse.surroundings import surroundings
from nianbao.warehouse.workplace import OtherRulesError


def may_pass(task: Task[..., Any], task_run: TaskRun, state: State[Any]) -> bool:
    """Whether a second try may help: what the machine refuses (a full disk, a locked file) it refuses again, pages that were
    archived without a note of it would be asked for twice, and a worker keeps the rules that it has."""
    error = state.result(raise_on_failure=False)
    if isinstance(error, OtherRulesError):
        return False
    return not (isinstance(error, BaseException) and surroundings(error, Path()))
