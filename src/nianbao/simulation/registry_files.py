"""A registry folder for a simulated world: regions, issuers and sources as files, byte-equal from run to run."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from .truth import IssuerTruth, RedefinitionTruth, RegionTruth, SourceTruth
from .world import World

_NEEDED = ("code", "name", "full_name", "parent_code", "level", "valid_from", "valid_to")
_COLUMNS = (*_NEEDED, "pinyin")


def write_registry(world: World, folder: Path, base: Path) -> None:
    """Writes regions.csv (the rows of base/regions.csv and the fictional ones), issuers/ (base's and the fictional
    ones) and sources/ (the fictional ones only) into folder.

    base: a registry folder such as data/. Indicators are base's, where the world has redefinitions. Everything else falls
    back to the bundled registry. Raises FileNotFoundError when base has no regions.csv, ValueError when its columns are others.
    """
    regions = _regions(world.regions, base / "regions.csv")
    issuers = _by_region([_issuer(each) for each in world.issuers])
    sources = _by_region([_source(each) for each in world.sources])
    for part in ("issuers", "sources"):
        (folder / part).mkdir(parents=True, exist_ok=True)
        for old in (folder / part).glob("simulated-*.yml"):  # of a larger world written here before
            old.unlink()
    # The real issuers stay known, so that real files can be imported beside the simulated districts.
    if (base / "issuers").is_dir():
        shutil.copytree(base / "issuers", folder / "issuers" / "bundled", dirs_exist_ok=True)
    (folder / "regions.csv").write_text(regions, encoding="utf-8", newline="")
    if world.redefinitions:
        indicators = _redefined((base / "indicators.yml").read_text(encoding="utf-8"), world.redefinitions)
        (folder / "indicators.yml").write_text(indicators, encoding="utf-8", newline="")
    for code, entries in issuers.items():
        _write_yaml(folder / "issuers" / f"simulated-{code}.yml", entries)
    for code, entries in sources.items():
        _write_yaml(folder / "sources" / f"simulated-{code}.yml", entries)


def _regions(fictional: Sequence[RegionTruth], base: Path) -> str:
    if not base.is_file():
        raise FileNotFoundError(f"{base} is missing: give the folder of a registry that has a regions.csv")
    with base.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames is None or not set(_NEEDED) <= set(reader.fieldnames):
            raise ValueError(f"{base}: the columns must be {','.join(_NEEDED)}, not {reader.fieldnames}")
        rows = [[row.get(column) or "" for column in _COLUMNS] for row in reader]
    known = {row[0] for row in rows}
    rows += [
        [r.code, r.name, r.full_name, r.parent_code or "", r.level, "", "", ""]
        for r in fictional
        if r.code not in known
    ]
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(rows)
    return target.getvalue()


def _redefined(indicators: str, redefinitions: Sequence[RedefinitionTruth]) -> str:
    """The indicators with breaks in the series of some."""
    for each in redefinitions:
        head = f"- id: {each.indicator}\n"
        if indicators.count(head) != 1:
            raise ValueError(f"indicators.yml has no indicator '{each.indicator}' that could be redefined")
        written = f"  breaks: [{{year: {each.year}, reason: {each.reason}}}]\n"
        indicators = indicators.replace(head, head + written)
    return indicators


def _issuer(issuer: IssuerTruth) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": issuer.issuer_id,
        "name": issuer.name,
        "region": issuer.region_code,
        "level": issuer.level,
        "department_type": issuer.department_type,
        "aliases": list(issuer.aliases),
    }
    if issuer.predecessors:
        entry["predecessors"] = list(issuer.predecessors)
    if issuer.valid_from:
        entry["valid_from"] = issuer.valid_from.isoformat()
    if issuer.valid_to:
        entry["valid_to"] = issuer.valid_to.isoformat()
    return entry


def _source(source: SourceTruth) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": source.source_id,
        "region": source.region_code,
        "kind": "rule_of_law",
        "listings": list(source.listings),
        "family": source.family.value,
        "delay_seconds": 0,
        "expected_issuers": list(source.expected_issuers),
        "expected_since": source.expected_since,
        "simulated": True,
    }
    if source.issuer_id:
        entry["issuer"] = source.issuer_id
    if source.hosts:
        entry["hosts"] = list(source.hosts)
    if source.parameters:
        entry["parameters"] = dict(source.parameters)
    if source.aliases:
        entry["aliases"] = list(source.aliases)
    if source.notes:
        entry["notes"] = source.notes
    return entry


def _by_region(entries: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        grouped.setdefault(entry["region"], []).append(entry)
    return grouped


def _write_yaml(path: Path, entries: list[dict[str, Any]]) -> None:
    text = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=1000)
    path.write_text(text, encoding="utf-8", newline="")
