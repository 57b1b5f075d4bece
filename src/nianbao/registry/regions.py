"""Reads regions.csv."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from nianbao.model import Region
from nianbao.registry.problems import Place, Problems
from nianbao.registry.tables import read_rows

COLUMNS = ("code", "name", "full_name", "parent_code", "level", "valid_from", "valid_to")
OPTIONAL = ("pinyin",)
_LEVELS = ("province", "city", "county")


def read_regions(path: Path, content: bytes, problems: Problems) -> dict[str, Region]:
    """Regions by code; what is wrong with a row is noted with its line."""
    regions: dict[str, Region] = {}
    places: dict[str, Place] = {}
    for place, row in read_rows(path, content, COLUMNS, problems, optional=OPTIONAL):
        fault = _fault(row, places)
        if fault:
            problems.add(place, fault)
            continue
        code = row["code"]
        regions[code] = Region(
            code,
            row["name"],
            row["full_name"],
            row["parent_code"] or None,
            row["level"],
            row["valid_from"] or None,
            row["valid_to"] or None,
            row["pinyin"],
        )
        places[code] = place
    for region in regions.values():
        fault = _parent_fault(region, regions)
        if fault:
            problems.add(places[region.code], f"{region.code} {region.name} lies in {fault}")
    return regions


def _parent_fault(region: Region, regions: Mapping[str, Region]) -> str:
    if region.parent_code is None:
        return ""
    parent = regions.get(region.parent_code)
    if parent is None:
        return f"{region.parent_code}, which has no row; add it or mend the code"
    if _LEVELS.index(parent.level) >= _LEVELS.index(region.level):
        return f"{parent.code} {parent.name}, a {parent.level}; a {region.level} lies in a division above it"
    return ""


def _fault(row: Mapping[str, str], seen: Mapping[str, Place]) -> str:
    """What is wrong with a row on its own, '' if nothing."""
    code, name, level, parent = row["code"], row["name"], row["level"], row["parent_code"]
    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        return f"'{code}' is no region code; give six digits"
    if code in seen:
        return f"{code} stands on line {seen[code].line} already; remove one of the rows"
    if not name or not row["full_name"]:
        return f"{code} has no name or no full_name; fill both in"
    if level not in _LEVELS:
        return f"'{level}' is no level; use province, city or county"
    if (level == "province") == bool(parent) or parent == code:
        return f"{code}: a province has no parent_code, every other region has the code of the one it lies in"
    if row["pinyin"] and len(row["pinyin"].split()) != len(name):
        return f"{code}: pinyin '{row['pinyin']}' needs one syllable for each character of {name}"
    return _validity_fault(code, row["valid_from"], row["valid_to"])


def _validity_fault(code: str, first: str, last: str) -> str:
    for name, day in (("valid_from", first), ("valid_to", last)):
        if day and not _is_day(day):
            return f"{code}: {name} '{day}' is no date; give a day such as 2021-04-09, or leave it empty where unknown"
    if first and last and last < first:
        return f"{code}: valid_to {last} is before valid_from {first}; mend one of them"
    return ""


def _is_day(value: str) -> bool:
    """Whether a value is a day as YYYY-MM-DD: text that sorts as time does, which other ISO forms do not."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
