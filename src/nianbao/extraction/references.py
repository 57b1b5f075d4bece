"""Every 《…》 of a text with its kind, judged by its own words and those right before it."""

from __future__ import annotations

import re

from ..model import Reference
from .cleaning import fold

_QUOTED = re.compile(r"《[^《》]{1,160}(?:《[^《》]{1,100}》[^《》]{0,100})*》")
_PARTY = re.compile(
    r"中国共产党|党章|党内|党组|党委|党员|党政领导|党政主要负责人|中共|全面从严治党|巡视|问责条例|纪律处分|廉洁自律|组织工作条例|"
    r"督察工作规定|法治政府建设与责任落实"
)
_PARTY_SHAPE = re.compile(r"条例|规定|准则|章程|规则|办法|细则|党章")
_LAW = re.compile(r"(?:法|法典|宪法|刑法|民法|修正案\(?[一二三四五六七八九十]*\)?)$")
_REGULATION = re.compile(
    r"(?:条例|规定|实施细则|办法|规则|规章|决定)(?:\((?:试行|暂行|修订|修正|20\d\d)[^)]*\))?$"
)
_POLICY = re.compile(
    r"(?:纲要|规划|意见|方案|决定|通知|指导意见|行动计划|计划|要点|实施意见|工作安排|措施|若干措施|政策|指引|指南|目录|清单|批复|建议|"
    r"标准|指标体系|公报|决议|实施办法|工作办法|报告|白皮书|倡议书|任务书|安排|若干规定|若干政策|操作细则|举措)(?:\([^)]*\))?(?:\d+\.0版)?$"
)
_WORK = re.compile(
    r"(?:片|短片|宣传片|专题片|警示录|案例集|汇编|选编|文选|选集|读本|读物|纲要|教程|手册|漫画|剧|电影|歌|节目|栏目|日报|周刊|学习问答|讲义|著作|概论|讲话选编)(?:\([^)]*\))?$"
)
_STUDY_WORK = re.compile(r"学习(?:纲要|问答|读本)|论述(?:摘编|选编)|谈治国理政|文选|选集|讲义|概论")
_WATCHED = re.compile(r"(?:观看|收看|拍摄|阅读|播放|制作|编印|编写|出版|刊发|放映|排演)[^。;》]{0,10}$")
_AGREEMENT = re.compile(
    r"(?:备忘录|协议|协议书|合同|合作框架|承诺书|意见书|建议书|告知书|决定书|通知书|公告|公示|函|纪要|总结|审查表|登记表|证|证书)(?:\([^)]*\))?$"
)
_OWN_SHAPE = re.compile(
    r"制度|办法|规则|方案|计划|清单|目录|要点|预案|规程|流程|细则|规范|规定|规划|指引|工作法|意见|安排|导则|手册"
)
_OWN_BODY = re.compile(r"(?:[局委办厅院所]|街道|[镇乡]|单位|中心|机关|管委会|政府办公室|支队)(?!会)")
_LOCAL = re.compile(r"^(?:中华人民共和国|国务院|中央|全国)")
_DRAFTED = re.compile(
    r"(?:制定|制订|印发|出台|拟定|修订|起草|完善|形成|建立|编制|下发|调整)[^。;《》]{0,12}$"
)
_GOVERNMENT = re.compile(r"国务院|中央|中共|省|市委|市政府|省政府|全国|国家")
_REGION_HEAD = re.compile(r"^[\u4e00-\u9fff]{1,8}?[省市区县州](?![委局办])")


def read_references(text: str) -> tuple[Reference, ...]:
    """All 《…》 in the raw text in order."""
    folded = fold(text)
    found: list[Reference] = []
    before_kind = ""
    end_before = -9
    for match in _QUOTED.finditer(folded):
        start, end = match.span()
        title = re.sub(r"\s", "", folded[start + 1 : end - 1])
        before = re.sub(r"\s", "", folded[max(0, start - 30) : start])
        listed = (
            folded[end_before:start].strip() in ("", "、", "和", "及", "以及", "与", ",")
            if end_before > 0
            else False
        )
        kind = _kind(title, before, before_kind if listed else "")
        found.append(Reference(start, end, text[start:end], kind))
        before_kind, end_before = kind, end
    return tuple(found)


def _kind(title: str, before: str, neighbour: str) -> str:
    """Kind of one title; neighbour: kind of the title it is listed with, '' if it stands alone."""
    if _AGREEMENT.search(title):
        return "other"
    if _PARTY.search(title) and _PARTY_SHAPE.search(title) and not _own(title, before):
        return "party_rule"
    is_work = _STUDY_WORK.search(title) or _WATCHED.search(before) or _WORK.search(title)
    if is_work and not re.search(r"(?:实施|发展|规划|建设)纲要", title):
        return "work"
    if _LAW.search(title) and not re.search(r"办法$|做法$|工作法$|方法$", title):
        return "law"
    if _own(title, before):
        return "internal_rule"
    if re.search(r"(?:条例|实施细则)(?:\([^)]*\))?$", title):
        return "regulation"
    if re.search(r"(?:规定|办法|规则|规章)(?:\([^)]*\))?$", title):
        return "regulation" if not _DRAFTED.search(before) or _LOCAL.match(title) else "internal_rule"
    if _POLICY.search(title) or re.search(r"20\d\d[-—至]20\d\d", title):
        return "internal_rule" if _DRAFTED.search(before) and _is_routine(title, before) else "policy_doc"
    if _OWN_SHAPE.search(title) and _DRAFTED.search(before):
        return "internal_rule"
    if neighbour in ("work", "law"):
        return neighbour
    return "other" if _OWN_SHAPE.search(title) else "work"


def _own(title: str, before: str) -> bool:
    """Whether the title carries the name of a body below government, or is the body's own rule."""
    head = re.split(r"关于|法治|普法|20\d\d", title)[0]
    if re.search(r"(?:制度|工作规则|议事规则|管理办法|工作计划)(?:\([^)]*\))?$", title) and not _LOCAL.match(
        title
    ):
        return not re.match(r"^[\u4e00-\u9fff]{2,3}(?:省|市)(?!.*[局委办])", title) or bool(
            _DRAFTED.search(before)
        )
    return bool(
        _OWN_BODY.search(head) and _OWN_SHAPE.search(title) and len(head) < len(title)
    ) and not _GOVERNMENT.match(title)


def _is_routine(title: str, before: str) -> bool:
    """Plans, lists and schemes that the body itself draws up, not ones it only carries out."""
    return (
        not _GOVERNMENT.search(before[-14:])
        and not _REGION_HEAD.match(title)
        and not re.search(r"20\d\d[-—至]20\d\d", title)
    )
