"""What kind of document a title between 《 and 》 names: law, regulation, party rule, policy, own rule, work or other."""

from __future__ import annotations

import re
from functools import lru_cache

# (试行), (2021年修订), 2.0版 and quotation marks say nothing about the kind.
_SUFFIX = re.compile(r"(?:\([^()]{1,20}\)|〔[^〔〕]{1,20}〕|\d+\.0版|[\"”’〉.])+$")
_OTHER = re.compile(
    r"(?:备忘录|协议书?|合同|合作框架|承诺书|意见书|建议书|告知书|决定书|通知书|公告|公示|函|纪要|总结|表|证书?|责任书|倡议书|公开信|提示单|告知单|"
    r"文书|文本|案卷|台账|鉴定书|回复|答复|(?:明白|联系|提示|服务|告知|连心)卡)$"
)
_REPORT = re.compile(r"(?:报告|白皮书)$")
_STATE_REPORT = re.compile(r"政府工作报告|党的.{1,4}大报告|代表大会.{0,4}报告")
_PARTY = re.compile(
    r"中国共产党|党章|党内|党组|党委|党员|党政|党支部|党风|党的|党和国家机关|党务|中共|全面从严治党|巡视|巡察|问责条例|纪律处分条例|政治生活|廉洁|"
    r"八项规定|六项规定|干部(?:选拔|任用|教育培训|考核|监督|人事|能上能下)|领导干部|意识形态|统一战线|政治协商工作|信访工作条例|机构编制工作条例|"
    r"监督执纪|请示报告|厉行节约|公务接待|组织处理|组织工作条例|宣传工作条例|农村工作条例|政法工作条例|公务员(?:考核|录用|职务|平时考核|转任|调任|奖励|培训)|"
    r"事业单位领导人员|督察工作|法治政府建设与责任落实|地方党委|生态环境损害责任追究|干预司法|纪检|纪律检查"
)
_PARTY_SHAPE = re.compile(r"条例|规定|准则|章程|规则|办法|细则|党章")
# The Party group of a body sits by rules of its own, whoever is told to keep them.
_PARTY_GROUP = re.compile(r"^\S{0,8}党(?:组|委|工委)(?:会议?)?(?:议事|工作|决策)规则$")
_PARTY_OWN = re.compile(r"(?:会议|议事|工作|决策)(?:制度|规则|规程)$|制度$|清单$|实施办法$|实施细则$")
_LAW = re.compile(r"(?:法|法典|宪法|修正案|法典.{1,12}编)$")
_AMENDING = re.compile(r"关于修[改订].{2,40}法[》〉]?的决定$")
_NO_LAW = re.compile(r"(?:[办做想看说打方书语手用普执司守学立依合魔工]|工作)法$")
_STUDY = re.compile(
    r"学习(?:纲要|问答|读本|讲座)|论述(?:摘编|选编|读本)|谈治国理政|文选|选集|选读|讲义|概论|^论|简史|复兴文库|之治|重要讲话(?:选编|读本)?$|的讲话$|上的讲话"
)
_WORK = re.compile(
    r"(?:片|警示录|实录|案例集?|案例选?|汇编|选编|文选|选集|读本|读物|教程|教材|手册|漫画|剧|电影|歌|曲|节目|栏目|[日周晚早]报|周刊|杂志|问答|百问|百答|讲义|"
    r"著作|概论|故事|释义|解读|导读|图解|折页|一本通|口袋书|画册|小品|情景剧|纪实|启示录|沉思|人生|忏悔录|动漫|专刊|课程|公开课|课堂)$"
)
_MADE = re.compile(
    r"(?:观看|收看|拍摄|阅读|播放|制作|编印|编写|编排|编著|出版|刊发|放映|排演|创作|研读|演出|展播|专题片|警示教育片|影片|电影|纪录片|短片|微视频|情景剧|书籍|图书|漫画)[^。;》]{0,10}$"
)
_REGULATION = re.compile(r"(?:条例|条例实施细则|法实施细则|法实施办法|规章)$")
_RULE = re.compile(r"(?:规定|办法|规则|细则|准则|章程|守则)$")
_POLICY = re.compile(
    r"(?:纲要|大纲|规划|意见|方案|决定|通知|计划|要点|安排|措施|政策|指引|指南|导则|目录|清单|批复|建议|标准|基准|体系|公报|决议|任务书|举措|"
    r"条措施|\d+条|框架|公约|宣言|规范|规程|规范性文件|通报|预案|图|部署|台账|制度|机制|流程|工作法|模式|分工|细则)$"
)
_OWN_SHAPE = re.compile(
    r"制度|办法|规则|方案|计划|清单|目录|要点|预案|规程|流程|细则|规范|规定|规划|指引|工作法|意见|安排|导则|手册|章程|机制|分工"
)
_OWN_ROUTINE = re.compile(r"(?:制度|规程|流程|工作规则|议事规则|会议规则|预案|分工)$")
_ROUTINE_MATTER = re.compile(
    r"印章|考勤|财务|报销|差旅|公务用车|车辆|请销假|值班|内控|内部控制|固定资产|合同管理|公文|档案管理|保密工作|绩效|印鉴|食堂|机关(?:工作|管理)|岗位|首问|一次性告知|A.?B岗|"
    r"重大行政决策(?:程序|管理|工作)?(?:规定|规则|办法|实施细则)$"
)
_OWN_BODY = re.compile(
    r"(?:[^公当]局|街道|(?<!城)(?<!乡)镇|(?<!城)乡(?![村镇])|办事处|管委会|[^政]委员会|[投推服信指执]\w{0,2}办|[大支]队|单位|机关|党[工]?委|党组|我[局委办街镇])(?!法|理|案|学|会)"
)
_STATE = re.compile(r"^(?:中华人民共和国|国务院|中央|全国|国家|中共中央|最高人民|[财司公教民科商]\S{0,2}部)")
_PROVINCE = re.compile(
    r"^(?:20\d\d年(?:度)?)?(?:北京|上海|天津|重庆|[\u4e00-\u9fff]{1,3}(?:省|自治区)|[\u4e00-\u9fff]{1,4}(?:市|州|盟)(?![委局办场级域区政容]))(?!\S{0,12}(?:[区县]|街道))"
)
_DISTRICT = re.compile(
    r"^(?:关于(?:印发)?)?(?:20\d\d年(?:度)?)?[\u4e00-\u9fff]{1,9}?[省市区县旗州](?![委局办场级域容域划间块内])"
)
_YEARS = re.compile(r"20\d\d年?[-—–至~]{1,2}20\d\d")
_VERB = re.compile(
    r"(?P<own>制定|制订|制发|印发|出台|拟[定订]|修订|起草|完善|形成|建立|编制|下发|调整|公布|发布|健全|审议通过|细化|梳理|汇编|重新修订|更新)|"
    r"(?P<applied>根据|按照|依据|依照|贯彻|落实|执行|学习|转发|对照|遵守|遵循|宣传|适用|违反|按|以|印发的|出台的|制定的|要求|围绕|明确|符合|宣讲|解读)"
)
_OURS = re.compile(r"(?:我|本)(?:[局委办厅镇乡院校]|街道|单位)的?$")
_ABOVE = re.compile(r"国务院|中央|中共|省|市委|市政府|区委(?!托)|区政府|县委|县政府|全国|国家|上级|总局|部")


def maker(before: str) -> str:
    """Who made a document by the words before its title: the reporting body ('own'), one above it, or '' (not said)."""
    if _OURS.search(before):
        return "own"
    verbs = list(_VERB.finditer(before))
    if not verbs or verbs[-1].lastgroup != "own":
        return ""
    named = before[max(0, verbs[-1].start() - 10) : verbs[-1].start()]
    return "above" if _ABOVE.search(named) else "own"


def title_kind(title: str, before: str, neighbour: str) -> str:
    """Kind of a title (half width, without blanks and brackets).

    before: the words in front of it, or of the list it stands in; neighbour: kind of the title listed right before
    it, '' if it stands alone.
    """
    return _kind(title, maker(before), _MADE.search(before) is not None, neighbour)


@lru_cache(maxsize=4096)  # the same few hundred laws and plans stand in all reports
def _kind(title: str, made_by: str, made: bool, neighbour: str) -> str:
    words = _SUFFIX.sub("", title) or title
    drafted = made_by == "own"
    if _OTHER.search(words):
        return "other"
    if _REPORT.search(words):
        return "policy_doc" if _STATE_REPORT.search(words) else "other"
    if _PARTY.search(words) and _PARTY_SHAPE.search(words) and not _own_party(words, drafted):
        return "party_rule"
    shaped = _RULE.search(words) or _POLICY.search(words) or _REGULATION.search(words)
    if _STUDY.search(words) or (_WORK.search(words) and not shaped) or (made and not shaped):
        return "work"
    if _AMENDING.search(words) or (_LAW.search(words) and not _NO_LAW.search(words)):
        return "law"
    if _REGULATION.search(words):
        return "regulation"
    if shaped or _OWN_SHAPE.search(words):
        return _of_government_or_own(words, made_by)
    if words.startswith("关于"):
        return "policy_doc"
    return neighbour if neighbour in ("work", "law") else "work"


def _own_party(words: str, drafted: bool) -> bool:
    """Whether a rule about Party matters is one that the body gave itself."""
    if words.startswith(("中国共产党", "中共中央", "党委(党组)", "纪检", "地方党委")):
        return False
    if _PARTY_GROUP.match(words):
        return True
    return bool(_PARTY_OWN.search(words)) and (drafted or _own_body(words) or "制度" in words)


def _own_body(words: str) -> bool:
    """Whether the title begins with the name of a body below government."""
    head = re.split(r"关于|法治|普法|20\d\d", words.removeprefix("关于"))[0]
    match = _OWN_BODY.search(head)
    return match is not None and match.end() < len(words) and match.end() <= 18 and not _STATE.match(words)


def _of_government_or_own(words: str, made_by: str) -> str:
    drafted = made_by == "own"
    if _STATE.match(words):
        return "regulation" if _RULE.search(words) else "policy_doc"
    if _own_body(words) and not re.match(
        r"(?:行政|公安|国家|政法|司法|事业|企业)\S{0,4}(?:机关|单位)", words
    ):
        return "internal_rule"
    if made_by == "above":
        return "regulation" if _RULE.search(words) and _PROVINCE.match(words) else "policy_doc"
    if _OWN_ROUTINE.search(words) and not (_DISTRICT.match(words) and not drafted):
        return "internal_rule"
    if _RULE.search(words):
        if _PROVINCE.match(words):
            return "regulation"
        if drafted or _ROUTINE_MATTER.search(words):
            return "policy_doc" if _DISTRICT.match(words) else "internal_rule"
        return "policy_doc" if _DISTRICT.match(words) or words.startswith("关于") else "regulation"
    own = drafted and not _DISTRICT.match(words) and not _YEARS.search(words)
    return "internal_rule" if own else "policy_doc"
