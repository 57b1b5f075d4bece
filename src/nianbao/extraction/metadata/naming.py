"""Bodies as titles, leads and signatures name them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SUFFIX = (
    r"(?:人民政府办公[室厅]|政府办公[室厅]|人民政府|政府|办事处|管理委员会|管委会?|工作委员会|党工委|工委|党委|委员会|办公[室厅]|"
    r"总局|分局|监管局|局|[党市区县省州旗]委|委|厅|办|街道|镇|乡|苏木|中心|支队|总队|大队|集团|学院|开发区|示范区|园区|高新区|管理区|法院)"
)
# What a name that stands by itself may end in besides: in running text these are everyday words (内部, 新区).
_SUFFIX_ALONE = r"(?:部|署|社|公司|银行|大学|新区|新城|度假区|保税区|试验区|合作区)"
BODY = re.compile(rf"^[\u4e00-\u9fff·、()]{{1,40}}(?:{_SUFFIX}|{_SUFFIX_ALONE})$")
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
_BEHIND_TITLE = re.compile(r"(?:报告|总结)(?:[—-]{1,2}|\()([\u4e00-\u9fff]{4,36})\)?$")
_TITLE_NO_YEAR = re.compile(
    r"^(?P<behind>.*?)(?:关于)?(?:深入|全面|加强|持续|扎实)*(?:推进|落实|开展)*(?:依法治|法治|法制|依法行政)"
)
_JOINT = re.compile(
    r"^((?:中共|中国共产党)[\u4e00-\u9fff]{2,16}?委(?:员会)?)[、和]?([\u4e00-\u9fff]{2,20}(?:政府|管委会|管理委员会))$"
)
_LEAD_JOINT = re.compile(
    r"(?:^|[。\n,])(?P<name>[\u4e00-\u9fff]{2,12}?[省市区县州旗盟])委(?:员会)?、\s?[省市区县州旗盟]?(?:人民)?政府"
)
# What a lead's clause begins with when it does not begin with who acts; and what no name holds.
_NO_NAME = re.compile(
    r"^(?:在|按|根据|依据|为|经|由|向|对|以|全面|认真|深入|坚持|贯彻|围绕|现|将|关于|结合|通过|各|把)|.我|代表|领导|要求|指导|报告"
)
_SPEAKER = re.compile(r"[我本](局|委(?!托)|办|厅|区|县|市(?!场)|镇|乡|省|州|旗|盟|街道|中心|院)")
_DIVISIONS = "省市区县州旗盟"
_BEFORE_REGION = re.compile(r"(?:20\d\d年(?:度)?(?:以来|来)?,?|一年来,?|今年以来,?|过去一年,?)?")
_OWN = re.compile(r"^(?:我|本|全)(?:[局委办厅区县市镇乡院中所省街单]|街道|单位|中心)?")
_PARTY = re.compile(r"^(?:中共|中国共产党)|(?:党委|党工委|党组|工委)$|[省市区县州旗]委$")


@dataclass(frozen=True, slots=True)
class Name:
    """A body's name as read: where it stood and by which rule; start, end: raw span, None outside the text."""

    text: str
    place: str
    rule: str
    start: int | None = None
    end: int | None = None


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
                names += _apart(piece)
    behind = _BEHIND_TITLE.search(text)
    if behind is not None and BODY.match(behind[1]):
        names.append(behind[1])
    spaced = re.split(r"\s+|、", text[: text.find("关于")] if "关于" in text else "")
    if len(spaced) > 1 and all(BODY.match(piece) for piece in spaced if piece):
        names = [piece for piece in spaced if piece] + names
    return names


def _apart(name: str) -> list[str]:
    """Committee and government of a joint report that stand together without a blank."""
    match = _JOINT.match(name)
    return [match[1], match[2]] if match else [name]


def split_party(names: list[str]) -> tuple[list[str], list[str]]:
    """(government bodies, Party bodies) of a joint report."""
    government = [name for name in names if not _PARTY.search(name)]
    party = [name for name in names if _PARTY.search(name)]
    return government, party


def lead_names(lead: str) -> list[str]:
    """Bodies and divisions that the first sentences name as the one who acts, the likeliest first."""
    opening = lead[:600].split("\n一、")[0]
    found = [
        match["name"]
        for pattern in (_NOW, _LEAD, _LEAD_JOINT, _LEAD_REGION)
        for match in pattern.finditer(opening)
    ]
    return [name for name in found if not _NO_NAME.search(name)]


def lead_beginning(lead: str) -> str:
    """The first words of a lead behind the year that it speaks of."""
    match = _BEFORE_REGION.match(lead)
    return lead[match.end() if match else 0 :][:30]


def speaker(lead: str) -> str:
    """What a text calls its author where it does not name it: 局 for 我局, 区 for 本区, '' if nothing.

    A body goes before a division: a bureau too speaks of 我区.
    """
    found = [match[1] for match in _SPEAKER.finditer(lead[:600])]
    return next((kind for kind in found if kind not in _DIVISIONS), found[0] if found else "")


def spoken_by(name: str, kind: str) -> bool:
    """Whether a body may call itself 我 + `kind`."""
    if not kind:
        return True
    if kind in _DIVISIONS:
        return name.endswith("人民政府")
    endings = {"委": ("委员会", "委"), "办": ("办公室", "办公厅", "办"), "街道": ("街道", "街道办事处")}
    return name.endswith(endings.get(kind, (kind, f"{kind}人民政府")))


def is_own(name: str) -> bool:
    """我局, 本街道 and the like: a body that does not say its name."""
    return bool(_OWN.match(name)) and len(name) <= 6
