"""How the home is, for /status.json and /metrics: asked at most once in a while, however many ask."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import asdict
from datetime import date

from nianbao import clock
from nianbao.monitoring.health import Health, health
from nianbao.monitoring.metrics import metrics_text
from nianbao.registry import load_registry
from nianbao.settings import Settings, project_dir

_SECONDS = 15.0


class State:
    """The state of a home, at most 15 seconds old. May be asked from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._guard = threading.Lock()
        self._known: Health | None = None
        self._until = 0.0

    def as_json(self) -> str:
        """All that is known of it, and which sources have another state than before; times in ISO 8601."""
        now = self._health()
        value = asdict(now) | {"changes": [source.source_id for source in now.changes]}
        return json.dumps(value, ensure_ascii=False, default=_plain)

    def as_metrics(self) -> str:
        """In Prometheus' text format."""
        return metrics_text(self._health())

    def _health(self) -> Health:
        with self._guard:
            if self._known is None or time.monotonic() >= self._until:
                registry = load_registry(self._settings.registry_folder, project_dir("data"))
                self._known = health(self._settings, registry, clock.now())
                self._until = time.monotonic() + _SECONDS
            return self._known


def _plain(value: object) -> str:
    """For what JSON has no word for: times in ISO 8601, and paths."""
    return value.isoformat() if isinstance(value, date) else str(value)
