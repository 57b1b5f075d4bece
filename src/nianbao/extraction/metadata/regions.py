"""Which administrative division a name or a text speaks of, resolved against the official list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...model import Region

_SUFFIX = re.compile(r"[省市区县旗州盟岛特]")
_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
_CORE = re.compile(r"(.{2,4}?)(?:(?:.{1,3}族|各族)*自治[县州旗]|地区|新区|林区|特区|[省市县旗州盟区])$")
# Streets and towns that are called like a province or city (河南街道).
_LOCAL = re.compile(r".{2,6}(?:街道|路|镇|乡|村|社区)")
_PROVINCIAL = re.compile(r"(内蒙古|新疆|广西|宁夏|西藏|香港|澳门).*")
# Names that are everyday words: they count only behind their parent's name.
_COMMON_WORDS = frozenset(
    {
        "城区",
        "郊区",
        "矿区",
        "东区",
        "西区",
        "新区",
        "市区",
        "县区",
        "市辖区",
        "南区",
        "北区",
        "中区",
        "老城区",
    }
)


@dataclass(frozen=True, slots=True)
class Located:
    """A region named at start–end of a text. sure: False where the choice among namesakes rests on little."""

    region: Region
    start: int
    end: int
    sure: bool


def core_length(name: str) -> int:
    """How many characters of a region's name are its own (普陀 of 普陀区, 酉阳 of 酉阳土家族苗族自治县)."""
    match = _PROVINCIAL.match(name) or _CORE.match(name)
    return len(match[1]) if match else len(name)


def names_of(region: Region) -> tuple[str, ...]:
    """A region's name, and the everyday name of an autonomous one (金平县 for 金平苗族瑶族傣族自治县)."""
    if "族自治" not in region.name or region.level == "province":
        return (region.name,)
    return region.name, region.name[: core_length(region.name)] + region.name[-1]


class RegionIndex:
    """Lookup of regions by name; construction is one pass over the list."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self.by_code: dict[str, Region] = {}
        self._by_name: dict[str, list[Region]] = {}
        self._by_short: dict[str, Region] = {}
        self._children: dict[str, list[Region]] = {}
        longest = 2
        for region in regions:
            self.by_code[region.code] = region
            for name in names_of(region):
                self._by_name.setdefault(name, []).append(region)
            if region.parent_code is not None:
                self._children.setdefault(region.parent_code, []).append(region)
            longest = max(longest, len(region.name))
            if region.level in ("province", "city") and len(region.name) > 2:
                self._by_short.setdefault(region.name[:-1], region)
        self._longest = min(longest, 15)

    def ancestors(self, region: Region) -> list[Region]:
        """Parent, its parent, and so on."""
        chain: list[Region] = []
        code = region.parent_code
        while code and code in self.by_code and len(chain) < 5:
            chain.append(self.by_code[code])
            code = self.by_code[code].parent_code
        return chain

    def children(self, region: Region) -> list[Region]:
        """The regions directly below one."""
        return self._children.get(region.code, [])

    def by_short_name(self, name: str) -> Region | None:
        """Province or city whose name without 省 or 市 begins `name` (天津经济技术开发区), unless another division's does."""
        if self.begins_with_name(name) or _LOCAL.match(name):
            return None
        return self._by_short.get(name[:3]) or self._by_short.get(name[:2])

    def begins_with_name(self, text: str) -> bool:
        """Whether the full name of a division stands at the beginning, whichever of its namesakes is meant."""
        found = self.mentions(text[: self._longest])
        return bool(found) and found[0][0] == 0 and found[0][2][0].name not in _COMMON_WORDS

    def in_municipality(self, region: Region) -> bool:
        """Whether the region is a district or county of Beijing, Tianjin, Shanghai or Chongqing."""
        return region.code[:2] in _MUNICIPALITIES and region.level == "county"

    def mentions(self, text: str) -> list[tuple[int, int, list[Region]]]:
        """Region names in `text`, longest first at each place, as (start, end, namesakes)."""
        found: list[tuple[int, int, list[Region]]] = []
        taken = -1
        for match in _SUFFIX.finditer(text):
            end = match.end()
            for length in range(min(self._longest, end - max(taken, 0)), 1, -1):
                namesakes = self._by_name.get(text[end - length : end])
                if namesakes:
                    found.append((end - length, end, namesakes))
                    taken = end
                    break
        return found

    def locate(self, text: str, context: str = "", hints: Sequence[Region] = ()) -> Located | None:
        """The first region that `text` names, with the chain of parents before it followed down.

        context: more text in which a parent of a namesake may be mentioned. hints: regions it is likely to be, to lie
        in or to hold. A name that several regions share and nothing decides is passed over.
        """
        best: Located | None = None
        for start, end, namesakes in self.mentions(text):
            if best is not None:
                if start != best.end:
                    break
                below = [r for r in namesakes if self._is_below(r, best.region)]
                if not below:
                    break
                best = Located(below[0], best.start, end, True)
                continue
            choice = self._choose(namesakes, text, context, hints)
            if choice is not None:
                above = {p.name[: core_length(p.name)] for p in self.ancestors(choice[0])}
                # 宁夏银川市: what it lies in stands before it for short, and the name begins there
                best = Located(choice[0], 0 if text[:start] in above else start, end, choice[1])
        return best

    def child(self, region: Region, name: str) -> Region | None:
        """The region called `name` below `region`, None if there is none."""
        below = [r for r in self._by_name.get(name, ()) if self._is_below(r, region)]
        return below[0] if below else None

    def _is_below(self, region: Region, above: Region) -> bool:
        return any(parent.code == above.code for parent in self.ancestors(region))

    def _choose(
        self, namesakes: Sequence[Region], text: str, context: str, hints: Sequence[Region]
    ) -> tuple[Region, bool] | None:
        common = namesakes[0].name in _COMMON_WORDS
        if len(namesakes) == 1 and not common:
            return namesakes[0], True
        scored = [(self._evidence(region, text), region) for region in namesakes]
        stated = [region for score, region in scored if score and score == max(s for s, _ in scored)]
        if len(stated) == 1:
            return stated[0], True
        hinted = self._hinted(namesakes, hints)
        if hinted is not None:
            return hinted, False
        scored = [(self._evidence(region, text, context), region) for region in namesakes]
        best = max(score for score, _ in scored)
        winners = [region for score, region in scored if score == best]
        return (winners[0], True) if best > 0 and len(winners) == 1 else None

    def _hinted(self, namesakes: Sequence[Region], hints: Sequence[Region]) -> Region | None:
        """The namesake that is one of the hints, holds one, or lies in one; None unless it is the only one."""
        codes = {hint.code for hint in hints}
        above = {parent.code for hint in hints for parent in self.ancestors(hint)}
        lying = [{parent.code for parent in self.ancestors(region)} for region in namesakes]
        for fitting in (
            [region for region in namesakes if region.code in codes],
            [region for region in namesakes if region.code in above],
            [region for region, parents in zip(namesakes, lying, strict=True) if parents & codes],
        ):
            if fitting:
                return fitting[0] if len(fitting) == 1 else None
        return None

    def _evidence(self, region: Region, text: str, context: str = "") -> int:
        """How much the texts speak for a region by naming what it lies in."""
        score = 0
        for parent in self.ancestors(region):
            short = parent.name.rstrip("省市区县") if len(parent.name) > 2 else parent.name
            score += (
                4 * (parent.name in text) + 2 * (parent.name in context) + (short in context or short in text)
            )
        return score
