"""Calendar dates in text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

DATE = re.compile(
    r"(?P<y>20\d\d|19\d\d)\s*[-./年]\s*(?P<m>\d{1,2})\s*[-./月]\s*(?P<d>\d{1,2})(?!\d)\s*日?"
    r"|(?<!\d)(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>20\d\d)(?!\d)"
)
_IN_URL = (
    re.compile(r"/t?(20\d\d)(\d\d)(\d\d)[_/.]"),
    re.compile(r"/(20\d\d)[-/](\d{1,2})[-/](\d{1,2})/"),
    re.compile(r"/(20\d\d)/(\d\d)(\d\d)/"),
    re.compile(r"/(20\d\d)-(\d\d)/(\d\d)/"),
    re.compile(r"_(20\d\d)(\d\d)(\d\d)[_/.]"),
)


def to_date(year: str | int, month: str | int, day: str | int) -> date | None:
    """The date, None if the calendar has no such day."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def dates_in(text: str) -> Iterator[tuple[int, int, date]]:
    """All full dates in `text` as (start, end, date)."""
    for match in DATE.finditer(text):
        found = to_date(match["y"] or match["y2"], match["m"] or match["m2"], match["d"] or match["d2"])
        if found is not None:
            yield match.start(), match.end(), found


def date_in_url(url: str) -> date | None:
    """The date a content system wrote into an address, None if there is none."""
    for pattern in _IN_URL:
        match = pattern.search(url)
        if match is not None:
            found = to_date(*match.groups())
            if found is not None:
                return found
    return None
