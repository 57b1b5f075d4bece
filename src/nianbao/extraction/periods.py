"""Which time a figure is about: the expression that governs it in its sentence, the year, first and last day."""

from __future__ import annotations

import calendar
import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

_Y = r"(?:20\d\d|19\d\d)"
_D = rf"(?:{_Y}年)?\d{{1,2}}月(?:\d{{1,2}}日)?"
_PERIOD = re.compile(
    rf"(?=[\d截今本年一二两三四五六七八九十全去上明下第前每“\"])(?:(?P<plan>{_Y}年?(?:-{{1,2}}|[—–~～至]{{1,2}}){_Y}年(?!期间|以来|,))"
    rf"|{_Y}年?(?:-{{1,2}}|[—–~～至]{{1,2}}){_Y}年(?:期间|以来)?"
    rf"|(?:{_Y}年)?\d{{1,2}}月?(?:-{{1,2}}|[—–~～至到]{{1,2}})(?:{_Y}年)?\d{{1,2}}月(?:份|底|末)?(?!\d)"
    rf"|{_D}(?:起|开始)?(?:至|到|-|—){_D}(?:止)?"
    rf"|截[至止](?:到)?(?:{_Y}年)?(?:年?底|年末|目前|\d{{1,2}}月(?:\d{{1,2}}日|底|末|初|中旬)?)"
    rf"|{_Y}年(?:度)?(?:[上下]半年|[第前][一二三四]个?季度|\d{{1,2}}月(?:\d{{1,2}}日|份|底|末)?|底|末|期间)?(?:以来)?"
    r"|\d{1,2}月份|(?:今年|本年度?|年初|一年|[二两三四五六七八九十]年)以?来|今年(?:[上下]半年)?|本年度?|全年度?|年内|本年内|"
    r"去年(?:全年|同期)?|上年度?|上一年度?|明年|下一?年度?|[上下]半年|[第前][一二三四]个?季度|每年|(?<![同近每往])一年(?!来|内)|"
    r"[“\"]十[三四五]五[”\"](?:以来|期间|时期))"
)
_CLAUSE = re.compile(r"[,。;:!?\n(]")
_COMPARED = re.compile(r"(?:比|较|同|与|和|于|跟|是|达到?)$")
_LEADING = re.compile(
    r"^(?:其中|同时|此外|另外|累计|共|计划|预计|力争|确保|争取|自|从|由|在|于|到|至|截至|我[局委办区县市镇]|[我本全]|[区县市镇街道局委办]|并|对|将|为|:|、|\s|年初|据统计|统计|目标)*$"
)


@dataclass(frozen=True, slots=True)
class Period:
    """A time expression at start–end of the clean text. only_next: it binds no more than the next figure."""

    start: int
    end: int
    text: str
    only_next: bool = False


@dataclass(frozen=True, slots=True)
class Timing:
    """What a period means for a figure."""

    text: str | None
    year: int | None
    first: date | None
    last: date | None


class PeriodReader:
    """Periods of one clean text, found once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._periods: list[Period] = []
        for match in _PERIOD.finditer(text):
            if match["plan"] is None:
                period = self._governing(match)
                if period is not None:
                    self._periods.append(period)
        self._starts = [period.start for period in self._periods]

    def _governing(self, match: re.Match[str]) -> Period | None:
        """The period if it stands where it governs figures: at the head of its clause, not in a comparison."""
        start, end = match.span()
        low = max(0, start - 24)
        before = self._text[low:start]
        prefix = _CLAUSE.split(before)[-1]
        behind = self._text[end : end + 2]
        # 从2022年的6件, 比2022年的6件: the year binds the value behind it, and no further one
        only_next = behind.startswith("的") and prefix.endswith(("从", "由"))
        only_next = only_next or (
            behind[:1] == "的" and behind[1:].isdigit() and prefix.endswith(("比", "较"))
        )
        if not only_next and (_COMPARED.search(prefix) or behind.startswith(("同期", "同比"))):
            return None
        if len(prefix) > 6 and _LEADING.match(prefix) is None and not only_next:
            return None
        if match.group().startswith(("上年", "去年", "上一年")) and behind.startswith("结转"):
            return None
        return Period(start, end, match.group(), only_next)

    def governing(self, sentence_start: int, position: int, figures_between: int) -> Period | None:
        """The last period between the sentence's start and `position`.

        figures_between: how many figures stand between that period and the position is asked by the caller with
        `only_next` in mind; it is the position of the figure before, -1 if there is none.
        """
        index = bisect_right(self._starts, position) - 1
        while index >= 0 and self._periods[index].start >= sentence_start:
            period = self._periods[index]
            if not (period.only_next and figures_between > period.end):
                return period
            index -= 1
        return None


def timing(period: Period | None, report_year: int | None, is_target: bool) -> Timing:
    """Year and days of a period, with the report's year as what 今年 and silence mean."""
    base = report_year + 1 if report_year is not None and is_target else report_year
    if period is None:
        return Timing(None, base, None, None)
    text = period.text
    years = [int(year) for year in re.findall(_Y, text)]
    if years:
        year: int | None = years[-1]
    elif report_year is None:
        year = None
    elif text.startswith(("去年", "上年", "上一年")):
        year = report_year - 1
    elif text.startswith(("明年", "下")) and not text.startswith("下半年"):
        year = report_year + 1
    else:
        year = base
    first, last = _days(text, years, year)
    return Timing(text, year, first, last)


def _days(text: str, years: list[int], year: int | None) -> tuple[date | None, date | None]:
    if year is None or re.search(r"[二两三四五六七八九十]年来|五[”\"]|每年", text):
        return None, None
    months = [
        int(month)
        for month in re.findall(r"(\d{1,2})(?=月|(?:-|—|–|~|至|到)+\d{1,2}月)", re.sub(rf"{_Y}年", "", text))
    ]
    days = [int(day) for day in re.findall(r"(\d{1,2})日", text)]
    if "上半年" in text:
        return date(year, 1, 1), date(year, 6, 30)
    if "下半年" in text:
        return date(year, 7, 1), date(year, 12, 31)
    if not months:
        return (date(years[0], 1, 1) if years else date(year, 1, 1)), date(year, 12, 31)
    if not all(1 <= month <= 12 for month in months):
        return None, None
    if text.startswith("截"):
        return date(year, 1, 1), _day(year, months[-1], days[-1] if days else None)
    if len(months) == 1:
        month = months[0]
        return date(year, month, days[0] if days and days[0] <= 28 else 1), _day(
            year, month, days[-1] if days else None
        )
    start_year = years[0] if years else year
    first = _day(start_year, months[0], days[0] if len(days) > 1 else 1)
    return first, _day(year, months[-1], days[-1] if days else None)


def _day(year: int, month: int, day: int | None) -> date:
    longest = calendar.monthrange(year, month)[1]
    return date(year, month, min(day or longest, longest) or 1)
