"""Headings without a number: names of the prescribed parts, short lines above a paragraph, run-in first sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..text.cleaning import Line
from ..text.paragraphs import LABEL
from .numbered import BULLET, CLOSED, COUNTED, Heading
from .parts import named_part

_PART_END = re.compile(
    r"(?:举措|做法|措施|成效|成果|亮点|经验|特色|职责|履职|情况|不足|问题|短板|弱项|环节|之处|差距|困难|原因|分析|打算|安排|计划|思路|设想|下一步|展望|"
    r"方向|重点|事项|任务|目标|工作|总结|回顾|概况|概述|建议|其[他它])$"
)
_NO_HEADING = re.compile(
    r"如下|报告人|联系(?:人|电话)|附件|附表|抄送|印发|责任编辑|来源|发布|打印|关闭|^[一二三四五六七八九十]是|^(?:图|表)\s?\d|[年月]\s?\d{1,2}\s?日?$|https?:"
)
UNNUMBERED_PART, SHORT_LINE = 1, 5
# How a sentence begins that tells something; a heading names no subject, no time and no single act.
_TELLING = re.compile(
    r"[我本该其各全]|20\d\d|[区市县局委办街镇乡](?!域|场)|今年|去年|目前|截[至止]|为[了着]?(?!民)|根据|按照|依据|通过|一年来|同时|此外|另外|[并由共已]|先后|累计|组织(?!领导)|召开|举办|"
    r"印发|制定(?!完善)|出台|成立|办理|审[查核]|受理|查处|邀请|发放|参加|在.{1,16}[下中],|要|将|下一?步|存在|[一二三四五]是"
)
LONGEST_RUN_IN = 30
LONGEST_TERSE = 16


def part_line(paragraphs: Sequence[Line], index: int, report_year: int | None) -> Heading | None:
    """A paragraph without number that is, or begins with, nothing but the name of a prescribed part."""
    line = paragraphs[index]
    bullet = BULLET.match(line.text)
    offset = bullet.end() if bullet else 0
    text = line.text[offset:]
    if text.startswith("【") and "】" in text[:30]:
        offset, text = offset + 1, text[1:]
    cut = len(text)
    colon = text.find(":", 2, 28)
    if colon > 0:
        cut = colon
    elif "】" in text[:30]:
        cut = text.index("】")
    body = text[:cut]
    if not 4 <= len(body) <= 45 or text[cut - 1] in CLOSED or "。" in body or "《" in body:
        return None
    if (
        _PART_END.search(body) is None
        or _NO_HEADING.search(body)
        or (index + 1 >= len(paragraphs) and cut == len(text))
    ):
        return None
    kind = named_part(body, report_year)
    if kind is None or (kind != "responsibility" and re.search(r"[,;]", body)):
        return None
    if len(body) > 8 and "报告" in body and kind != "other":
        return None  # a title
    inline = bool(text[cut:].strip(":】 \n"))
    if inline and kind in ("measures", "overview"):
        return None
    before = paragraphs[index - 1].text if index else "。"
    if before[-1] not in "。;:!?)”" and len(before) > 45:
        return None  # the second half of a sentence that was cut
    start = line.start + offset
    return Heading(index, UNNUMBERED_PART, start, start + len(body), body.replace("\n", ""), inline, "")


def with_short_lines(paragraphs: Sequence[Line], found: list[Heading]) -> list[Heading]:
    """Adds short lines that stand above a paragraph, if there are several of their kind."""
    taken = {item.index for item in found}
    open_: list[Heading] = []
    sentences: list[Heading] = []
    for index in range(len(paragraphs) - 1):
        line = paragraphs[index]
        following = paragraphs[index + 1].text
        if (
            index in taken
            or not 4 <= len(line.text) <= 40
            or len(following) < (40 if line.text[-1] == "。" else 25)
        ):
            continue
        if (
            following[-1] not in "。;"
            if index + 1 in taken
            else line.text[-1] == "。" and LABEL.match(following)
        ):
            continue
        before = paragraphs[index - 1].text if index else ""
        if index == 0 or (before[-1] not in "。;!?:”" and index - 1 not in taken):
            continue
        item = _short_line(line, index)
        if item is not None:
            (sentences if line.text[-1] == "。" else open_).append(item)
    chosen = [*(open_ if len(open_) >= 2 else []), *(sentences if len(sentences) >= 3 else [])]
    return sorted([*found, *chosen], key=lambda item: item.start) if chosen else found


def _short_line(line: Line, index: int) -> Heading | None:
    text = line.text
    words = text.rstrip("。")
    if (
        text[-1] in ";:!?,、)"
        or "。" in words
        or "《" in words
        or COUNTED.search(words)
        or _NO_HEADING.search(words)
    ):
        return None
    if text[-1] == "。" and len(words) > 30:
        return None
    bullet = BULLET.match(text)
    offset = bullet.end() if bullet else 0
    if offset >= len(words) or not "\u4e00" <= words[offset] <= "\u9fff":
        return None
    return Heading(
        index,
        SHORT_LINE,
        line.start + offset,
        line.start + len(words),
        words[offset:].replace("\n", ""),
        False,
        "",
    )


def with_run_ins(paragraphs: Sequence[Line], found: list[Heading]) -> list[Heading]:
    """Adds the first sentences of paragraphs that all begin with one like a heading, where a section has no others."""
    taken = [item.index for item in found] or [0]
    several: list[Heading] = []
    pairs: list[Heading] = []
    for low, high in zip(taken, [*taken[1:], len(paragraphs)], strict=True):
        if high - low < 3:
            continue
        told = sum(paragraphs[index].text[-1] in "。;!?" for index in range(low + 1, high))
        run_ins = [item for index in range(low + 1, high) if (item := _run_in(paragraphs[index], index))]
        # lists and passages between them do not count against short ones without a comma
        terse = sum(len(item.words) <= LONGEST_TERSE and "," not in item.words for item in run_ins)
        if len(run_ins) >= 3 and (len(run_ins) * 3 >= told * 2 or terse == len(run_ins) >= told * 0.4):
            several += run_ins
        elif run_ins and len(run_ins) >= told:
            pairs += run_ins
    # two alone may be chance; beside a section with more they are the same habit
    return sorted([*found, *several, *pairs], key=lambda item: item.start) if several else found


def _run_in(line: Line, index: int) -> Heading | None:
    end = line.text.find("。", 4, LONGEST_RUN_IN + 1)
    if end < 0 or len(line.text) - end < 10:
        return None
    words = line.text[:end]
    if len(line.text) - end < 20 and (len(words) > LONGEST_TERSE or "," in words):
        return None
    if _TELLING.match(words) and named_part(words) is None:
        return None
    if COUNTED.search(words) or words.count(",") > 2 or re.search(r"[《;:\d]", words):
        return None
    return Heading(index, SHORT_LINE, line.start, line.start + end, words.replace("\n", ""), True, "")
