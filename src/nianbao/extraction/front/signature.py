"""Issuer and date at the end of a report, and the line that says when it was printed."""

from __future__ import annotations

import re

from ..text.cleaning import Line
from .dates import dates_in
from .front_matter import DATE_LINE, HEADING, ORGANISATION_END, FrontMatter

_PRINTED = re.compile(r"印发$|印\s*发\s*$|印发\s*[)(].*$")


def read_signature(lines: list[Line], front: FrontMatter) -> None:
    """Reads issuer and date at the end, and the line that says when it was printed."""
    index = len(lines) - 1
    lowest = max(front.prose_line, len(lines) - 14)
    while index > lowest and not DATE_LINE.match(lines[index].text):
        text = lines[index].text
        if "。" in text or len(text) > 60:
            printed = _PRINTED.search(text)
            if not printed:
                return
        for start, end, found in dates_in(text):
            if _PRINTED.search(text):
                base = lines[index].start
                front.dates.setdefault("printed", (found, base + start, base + end))
        index -= 1
    if index <= lowest:
        return
    line = lines[index]
    for start, end, found in dates_in(line.text):
        front.dates["signed"] = (found, line.start + start, line.start + end)
    front.body_end = line.start
    names: list[Line] = []
    at = index - 1
    while at >= lowest and len(names) < 3 and _name_like(lines[at].text):
        names.insert(0, lines[at])
        at -= 1
    if not names:
        return
    joined = re.sub(r"\s", "", "".join(line.text for line in names))
    if len(names) > 1 and all(ORGANISATION_END.search(line.text) and len(line.text) >= 6 for line in names):
        names = names[-1:] if not names[0].text.endswith("委") else names
        joined = re.sub(r"\s", "", names[-1].text)
    if ORGANISATION_END.search(joined):
        front.signature = (joined, names[0].start, names[-1].end)
        front.body_end = names[0].start


def _name_like(text: str) -> bool:
    return (
        len(text) <= 40
        and not re.search(r"[。,;:!?\d《]", text)
        and bool(re.search(r"[\u4e00-\u9fff]", text))
        and not HEADING.match(text)
    )
