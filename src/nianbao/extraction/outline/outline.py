"""The outline of a report: its headings nested, each with a kind of the canonical vocabulary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...model import Section
from ..text.cleaning import Line
from ..text.paragraphs import paragraphs_of
from .headings import find_headings
from .numbered import Heading
from .parts import named_part, part, subkind
from .tails import without_tail

# How a paragraph begins that turns to what is missing, or to what comes, in a report without a heading for it.
_PROBLEMS_LEAD = re.compile(
    r"(?:虽然|尽管).{4,60}但|(?:但是?,?|同时,?|当前,?|目前,?){0,2}.{0,30}(?:仍|还|也|依然|主要)?存在(?:的|着|一些|一定|以下|不少|诸多|几).{0,14}(?:不足|问题|短板|差距|薄弱)|"
    r".{0,20}(?:仍|还)存在|存在的?(?:主要)?(?:问题|不足|短板)(?:主要)?(?:有|是|:|表现)"
)
_PLAN_LEAD = re.compile(
    r"下一?步|下一?阶段|今后|接下来|下一?年(?:度)?[,,]?|明年|来年|(?:在)?(?:新的一年|未来)"
)
_FUTURE_YEAR = re.compile(r"(?:展望|在)?(20\d\d)年(?:度)?[,,]?.{0,30}?(?:将|拟|计划|打算)")


@dataclass(frozen=True, slots=True)
class Front:
    """What stands before the report's prose: lines up to `prose` are title, metadata and salutation."""

    prose: int | None  # raw offset of the first prose line, None if there is none before the first heading


def read_outline(
    lines: list[Line], text_length: int, front: Front, body_from: int, report_year: int | None, body_end: int
) -> list[Section]:
    """Sections in order of the lines. body_from: index of the first line behind title and metadata."""
    body = [line for line in lines[body_from:] if line.start < body_end]
    left = without_tail(body)
    if left < len(body):
        body_end = body[left].start
    paragraphs = paragraphs_of(body[:left])
    headings = find_headings(paragraphs, report_year)
    sections: list[Section] = []
    prose = front.prose
    if prose is None and headings:  # a table of contents has hidden where the prose begins
        ahead = paragraphs[: headings[0].index]
        prose = next((line.start for line in ahead if line.text[-1] in "。:" and len(line.text) > 12), None)
    if prose is not None and (not headings or prose < headings[0].start):
        sections.append(Section(prose, prose, text_length, "", "preamble", 1))
    sections += _nested(headings, len(sections), text_length, report_year)
    end = min(body_end, text_length)
    sections += _headless(paragraphs, headings, sections, report_year, end)
    return _finish(sections, end)


def _nested(
    headings: Sequence[Heading], offset: int, text_length: int, report_year: int | None
) -> list[Section]:
    """The headings as sections; offset: how many sections stand before them."""
    sections: list[Section] = []
    stack: list[tuple[int, int]] = []  # (rank, index into sections)
    for item in headings:
        while stack and stack[-1][0] >= item.rank:
            stack.pop()
        parent = stack[-1][1] if stack else None
        if parent is None:
            kind = part(item.words, report_year)
        else:
            kind = sections[parent].kind
            if stack[-1][0] == 0:  # a 第一部分 may hold several prescribed parts
                kind = named_part(item.words, report_year) or kind
        above = None if parent is None else parent + offset
        sections.append(
            Section(item.start, item.end, text_length, item.words, kind, len(stack) + 1, above, item.inline)
        )
        stack.append((item.rank, len(sections) - 1))
    return sections


def _headless(
    paragraphs: Sequence[Line],
    headings: Sequence[Heading],
    sections: Sequence[Section],
    report_year: int | None,
    end: int,
) -> list[Section]:
    """Problems and plan of a report that gives them no heading: its last paragraphs that begin as such parts do."""
    kinds = {section.kind for section in sections}
    taken = {item.index for item in headings}
    last = max((index for index in taken), default=-1)
    found: dict[str, Section] = {}
    for index in range(max(last + 1, 1), len(paragraphs)):
        line = paragraphs[index]
        if len(line.text) < 15 or line.start >= end:
            continue
        kind = _led(line.text, report_year)
        if kind is None or kind in kinds or kind in found or (kind == "problems" and "plan" in found):
            continue
        found[kind] = Section(line.start, line.start, end, "", kind, 1)
    return list(found.values())


def _led(text: str, report_year: int | None) -> str | None:
    """The part that a paragraph without heading opens, if it says so with its first words."""
    if _PLAN_LEAD.match(text):
        return "plan"
    year = _FUTURE_YEAR.match(text)
    if year is not None and report_year is not None and int(year[1]) > report_year:
        return "plan"
    return "problems" if _PROBLEMS_LEAD.match(text) else None


def prevailing_kinds(sections: Sequence[Section], report_year: int | None = None) -> list[str]:
    """For each section the part its text belongs to by its own heading or that of a section above it.

    Differs from the section's kind where one heading covers several parts (存在问题及下一步打算) or a part is a
    sub-section of another: the kind is that of the level-1 section, the text is still problems or plan.
    """
    kinds: list[str] = []
    for section in sections:
        if section.parent is None:
            kinds.append(section.kind)
            continue
        own = named_part(section.heading, report_year)
        above = kinds[section.parent]
        kinds.append(own if own in ("problems", "plan") and above != own else above)
    return kinds


def _finish(sections: list[Section], end: int) -> list[Section]:
    """Sets body ends and sub-kinds; an overview that holds the whole report is its measures part."""
    top = [section for section in sections if section.level == 1]
    promote = not any(section.kind == "measures" for section in top)
    ends = _body_ends(sections, end)
    result: list[Section] = []
    for section, body_end in zip(sections, ends, strict=True):
        kind = "measures" if promote and section.kind == "overview" else section.kind
        about = subkind(section.heading, is_part=_is_part(section)) if kind == "measures" else ""
        result.append(
            Section(
                section.start,
                section.end,
                max(body_end, section.end),
                section.heading,
                kind,
                section.level,
                section.parent,
                section.inline,
                about,
            )
        )
    return result


def _is_part(section: Section) -> bool:
    return section.level == 1 and named_part(section.heading) is not None


def _body_ends(sections: list[Section], end: int) -> list[int]:
    """For each section the start of the next one that is not below it."""
    ends = [end] * len(sections)
    open_: list[int] = []
    for index, section in enumerate(sections):
        while open_ and sections[open_[-1]].level >= section.level:
            ends[open_.pop()] = section.start
        open_.append(index)
    return ends
