"""The title among the first lines of a text, also when it runs over lines."""

from __future__ import annotations

import re

from .cleaning import Line
from .dates import dates_in
from .front_matter import CHROME, DATE_LINE, HEADING, NUMBER_LINE, ORGANISATION_END, SIGNER, FrontMatter
from .labels import has_label
from .naming import title_names
from .script import simplify

_DATE_BEHIND = re.compile(r"\s*[(]\s*20\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?\s*[)]$")
_LABEL_BEFORE = re.compile(r"[信息]*(?:(?:名\s*称|标\s*题)[:|\s]*|[称题]\s*:\s*)")
# A title cut behind its year or its 关于; the second half would pass for a title by itself.
_FIRST_HALF = re.compile(
    r"^[^。,;:|]{0,50}(?:20\d\d年?(?:度)?(?:推进|落实|深入推进|全面推进)?|关于(?:20\d\d年度?)?)$"
)
_SECOND_HALF = re.compile(r"(?!.{0,24}20\d\d)(?:推进|深入推进|全面推进|落实|加强|年度|度)?(?:法治|依法)")
_YEAR = re.compile(r"20\d\d|二[〇○零]")
_BEGINS_WITH_YEAR = re.compile(r"(?:关于)?20\d\d年")
FRONT_LINES = 40
LONGEST_TITLE = 90


def read_title(lines: list[Line], is_title: re.Pattern[str], front: FrontMatter) -> None:
    """Finds the title among the first lines; a line that is one by itself wins over lines joined."""
    limit = 0
    for line in lines[:FRONT_LINES]:
        if HEADING.match(line.text) or (len(line.text) > LONGEST_TITLE and "。" in line.text):
            break
        limit += 1
    usable = [not CHROME.search(line.text) and not _not_title(line.text) for line in lines[:limit]]
    front.titles_like = tuple(
        _compact(line.text)
        for line, fit in zip(lines, usable, strict=False)
        if fit and (not has_label(line.text) or _LABEL_BEFORE.match(line.text))
    )
    single = [i for i in range(limit) if usable[i] and _fits(lines[i : i + 1], is_title)]
    if single:
        # The name of the column may stand above: a line with a year is the title, whatever stands before it.
        dated = (i for i in single if _YEAR.search(lines[i].text))
        _set_title(lines, next(dated, single[0]), 1, front)
        return
    for count in (2, 3):
        for index in range(limit - count + 1):
            group = lines[index : index + count]
            if not all(usable[index : index + count]) or any(_no_part(line.text) for line in group):
                continue
            if _fits(group, is_title):
                _set_title(lines, index, count, front)
                return


def _fits(group: list[Line], is_title: re.Pattern[str]) -> bool:
    """Whether some lines together read as a title."""
    joined = _compact("".join(line.text for line in group))
    return len(joined) <= LONGEST_TITLE and is_title.search(simplify(joined)) is not None


def _compact(text: str) -> str:
    """Without blanks, and without a date in brackets that some listings print behind the title."""
    return re.sub(r"\s|[|]+$", "", _DATE_BEHIND.sub("", text))


def _no_part(text: str) -> bool:
    """Whether a line cannot be a part of a title that runs over lines."""
    return bool(DATE_LINE.match(text) or NUMBER_LINE.match(text) or SIGNER.search(text) or has_label(text))


def _set_title(lines: list[Line], index: int, count: int, front: FrontMatter) -> None:
    before = lines[index - 1].text if index else ""
    own = re.sub(r"\s", "", lines[index].text)
    # an issuer's name on a line of its own above a title that begins with 关于, lacks its first half or names nobody
    if count == 1 and _SECOND_HALF.match(own) and _FIRST_HALF.search(before) and not _no_part(before):
        index, count = index - 1, 2
        before = lines[index - 1].text if index else ""
        own = re.sub(r"\s", "", lines[index].text)
    nameless = count > 1 and _BEGINS_WITH_YEAR.match(own) and not title_names(own)
    if (
        (own.startswith("关于") or len(own) < 9 or nameless)
        and before
        and ORGANISATION_END.search(before)
        and len(before) < 40
        and not has_label(before)
    ):
        index, count = index - 1, count + 1
    # a second half that the title pattern could do without
    group = lines[index : index + count]
    text = "".join(line.text for line in group) if count > 1 else group[0].text
    match = _LABEL_BEFORE.match(text)
    offset = match.end() if match and count == 1 else 0
    behind = _DATE_BEHIND.search(text)
    if behind is not None:
        shift = group[-1].end - len(text)  # the date ends the last line, as the text does
        for start, end, found in dates_in(behind.group()):
            at = behind.start() + shift
            front.dates.setdefault("bare", (found, at + start, at + end))
        text = text[: behind.start()]
    value = re.sub(r"[|\s]+$", "", text[offset:])
    value = (
        re.sub(r"[_|](?:[^_|]{2,40})(?:[_|].*)?$", "", value) if re.search(r"网站|门户|网$", value) else value
    )
    start = group[0].start + offset
    front.fields["title"] = (value.strip(" |"), start, group[-1].end)
    front.title_lines = tuple(range(index, index + count))


def _not_title(text: str) -> bool:
    return (
        text[-1] in "。;,、!?…"
        or text.endswith(":")
        or "如下" in text
        or " / " in text
        or len(text) > LONGEST_TITLE
    )
