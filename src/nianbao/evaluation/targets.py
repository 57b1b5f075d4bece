"""Targets: which figure of which layer should be reached, as data (YAML)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from .result import SetResult

_FIGURES = ("precision", "recall", "f1", "share")


class TargetsError(Exception):
    """A targets file that cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Target:
    """The least value of one figure of one layer. kind: of the sets it holds for (reports, probes or heads)."""

    kind: str
    layer: str
    figure: str
    least: float


def read_targets(path: Path) -> tuple[Target, ...]:
    """Targets of a file {kind: {layer: {figure: least}}}. Raises TargetsError."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise TargetsError(f"{path}: cannot be read ({error})") from None
    found: list[Target] = []
    try:
        for kind, layers in (content or {}).items():
            for layer, figures in layers.items():
                for figure, least in figures.items():
                    if figure not in _FIGURES:
                        raise TargetsError(f"{path}: '{figure}' is no figure; use {', '.join(_FIGURES)}")
                    found.append(Target(kind, layer, figure, float(least)))
    except (AttributeError, TypeError, ValueError) as error:
        raise TargetsError(f"{path}: must hold kind: layer: figure: number ({error})") from None
    return tuple(found)


def short_of(result: SetResult, targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """The targets that a set does not reach; a layer that the set does not have is not short."""
    layers = {layer.name: layer for layer in result.layers}
    missed = []
    for target in targets:
        layer = layers.get(target.layer)
        value = layer.value(target.figure) if layer and target.kind == result.kind else None
        if value is not None and value < target.least:
            missed.append(target)
    return tuple(missed)
