"""The deployments, listed once: `nianbao serve` serves them, and prefect.yaml names the same for work pools.

python -m flows.deployments        registers them with the server that PREFECT_API_URL names, and runs what is due
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TIMEZONE = "Asia/Shanghai"
# A refresh that is late is not started beside the one that is running, but after it.
_ONE_AT_A_TIME = 1
# Seconds that a run waits for another one, such as a batch of a backfill, to give the home free.
_WAIT = 7200


@dataclass(frozen=True, slots=True)
class Deployment:
    """A flow with the parameters and the time of day that it is run with.

    entrypoint: module and name of the flow. flow: the flow's own name. cron: in the time of China; None where it runs
    only when somebody asks for it.
    """

    name: str
    flow: str
    entrypoint: str
    description: str
    cron: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """As Prefect calls it: flow/deployment."""
        return f"{self.flow}/{self.name}"


DEPLOYMENTS = (
    Deployment(
        "nightly",
        "refresh",
        "flows.refresh.refresh_flow",
        "Looks at the sources that are due this night, and publishes a release if anything is new.",
        cron="0 2 * * *",
        parameters={"due_only": True, "wait": _WAIT},
    ),
    Deployment(
        "refresh",
        "refresh",
        "flows.refresh.refresh_flow",
        "Looks at all sources, or at those named, and publishes a release if anything is new.",
        parameters={"wait": _WAIT},
    ),
    Deployment(
        "backfill",
        "backfill",
        "flows.backfill.backfill_flow",
        "Reads to their end the sources that never were, in batches beside the nightly refresh.",
    ),
    Deployment(
        "reextract",
        "reextract",
        "flows.reextract.reextract_flow",
        "Reads again what changed rules touch, and shows the difference; publishes it when asked to.",
        parameters={"wait": _WAIT},
    ),
    Deployment(
        "verify",
        "verify",
        "flows.verify.verify_flow",
        "Reads every record of the archive and every file of the releases, and says what is damaged.",
        cron="0 12 * * 0",
    ),
    Deployment(
        "gc",
        "gc",
        "flows.gc.gc_flow",
        "Removes releases past retention, and what killed runs left behind.",
        cron="0 12 * * 1",
        parameters={"wait": _WAIT},
    ),
)
NIGHTLY = DEPLOYMENTS[0]


def serve_deployments() -> None:
    """Registers the deployments and runs what is due, in processes of its own, until SIGTERM or Ctrl-C.

    Schedules stay active when it ends: the run of a night that was missed is late then, and is run at the next start.
    """
    from prefect import serve
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Cron

    serve(
        *(
            RunnerDeployment.from_entrypoint(
                each.entrypoint,
                each.name,
                schedule=Cron(each.cron, timezone=TIMEZONE) if each.cron else None,
                parameters=dict(each.parameters),
                description=each.description,
                concurrency_limit=_ONE_AT_A_TIME,
                # The flows judge their parameters themselves, in sentences.
                enforce_parameter_schema=False,
            )
            for each in DEPLOYMENTS
        ),
        pause_on_shutdown=False,
        print_starting_message=False,
    )


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    serve_deployments()
