"""How the home is, for /status.json and /metrics: asked at most once in a while, however many ask."""

from __future__ import annotations

import threading
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from nianbao import clock
from nianbao.registry import load_registry
from nianbao.settings import Settings, project_dir

if TYPE_CHECKING:
    from nianbao.monitoring.health import Health

_SECONDS = 15.0


class State:
    """The state of a home, at most 15 seconds old. May be asked from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._guard = threading.Lock()
        self._known: Health | None = None
        self._until = 0.0

    def as_json(self) -> dict[str, Any]:
        """As `nianbao status --json` prints it."""
        return asdict(self._health())

    def as_metrics(self) -> str:
        """In Prometheus' text format."""
        from nianbao.monitoring.metrics import metrics_text

        return metrics_text(self._health())

    def _health(self) -> Health:
        from nianbao.monitoring.health import health

        with self._guard:
            if self._known is None or time.monotonic() >= self._until:
                registry = load_registry(self._settings.registry_folder, project_dir("data"))
                self._known = health(self._settings, registry, clock.now())
                self._until = time.monotonic() + _SECONDS
            return self._known
