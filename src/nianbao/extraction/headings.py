"""Headings among the paragraphs of a report: numbered in any style, unnumbered, on their own line or run in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .cleaning import Line
from .parts import named_part

_CN = "一二三四五六七八九十"
_LABEL = re.compile(
    rf"(?P<r0>第\s?[{_CN}]{{1,3}}\s?(?:部分|[章编篇])\s?[、:.,]?\s{{0,9}})|"
    rf"(?P<r1>[{_CN}]{{1,3}}\s?[、.,:](?![{_CN}]{{1,3}}(?:季|月|年|级|是|、))\s{{0,9}}|(?P<bare>[{_CN}]{{1,3}}\s{{1,4}}(?=[\u4e00-\u9fff])))|"
    rf"(?P<r2>[(〔\[【]\s?[{_CN}]{{1,3}}\s?[)〕\]】]\s?[、.,:]?\s{{0,9}}|[㈠-㈩㊀-㊉]\s{{0,9}})|"
    r"(?P<r3>\d{1,2}\s?(?:、|\.(?!\d))\s{0,9}|[⒈-⒛]\s{0,9})|"
    r"(?P<r4>[(]\s?\d{1,2}\s?[)]\s?[、.]?\s{0,9}|\d{1,2}[)]\s{0,9}|[①-⑳⑴-⒇❶-❿]\s{0,9})"
)
_BULLET = re.compile(r"[●•■◆▲★◇□▪·※☆○◎♦►▶➢✦*|#\s]{1,6}")
_LABEL_FIRST = frozenset("第([【〔0123456789" + _CN) | {
    chr(code)
    for code in (
        *range(0x2460, 0x249C),
        *range(0x3220, 0x322A),
        *range(0x3280, 0x328A),
        *range(0x2776, 0x2780),
    )
}
_SENTENCE_END = re.compile(r"[。!?]|;(?=$)")
_CLOSED = "。;:!?,、"
_COUNTED = re.compile(r"\d\s?[余多万]{0,2}\s?(?:[次件人名场家项份条%期宗户批篇处]|个(?!体))")
_PART_END = re.compile(
    r"(?:举措|做法|措施|成效|成果|亮点|经验|特色|职责|履职|情况|不足|问题|短板|弱项|环节|之处|差距|困难|原因|分析|打算|安排|计划|思路|设想|下一步|展望|"
    r"方向|重点|事项|任务|目标|工作|总结|回顾|概况|概述|建议|其[他它])$"
)
_NO_HEADING = re.compile(
    r"如下|报告人|联系(?:人|电话)|附件|附表|抄送|印发|责任编辑|来源|发布|打印|关闭|^[一二三四五六七八九十]是|^(?:图|表)\s?\d|[年月]\s?\d{1,2}\s?日?$|https?:"
)
_CONTENTS = re.compile(r"[.…·]{3,}\s?\d{1,3}$")
LONGEST_HEADING = 60
LONGEST_ITEM = 45  # of headings in the third and fourth rank, where plain paragraphs are numbered as well
UNNUMBERED_PART, SHORT_LINE = 1, 5


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading. rank: of its numbering style, 0 the highest; number: whether it has a label, and if it says one."""

    index: int  # of its paragraph
    rank: int
    start: int
    end: int
    words: str
    inline: bool
    label: str


def find_headings(paragraphs: Sequence[Line], report_year: int | None) -> list[Heading]:
    """All headings in order."""
    found: list[Heading] = []
    for index in range(len(paragraphs)):
        item = _numbered(paragraphs[index], index) or _part_line(paragraphs, index, report_year)
        if item is not None:
            found.append(item)
    found = _ranked(found, report_year)
    return _with_short_lines(paragraphs, found)


def _numbered(line: Line, index: int) -> Heading | None:
    text = line.text
    offset = 0
    if text[0] not in _LABEL_FIRST:
        bullet = _BULLET.match(text)
        if bullet is None or bullet.end() >= len(text) or text[bullet.end()] not in _LABEL_FIRST:
            return None
        offset = bullet.end()
    match = _LABEL.match(text, offset)
    if match is None and text[0] == "【":
        offset, match = 1, _LABEL.match(text, 1)
    if match is None or match.end() >= len(text) or _CONTENTS.search(text):
        return None
    rank = next(rank for rank in range(5) if match[f"r{rank}"] is not None)
    at = match.end()
    if match["bare"] and (len(text) > 30 or text[-1] in _CLOSED):
        return None
    cut = _heading_end(text, at, rank)
    if cut is None:
        return None
    words = text[at:cut].replace("\n", "").strip("*# 】")
    if len(words) < 2:
        return None
    rest = text[cut:].lstrip("。;:!?*,、 .\n】")
    return Heading(
        index, rank, line.start + offset, line.start + cut, words, bool(rest), match.group().strip()
    )


def _heading_end(text: str, at: int, rank: int) -> int | None:
    """Where the heading that begins at `at` ends, None if the numbered line is no heading but plain text."""
    match = _SENTENCE_END.search(text, at)
    end = match.start() if match else len(text)
    colon = text.find(":", at, at + 30)
    gap = text.find("   ", at, at + 40)
    if 0 < gap < end and len(text) - gap > 30:
        end = gap
    elif at < colon <= end and (
        end - at > LONGEST_HEADING or colon == len(text) - 1 or named_part(text[at:colon]) is not None
    ):
        end = colon
    elif (match is None and text[-1] in ",、") or (match is not None and text[end] == ";" and rank >= 2):
        return None
    if ";" in text[at:end]:
        return None  # a list in one line
    if end - at > (LONGEST_HEADING if rank <= 2 else LONGEST_ITEM):
        return None
    if match is not None and end == match.start() and rank >= 2 and _item(text, at, end, rank):
        return None
    while end > at and text[end - 1] in "。;:!? ,\n":
        end -= 1
    return end


def _item(text: str, at: int, end: int, rank: int) -> bool:
    """Whether a numbered sentence is a paragraph of the text rather than its heading."""
    body = text[at:end]
    if _COUNTED.search(body):
        return True
    whole = end + 1 >= len(text)
    return rank >= 3 and body.count(",") > (1 if whole else 3)


def _part_line(paragraphs: Sequence[Line], index: int, report_year: int | None) -> Heading | None:
    """A paragraph without number that is, or begins with, nothing but the name of a prescribed part."""
    line = paragraphs[index]
    bullet = _BULLET.match(line.text)
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
    if not 4 <= len(body) <= 45 or text[cut - 1] in _CLOSED or "。" in body or "《" in body:
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


def _ranked(found: list[Heading], report_year: int | None) -> list[Heading]:
    """Ranks for the unnumbered parts: above 一、 if that begins anew under each, below it if a numbered part has the name."""
    ones = sum(item.label[:1] == "一" and item.rank == 1 for item in found)
    numbered = {named_part(item.words, report_year) for item in found if item.label and item.rank <= 1} - {
        None
    }
    result: list[Heading] = []
    for item in found:
        if item.label or item.rank != UNNUMBERED_PART:
            result.append(item)
        elif named_part(item.words, report_year) in numbered:
            if not item.inline:
                result.append(replace(item, rank=SHORT_LINE))
        else:
            result.append(replace(item, rank=0) if ones >= 2 else item)
    return result


def _with_short_lines(paragraphs: Sequence[Line], found: list[Heading]) -> list[Heading]:
    """Adds short lines that stand above a paragraph, if there are several of their kind."""
    taken = {item.index for item in found}
    open_: list[Heading] = []
    sentences: list[Heading] = []
    for index in range(len(paragraphs) - 1):
        line = paragraphs[index]
        if index in taken or not 4 <= len(line.text) <= 40 or len(paragraphs[index + 1].text) < 40:
            continue
        if index + 1 in taken and paragraphs[index + 1].text[-1] not in "。;":
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
        or _COUNTED.search(words)
        or _NO_HEADING.search(words)
    ):
        return None
    if text[-1] == "。" and len(words) > 30:
        return None
    bullet = _BULLET.match(text)
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
