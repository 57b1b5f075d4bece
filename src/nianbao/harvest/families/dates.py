"""Days that stand in addresses: when a system made the page, which is near when it was published."""

from __future__ import annotations

import re
from datetime import date, timedelta

_FORMS = (
    re.compile(r"/t(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)_\d+\.s?html?$"),
    re.compile(r"/(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)/[^/]+$"),
    re.compile(r"/(?P<y>20\d\d)[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})/[^/]+$"),
    re.compile(r"/(?P<y>20\d\d)/(?P<n>\d{1,3})/[^/]+$"),
)


def day_in(url: str) -> str:
    """The ISO day in an address, '' where there is none. /2025/343/ is the 343rd day of 2025."""
    path = url.partition("?")[0]
    for form in _FORMS:
        match = form.search(path)
        if match is None:
            continue
        found = match.groupdict()
        try:
            if "n" in found:
                number = int(found["n"])
                day = date(int(found["y"]), 1, 1) + timedelta(number - 1)
                return day.isoformat() if number and day.year == int(found["y"]) else ""
            return date(int(found["y"]), int(found["m"]), int(found["d"])).isoformat()
        except ValueError:
            continue
    return ""
