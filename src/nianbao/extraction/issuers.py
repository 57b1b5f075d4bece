"""Who reports: names as they stand in titles, letterheads, leads and signatures, made full and looked up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..model import Issuer, Region
from .regions import RegionIndex

_SUFFIX = (
    r"(?:人民政府办公[室厅]|政府办公[室厅]|人民政府|政府|办事处|管理委员会|管委会?|工作委员会|党工委|工委|党委|委员会|办公[室厅]|"
    r"总局|分局|监管局|局|[党市区县省州旗]委|委|厅|办|街道|镇|乡|苏木|中心|支队|总队|大队|集团|学院|开发区|示范区|园区|高新区|管理区|法院)"
)
BODY = re.compile(rf"^[\u4e00-\u9fff·、()]{{1,40}}{_SUFFIX}$")
_FOLLOW = (
    r"(?=在|坚持|以|认真|深入|紧紧|全面|严格|按照|根据|始终|高度|积极|切实|继续|持续|扎实|围绕|贯彻|立足|聚焦|牢|强|将|通|把|着力|不断|"
    r"进一步|大力|主动|依法|充分|对|的|法治|20\d\d|[,。:…]|党|推进|结合|深化|学习|落实|加强|全力|一|年度|工作|对照|努力|统筹|锚定)"
)
_LEAD = re.compile(
    rf"(?:^|[。\n,…])(?:20\d\d年(?:度)?(?:以来)?,?|一年来,?|今年以来,?|今年,?)?(?P<name>[\u4e00-\u9fff·]{{1,30}}?{_SUFFIX}){_FOLLOW}"
)
_LEAD_REGION = re.compile(
    rf"(?:^|\n)(?:20\d\d年(?:度)?(?:以来)?,?|一年来,?)?(?P<name>[\u4e00-\u9fff]{{2,12}}?[省市区县州旗])(?:委、?|{_FOLLOW})"
)
_NOW = re.compile(
    rf"现(?:将|就)(?P<name>[\u4e00-\u9fff·]{{1,30}}?{_SUFFIX})(?=20\d\d|的|法治|推进|本年|上年|年度|依法|工作|关于|[\s,])"
)
_TITLE = re.compile(
    r"^(?P<before>.*?)(?P<year>20\d\d)(?:年度|年)?(?P<behind>.*?)"
    r"(?:年度)?(?:关于)?(?:深入|全面|加快|加强|大力|持续|扎实|有序)*(?:推进|落实|开展|建设)*(?:依法治|法治|法制|依法行政|普法|\(?依法)"
)
_TITLE_NO_YEAR = re.compile(
    r"^(?P<behind>.*?)(?:关于)?(?:深入|全面|加强|持续|扎实)*(?:推进|落实|开展)*(?:依法治|法治|法制|依法行政)"
)
_OWN = re.compile(r"^(?:我|本|全)(?:[局委办厅区县市镇乡院中所省街单]|街道|单位|中心)?")
_PARTY = re.compile(r"^(?:中共|中国共产党)|(?:党委|党工委|党组|工委)$|[省市区县州旗]委$")
# Everyday abbreviations of government bodies that no registry needs to list.
_ABBREVIATIONS = (
    ("人民政府办公室", ("府办公室", "政府办公室", "府办", "政府办")),
    ("人民政府办公厅", ("政府办公厅",)),
    ("人民政府", ("政府",)),
    ("发展和改革委员会", ("发改委", "发展改革委")),
    ("发展和改革局", ("发改局", "发展改革局")),
    ("人力资源和社会保障局", ("人社局", "人力社保局", "人力资源社会保障局")),
    ("住房和城乡建设局", ("住建局",)),
    ("住房和城乡建设委员会", ("住建委", "住房城乡建设委")),
    ("市场监督管理局", ("市监局", "市场监管局")),
    ("卫生健康委员会", ("卫健委", "卫生健康委")),
    ("卫生健康局", ("卫健局",)),
    ("文化和旅游局", ("文旅局", "文化旅游局")),
    ("教育和体育局", ("教体局",)),
    ("退役军人事务局", ("退役军人局",)),
    ("医疗保障局", ("医保局",)),
    ("应急管理局", ("应急局",)),
    ("城市管理行政执法局", ("城管执法局",)),
    ("城市管理局", ("城管局",)),
    ("商务委员会", ("商务委",)),
    ("科学技术委员会", ("科委",)),
    ("经济委员会", ("经委",)),
    ("教育委员会", ("教委",)),
    ("建设和管理委员会", ("建管委", "建设管理委")),
    ("国有资产监督管理委员会", ("国资委",)),
    ("规划和自然资源局", ("规划资源局", "规自局")),
    ("自然资源和规划局", ("资规局",)),
    ("投资促进办公室", ("投促办",)),
    ("投资促进局", ("投促局",)),
    ("绿化和市容管理局", ("绿化市容局", "绿容局")),
    ("管理委员会", ("管委会", "管委")),
)


@dataclass(frozen=True, slots=True)
class Name:
    """A body's name as read: where it stood and how much it can be trusted as the issuer's."""

    text: str
    place: str
    rule: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """The issuer: its full name, the registry's entry if there is one, its region and what said so."""

    name: str
    issuer: Issuer | None
    region: Region | None
    source: Name
    confidence: str


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
        bare = _without_region(name, region, self.regions)
        kind = region.name[-1]
        forms += [region.full_name + bare, region.name + bare, kind + bare]
        if len(bare) >= 3:
            forms.append(bare)
        return forms


def _without_region(name: str, region: Region, regions: RegionIndex) -> str:
    """投资促进办公室 from 上海市普陀区投资促进办公室, 普陀区…, 区…, 普陀…."""
    above = [parent.name for parent in reversed(regions.ancestors(region))]
    rest = name
    for prefix in (*above, region.name):
        rest = rest.removeprefix(prefix)
    if rest == name and len(name) > 3 and name[0] == region.name[-1]:
        rest = name[1:]
    if (
        rest == name
        and len(region.name) > 2
        and name.startswith(region.name[:-1])
        and len(name) - len(region.name) >= 1
    ):
        rest = name[len(region.name) - 1 :]
    return rest


def expand(name: str) -> str:
    """Spells out an everyday abbreviation at the end of a name (区府办 → 区人民政府办公室)."""
    if name.endswith(tuple(full for full, _ in _ABBREVIATIONS)):
        return name
    best = max(
        ((short, full) for full, shorts in _ABBREVIATIONS for short in shorts if name.endswith(short)),
        key=_size,
        default=None,
    )
    return name.removesuffix(best[0]) + best[1] if best else name


def _size(pair: tuple[str, str]) -> int:
    return len(pair[0])


def title_names(title: str) -> list[str]:
    """Bodies that a title names before what it reports on, the likeliest first."""
    text = re.sub(r"^(?:标题|题目)[:：]", "", title)
    match = _TITLE.match(re.sub(r"\s", "", text)) or _TITLE_NO_YEAR.match(re.sub(r"\s", "", text))
    if match is None:
        return []
    names: list[str] = []
    for part in (match.groupdict().get("before") or "", match.groupdict().get("behind") or ""):
        for piece in re.split(r"关于|[()]", part):
            piece = piece.strip("、,:《》“” ")
            if len(piece) >= 2 and re.fullmatch(r"[\u4e00-\u9fff·、和]+", piece):
                names.append(piece)
    spaced = re.split(r"\s+|、", text[: text.find("关于")] if "关于" in text else "")
    if len(spaced) > 1 and all(BODY.match(piece) for piece in spaced if piece):
        names = [piece for piece in spaced if piece] + names
    return names


def split_party(names: list[str]) -> tuple[list[str], list[str]]:
    """(government bodies, Party bodies) of a joint report."""
    government = [name for name in names if not _PARTY.search(name)]
    party = [name for name in names if _PARTY.search(name)]
    return government, party


def lead_names(lead: str) -> list[str]:
    """Bodies and divisions that the first sentences name as the one who acts, the likeliest first."""
    opening = lead[:600].split("\n一、")[0]
    return [match["name"] for pattern in (_NOW, _LEAD, _LEAD_REGION) for match in pattern.finditer(opening)]


def is_own(name: str) -> bool:
    """我局, 本街道 and the like: a body that does not say its name."""
    return bool(_OWN.match(name)) and len(name) <= 6


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
    """The name with its region: the city goes before a district of a municipality, elsewhere names stay as read."""
    if region is None:
        return name
    if name.startswith(region.full_name):
        return name
    named = regions.locate(name, hint=region)
    if named is not None and named.start == 0 and named.region.code == region.code:
        rest = name[named.end :]
        return (region.full_name if regions.in_municipality(region) else name[: named.end]) + rest
    bare = _without_region(name, region, regions)
    return (region.full_name if regions.in_municipality(region) else region.name) + bare
