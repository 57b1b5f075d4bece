"""Calendar dates in text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

DATE = re.compile(
    r"(?P<y>20\d\d|19\d\d)\s*[-—–./年]\s*(?P<m>\d{1,2})\s*[-—–./月]\s*(?P<d>\d{1,2}(?!\d)|\d\d(?=\d\d:\d\d))\s*日?"
    r"|(?<!\d)(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>20\d\d)(?!\d)"
)
# Years and days as formal documents spell them: 二〇二四年一月五日. Zeros come in many shapes.
_ZERO = "〇○◯零0О"
_YEAR_SPELLED = rf"二[{_ZERO}][{_ZERO}一二三][{_ZERO}一二三四五六七八九]"
_TENS = r"(?:[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
DAY_SPELLED = rf"{_YEAR_SPELLED}\s?年\s?{_TENS}\s?月\s?{_TENS}\s?日"
_SPELLED_DATE = re.compile(rf"({_YEAR_SPELLED})\s?年\s?({_TENS})\s?月\s?({_TENS})\s?日")
_SPELLED_YEAR = re.compile(rf"{_YEAR_SPELLED}(?=年)")
_DIGITS = {
    **dict.fromkeys(_ZERO, "0"),
    **{char: str(at) for at, char in enumerate("一二三四五六七八九", 1)},
}
_COMPACT = re.compile(r"(?<!\d)(20\d\d)([01]\d)([0-3]\d)(?=\D|$|\d{6}(?:\D|$))")
_IN_URL = (
    # /t20250305_1, /20250305/, /content_20250305.html; the time of day, and the counter of a content system, may follow
    re.compile(r"(?<!\d)(20\d\d)([01]\d)([0-3]\d)(?=\D|$|\d{6}(?:\D|$)|\d{9}(?:\D|$))"),
    re.compile(r"(?<!\d)(20\d\d)[-/_](\d{1,2})[-/_](\d{1,2})(?=[/_.-])"),
    re.compile(r"/(20\d\d)/(?:[A-Z]{8}_)?(\d\d)(\d\d)/"),
    re.compile(r"/(20\d\d)([01]\d)/(\d\d)/"),
    re.compile(r"/P0(20\d\d)([01]\d)([0-3]\d)\d{8,}\."),
)


def to_date(year: str | int, month: str | int, day: str | int) -> date | None:
    """The date, None if the calendar has no such day."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def dates_in(text: str) -> Iterator[tuple[int, int, date]]:
    """All full dates in `text` as (start, end, date), also spelled ones."""
    if "二" in text:
        for match in _SPELLED_DATE.finditer(text):
            found = to_date(_year(match[1]), _tens(match[2]), _tens(match[3]))
            if found is not None:
                yield match.start(), match.end(), found
    for match in DATE.finditer(text):
        found = to_date(match["y"] or match["y2"], match["m"] or match["m2"], match["d"] or match["d2"])
        if found is not None:
            yield match.start(), match.end(), found


def days_in(text: str) -> Iterator[tuple[int, int, date]]:
    """As `dates_in`; where it finds nothing, dates written as eight digits (20250305): for values that are dates."""
    found = list(dates_in(text))
    yield from found
    for match in () if found else _COMPACT.finditer(text):
        day = to_date(*match.groups())
        if day is not None:
            yield match.start(), match.end(3), day


def with_arabic_years(text: str) -> str:
    """`text` with years like 二〇二四年 in digits; as long as before."""
    return _SPELLED_YEAR.sub(lambda match: _year(match.group()), text) if "二" in text else text


def _year(spelled: str) -> str:
    return "".join(_DIGITS[char] for char in spelled)


def _tens(spelled: str) -> int:
    tens, _, ones = spelled.rpartition("十")
    if "十" not in spelled:
        return int(_DIGITS[spelled])
    return 10 * int(_DIGITS.get(tens, "1")) + int(_DIGITS.get(ones, "0"))


def date_in_url(url: str) -> date | None:
    """The date a content system wrote into an address, None if there is none."""
    for pattern in _IN_URL:
        match = pattern.search(url)
        if match is not None:
            found = to_date(*match.groups())
            if found is not None:
                return found
    return None
