"""What stands before the prose of a report (letterhead, number, title, information table, salutation) and after it."""

from __future__ import annotations

import re

from ..metadata.naming import BODY
from ..text.cleaning import Line
from .dates import dates_in
from .front_matter import CHROME, DATE_LINE, DAY, HEADING, NUMBER_LINE, SIGNER, FrontMatter
from .labels import read_labels, read_value
from .signature import read_signature
from .title_lines import read_title

__all__ = ["FrontMatter", "read_front"]

_LETTERHEAD = re.compile(r"^([\u4e00-\u9fff]{5,40})文件$")
_SALUTATION = re.compile(r"^[^。,;]{2,40}:$")
_RECIPIENT = re.compile(
    r"党委|[区市县省州旗镇]委|政府|办公室|办|小组|人大|常委会|[厅局司]|街道|党工委|政协|法治委"
)
# Directly above a title or under it: the issuer alone, or with the day.
_BYLINE = re.compile(
    rf"^(?:{DAY}(?:\s\d\d?:\d\d(?::\d\d)?)?\s+)?[(]?(?P<name>[\u4e00-\u9fff]{{4,36}})[)]?"
    r"(?:\s+[(]?20\d\d\s?[-/.年][\d\s:./月日-]{3,20}[)]?)?$"
)
# A spoken version: the day and the meeting at which it was given.
_DELIVERED = re.compile(
    r"^[(—-]{0,2}\s*20\d\d年\s?\d{1,2}月\s?\d{1,2}日\s?在[^。]{4,60}(?:会议|大会|会)上[)]?"
)


def read_front(lines: list[Line], is_title: re.Pattern[str], text_length: int) -> FrontMatter:
    """Reads the front matter and the signature.

    is_title: pattern of the titles of any known report kind, over text without blanks.
    prose_line: index of the first line that is prose or a heading; body_end: raw offset where the sign-off begins.
    """
    front = FrontMatter(body_end=text_length, prose_line=len(lines))
    read_title(lines, is_title, front)
    first_possible = front.title_lines[-1] + 1 if front.title_lines else 0
    open_label: str | None = ""
    for index, line in enumerate(lines):
        if index in front.title_lines:
            open_label = (read_labels(line, front) if len(front.title_lines) == 1 else "") or ""
            continue
        before_title = index < first_possible
        above_title = index + 1 == front.title_lines[0] if front.title_lines else False
        if not before_title and HEADING.match(line.text):
            front.prose_line = index
            break
        label, open_label = open_label, read_labels(line, front)
        if open_label is not None:
            continue
        if label and read_value(line, label, front):
            continue
        if above_title or not before_title:
            _read_byline(line, front)
        if _read_line(line, front, before_title=before_title, above_title=above_title) or before_title:
            continue
        if _is_prose(line.text, index, lines):
            front.prose_line, front.prose_start = index, line.start
            break
    read_signature(lines, front)
    return front


def _is_prose(text: str, index: int, lines: list[Line]) -> bool:
    """A sentence, and not a line of the front matter: it ends or holds a full stop, or is long."""
    if CHROME.search(text):
        return False
    if "。" in text or len(text) >= 45 or "……" in text:
        return True
    return (text[-1] in ":;,!" and len(text) > 12) or (
        index + 1 < len(lines) and len(text) > 24 and "," in text
    )


def _read_line(line: Line, front: FrontMatter, *, before_title: bool, above_title: bool) -> bool:
    """Takes what a line of the front matter gives; False if it is none."""
    if _read_red_head(line, front):
        return True
    text = line.text
    if _DELIVERED.match(text):
        _put_date(front, "delivered", line, 0)
        return True
    # Above a title, a day in figures is the page's; one in words signs a letter that goes before.
    if DATE_LINE.match(text) and (not before_title or (above_title and "年" not in text)):
        _put_date(front, "bare", line, 0)
        return True
    if _SALUTATION.match(text) and _RECIPIENT.search(text) and "如下" not in text:
        if not before_title:
            _put(front, "recipient", text[:-1].strip(), line)
        return True
    return CHROME.search(text) is not None


def _read_byline(line: Line, front: FrontMatter) -> None:
    byline = _BYLINE.match(line.text)
    if byline is not None and BODY.match(byline["name"]):
        _put(front, "byline", byline["name"], line)
        _put_date(front, "bare", line, 0)


def _read_red_head(line: Line, front: FrontMatter) -> bool:
    """Letterhead, document number and signer, as they stand above a printed document."""
    text = line.text
    letterhead = _LETTERHEAD.match(text.replace(" ", ""))
    if letterhead is not None:
        _put(front, "letterhead", letterhead[1], line)
        return True
    signer, number = SIGNER.search(text), NUMBER_LINE.match(text)
    if signer is not None:
        span = line.start + signer.start(1), line.start + signer.end(1)
        front.fields.setdefault("signer", (signer[1], *span))
    if number is not None:
        span = line.start + number.start(1), line.start + number.end(1)
        front.fields.setdefault("number", (re.sub(r"\s", "", number[1]), *span))
    return signer is not None or number is not None


def _put_date(front: FrontMatter, name: str, line: Line, behind: int) -> None:
    for start, end, found in dates_in(line.text[behind:]):
        front.dates.setdefault(name, (found, line.start + behind + start, line.start + behind + end))


def _put(front: FrontMatter, name: str, value: str, line: Line) -> None:
    at = line.text.find(value)
    start = line.start + max(at, 0)
    front.fields.setdefault(name, (value, start, start + len(value) if at >= 0 else line.end))
