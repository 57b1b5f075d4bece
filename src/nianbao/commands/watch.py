"""The watch of `nianbao serve`: every ten minutes a look at how the home is, so that what is wrong is told."""

from __future__ import annotations

import logging
import threading

from nianbao.commands.children import redacted
from nianbao.monitoring.alerts import look_now
from nianbao.settings import Settings

log = logging.getLogger("nianbao.watch")
_SECONDS = 600.0


def watch(settings: Settings, stop: threading.Event) -> None:
    """Looks at once and every ten minutes, until the event is set. A look that fails is told, and tried again."""
    while True:
        try:
            _look(settings)
        except Exception as error:
            log.warning(
                "the look after alerts failed and is tried again in ten minutes: %s", redacted(str(error))
            )
        if stop.wait(_SECONDS):
            return


def _look(settings: Settings) -> None:
    told = look_now(settings)
    for each in told.problems:
        log.warning("alerts could not be told on %s: %s", each.channel, each.problem)
