"""Reads hosts.csv and departments.csv: what an address says about whose page it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from nianbao.model import Department, Host, Region
from nianbao.registry.problems import Place, Problems
from nianbao.registry.tables import read_rows

HOST_COLUMNS = ("host", "path", "region_code", "body")
DEPARTMENT_COLUMNS = ("name", "short_names", "labels")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")
_LABEL = re.compile(r"[a-z][a-z0-9]{1,23}")


def read_hosts(
    path: Path,
    content: bytes,
    regions: Mapping[str, Region],
    problems: Problems,
    *,
    skip_unknown: bool = False,
) -> tuple[Host, ...]:
    """Hosts in the file's order; what is wrong with a row is noted with its line.

    skip_unknown: leave rows of regions that are not listed out instead of noting them.
    """
    hosts: list[Host] = []
    seen: dict[tuple[str, str], Place] = {}
    for place, row in read_rows(path, content, HOST_COLUMNS, problems, optional=("notes",)):
        key = (row["host"], row["path"])
        if skip_unknown and row["region_code"] not in regions:
            continue
        fault = ""
        if not _HOST.fullmatch(row["host"]):
            fault = f"'{row['host']}' is no host name; give it in small letters without http:// and path, such as a.gov.cn"
        elif row["path"] and not row["path"].startswith("/"):
            fault = f"'{row['path']}' is no path; it starts with / or is empty for the whole host"
        elif row["region_code"] not in regions:
            fault = f"region_code '{row['region_code']}' is not in regions.csv; look the code up there"
        elif key in seen:
            fault = f"{''.join(key)} stands on line {seen[key].line} already; remove one of the rows"
        if fault:
            problems.add(place, fault)
            continue
        seen[key] = place
        hosts.append(Host(*key, row["region_code"], row["body"], row["notes"]))
    return tuple(hosts)


def read_departments(path: Path, content: bytes, problems: Problems) -> tuple[Department, ...]:
    """Kinds of departments in the file's order; what is wrong with a row is noted with its line."""
    departments: list[Department] = []
    seen: dict[str, Place] = {}
    for place, row in read_rows(path, content, DEPARTMENT_COLUMNS, problems):
        name, labels = row["name"], tuple(row["labels"].split())
        wrong = next((label for label in labels if not _LABEL.fullmatch(label)), None)
        fault = ""
        if not name:
            fault = "has no name; give the department's official name without its region"
        elif name in seen:
            fault = f"{name} stands on line {seen[name].line} already; put both rows into one"
        elif wrong is not None:
            fault = f"'{wrong}' is no label; give what stands in addresses in small letters, such as sfj"
        if fault:
            problems.add(place, fault)
            continue
        seen[name] = place
        departments.append(Department(name, tuple(row["short_names"].split()), labels))
    return tuple(departments)
