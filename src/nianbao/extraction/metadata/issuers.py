"""The registry's issuers by every name they go under, and names made full."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...model import Department, Issuer, Region
from .regions import RegionIndex, core_length, names_of

# What every body of a kind is called for short; departments' short names are data (departments.csv).
_SHORT_FORMS = (
    ("人民政府", ("政府",)),
    ("管理委员会", ("管委会", "管委")),
    ("街道办事处", ("街道", "街道办")),
)
_STREET = re.compile(r"^(?:人民政府)?([\u4e00-\u9fff·]{1,12}?街道)(?:办事处|办)?$")
_TOWN = re.compile(r"^(?:人民政府)?([\u4e00-\u9fff·]{1,12}?(?:镇|乡|苏木))(?:人民政府|政府)?$")
_ZONE = re.compile(
    r"(?:开发区|示范区|园区|高新区|管理区|度假区|保税区|产业区|新区|新城|保税港区|合作区|试验区)$"
)
_ZONE_BODY = re.compile(
    r"(?:开发|经开|示范|园|高新|管理|度假|保税|综保|自贸|产业|工业|化工|新|港|合作|试验|景|地)(?:区|城)(?:管理委员会|管委会|管委)$"
)
# What no street or town is called: its name begins like its division's (金山卫镇 in 金山区).
_TOO_SHORT = re.compile(r"^.(?:镇|乡|街道)")
# Branches of national bodies and of the Party say so first: 国家税务总局…市税务局, 中共…区委办公室.
_NATIONAL = re.compile(r"国家|中国|中华人民共和国|中共")
# Words that begin with the kind of a division and do not mean it (市场监督管理局, 区域合作办公室).
_KIND_WORDS = ("市场", "市政", "市容", "区域", "区块", "省际", "州际", "市民")


class Wording:
    """Everyday names of bodies and their full forms."""

    def __init__(self, departments: Iterable[Department]) -> None:
        pairs: dict[str, str] = {}
        full: list[str] = []
        for name, shorts in (*((d.name, d.short_names) for d in departments), *_SHORT_FORMS):
            full.append(name)
            for short in shorts:
                pairs.setdefault(short, name)
        self._generic = frozenset(full for full, _ in _SHORT_FORMS)
        self._pairs = pairs
        self._full = tuple(full)
        self._longest = max(map(len, pairs), default=0)

    def expand(self, name: str) -> str:
        """Spells out an everyday abbreviation at the end of a name (区府办 → 区人民政府办公室)."""
        if name.endswith(self._full):
            return name
        for length in range(min(self._longest, len(name)), 1, -1):
            full = self._pairs.get(name[-length:])
            if full is not None and (full in self._generic or _stands_alone(name[:-length])):
                return name[:-length] + full
        return name + "管理委员会" if _ZONE.search(name) else name


def _stands_alone(before: str) -> bool:
    """Whether what stands before a short name is a division and no part of a longer name (文化旅游|广电局)."""
    return len(before) <= 3 or before[-1] in "省市区县州旗盟镇乡道"


class IssuerIndex:
    """The registry's issuers by region and by every name they go under."""

    def __init__(self, issuers: Iterable[Issuer], regions: RegionIndex) -> None:
        self._by_name: dict[str, list[Issuer]] = {}
        self.regions = regions
        for issuer in issuers:
            for name in {issuer.name, *issuer.aliases}:
                self._by_name.setdefault(name, []).append(issuer)

    def find(self, name: str, region: Region | None) -> Issuer | None:
        """The issuer called `name` in `region`; without a region only a name that is unique."""
        found: dict[str, Issuer] = {}
        for form in self._forms(name, region):
            for issuer in self._by_name.get(form, ()):
                if region is None or issuer.region_code == region.code:
                    found[issuer.issuer_id] = issuer
            if found:
                break
        return next(iter(found.values())) if len(found) == 1 else None

    def _forms(self, name: str, region: Region | None) -> list[str]:
        """The name with and without its region, and with the region's kind in its place (区投促办)."""
        forms = [name]
        if region is None:
            return forms
        bare = without_region(name, region, self.regions)
        bodies = [bare]
        street = _STREET.match(bare)
        if street is not None:
            bodies += [f"人民政府{street[1]}办事处", f"{street[1]}办事处", street[1]]
        for body in bodies:
            forms += [region.full_name + body, region.name + body, region.name[-1] + body]
            if len(body) >= 3:
                forms.append(body)
        return forms


def without_region(name: str, region: Region, regions: RegionIndex) -> str:
    """投资促进办公室 from 上海市普陀区投资促进办公室, 普陀区…, 区…, 普陀…; a zone keeps the division that it is named after."""
    above = [name for parent in reversed(regions.ancestors(region)) for name in names_of(parent)]
    rest = name
    for parent in reversed(regions.ancestors(region)):
        short = parent.name[: core_length(parent.name)]
        # 广西南宁市…, 福建晋江市…: short only where the next division follows, else it may be a name of its own
        if rest.startswith(short) and rest[len(short) :].startswith((*above, *names_of(region))):
            rest = rest[len(short) :]
            continue
        for prefix in names_of(parent):
            rest = rest.removeprefix(prefix)
    for prefix in names_of(region):
        rest = rest.removeprefix(prefix)
    if rest == name and len(name) > 3 and name[0] == region.name[-1] and not name.startswith(_KIND_WORDS):
        return name[1:]
    short = region.name[:-1]
    if rest == name and len(short) > 1 and name.startswith(short) and len(name) > len(short):
        behind = name[len(short) :]
        own = _ZONE.search(behind) or _ZONE_BODY.search(behind) or _TOO_SHORT.match(behind)
        return name if own else behind
    return rest


def abbreviates(short: str, full: str) -> bool:
    """Whether `short` without its 区/县/市 is made of characters of `full` in order and ends alike."""
    core = re.sub(r"^[省市区县旗州我本]", "", short)
    if len(core) < 2 or len(core) >= len(full):
        return False
    position = 0
    for char in core:
        position = full.find(char, position) + 1
        if position == 0:
            return False
    return True


def full_name(name: str, region: Region | None, regions: RegionIndex) -> str:
    """The name as its seal has it: 上海市普陀区…, 西安市雁塔区…, 桐庐县…, 天津市…, whatever parts the text leaves out.

    Streets and towns get their office: …区人民政府…街道办事处, …县…镇人民政府. A zone that is named after its division
    keeps its name (天津经济技术开发区管理委员会). Without a region the name stays as read.
    """
    if region is None:
        return name
    bare = without_region(name, region, regions)
    around = (region, *regions.ancestors(region))
    street, town = _STREET.match(bare), _TOWN.match(bare)
    local = street is not None or town is not None
    if _NATIONAL.match(name) or (
        not local and any(bare == name and _is_named_after(name, each) for each in around)
    ):
        return name
    if street is not None and not bare.startswith("社区"):
        bare = f"人民政府{street[1]}办事处"
    elif town is not None:
        bare = f"{town[1]}人民政府"
    return _sealed(region, regions) + bare


def _is_named_after(name: str, region: Region) -> bool:
    return len(region.name) > 2 and name.startswith(region.name[:-1])


def _sealed(region: Region, regions: RegionIndex) -> str:
    """A region as the names of its bodies begin: a district with its city, all else by itself."""
    parent = regions.by_code.get(region.parent_code or "")
    if region.level == "county" and parent is not None:
        if regions.in_municipality(region):
            return region.full_name
        if region.name.endswith("区") and parent.level == "city":
            return parent.name + region.name
    return region.name
