"""`nianbao metrics`: how the home is, for Prometheus."""

from __future__ import annotations

from typing import TextIO

from nianbao import clock
from nianbao.monitoring.health import health
from nianbao.monitoring.metrics import metrics_text
from nianbao.registry import RegistryError, load_registry
from nianbao.settings import Settings, project_dir


def metrics(settings: Settings, out: TextIO, err: TextIO) -> int:
    """Prints the metrics. Returns 2 if the registry cannot be read, else 0."""
    try:
        registry = load_registry(settings.registry_folder, project_dir("data"))
    except RegistryError as error:
        print(error, file=err)
        return 2
    print(metrics_text(health(settings, registry, clock.now())), end="", file=out)
    return 0
