"""The title among the first lines of a text, also when it runs over lines."""

from __future__ import annotations

import re

from ..metadata.naming import BODY, title_names
from ..text.cleaning import Line
from ..text.script import simplify
from .dates import dates_in
from .front_matter import CHROME, DATE_LINE, HEADING, NUMBER_LINE, ORGANISATION_END, SIGNER, FrontMatter
from .labels import has_label, title_part
from .title_trim import title_span

# A title cut behind its year or its 关于; the second half would pass for a title by itself.
_FIRST_HALF = re.compile(
    r"^[^。,;:|]{0,50}(?:20\d\d年?(?:度)?(?:推进|落实|深入推进|全面推进)?|关于(?:20\d\d年度?)?)$"
)
# The year and who reports, with all that a title needs on the next line.
_YEAR_AND_BODY = re.compile(r"(?:关于)?20\d\d年?度?[\u4e00-\u9fff]{2,30}$")
# What a line ends with that is cut inside the words between a year and the matter.
_CUT_BEHIND = re.compile(
    r"20\d\d(?:年?度?[\u4e00-\u9fff]{0,20}(?:全面|深入|深化|推|推进法|依|全|[局委区县市镇](?:法|依|推进?)))?$"
)
# A letter or notice that passes a report on; the report with its own title stands behind it.
_WRAPPER = re.compile(r"(?:函|请示|通知|公告|通告)$")
_SECOND_HALF = re.compile(r"(?!.{0,24}20\d\d)(?:推进|深入推进|全面推进|落实|加强|年度|度)?(?:法治|依法)")
_YEAR = re.compile(r"20\d\d|二[〇○零]")
_BEGINS_WITH_YEAR = re.compile(r"(?:关于)?20\d\d年")
FRONT_LINES = 40
LONGEST_TITLE = 90
_LONGEST_HALF = 50
_LONGEST_LINE = 220
_LONGEST_LABEL = 12


def read_title(lines: list[Line], is_title: re.Pattern[str], front: FrontMatter) -> None:
    """Finds the title among the first lines; a line that is one by itself wins over lines joined."""
    limit = 0
    for line in lines[:FRONT_LINES]:
        if HEADING.match(line.text) or (len(line.text) > LONGEST_TITLE and "。" in line.text):
            break
        limit += 1
    parts = [_part(line) for line in lines[:limit]]
    usable = [part is not None for part in parts]
    titles = [part or line for part, line in zip(parts, lines, strict=False)]
    front.titles_like = tuple(_compact(part.text) for part in parts if part is not None)
    single = [i for i in range(limit) if usable[i] and _fits(titles[i : i + 1], is_title)]
    if single:
        # The name of the column may stand above, and a letter: a line with a year is the title, whatever stands before.
        best = min(single, key=lambda i: (_is_wrapper(titles[i]), _YEAR.search(titles[i].text) is None))
        _set_title(lines, titles, best, 1, front)
        return
    for count in (2, 3):
        for index in range(limit - count + 1):
            group = titles[index : index + count]
            if not all(usable[index : index + count]) or any(
                _no_part(lines[at].text) for at in range(index, index + count)
            ):
                continue
            if _fits(group, is_title):
                _set_title(lines, titles, index, count, front)
                return


def _fits(group: list[Line], is_title: re.Pattern[str]) -> bool:
    """Whether some lines together read as a title."""
    joined = _compact("".join(line.text for line in group))
    return len(joined) <= LONGEST_TITLE and is_title.search(simplify(joined)) is not None


def _compact(text: str) -> str:
    return re.sub(r"\s", "", text)


def _part(line: Line) -> Line | None:
    """What of a line may be a title, or part of one; None if nothing may."""
    place = title_part(line.text) if len(line.text) <= _LONGEST_LINE else None
    if place is None:
        return None
    start, end = place
    inner = title_span(line.text[start:end])
    start, end = start + inner[0], start + inner[1]
    text = line.text[start:end]
    if not text or CHROME.search(text) or _not_title(text):
        return None
    return Line(line.start + start, line.start + end, text)


def _is_wrapper(title: Line) -> bool:
    return _WRAPPER.search(title.text) is not None


def _no_part(text: str) -> bool:
    """Whether a line cannot be a part of a title that runs over lines."""
    return bool(DATE_LINE.match(text) or NUMBER_LINE.match(text) or SIGNER.search(text) or has_label(text))


def _set_title(lines: list[Line], titles: list[Line], index: int, count: int, front: FrontMatter) -> None:
    before = titles[index - 1].text if index else ""
    own = _compact(titles[index].text)
    # an issuer's name on a line of its own above a title that begins with 关于, lacks its first half or names nobody
    if count == 1 and _lacks_first_half(own, before):
        index, count = index - 1, 2
        before = titles[index - 1].text if index else ""
        own = _compact(titles[index].text)
    nameless = _BEGINS_WITH_YEAR.match(own) and not title_names(own)
    if (
        (own.startswith("关于") or len(own) < 9 or nameless)
        and before
        and ORGANISATION_END.search(before)
        and len(before) < 40
        and not has_label(before)
        and not _is_value(lines, index - 1)
    ):
        index, count = index - 1, count + 1
    group = titles[index : index + count]
    text = "".join(line.text for line in group)
    for line, title in zip(lines[index : index + count], group, strict=True):
        behind = title.end - line.start
        if not has_label(line.text):
            for start, end, found in dates_in(line.text[behind:]):
                front.dates.setdefault("bare", (found, title.end + start, title.end + end))
    front.fields["title"] = (text.strip(" |"), group[0].start, group[-1].end)
    front.title_lines = tuple(range(index, index + count))


def _is_value(lines: list[Line], index: int) -> bool:
    """Whether a line gives the value of a label that stands alone on the line before."""
    above = lines[index - 1].text if index else ""
    return 0 < len(above) <= _LONGEST_LABEL and has_label(above)


def _lacks_first_half(own: str, before: str) -> bool:
    """Whether a line that reads as a title by itself only ends the one that the line before begins."""
    if not before or len(before) > _LONGEST_HALF or _no_part(before) or CHROME.search(before):
        return False
    if _SECOND_HALF.match(own):
        return bool(
            _FIRST_HALF.search(before) or (_YEAR_AND_BODY.match(before) and ORGANISATION_END.search(before))
        )
    # cut inside a word: 年推进法治政府…, 进法治政府…
    open_end = _CUT_BEHIND.search(before) is not None and not _not_title(before)
    return open_end and _YEAR.search(own) is None and not any(map(BODY.match, title_names(own)))


def _not_title(text: str) -> bool:
    return (
        text[-1] in "。;,、!?…"
        or text.endswith(":")
        or "如下" in text
        or " / " in text
        or len(text) > LONGEST_TITLE
    )
