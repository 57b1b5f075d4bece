"""Prints when the nightly refresh runs next, once the server has made that run out of its schedule.

    python -m flows.next_run        exits with 1 if there is none within 90 seconds

Asking for the run itself, not for the cron expression, shows that the server's scheduler is at work.
"""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import datetime

from flows.deployments import NIGHTLY, TIMEZONE
from nianbao import clock
from nianbao.clock import CHINA

_SECONDS = 90.0


async def next_run() -> datetime | None:
    """When the nightly deployment's first scheduled run is due, None if no run appears in time."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import (
        DeploymentFilter,
        DeploymentFilterName,
        FlowRunFilter,
        FlowRunFilterState,
        FlowRunFilterStateName,
    )
    from prefect.client.schemas.sorting import FlowRunSort

    deadline = time.monotonic() + _SECONDS
    async with get_client() as client:
        while time.monotonic() < deadline:
            runs = await client.read_flow_runs(
                deployment_filter=DeploymentFilter(name=DeploymentFilterName(any_=[NIGHTLY.name])),
                flow_run_filter=FlowRunFilter(
                    state=FlowRunFilterState(name=FlowRunFilterStateName(any_=["Scheduled"]))
                ),
                sort=FlowRunSort.EXPECTED_START_TIME_ASC,
                limit=1,
            )
            if runs and runs[0].expected_start_time:
                return runs[0].expected_start_time
            await asyncio.sleep(1)
    return None


def _main() -> int:
    moment = asyncio.run(next_run())
    if moment is None:
        return 1
    said = f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M} ({TIMEZONE})"
    print(f"at once, since the one of {said} was missed" if moment < clock.now() else said)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
