"""Reads regions.csv. Plain checks on purpose: a validator object per row would triple the time to start."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from nianbao.model import Region
from nianbao.registry.problems import Place, Problems

COLUMNS = ("code", "name", "full_name", "parent_code", "level", "valid_from", "valid_to")
_LEVELS = frozenset({"province", "city", "county"})


def read_regions(path: Path, content: bytes, problems: Problems) -> dict[str, Region]:
    """Regions by code; what is wrong with a row is noted with its line."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problems.add(Place(path, line), "is not UTF-8; save the file as UTF-8 (CSV UTF-8 in a spreadsheet)")
        return {}
    reader = csv.reader(io.StringIO(text, newline=""))
    header = tuple(next(reader, ()))
    if header != COLUMNS:
        problems.add(
            Place(path), f"the first line must be {','.join(COLUMNS)}; it is {','.join(header) or 'empty'}"
        )
        return {}
    regions: dict[str, Region] = {}
    lines: dict[str, int] = {}
    for row in reader:
        if not row:
            continue
        fault = _fault(row, lines)
        if fault:
            problems.add(Place(path, reader.line_num), fault)
            continue
        code, name, full_name, parent, level, valid_from, valid_to = row
        regions[code] = Region(
            code, name, full_name, parent or None, level, valid_from or None, valid_to or None
        )
        lines[code] = reader.line_num
    for region in regions.values():
        if region.parent_code is not None and region.parent_code not in regions:
            problems.add(
                Place(path, lines[region.code]),
                f"{region.code} {region.name} lies in {region.parent_code}, which has no row; add it or mend the code",
            )
    return regions


def _fault(row: list[str], seen: dict[str, int]) -> str:
    """What is wrong with a row on its own, '' if nothing."""
    if len(row) != len(COLUMNS):
        return f"has {len(row)} values; there are {len(COLUMNS)} columns"
    code, name, full_name, parent, level, _, _ = row
    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        return f"'{code}' is no region code; give six digits"
    if code in seen:
        return f"{code} stands on line {seen[code]} already; remove one of the rows"
    if not name or not full_name:
        return f"{code} has no name or no full_name; fill both in"
    if level not in _LEVELS:
        return f"'{level}' is no level; use province, city or county"
    if (level == "province") == bool(parent) or parent == code:
        return f"{code}: a province has no parent_code, every other region has the code of the one it lies in"
    return ""
