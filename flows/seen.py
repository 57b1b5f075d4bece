"""What a person sees of a run in Prefect: its name, its progress, and the artifacts that it leaves.

The run does not depend on any of it: what Prefect cannot take is said in the log, and `nianbao status` has it all.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.client.orchestration import get_client
from prefect.futures import PrefectFuture, as_completed
from prefect.runtime import flow_run

from flows.account import check_rows, source_rows, summary
from flows.context import Refresh

log = logging.getLogger("nianbao.refresh")
_STEP_SECONDS = 2.0  # between two marks of a progress bar; each is a question to the server


def submit_all(
    what: str,
    items: Sequence[Any],
    submit: Callable[[Any], PrefectFuture[Any]],
    note: Callable[[Any], None] = lambda result: None,
) -> list[Any]:
    """Submits a task per item and waits for all, with a progress bar; the first failure is raised after the others have
    ended. note: is given each result as it comes, in which order they are returned."""
    futures = [submit(item) for item in items]
    bar: Any = None
    if len(futures) > 1:
        with _tolerant(f"the progress of {what}"):
            bar = create_progress_artifact(0.0, description=f"{what}: 0 of {len(futures)} tasks")
    marked, failed = time.monotonic(), None
    results = []
    for done, future in enumerate(as_completed(futures), start=1):
        try:
            result = future.result()
        except Exception as error:
            failed = failed or error
        else:
            note(result)
            results.append(result)
        due = done == len(futures) or time.monotonic() - marked >= _STEP_SECONDS
        if bar is not None and due:
            marked = time.monotonic()
            with _tolerant(f"the progress of {what}"):
                update_progress_artifact(
                    bar, 100.0 * done / len(futures), description=f"{what}: {done} of {len(futures)} tasks"
                )
    if failed:
        raise failed
    return results


def name_run(name: str) -> None:
    """Gives the run in Prefect its name, once it is known what it does."""
    if flow_run.id is None:
        return
    with _tolerant("the name of the run"), get_client(sync_client=True) as client:
        client.update_flow_run(flow_run.id, name=name)


def leave_artifacts(run: Refresh) -> None:
    """The summary, how each source ended, the checks, and where the release is to be looked at."""
    # All or the rest of them: where one cannot be left because the server is gone, each further one would wait for it.
    with _tolerant("the summary and its tables"):
        create_markdown_artifact(
            summary(run), key="refresh-summary", description=f"Refresh {run.record.refresh_id}"
        )
        sources, checks, release_id = source_rows(run), check_rows(run), run.record.row.release_id
        if sources:
            create_table_artifact(sources, key="sources", description="How the visit to each source ended")
        if checks:
            create_table_artifact(checks, key="checks", description="What the gate found in the candidate")
        if release_id:
            url = f"{run.settings.web_url.rstrip('/')}/releases/{release_id}/"
            create_link_artifact(
                url, link_text=release_id, key="release", description="The release and its pages"
            )


@contextmanager
def _tolerant(what: str) -> Iterator[None]:
    """What is published stays published when Prefect cannot take it, and errors keep their own name."""
    try:
        yield
    except Exception as error:
        log.warning("%s could not be left in Prefect (%s); `nianbao status` has it", what, error)
