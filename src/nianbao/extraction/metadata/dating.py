"""Which year a report is about, and when it was published."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date

from ...model import Evidence
from ..front.dates import date_in_url, days_in, with_arabic_years
from ..front.front import FrontMatter
from ..text.cleaning import fold
from .candidates import first_meta

_YEAR = re.compile(
    r"(20[0-4]\d)(?<!\d\d{4})(?=年|[^\d\-./年—–~至〕\])+])(?!年?\s?(?:[-—–~至]{1,2}|以来的?五年)\s?20\d\d)"
)
_NOW_YEAR = re.compile(r"现[将就].{0,40}?(20[0-4]\d)年")
_LEAD_YEAR = re.compile(
    r"(?:^|[。\n])(?:[^。,]{0,16},)?(20[0-4]\d)年(?:度|以来|来)?(?![-—–~至\d])(?!\d{1,2}月)"
)
_META_DATES = (
    *(
        "pubdate",
        "publishdate",
        "firstpublishedtime",
        "article:published_time",
        "publishtime",
        "release_date",
    ),
    *("releasedate", "date", "dc.date", "createdate"),
)


def report_year(
    front: FrontMatter, page_title: str, link_title: str, lead: str, text: str
) -> tuple[int, Evidence] | None:
    """The year reported on: by title, then lead, then the year most often named; never by an inner heading."""
    title = front.fields.get("title")
    for value, place, span in (
        (title[0] if title else "", "text", title[1:] if title else None),
        (page_title, "title", None),
        (link_title, "link", None),
    ):
        match = _YEAR.search(with_arabic_years(re.sub(r"\s", "", fold(value))) + " ")
        if match is not None:
            start, end = span if span else (None, None)
            return int(match[1]), Evidence("year.title", place, "sure", start, end)
    opening = lead[:500]
    for rule, pattern in (("year.announced", _NOW_YEAR), ("year.lead", _LEAD_YEAR)):
        match = pattern.search(opening)
        if match is not None:
            return int(match[1]), Evidence(rule, "text", "sure")
    counts = Counter(match[1] for match in _YEAR.finditer(text[:20_000]))
    if counts:
        year, times = max(counts.items(), key=lambda item: (item[1], item[0]))
        return int(year), Evidence("year.majority", "text", "likely" if times > 2 else "weak")
    return None


def published(front: FrontMatter, meta: Mapping[str, str], url: str) -> tuple[date, Evidence] | None:
    """The day of publication: by a label or a line of the text, else by meta tags, else by the address."""
    for key, rule, confidence in (
        ("published", "date.label", "sure"),
        ("listed", "date.label", "likely"),
        ("bare", "date.line", "likely"),
        ("printed", "date.printed", "likely"),
        ("written", "date.written", "weak"),
    ):
        found = front.dates.get(key)
        if found is not None:
            return found[0], Evidence(rule, "text", confidence, *found[1:])
    for _, _, posted in days_in(fold(first_meta(meta, _META_DATES))):
        return posted, Evidence("date.meta", "meta", "sure")
    from_url = date_in_url(url)
    if from_url is not None:
        return from_url, Evidence("date.url", "url", "weak")
    delivered = front.dates.get("delivered")
    if delivered is not None:
        return delivered[0], Evidence("date.delivered", "text", "weak", *delivered[1:])
    return None
