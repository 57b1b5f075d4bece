"""What a web address says about whose page it is: by the registry's hosts, else by how its labels are spelled.

Weak evidence: it completes what the text leaves open and chooses among namesakes, and never overrides what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ...model import Department, Host, Region
from .regions import RegionIndex
from .spelling import SpellingIndex, initials

_ADDRESS = re.compile(
    r"^(?:https?:)?//(?:[^/?#@]{0,80}@)?([A-Za-z0-9.-]{1,253})(?::\d{1,5})?(?=[/?#]|$)([^?#]{0,1000})"
)
# The state's gateway to traditional characters: the address it shows stands in its path.
_GATEWAY = re.compile(r"^/gate/big5/([A-Za-z0-9.-]{1,253})(/.*)?$")
_STATE = ".gov.cn"
_SEGMENT = re.compile(r"[a-z]{2,40}")
# Columns of departments, streets and towns: 部门, 委办局, 街镇, 镇街, 街道.
_OF_OTHERS = re.compile(
    r"(?:^|[_-])(?:[sqx]?bm(?:fz|xx|gk|$|_|dw)|sjbm|wbj|wbjz|zjd|jdz|jzh?$|jz[_-]|zj$|xz(?:jd|dw)$|jd(?:z|xz|$)|zjjd|bmj|xzjd|zhjd)"
)
_TELLING_PATH = 3


@dataclass(frozen=True, slots=True)
class Address:
    """What an address says. region: whose pages these are; None if it does not say.

    regions: what it may spell when that is not clear. body: full name of the body whose own site or column it is.
    departments: names of departments that its host spells, the likeliest first; columns: those that its path spells.
    listed: by hosts.csv, not by spelling. general: nothing in it speaks of a department, street or town.
    """

    region: Region | None = None
    regions: tuple[Region, ...] = ()
    body: str = ""
    departments: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    listed: bool = False
    general: bool = False


UNKNOWN = Address()


class AddressIndex:
    """Reads addresses by the registry's hosts, departments and the spelling of its regions."""

    def __init__(
        self, hosts: Iterable[Host], departments: Iterable[Department], regions: RegionIndex
    ) -> None:
        self._regions = regions
        self._hosts: dict[str, list[Host]] = {}
        self._columns: list[Host] = []
        for host in hosts:
            self._hosts.setdefault(host.host, []).append(host)
            if host.path.count("/") > _TELLING_PATH:
                self._columns.append(host)
        for rules in self._hosts.values():
            rules.sort(key=lambda rule: -len(rule.path))
        self._departments: dict[str, list[str]] = {}
        for department in departments:
            for label in department.labels:
                self._departments.setdefault(label, []).append(department.name)

    @cached_property
    def _spelling(self) -> SpellingIndex:
        return SpellingIndex(self._regions)

    def read(self, url: str) -> Address:
        """What `url` says; UNKNOWN for what is no web address or no known place."""
        match = _ADDRESS.match(url.strip())
        if match is None:
            return UNKNOWN
        host, path = match[1].lower().rstrip("."), match[2]
        inner = _GATEWAY.match(path)
        if inner is not None:
            host, path = inner[1].lower(), inner[2] or "/"
        rule, labels = self._listed(host, path)
        regions: tuple[Region, ...]
        if rule is not None:
            region = self._regions.by_code.get(rule.region_code)
            regions = (region,) if region else ()
        elif host.endswith(_STATE):
            labels = host.removesuffix(_STATE).split(".")
            regions = self._spelling.regions(labels.pop())
        else:
            return self._copy(path)
        folders = [part.lower() for part in path.split("/")[1:-1]]
        return self._address(regions, rule, labels, folders)

    def _listed(self, host: str, path: str) -> tuple[Host | None, list[str]]:
        """The longest rule of the registry that fits, and the labels before its host."""
        labels = host.split(".")
        for start in range(len(labels) - 1):
            for rule in self._hosts.get(".".join(labels[start:]), ()):
                if path.startswith(rule.path):
                    return rule, labels[:start]
        return None, []

    def _copy(self, path: str) -> Address:
        """A copy on a foreign site that has kept the path of a known column."""
        for rule in self._columns:
            if path.startswith(rule.path):
                region = self._regions.by_code.get(rule.region_code)
                return Address(region, (region,) if region else (), rule.body, listed=True)
        return UNKNOWN

    def _address(
        self, regions: Sequence[Region], rule: Host | None, labels: list[str], folders: list[str]
    ) -> Address:
        region = regions[0] if len(regions) == 1 else None
        listed = rule is not None
        if region is not None:
            for label in (*reversed(labels), *folders):
                below = self._spelling.below(region, label)
                if below is not None:
                    region, regions, listed = below, (below,), False
        departments = self._departments_in(reversed(labels), region)
        columns = self._departments_in(reversed(folders), region)
        general = not (departments or columns or any(_OF_OTHERS.search(part) for part in (*labels, *folders)))
        return Address(
            region=region,
            regions=tuple(regions),
            body=rule.body if rule else "",
            departments=departments,
            columns=columns,
            listed=listed,
            general=general,
        )

    def _departments_in(self, labels: Iterable[str], region: Region | None) -> tuple[str, ...]:
        found: list[str] = []
        for label in labels:
            match = _SEGMENT.match(label)
            if match is None:
                continue
            forms = [match.group()]
            forms += [forms[0][1:]] if forms[0][0] in "sqx" else []
            if region is not None and region.pinyin:
                forms.append(forms[0].removeprefix(initials(region)))
            for form in forms:
                found += self._departments.get(form, ())
        return tuple(dict.fromkeys(found))
