"""What a report says of itself: its shortcomings, and what it promises for the next year, as spans."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ...model import Section, Statement
from ..outline.outline import prevailing_kinds
from ..text.cleaning import fold
from .shortcomings import SECTION_LABEL, shortcoming_spans

_CN = "一二三四五六七八九十"
_SENTENCE = re.compile(r"[^。!?\n\r]+")
_SENTENCE_END = re.compile(r"[。!?]")
_GENERAL = re.compile(
    r"^(?:\d{4}年)?(?:工作中?|当前|目前|主要|取得)?(?:存在|面临)?(?:的|着)?(?:主要|突出|一些|具体)?(?:问题|不足|短板|困难|差距|薄弱环节|弱项)"
    r"(?:[和与及、].{1,10})?$"
)
_CAUSES = re.compile(r"^(?:存在|产生)?.{0,6}(?:原因|成因)(?:分析)?$")
_FORMULA = re.compile(
    r"(?:特此|专此|现?以上|妥否|当否).{0,6}(?:报告|汇报|请)|以上报告|请(?:予)?(?:审[示阅议]|批示)|\(?此件|附件|附:|联系(?:人|电话)|抄[送报]|(?:本年度)?无其他"
)
_SIGNED = re.compile(
    rf"[\d〇零○{_CN}]{{2,4}}\s?年\s?[\d〇{_CN}]{{1,3}}\s?月(?:\s?[\d〇{_CN}]{{1,3}}\s?日)?$|"
    r"[^。,;:!?\d]{2,40}(?:局|委|委员会|政府|办公?室?|办事处|街道|[镇乡厅院处]|中心|[大支总]队|工委|党组)$|附件\s?\d?:|联系(?:人|电话)|抄[送报]|\(此件|[-—–]\s?\d+\s?[-—–]$"
)
_LONGEST_SIGNATURE = 60
_TRIM = " \t\n\r*,;。、:!"


@dataclass(frozen=True, slots=True)
class _Region:
    """A piece of text that is all problems or all plan. headings: the sections inside it."""

    kind: str
    start: int
    end: int
    headings: tuple[Section, ...]


def read_statements(text: str, sections: Sequence[Section]) -> tuple[Statement, ...]:
    """Shortcomings and commitments in order of their place."""
    folded = fold(text)
    found: list[Statement] = []
    for region in _regions(folded, sections):
        if region.kind == "problems":
            spans: Iterable[tuple[int, int]] = shortcoming_spans(
                folded, region.start, region.end, region.headings
            )
        else:
            spans = _commitments(folded, region)
        kind = "shortcoming" if region.kind == "problems" else "commitment"
        for start, end in spans:
            first, last = _trimmed(folded, start, end)
            if last - first >= 4:
                found.append(Statement(first, last, text[first:last], kind))
    return tuple(sorted(found, key=lambda statement: statement.start))


def _regions(text: str, sections: Sequence[Section]) -> list[_Region]:
    """The pieces of text that tell problems or plans, by the headings' own words where these say more."""
    kinds = prevailing_kinds(sections)
    found: list[_Region] = []
    for index, section in enumerate(sections):
        kind = kinds[index]
        if kind not in ("problems", "plan"):
            continue
        parent = section.parent
        general = kind == "problems" and _GENERAL.match(section.heading) is not None
        if parent is not None and kinds[parent] == kind and not general:
            continue
        below: list[Section] = []
        end = section.body_end
        for at in range(index + 1, len(sections)):
            inner = sections[at]
            if inner.start >= end:
                break
            if kinds[at] != kind or (
                kind == "problems" and (_CAUSES.match(inner.heading) or _GENERAL.match(inner.heading))
            ):
                end = inner.start
                break
            below.append(inner)
        if end == section.body_end:
            end = _unsigned(text, section.end, end)
        found.append(_Region(kind, section.end, end, tuple(below)))
    return found


def _unsigned(text: str, start: int, end: int) -> int:
    """The end of a text without the signature, date and notes that may stand behind it."""
    for _ in range(6):
        while end > start and text[end - 1].isspace():
            end -= 1
        low = max(start, end - _LONGEST_SIGNATURE)
        line_start = max(text.rfind("\n", low, end), text.rfind("\r", low, end)) + 1
        if line_start <= low:
            return end
        if _SIGNED.match(text[line_start:end].strip()) is None:
            return end
        end = line_start
    return end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without blanks and punctuation at its ends."""
    while start < end and (text[start] in _TRIM or text[start].isspace()):
        start += 1
    while end > start and (text[end - 1] in _TRIM or text[end - 1].isspace()):
        end -= 1
    return start, end


def _commitments(text: str, region: _Region) -> list[tuple[int, int]]:
    """One per sentence; headings and closing formulas are left out."""
    cuts = [
        (region.start, region.start),
        *((section.start, section.end) for section in region.headings),
        (region.end, region.end),
    ]
    found: list[tuple[int, int]] = []
    for (_, begin), (stop, _) in pairwise(cuts):
        for start, end in _sentences(text, begin, stop):
            first, _ = _trimmed(text, start, end)
            label = SECTION_LABEL.match(text, first, end)
            if _FORMULA.match(text, first, end) is None:
                found.append((label.end() if label else first, end))
    return found


def _sentences(text: str, begin: int, stop: int) -> list[tuple[int, int]]:
    """Sentences between two places; a line feed inside one (PDF) does not cut it."""
    spans: list[tuple[int, int]] = []
    for match in _SENTENCE.finditer(text, begin, stop):
        if match.group().isspace():
            continue
        if (
            spans
            and text[spans[-1][1] - 1] not in ";:"
            and not _SENTENCE_END.search(text, spans[-1][1], match.start())
        ):
            spans[-1] = (spans[-1][0], match.end())
        else:
            spans.append(match.span())
    return spans
