"""Headings with a number, in any style, on their own line or run in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..text.cleaning import Line
from .parts import named_part

_CN = "一二三四五六七八九十"
_LABEL = re.compile(
    rf"(?P<r0>第\s?[{_CN}]{{1,3}}\s?(?:部分|[章编篇])\s?[、:.,]?\s{{0,9}})|"
    rf"(?P<r1>[{_CN}]{{1,3}}\s?[、.,:](?![{_CN}]{{1,3}}(?:季|月|年|级|是|、))\s{{0,9}}|(?P<bare>[{_CN}]{{1,3}}\s{{1,4}}(?=[\u4e00-\u9fff])))|"
    rf"(?P<r2>[(〔\[【]\s?[{_CN}]{{1,3}}\s?[)〕\]】]\s?[、.,:]?\s{{0,9}}|[㈠-㈩㊀-㊉]\s{{0,9}})|"
    r"(?P<r3>\d{1,2}\s?(?:、|\.(?!\d))\s{0,9}|[⒈-⒛]\s{0,9})|"
    r"(?P<r4>[(]\s?\d{1,2}\s?[)]\s?[、.]?\s{0,9}|\d{1,2}[)]\s{0,9}|[①-⑳⑴-⒇❶-❿]\s{0,9})"
)
BULLET = re.compile(r"[●•■◆▲★◇□▪·※☆○◎♦►▶➢✦*|#\s]{1,6}")
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
CLOSED = "。;:!?,、"
COUNTED = re.compile(
    r"\d\s?[余多万]{0,2}\s?(?:[次件人名场家项份条%期宗户批篇处]|个(?!体))|[二三四五六七八九十百][一二三四五六七八九十百]{0,3}余?[次件人名场项份期家起](?=[,、。;]|$)"
)
ENUMERATOR = re.compile(rf"[{_CN}]是")
_CONTENTS = re.compile(r"[.…·]{3,}\s?\d{1,3}$")
LONGEST_HEADING = 60
LONGEST_ITEM = 45  # of headings in the third and fourth rank, where plain paragraphs are numbered as well


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


def numbered(line: Line, index: int) -> Heading | None:
    """The numbered heading with which the paragraph begins; index: of the paragraph."""
    text = line.text
    offset = 0
    if text[0] not in _LABEL_FIRST:
        bullet = BULLET.match(text)
        if bullet is None or bullet.end() >= len(text) or text[bullet.end()] not in _LABEL_FIRST:
            return None
        offset = bullet.end()
    match = _LABEL.match(text, offset)
    if match is None and text[0] == "【":
        offset, match = 1, _LABEL.match(text, 1)
    if match is None or match.end() >= len(text):
        return None
    if text[-1].isdigit() and _CONTENTS.search(text):
        return None
    rank = int((match.lastgroup or "r0")[1])  # the outer group closes last, also around `bare`
    at = match.end()
    if match["bare"] and (len(text) > 30 or text[-1] in CLOSED):
        return None
    cut = _heading_end(text, at, rank)
    if cut is None:
        return None
    words = text[at:cut].replace("\n", "").strip("*# 】")
    if len(words) < 2 or ENUMERATOR.match(words):
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
    if COUNTED.search(body):
        return True
    whole = end + 1 >= len(text)
    return rank >= 3 and body.count(",") > (1 if whole else 3)
