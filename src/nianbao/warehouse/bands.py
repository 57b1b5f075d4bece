"""Bands: what a measure of a refresh usually lies between. Suites refer to them as {band.NAME.min} and {band.NAME.max}.

    expectations/bands.yml        name, min, max, margin: wide bounds that hold anywhere
    <home>/bands.yml              what `nianbao expectations suggest --write` learned from the home's own releases

Learned bands never reach beyond the wide ones. `jumps` are bands of the percent by which an indicator changes from year
to year; queries find them as rows of {band.jumps}.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from nianbao.warehouse.suites import SuiteError, known_keys, required_keys, suggestion

_KEYS = ("name", "min", "max", "margin")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
# Indicators without a band of their own.
ANY_JUMP = (-95.0, 900.0)


@dataclass(frozen=True, slots=True)
class Band:
    """Bounds of one measure. margin: how far from the median, as a share of it, is never unusual. releases: how many
    it was learned from, 0 for the wide bounds that come with the project."""

    name: str
    low: float
    high: float
    margin: float = 0.25
    releases: int = 0


@dataclass(frozen=True, slots=True)
class Bands:
    """All bands in force. jumps: indicator id → percent from, to."""

    bands: Mapping[str, Band]
    jumps: Mapping[str, tuple[float, float]]


def read_bands(wide: Path, learned: Path | None) -> Bands:
    """The bands of the project, narrowed by those that a home learned. Raises SuiteError with what is wrong."""
    bands = {band.name: band for band in _wide(wide)}
    content = _content(learned) if learned is not None else None
    if content is None:
        return Bands(bands, {})
    if not isinstance(content, dict):
        raise SuiteError(
            f"{learned}: holds bands and jumps; write it with `nianbao expectations suggest --write`"
        )
    known_keys(content, ("learned_from", "bands", "jumps"), str(learned))
    for name, found in _bounds(content.get("bands"), f"{learned}, bands").items():
        if name not in bands:
            raise SuiteError(f"{learned}: no band '{name}'{suggestion(name, bands)}")
        band = bands[name]
        low, high = max(band.low, found[0]), min(band.high, found[1])
        bands[name] = Band(name, low, high, band.margin, int(found[2]))
    jumps = _bounds(content.get("jumps"), f"{learned}, jumps")
    return Bands(bands, {name: (low, high) for name, (low, high, _) in jumps.items()})


def band_parameters(bands: Bands) -> dict[str, object]:
    """What suites refer to: band.NAME.min, band.NAME.max, band.NAME.releases, and band.jumps as rows of SQL."""
    rows = [f"('{name}', {low}, {high})" for name, (low, high) in sorted(bands.jumps.items())]
    rows.append(f"('', {ANY_JUMP[0]}, {ANY_JUMP[1]})")
    named: dict[str, object] = {
        band.name: {"min": band.low, "max": band.high, "releases": band.releases}
        for band in bands.bands.values()
    }
    return {"band": named | {"jumps": f"(values {', '.join(rows)}) as jump(indicator_id, low, high)"}}


def write_bands(
    file: Path, bands: Sequence[Band], jumps: Mapping[str, tuple[float, float, int]], releases: Sequence[str]
) -> None:
    """Writes a home's learned bands, by one rename."""
    content = {
        "learned_from": list(releases),
        "bands": {b.name: {"min": b.low, "max": b.high, "n": b.releases} for b in bands},
        "jumps": {name: {"min": low, "max": high, "n": n} for name, (low, high, n) in sorted(jumps.items())},
    }
    fresh = file.with_name(f".{file.name}.new")
    head = "# Written by `nianbao expectations suggest --write`; delete it to fall back to the wide bands.\n"
    fresh.write_text(head + yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    fresh.replace(file)


def _wide(file: Path) -> list[Band]:
    content = _content(file)
    if content is None:
        return []
    if not isinstance(content, list):
        raise SuiteError(f"{file}: bands are a list of entries with {', '.join(_KEYS)}")
    found = []
    for number, item in enumerate(content, start=1):
        where = f"{file}, band {number}"
        if not isinstance(item, dict):
            raise SuiteError(f"{where}: a band is a mapping with {', '.join(_KEYS)}")
        known_keys(item, _KEYS, where)
        required_keys(item, _KEYS, where)
        if not _NAME.fullmatch(str(item["name"])):
            raise SuiteError(f"{where}: '{item['name']}' is no name; use small letters, digits and _")
        low, high, margin = (_number(item[key], f"{where}, {key}") for key in ("min", "max", "margin"))
        if low > high:
            raise SuiteError(f"{where}: min is above max; swap them")
        found.append(Band(str(item["name"]), low, high, margin))
    return found


def _content(file: Path) -> object:
    if not file.exists():
        return None
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise SuiteError(f"{file} cannot be read as YAML: {' '.join(str(error).split())}") from error


def _bounds(content: object, where: str) -> dict[str, tuple[float, float, float]]:
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise SuiteError(f"{where}: a mapping from names to min, max and n")
    found = {}
    for name, item in content.items():
        if not _NAME.fullmatch(str(name)) or not isinstance(item, dict):
            raise SuiteError(f"{where}: '{name}' is no name with min, max and n")
        required_keys(item, ("min", "max", "n"), f"{where}, {name}")
        low, high, n = (_number(item[key], f"{where}, {name}, {key}") for key in ("min", "max", "n"))
        found[str(name)] = (low, high, n)
    return found


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SuiteError(f"{where}: {value!r} is no number")
    return float(value)
