"""The outline of a report: headings of all numbering styles, their kinds by the canonical vocabulary, their nesting."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..model import Section
from .cleaning import Line

_LABELS = (
    (1, re.compile(r"第[一二三四五六七八九十]{1,3}[部章](?:分)?[、:.]?\s*")),
    (1, re.compile(r"[一二三四五六七八九十]{1,3}\s?[、.,]\s*")),
    (2, re.compile(r"[(][一二三四五六七八九十]{1,3}[)][、.]?\s*")),
    (3, re.compile(r"\d{1,2}\s?(?:[、]|\.(?!\d))\s*")),
    (4, re.compile(r"[(]\d{1,2}[)][、.]?\s*|[①-⑳]\s*")),
)
_SENTENCE_END = re.compile(r"[。!?]|[;](?=$)")
_TERMINAL = "。;:!?,、"

_RESPONSIBILITY = re.compile(
    r"第一责任人|(?:党政)?主要负责(?:人|同志).{0,12}职责|履行推进法治.{0,8}职责|履职情况"
)
_PROBLEMS = re.compile(
    r"存在(?:的)?.{0,8}(?:不足|问题|短板|差距|困难|薄弱|弱项)|(?:主要|突出)(?:的)?(?:不足|问题|短板)(?:$|和|及|与)|薄弱环节|"
    r"^(?:不足|问题|短板|差距)(?:和|与|及|之处|$)|(?:问题|不足)(?:和|及|与)(?:原因|不足|短板|差距)|不足之处"
)
_PLAN = re.compile(
    r"下一?步|下一?阶段|(?:下一|次|下|明)年度?|今后|未来|打算|展望|努力方向|工作(?:计划|安排|思路|设想)|主要安排|重点安排|"
    r"改进措施|整改措施|计划安排|工作重点$"
)
_DONE = re.compile(
    r"成效|完成情况|开展情况|落实情况|进展情况|取得|总结|回顾|推进情况|做法|主要工作(?:情况)?$|上一年"
)
_OTHER = re.compile(r"其他(?:需要|需|应当|应)?(?:报告|说明|汇报)?(?:的)?(?:情况|事项|方面)|其他情况|其它")
_OVERVIEW = re.compile(r"(?:基本|总体|整体|工作)(?:情况|概况|概述)$|^概[况述]|总体概述|^总体情况")
_MEASURES = re.compile(
    r"举措|成效|做法|措施|进展|工作(?:开展)?情况|主要工作|特色|亮点|总体情况|基本情况|建设情况|成果"
)
_UNNUMBERED = re.compile(
    r"(?:主要|工作|特色|突出|具体)?(?:举措|做法|措施|成效|亮点|经验)|第一责任人|基本情况|总体情况|存在.{0,6}(?:不足|问题|短板|薄弱)|"
    r"薄弱环节|下一?步|主要安排|工作(?:计划|打算|安排|思路)|其他(?:需要)?(?:报告|说明)|开展情况|打算"
)
_SUBKINDS = (
    ("study", r"学习宣传|习近平法治思想|法治思想|理论学习|学法用法|学习贯彻"),
    ("decision", r"决策|合法性审[查核]|法律顾问|公职律师|合同"),
    ("rulemaking", r"规范性文件|制度体系|立法|制度建设|建章立制|依法行政制度|规章"),
    ("enforcement", r"执法|处罚|监管|检查"),
    ("emergency", r"突发|应急|疫情|安全生产"),
    ("disputes", r"复议|应诉|调解|矛盾|纠纷|信访|化解"),
    ("supervision", r"监督|制约|人大|政协|政务公开|信息公开|公开|审计|建议提案"),
    ("digital", r"数字|数据|智慧|信息化|科技|互联网"),
    ("functions", r"职能|放管服|营商|审批|政务服务|一网通办|好差评|服务效能|改革"),
    ("publicity", r"普法|法治宣传|宣传教育|公共法律服务|法治文化|法律服务"),
    ("capacity", r"队伍|培训|保障|能力|人才|教育培训"),
    ("leadership", r"领导|统筹|组织|责任|示范创建|督察|考核|党建|机制"),
)
_SUBKIND_RULES = tuple((name, re.compile(pattern)) for name, pattern in _SUBKINDS)
LONGEST_HEADING = 60


@dataclass(frozen=True, slots=True)
class Front:
    """What stands before the report's prose: lines up to `prose` are title, metadata and salutation."""

    prose: int | None  # raw offset of the first prose line, None if there is none before the first heading


@dataclass(slots=True)
class _Heading:
    line: int
    rank: int
    start: int
    end: int
    heading: str
    inline: bool
    label: str


def read_outline(
    lines: list[Line], text_length: int, front: Front, body_from: int, report_year: int | None, body_end: int
) -> list[Section]:
    """Sections in order of the lines. body_from: index of the first line behind title and metadata."""
    headings = _headings(lines, body_from, body_end)
    sections: list[Section] = []
    if front.prose is not None and (not headings or front.prose < headings[0].start):
        sections.append(Section(front.prose, front.prose, text_length, "", "preamble", 1))
    stack: list[tuple[int, int]] = []  # (rank, index into sections)
    for item in headings:
        while stack and stack[-1][0] >= item.rank:
            stack.pop()
        parent = stack[-1][1] if stack else None
        level = len(stack) + 1
        kind = sections[parent].kind if parent is not None else _kind(item.heading, report_year)
        sections.append(
            Section(item.start, item.end, text_length, item.heading, kind, level, parent, item.inline)
        )
        stack.append((item.rank, len(sections) - 1))
    return _finish(sections, min(body_end, text_length))


def _headings(lines: list[Line], body_from: int, body_end: int) -> list[_Heading]:
    found: list[_Heading] = []
    rank_of_unnumbered = 1
    for index in range(body_from, len(lines)):
        line = lines[index]
        if line.start >= body_end:
            break
        item = _numbered(line, index) or _unnumbered(lines, index, rank_of_unnumbered)
        if item is not None:
            found.append(item)
    return found


def _numbered(line: Line, index: int) -> _Heading | None:
    text = line.text
    if text[0] not in "第一二三四五六七八九十(0123456789①②③④⑤⑥⑦⑧⑨⑩*":
        return None
    offset = 2 if text.startswith("**") else 0
    for rank, pattern in _LABELS:
        match = pattern.match(text, offset)
        if match is None:
            continue
        body_at = match.end()
        if body_at >= len(text):
            return None
        cut = _heading_end(text, body_at, rank)
        if cut is None:
            return None
        heading = text[body_at:cut].strip().strip("*").strip()
        if not heading:
            return None
        rest = text[cut:].lstrip("。;:!?*,、 .")
        return _Heading(index, rank, line.start, line.start + cut, heading, bool(rest), match.group().strip())
    return None


def _heading_end(text: str, at: int, rank: int) -> int | None:
    """Where the heading that begins at `at` ends, None if the numbered line is no heading but plain text."""
    match = _SENTENCE_END.search(text, at)
    end = match.start() if match else len(text)
    colon = text.find(":", at, at + 30)
    if colon > at and (end - at > LONGEST_HEADING or colon == len(text) - 1):
        end = colon
    longest = LONGEST_HEADING if rank <= 2 or match else LONGEST_HEADING - 20
    if end - at > longest:
        return None
    if match is None and rank >= 3 and text[-1] in ",、":
        return None
    while end > at and text[end - 1] in "。;:!? ,":
        end -= 1
    return end


def _unnumbered(lines: list[Line], index: int, rank: int) -> _Heading | None:
    """A line by itself that holds nothing but one of the prescribed parts' names."""
    line = lines[index]
    text = line.text.strip("*")
    if not 4 <= len(text) <= 45 or text[-1] in "。;,、!?" or "。" in text or "《" in text:
        return None
    body = text.rstrip(":")
    if (
        _UNNUMBERED.search(body) is None
        or re.search(r"[,;]", body)
        or re.search(r"报告如下|汇报如下|如下|表现在|^[一二三四五六]是", body)
    ):
        return None
    if index + 1 >= len(lines) or (len(body) > 8 and "报告" in body and "其他" not in body):
        return None
    before = lines[index - 1].text if index else "。"
    if before[-1] not in "。;:!?)”" and len(before) > 45:
        return None  # the second half of a sentence cut by a PDF line
    return _Heading(index, rank, line.start, line.start + len(body), body, False, "")


def _kind(heading: str, report_year: int | None) -> str:
    """Canonical kind of a level-1 heading."""
    if _OTHER.search(heading):
        return "other"
    if _RESPONSIBILITY.search(heading) and not _MEASURES.search(heading[:6]):
        return "responsibility"
    problem, plan = _PROBLEMS.search(heading), _PLAN.search(heading)
    years = [int(year) for year in re.findall(r"20\d\d", heading.replace(" ", ""))]
    future = bool(report_year and years and min(years) > report_year)
    if problem and not (plan and plan.start() < problem.start()):
        return "problems"
    if (plan or future) and not (_DONE.search(heading) and not future):
        return "plan"
    if _OVERVIEW.search(heading):
        return "overview"
    return "measures"


def _finish(sections: list[Section], end: int) -> list[Section]:
    """Sets body ends and sub-kinds; an overview that holds the whole report is its measures part."""
    level_one = [s for s in sections if s.level == 1 and s.kind != "preamble"]
    has_measures = any(s.kind == "measures" for s in level_one)
    promote: set[int] = set()
    for index, section in enumerate(sections):
        if section.kind == "overview" and section.level == 1 and not has_measures:
            promote.add(index)
    result: list[Section] = []
    ends = _body_ends(sections, end)
    for index, section in enumerate(sections):
        root = index
        while sections[root].parent is not None:
            root = sections[root].parent or 0
        kind = "measures" if root in promote else section.kind
        subkind = _subkind(section.heading) if kind == "measures" else ""
        result.append(replace(section, kind=kind, body_end=max(ends[index], section.end), subkind=subkind))
    return result


def _body_ends(sections: list[Section], end: int) -> list[int]:
    """For each section the start of the next one that is not below it."""
    ends = [end] * len(sections)
    open_: list[int] = []
    for index, section in enumerate(sections):
        while open_ and sections[open_[-1]].level >= section.level:
            ends[open_.pop()] = section.start
        open_.append(index)
    return ends


def _subkind(heading: str) -> str:
    for name, pattern in _SUBKIND_RULES:
        if pattern.search(heading):
            return name
    return ""
