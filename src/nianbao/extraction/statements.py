"""What a report says of itself: its shortcomings, and what it promises for the next year, as spans."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ..model import Section, Statement

_ITEM = re.compile(
    r"(?:第?[一二三四五六七八九十](?:是|则|方面[,，、:：]?)|[（(][一二三四五六七八九十][）)]|(?<![\d.．])\d{1,2}[.．、](?!\d)|[①②③④⑤⑥⑦⑧]|其[一二三四五六][,，是])\s*(?:\*\*)?"
)
_LACK = re.compile(
    r"不足|不够|不强|不高|不深|不全|不到位|不平衡|不均|不完善|不健全|不规范|不充分|不紧密|不及时|不熟|不精|不严|不大|不多|不实|不明显|不丰富|不广|"
    r"有待|亟待|亟需|仍需|还需|尚需|需要?(?:进一步|加强|提升|提高|完善|改进|拓展)|需(?:提高|提升|加强)|有差距|差距|薄弱|欠缺|缺乏|缺少|偏少|偏低|偏弱|滞后|单一|困难|短板|"
    r"未能|尚未|还未|没有|较少|较弱|较低|淡薄|参差不齐|不一|弱项|存在.{0,14}(?:问题|现象|情况|倾向)|还不|仍不|难以|难度"
)
_INTRODUCTION = re.compile(
    r"(?:取得|做了|开展了).{0,30}(?:成效|成绩|进展|工作)|存在(?:的)?(?:以下|一些|一定|如下|不少|几|着)|主要(?:表现|体现)|^但|虽然|与.{0,24}(?:相比|要求)"
)
_SENTENCE = re.compile(r"[^。！？!?\n\r]+")
_CLAUSE = re.compile(r"[^，,；;。！？!?\n\r]+")
_TRIM = " \t\u3000\xa0*"


def read_statements(text: str, sections: Sequence[Section]) -> tuple[Statement, ...]:
    """Shortcomings and commitments in order of their place."""
    found: list[Statement] = []
    for index, section in enumerate(sections):
        if section.kind not in ("problems", "plan"):
            continue
        if section.level != 1:
            continue
        below = _below(sections, index)
        if section.kind == "problems":
            found += _shortcomings(text, section, below)
        else:
            found += _commitments(text, section, below)
    return tuple(sorted(found, key=lambda statement: statement.start))


def _below(sections: Sequence[Section], index: int) -> list[Section]:
    """The sections inside section `index`."""
    end = sections[index].body_end
    found: list[Section] = []
    for at in range(index + 1, len(sections)):
        if sections[at].start >= end:
            break
        found.append(sections[at])
    return found


def _make(text: str, start: int, end: int, kind: str) -> Statement | None:
    """A statement without blanks and closing punctuation; None if nothing of it is left."""
    while (start < end and text[start].isspace()) or (start < end and text[start] in _TRIM + "，,；;。、：:"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _TRIM + "，,；;。、!！"):
        end -= 1
    return Statement(start, end, text[start:end], kind) if end - start >= 4 else None


def _shortcomings(text: str, section: Section, below: Sequence[Section]) -> list[Statement]:
    start, end = section.end, section.body_end
    items = [m for m in _ITEM.finditer(text, start, end) if _begins_item(text, m.start(), start)]
    if not items:
        return _unlabelled(text, start, end)
    same = [m for m in items if _style(m.group()) == _style(items[0].group())]
    found: list[Statement] = []
    for match, following in zip(same, [*same[1:], None], strict=True):
        stop = following.start() if following is not None else _last_end(text, match.end(), end)
        item = _make(text, match.end(), stop, "shortcoming")
        if item is not None:
            found.append(item)
    return found


def _style(label: str) -> str:
    return "".join(
        "d" if c.isdigit() else "n" if c in "一二三四五六七八九十" else c for c in label.strip(" *\u3000")
    )[:3]


def _begins_item(text: str, position: int, start: int) -> bool:
    """Whether a label stands where a sentence, clause or line begins."""
    before = text[max(start, position - 12) : position].rstrip(" \t\u3000*")
    return not before or before[-1] in "。；;：:，,\n\r、！"


def _last_end(text: str, start: int, end: int) -> int:
    """Where the last labelled problem ends: with its paragraph."""
    paragraph = re.compile(r"[。！!]\s*[\n\r]").search(text, start, end)
    return paragraph.start() if paragraph else end


def _unlabelled(text: str, start: int, end: int) -> list[Statement]:
    found: list[Statement] = []
    for match in _CLAUSE.finditer(text, start, end):
        words = match.group()
        if not _LACK.search(words) or (_INTRODUCTION.search(words) and len(words) < 40):
            continue
        item = _make(text, match.start(), match.end(), "shortcoming")
        if item is not None:
            found.append(item)
    return found


def _commitments(text: str, section: Section, below: Sequence[Section]) -> list[Statement]:
    """One per sentence of the section; headings are left out."""
    found: list[Statement] = []
    cuts = [
        (section.start, section.end),
        *((s.start, s.end) for s in below),
        (section.body_end, section.body_end),
    ]
    for (_, begin), (stop, _) in pairwise(cuts):
        for start, end in _sentences(text, begin, stop):
            item = _make(text, start, end, "commitment")
            if item is not None:
                found.append(item)
    return found


def _sentences(text: str, begin: int, stop: int) -> list[tuple[int, int]]:
    """Sentences between two places; a line feed inside one (PDF) does not cut it."""
    spans: list[tuple[int, int]] = []
    for match in _SENTENCE.finditer(text, begin, stop):
        if not match.group().strip():
            continue
        gap = text[spans[-1][1] : match.start()] if spans else "。"
        if spans and not re.search(r"[。！？!?]", gap) and text[spans[-1][1] - 1] not in "；;：:":
            spans[-1] = (spans[-1][0], match.end())
        else:
            spans.append((match.start(), match.end()))
    return spans
