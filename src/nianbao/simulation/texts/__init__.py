"""The wordings of the simulated reports and pages as data (YAML), so that sentences can be added without Python."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).resolve().parent
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def load(name: str) -> dict[str, Any]:
    """The content of <name>.yml beside this file."""
    with (_FOLDER / f"{name}.yml").open(encoding="utf-8") as file:
        content = yaml.load(file, Loader=_LOADER)  # noqa: S506 - a safe loader, the fast one where it exists
    if not isinstance(content, dict):
        raise ValueError(f"{name}.yml must hold a mapping")
    return content
