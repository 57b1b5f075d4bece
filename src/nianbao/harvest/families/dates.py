"""Days that stand in addresses: when a system made the page, which is near when it was published."""

from __future__ import annotations

import re
from datetime import date, timedelta

_FORMS = (
    re.compile(r"/t(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)_\d+\.s?html?$", re.ASCII),
    re.compile(r"/(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)/[^/]+$", re.ASCII),
    re.compile(r"/(?P<y>20\d\d)[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})/[^/]+$", re.ASCII),
)
_NUMBERED_DAY = re.compile(r"/(?P<y>20\d\d)/(?P<n>\d{1,3})/[^/]+$", re.ASCII)


def day_in(url: str) -> str:
    """The ISO day in an address, '' where there is none."""
    path = url.partition("?")[0]
    for form in _FORMS:
        match = form.search(path)
        if match is None:
            continue
        try:
            return date(int(match["y"]), int(match["m"]), int(match["d"])).isoformat()
        except ValueError:
            continue
    return ""


def numbered_day_in(url: str) -> str:
    """The ISO day in an address that counts the days of a year: /2025/343/ is the 343rd of 2025. Else that of day_in.

    For systems that do so: elsewhere /2025/12/ is a month.
    """
    match = _NUMBERED_DAY.search(url.partition("?")[0])
    if match is None:
        return day_in(url)
    number = int(match["n"])
    day = date(int(match["y"]), 1, 1) + timedelta(number - 1)
    return day.isoformat() if number and day.year == int(match["y"]) else ""
