"""Which prescribed part of a report a heading names, and what a heading of the measures part is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ...model import Section

PRESCRIBED_PARTS = ("measures", "problems", "responsibility", "plan", "other")
# Where a heading that names two parts is cut: 存在问题及下一步打算.
_JOINT = re.compile(r"以及|[和及与暨、,;:]|并(?=存在|提出)")
_ACTION = re.compile(
    r"(?:着力|切实|持续|不断|进一步|全面|深入|严格|积极|认真)?(?:加强|强化|统筹|落实|完善|健全|科学|制定|谋划|明确|优化|细化|聚焦|突出|坚持|"
    r"抓|破解|解决|化解|整改|压实|提升|提高|深化|夯实|规范|构建|创新|推行|紧盯|紧扣|围绕|立足|针对|服务|做[好优实])"
)
_RESPONSIBILITY = re.compile(
    r"主要(?:负责人|负责同志|领导|领导干部|领导同志|责任人)?.{0,24}?(?:履行|履职|履责|尽责|职责|述法)|主要负责(?:人|同志).{0,20}情况|"
    r"履行.{0,16}第一责任人|^.{0,14}第一责任人.{0,8}(?:情况|履行|履职|落实)|^(?:推进)?(?:法治|依法).{0,8}第一责任人(?:职责)?$|"
    r"^第一责任人|^(?:领导班子|党政(?:正职|领导))?.{0,6}(?:履职|履责|述法)情况"
)
_PROBLEMS = re.compile(
    r"(?:存在|面临|遇到)(?:的|着)?.{0,8}(?:不足|问题|短板|差距|困难|薄弱|弱项|瓶颈|挑战|形势)|^(?:.{0,14}(?:主要|突出))(?:的)?(?:不足|问题|短板|困难)$|"
    r"薄弱环节|^.{0,10}(?:不足|短板|差距|弱项|困难|问题)(?:之处)?$|不足之处|(?:原因|成因)分析|^(?:主要|产生|具体|存在)?(?:的)?(?:原因|成因)"
)
_SOLVED = re.compile(r"(?:不足|问题|短板|困难)的?(?:整改|解决|化解|办理|落实|治理)")
_PLAN = re.compile(
    r"下一?步|下一?个?阶段|下一?个?年(?:度|的|工作|主要|重点|计划|安排|打算|推进)|次年|明年|来年|今后(?!.{0,12}(?:成效|经验))|"
    r"未来.{0,8}(?:打算|计划|展望|方向|工作|安排)|打算|展望|(?:努力|改进|工作|主攻)(?:的)?方向|工作(?:的)?(?:计划|思路|设想|谋划|目标|要点)|"
    r"(?:主要|重点|工作|总体|初步|具体)(?:的)?安排|年.{0,12}安排|改进(?:的)?(?:措施|举措|思路|意见)|整改(?:的)?(?:措施|举措|方向|思路|计划)|"
    r"计划安排|后续(?:工作|计划|安排|措施)|工作重点$|对策措施|努力目标|(?:目标|主要|重点)任务$"
)
_MEASURES = re.compile(
    r"举措|成效|做法|措施|进展|成果|成绩|亮点|特色|经验|总结|回顾|(?:工作|建设|开展|完成|落实|推进|执行|实施|贯彻)(?:的)?(?:主要|基本)?情况|"
    r"主要工作|重点工作"
)
_DONE = re.compile(r"成效|(?:完成|开展|落实|进展|推进|执行|贯彻)情况|取得|总结|回顾|做法|上一?年")
_OVERVIEW = re.compile(
    r"(?:基本|总体|整体)(?:工作)?(?:情况|概况|概述|状况)|概[况述]$|^概[况述]|^(?:前|引|导)言$"
)
_OTHER = re.compile(
    r"^其[他它余](?:$|.{0,14}(?:情况|事项|方面|问题|内容|工作))|^(?:其他)?(?:需要?|应当?)(?:报告|说明|汇报|请示).{0,4}(?:情况|事项|问题|内容)|"
    r"^.{0,8}(?:意见|有关|相关|几点|对策)建议$|^(?:工作)?建议$"
)
# No pattern above matches without one of these; most sub-headings have none.
_HINT = re.compile(
    r"[履职述题足板距难弱因望向划思措效绩况顾结年后概言]|下一|下[步阶年个]|未来|打算|改进|要点|目标|重点|安排|任务|做法|亮点|特色|经验|成果|进展|工作|责任人|负责|形势|挑战|瓶颈|设想|谋划"
)
_SUBKINDS = (
    ("study", r"习近平法治思想|学习宣传|法治思想|理论(?:学习|武装|根基)|学习贯彻|学思践悟|学深悟透"),
    (
        "emergency",
        r"突发|应急|疫情|防控",
    ),
    ("disputes", r"复议|应诉|诉讼|调解|矛盾|纠纷|信访|化解|调处|维稳|平安"),
    (
        "digital",
        r"数字(?!法治宣传)|数据|数智|智慧|信息化|科技保障|科技支撑|互联网|智能",
    ),
    (
        "publicity",
        r"普法|学法|法治(?:教育)?宣传|宣传教育|公共法律服务|法治文化|法律服务|法律援助|法治(?:氛围|环境(?=.{0,4}营造)|素养|意识|观念)|守法|法律六进|宪法宣传|宣传力度",
    ),
    (
        "capacity",
        r"队伍|培训|能力建设|人才|干部.{0,4}(?:能力|素质)|(?:保障|履职)能力|法治(?:保障|能力)|人员素质",
    ),
    (
        "decision",
        r"决策|合法性审[查核]|法律顾问|公职律师|合同|法制审核|法治审核|民主集中制|议事规则|三重一大",
    ),
    (
        "rulemaking",
        r"规范性文件|制度体系|立法|规章|建章立制|制度(?:建设|保障|机制|规范|供给)|公平竞争审查|(?:完善|健全|制定)(?:工作|内部|各项|内控|依法行政|管理)?制度",
    ),
    ("enforcement", r"执法|处罚|监管|监察|检查(?!建议)|行政权力运行|双随机|裁量"),
    (
        "supervision",
        r"监督|制约|人大|政协|政务公开|信息公开|公开|审计|建议提案|提案|检察建议|透明|问责|廉政|廉洁|党风|风险防控",
    ),
    (
        "functions",
        r"职能|放管服|营商|审批|政务服务|一网通办|好差评|服务效能|一件事|一窗|改革|权责清单|权力清单|行政许可|便民|惠企|服务质效|机构设置|简政放权|履行职责|依法履职",
    ),
    (
        "leadership",
        r"领导|统筹|组织|责任|示范创建|督察|考核|党建|政治|站位|部署|党的|机制|谋划|法治建设|法治政府|依法行政|述法|督导|第一责任人",
    ),
)
_SUBKIND = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _SUBKINDS))


@lru_cache(maxsize=4096)
def named_part(heading: str, report_year: int | None = None) -> str | None:
    """The kind that the heading's words name, the first if they name several; None if they name no part.

    Outline, figures and statements ask for the same headings one after the other, hence the cache.
    """
    words = "".join(heading.split()).strip("*。;:")
    if _OTHER.search(words):
        return "other"
    acting = _ACTION.match(words) is not None
    kinds: list[str] = []
    for piece in _JOINT.split(words):
        kind = _piece(piece, report_year)
        if kind == "responsibility" or (kind is not None and not acting):
            kinds.append(kind)
    if not kinds:
        # a name that the cutting has torn: 履行法治建设、依法行政第一责任人职责情况
        return "responsibility" if _RESPONSIBILITY.search(words) else None
    if kinds[0] == "plan" and _DONE.search(words) and not _PLAN.search(words):
        return "measures"  # next year's number in a heading of results: a slip of the pen
    return "measures" if kinds[0] == "overview" and "measures" in kinds else kinds[0]


def part(heading: str, report_year: int | None) -> str:
    """Kind of a level-1 heading: what names no other part is a measure, as in reports that list them flat."""
    return named_part(heading, report_year) or "measures"


def _piece(words: str, report_year: int | None) -> str | None:
    if not _HINT.search(words):
        return None
    if _RESPONSIBILITY.search(words):
        return "responsibility"
    done = _DONE.search(words) is not None
    problem, plan = _PROBLEMS.search(words), _PLAN.search(words)
    if problem and not _SOLVED.search(words) and not _ACTION.match(words):
        return "problems"
    years = [int(year) for year in re.findall(r"20\d\d", words)]
    future = bool(report_year and years and min(years) > report_year)
    if (plan or future) and not done and not _ACTION.match(words):
        return "plan"
    if _OVERVIEW.search(words):
        return "overview"
    return "measures" if _MEASURES.search(words) else None


@lru_cache(maxsize=4096)
def subkind(heading: str, *, is_part: bool) -> str:
    """What a heading of the measures part is about; sector: the body's own business. '' for the part's own name."""
    match = _SUBKIND.search(heading)
    if is_part or match is None:
        return "" if is_part else "sector"
    return match.lastgroup or ""


def missing_parts(sections: Sequence[Section], report_year: int | None) -> tuple[str, ...]:
    """The prescribed parts that no heading announces, in their legal order.

    A part may be told in a sub-section, whose kind is then that of the section around it.
    """
    present = {section.kind for section in sections}
    present |= {named_part(section.heading, report_year) or "" for section in sections if section.heading}
    return tuple(part for part in PRESCRIBED_PARTS if part not in present)
