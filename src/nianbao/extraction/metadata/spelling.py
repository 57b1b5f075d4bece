"""Regions as the labels of hosts and paths spell them: in pinyin, or by the initials of the division and its parents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...model import Region
from .regions import RegionIndex, core_length

# What labels carry besides the name: 政府, 中国.
_AROUND = (("", "zf"), ("", "gov"), ("zg", ""), ("cn", ""), ("", "city"))
_SHORTEST = 4


class SpellingIndex:
    """Labels → regions. Built in one pass; regions without pinyin are left out."""

    def __init__(self, regions: RegionIndex) -> None:
        self._regions = regions
        self._full: dict[str, list[Region]] = {}
        self._initials: dict[str, list[Region]] = {}
        for region in regions.by_code.values():
            if not region.pinyin:
                continue
            for label in _full_forms(region):
                self._full.setdefault(label, []).append(region)
            for label in set(self._combined_forms(region)):
                self._initials.setdefault(label, []).append(region)

    def regions(self, label: str) -> tuple[Region, ...]:
        """What a label may spell, the likeliest kind of spelling and the highest level only; () if nothing."""
        own, hyphen, other = label.partition("-")
        if hyphen:
            paired = self._within(own, other) or self._within(other, own)
            if paired:
                return _highest(paired)
        for form in _bare_forms(label):
            for table in (self._full, self._initials):
                found = table.get(form, ())
                if found:
                    return _highest(found)
        return ()

    def below(self, region: Region, label: str) -> Region | None:
        """The region directly below `region` that a label spells, with its kind (myq, myquan as 密云区); None if unclear."""
        found = [child for child in self._regions.children(region) if label in _own_forms(child)]
        return found[0] if len(found) == 1 else None

    def _within(self, own: str, above: str) -> list[Region]:
        """The regions that `own` spells and that lie in one that `above` spells or begins (xincheng-hhht)."""
        return [
            region
            for region in self._full.get(own, ())
            if any(
                p.pinyin and (above == initials(p) or above in _full_forms(p))
                for p in self._regions.ancestors(region)
            )
        ]

    def _combined_forms(self, region: Region) -> Iterator[str]:
        """Parent and own name: nbyz, cqyz, zjtz, szlhq, hnloudi."""
        syllables = region.pinyin.split()
        core = syllables[: core_length(region.name)]
        own = "".join(s[0] for s in core)
        for parent in self._regions.ancestors(region):
            if not parent.pinyin:
                continue
            above = parent.pinyin.split()[: core_length(parent.name)]
            initials = "".join(s[0] for s in above)
            yield initials + own
            yield initials + own + syllables[-1][0]
            yield initials + "".join(core)
            yield "".join(above) + "".join(core)


def _full_forms(region: Region) -> set[str]:
    syllables = region.pinyin.split()
    core = syllables[: core_length(region.name)]
    forms = {"".join(core), "".join(syllables)}
    forms |= {form.replace("lv", "lu").replace("nv", "nu") for form in forms}
    return {form for form in forms if len(form) >= _SHORTEST}


def initials(region: Region) -> str:
    """First letters of the region's own name (pt for 普陀区)."""
    return "".join(s[0] for s in region.pinyin.split()[: core_length(region.name)])


def _own_forms(region: Region) -> set[str]:
    if not region.pinyin:
        return set()
    return {initials(region) + region.pinyin.split()[-1][0], *_full_forms(region)}


def _bare_forms(label: str) -> Iterator[str]:
    yield label
    for before, behind in _AROUND:
        bare = label.removeprefix(before) if before else label.removesuffix(behind)
        if bare != label and len(bare) >= _SHORTEST:
            yield bare


def _highest(found: Iterable[Region]) -> tuple[Region, ...]:
    by_level: dict[str, list[Region]] = {}
    for region in found:
        by_level.setdefault(region.level, []).append(region)
    return tuple(next(by_level[level] for level in ("province", "city", "county") if level in by_level))
