"""Judges a number with its unit in its context: a figure, or by which rule none."""

from __future__ import annotations

import re

from . import lexicon
from .link_model import CHANGE_UNITS
from .readings import Reading

_UP_TO_BOUNDARY = re.compile(r".*[,。;:!?\n]", re.DOTALL)
_CLAUSE_END = re.compile(r"[,。;:!?\n]")
_LONGEST_CLAUSE = 60
_GLUED = "+×*/."

# --- limits, intervals, durations
_LIMIT_BEHIND = re.compile(
    r"\n?(?:\([含不]*\))?(?:及|或)?(?:以上|以下|以内|之内)(?:\([含不]*\))?"
    r"(?:的|(?:企业|单位|项目|合同|协议|案件|公司|工程|事项|人员|干部|职务|职级|支出|经费|开支|资金|款项|罚款|处罚|采购|学校|老人|大额|重大|行政|小额|一般)"
    r"|[、和或及且][^,。;\n]{0,20}(?:以上|以下|以内)的?"
    r"|[\d一二三四五六七八九十百千万]{1,12}[^,。;\d]{0,4}(?:以上|以下))"
)
_LIMIT_OF_SHARE = re.compile(r"(?:控股|持股|参股|占股|股权|股份|低于|高于|不足|超过|达到)[^,。;]{0,4}$")
_HOLDING = re.compile(r"控股|持股|参股|占股|股权|股份")
_LIMIT_CUE = re.compile(
    r"(?:注册资[金本]|单笔|单项|单次|单件|单个|凡是?|标的|起点|限额|门槛|一次性|预算金额|估算价)[^,。;]{0,12}$"
)
_BEYOND = re.compile(r"\n?及?以[上下]")
_LIMIT_BEFORE = re.compile(r"(?:超过|达到|不足|不满|低于|高于|少于|多于|满)$")
_LIMIT_OBJECT = re.compile(r"^(?:[^,。;]{0,20}[,、])?(?:对|将|凡|给予|如|若|针对|把)")
_INTERVAL = re.compile(
    r"每(?:个|隔|满|逢)?$|每(?:个|隔)?(?:季度|季|月|周|旬|日|天|半年|半月|双周|两周|\d+周|星期|工作日|班|[两三四五六\d]+个?[月天周日])[^,。;、\n]{0,12}$"
)
# 每个村配备1名 is what each is to have; 每个村全年办理3件 and 每个村三四名 tell what there was
_EACH = re.compile(
    r"每(?:个|一|所|支|类)?(?:人|户|家|名|村|单位|件|场|期|镇|街|校|处|社区|乡镇|部门|网格|学校|小区|企业|案|站点|点位|行政村|科室)[^,。;、\n]{0,10}$"
)
_DURATION_END = re.compile(r"以内|之内|内")
_DURATION_REACHED = re.compile(
    r"(?:压缩|缩短|控制|压减|减少|降低?|提速|缩减|精简|稳定|保持|限定)(?:至|到|在|为)$"
)
_DURATION_CUE = re.compile(
    r"时间|时长|时限|周期|用时|耗时|缩短|压缩|压减|提速|平均|人均|学时|工时|[由从][^,。;]{0,12}$|[降减]至|减少"
)
_DURATION_SET = re.compile(r"(?:时限|期限|时间|周期)(?:为|是|定为)$")
_DURATION_VOLUME = re.compile(
    r"(?:培训|学习|服务|授课|直播|录制|播放|播出|值守|巡查|学法)(?:累计|共计|超|逾|近|约|超过|达到|达|了|共)*$"
)
_DURATION_NAME = re.compile(
    r"(?:全天候?)?(?:自助|服务|在线|值班|值守|热线|不打烊|监控|不间断|生活圈|法律|便民|通勤|响应|办结|圈)"
)

# --- words that look like counts
_RANK = re.compile(
    r"(?:前|位列|排名|位居|名列|居|列|TOP)$|(?:排名|位次|名次)[^,。;]{0,10}(?:升|降|移|进|退|跃)[^,。;]{0,3}$"
)
_RANKED = frozenset("名位家强%")
_LABEL_BEFORE = re.compile(r"(?:^|\n)\d{1,2}\.$")
_PAGE_BEFORE = re.compile(r"第\d{1,4}页[,/、]?共$")
# 三类群体, 两类案件: kinds of something, told apart and not counted
_KINDS = re.compile(
    r"重?点?(?:群体|人群|人员|对象|主体|企业|产业|行业|领域|场所|案件|事项|问题|情形|风险|纠纷)"
)
_ASPECT = re.compile(r"方面|层面|维度|角度")
_STRUCTURE = re.compile(
    r"环节|阶段|步骤|文明|必须|坚持|到位|统一|转变|结合|聚焦|强化|突出|注重|不|关键|重点|主要|核心|基本|原则|等级|层级|层次"
)
_STRUCTURED = re.compile(
    r"(?:围绕|聚焦|突出|抓住|抓好|紧扣|把握|立足|分|分为|分成|坚持|做到|实现)(?:[^,。;]{1,10}[、和])?$"
)
_STRUCTURE_UNITS = frozenset("个项类条")
_ACTING_TOGETHER = re.compile(r"之间|协同|联动|共享|互动|协作|联手|合力|共建|融合|结合")
_NICKNAME = re.compile(
    r"(?:营商环境|黄金|助企|惠企|暖企|稳企|纾困|稳经济|稳增长|稳就业|促消费|促就业|惠民|便民|利企|减负|新政|人才|政策|创新发展|高质量发展)$"
)
_NICKNAMED = re.compile(r"(?:硬核|政策|措施|举措|新政|意见|实施细则)?(?:[”,。;、)]|$)")
_EXPRESSION = re.compile(r"出台|落实|实施|推出|发布|执行|印发|兑现|贯彻|升级")
_VAGUE_BEFORE = frozenset("数几上好成整")

# --- 一
_LONE_REJECT_BEFORE = frozenset("每新这那某同任另统单进第唯逐之其不有同哪")
_LONE_EVENT = re.compile(r"获|被|受到|入选|通过|发生|办结|评为|列入|荣|纳入|立案|败诉|撤销|上报")
_LONE_VERB = re.compile(
    r"(?:新增|增加|增设|查处|发生|收到|受理|办理|办结|承办|聘请|聘任|选聘|外聘|举办|召开|出台|制定|发布|审理|移送|配备)了?$"
)
_LONE_SUBJECT = re.compile(r"(?:[我本该全][区县市局委办镇街乡院]|其中|另有|并有|同时|街道|现|已)?$")
_LONE_UNITS = frozenset(
    ["件", "起", "宗", "名", "位", "部", "场", "期", "次", "份", "家", "项", "人", "篇", "个"]
)
# 未发生一起…: nothing is counted, and no number is stated either
_NEGATED = re.compile(r"(?:未|没有?|不|无)再?(?:发生|出现|发现|产生|引发|有|接到|收到)过?$")


def clause_left(text: str, start: int) -> str:
    """The clause before `start`, at most 60 characters."""
    low = max(0, start - _LONGEST_CLAUSE)
    cut = _UP_TO_BOUNDARY.match(text, low, start)
    return text[cut.end() if cut else low : start]


def judge(text: str, item: Reading, left: str) -> str | None:
    """Name of the rule that turns the reading down, None if it is a figure. left: the clause before it."""
    rule = _judge_numeral(text, item, left)
    if rule is not None:
        return rule
    if "每" in left and _is_frequency(item, left):
        return "frequency"
    if item.unit in _RANKED and _RANK.search(left):
        return "ordinal"
    if item.kind != "share" and _is_threshold(text, item, left):
        return "threshold"
    if item.unit in lexicon.DURATIONS:
        return _judge_duration(text, item, left)
    if item.unit == "类" and _KINDS.match(text, item.end) and not item.arabic and item.quantity.value <= 10:
        return "classification"
    if item.unit in ("个", "类") and (_ASPECT.match(text, item.end) or left.endswith(("分为", "分成"))):
        return "classification"
    if item.unit == "条" and item.kind == "number" and not item.infix and _is_nickname(text, item, left):
        return "nickname"
    if item.kind == "number" and not item.arabic and not item.infix:
        return _judge_word(text, item, left)
    return None


def _judge_numeral(text: str, item: Reading, left: str) -> str | None:
    """What the characters beside the number say about it: part of a code, of a broken number, an ordinal."""
    before = text[item.start - 1] if item.start else ""
    if item.arabic and _is_identifier(text, item, before, left):
        return "identifier"
    if before == " " and item.arabic and text[item.start - 2 : item.start - 1].isdigit():
        return "broken_number"  # 1 2 8件: no one can tell where it begins
    if before == "第":
        return "ordinal"
    if item.kind == "vague" or (before in _VAGUE_BEFORE and item.numeral[0] in "十百千万亿"):
        return "vague"
    if item.unit == "页" and _PAGE_BEFORE.search(text, max(0, item.start - 12), item.start):
        return "identifier"
    return None


def _is_identifier(text: str, item: Reading, before: str, left: str) -> bool:
    if item.numeral[0] == "0" and item.numeral[1:2].isdigit():
        return True
    if before == "+" and item.unit in CHANGE_UNITS and not left[-2:-1].isascii():
        return False  # 同比+5%: a sign
    if before == "." and _LABEL_BEFORE.search(text, max(0, item.start - 4), item.start):
        return False  # 2.36项 at the start of a line: item 2
    return bool(before) and before.isascii() and (before.isalnum() or before in _GLUED)


def _is_frequency(item: Reading, left: str) -> bool:
    if _INTERVAL.search(left) is not None:
        return True
    return item.quantity.value_max is None and "全年" not in left and _EACH.search(left) is not None


def _is_threshold(text: str, item: Reading, left: str) -> bool:
    behind = _LIMIT_BEHIND.match(text, item.end)
    if item.unit in ("%", "‰"):
        # 80%以上的纠纷 is a share of them; 持股50%以上的企业 is a class
        if _LIMIT_OF_SHARE.search(left) is None:
            return False
        # 超过80%的村庄 is a share of them, 对超过80%的企业 a class
        holding = _HOLDING.search(left) is not None or _LIMIT_OBJECT.match(left) is not None
        return behind is not None or (text.startswith("的", item.end) and holding)
    if behind is not None:
        return True
    if item.unit == "元" and _BEYOND.match(text, item.end) and _LIMIT_CUE.search(left):
        return True
    return (
        text.startswith("的", item.end)
        and _LIMIT_BEFORE.search(left) is not None
        and _LIMIT_OBJECT.match(left) is not None
    )


def _judge_duration(text: str, item: Reading, left: str) -> str | None:
    if _DURATION_END.match(text, item.end) is not None:
        # 压缩至3个工作日以内 is a result, 15日内备案 a time limit
        return None if _DURATION_REACHED.search(left) else "deadline"
    if text.startswith(("前", "后", "以前", "以后"), item.end):
        return "deadline"
    if _DURATION_SET.search(left) and "平均" not in left:
        return "duration"
    if _DURATION_CUE.search(left) or ("平均" in left and left.endswith("提前")):
        return None
    if _DURATION_VOLUME.search(left) and not _DURATION_NAME.match(text, item.end):
        return None
    return "duration"


def _is_nickname(text: str, item: Reading, left: str) -> bool:
    """营商环境28条, 稳增长二十条措施: a policy known by its number of articles."""
    return (
        _NICKNAME.search(left) is not None
        and _NICKNAMED.match(text, item.end) is not None
        and (_EXPRESSION.search(left) is not None or left.endswith("黄金"))
    )


def _judge_word(text: str, item: Reading, left: str) -> str | None:
    """A number in Chinese numerals: is it a count, or structure, or part of a word?"""
    if item.unit in lexicon.DIGIT_ONLY:
        return "lexical"
    value = item.quantity.value
    if value == 0:
        return "zero_claim"
    if item.unit in _STRUCTURE_UNITS and value <= 10 and _is_structure(text, item, left):
        return "classification"
    if item.numeral == "两" and item.unit in ("家", "个") and _ACTING_TOGETHER.match(text, item.end):
        return "classification"
    if item.numeral == "二" and "\u4e00" <= text[item.end : item.end + 1] <= "\u9fff":
        return "ordinal"  # 二次供水, 二类疫苗; two of something is 两
    if item.unit == "期" and text.startswith(("工程", "项目", "建设"), item.end):
        return "ordinal"
    if item.numeral == "一":
        return _judge_lone_one(text, item, left)
    return None


def _is_structure(text: str, item: Reading, left: str) -> bool:
    """三个关键环节, 分为三类: how something is arranged."""
    if _STRUCTURE.match(text, item.end) is not None:
        return True
    return item.quantity.value > 1 and _STRUCTURED.search(left) is not None


def _judge_lone_one(text: str, item: Reading, left: str) -> str | None:
    """一 + classifier counts only behind its noun, as the subject of an event, or after a verb of one act."""
    before = text[item.start - 1] if item.start else ""
    if (
        before in _LONE_REJECT_BEFORE
        or "跑" in left
        or "每" in left
        or left.endswith(("一", "即", "成为", "作为", "只进"))
    ):
        return "indefinite"
    if _NEGATED.search(left):
        return "zero_claim"
    behind = text[item.end : item.end + 1]
    if not behind or behind in ",。;、:)!?\n" or text.startswith(("以上", "和", "以及"), item.end):
        postposed = len(left) >= 2 and "\u4e00" <= before <= "\u9fff"
        return None if postposed else "indefinite"
    clause_end = _CLAUSE_END.search(text, item.end, item.end + _LONGEST_CLAUSE)
    right = text[item.end : clause_end.start() if clause_end else item.end + _LONGEST_CLAUSE]
    if item.unit in _LONE_UNITS and _LONE_SUBJECT.match(left) and _LONE_EVENT.search(right):
        return None
    if item.unit in _LONE_UNITS and _LONE_VERB.search(left) and behind != "系":
        return None
    return "indefinite"
