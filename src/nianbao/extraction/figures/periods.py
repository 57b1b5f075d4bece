"""Which time a figure is about: the expression that governs it in its sentence, the year, first and last day."""

from __future__ import annotations

import calendar
import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_Y = r"(?:20\d\d|19\d\d)"
_YEAR = rf"(?:{_Y}年度?|今年|去年|上年|本年度?(?!内))"
_TO = r"(?:-{1,2}|[—–~～至到]{1,2})"
_D = rf"(?:{_Y}年)?\d{{1,2}}月(?:\d{{1,2}}日)?"
_PART_OF_MONTH = r"(?:\d{1,2}日|份|底|末|初|[上中下]旬)"
_CN = "一二两三四五六七八九十"
_PERIOD = re.compile(
    rf"(?=[\d截今本去上明下第前每全年近过目当同“\"{_CN}])(?:"
    rf"(?P<plan>{_Y}年?{_TO}{_Y}年(?!期间|以来|,|共|累计))"
    rf"|{_Y}年?{_TO}{_Y}年(?:期间|以来)?"
    rf"|{_YEAR}?\d{{1,2}}月?{_TO}{_YEAR}?\d{{1,2}}月(?:份|底|末|初)?(?!\d)"
    rf"|{_D}(?:起|开始)?(?:至|到|-|—)(?:{_D}|\d{{1,2}}日)(?:止)?"
    rf"|(?:{_Y}年)?\d{{1,2}}月\d{{1,2}}{_TO}\d{{1,2}}日"
    rf"|截[至止](?:到)?{_YEAR}?(?:年?底|年末|目前|当前|\d{{1,2}}月{_PART_OF_MONTH}?)"
    rf"|{_YEAR}(?:全年|同期|[上下]半年|[第前]?[一二三四两]个?季度|\d{{1,2}}月{_PART_OF_MONTH}?|底|末|初|期间)?(?:以来|起)?"
    rf"|\d{{1,2}}月{_PART_OF_MONTH}?(?:以来)?(?![\d·])|(?:年初|一年|[二两三四五六七八九十]年)以?来|[本上]年度|全年度?|(?:本?年|年度)内"
    rf"|上一年度?|明年|下一?年度?|[上下]半年|[第前][{_CN}]个?季度|[一二三四]季度|每年|(?<![同近每往])一年(?![来内以])"
    rf"|(?:最?近|过去)[{_CN}\d]{{1,2}}年(?:以来|来|间)?|近(?:几)?年来?|目前(?!为止)"
    r"|[“\"]?十[三四五]五[”\"]?(?:以来|期间|时期))"
)
_CLAUSE = re.compile(r"[,。;:!?\n(]")
_COMPARED = re.compile(
    rf"(?:[、和及与]|(?:比|较|同|与|跟|(?<![{_CN}])是|(?:相[较比当]|[高低多少大小优强])于|达到?)(?:{_Y}年度?[、和及与])?)$"
)
# up to a number without a word of change in between
_VALUE_BEHIND = re.compile(r"(?:同期)?的?(?:(?![增升提上降减缩压下多少翻扩、+↑↓−-])[^,。;:\d\n]){0,10}\d")
_YEARS_LISTED = re.compile(rf"[、和及与]?{_Y}年")
_LEADING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}是|其中|同时|此外|另外|累计|共|计划|预计|力争|确保|争取|自|从|由|在|于|到|至|截至|我[局委办区县市镇]|[我本全]|[区县市镇街道局委办]|并|对|将|为|:|、|\s|年初|据统计|统计|目标)*$"
)
# What is done to a thing that bears a year in its name: 制定2025年计划, 完成全年任务
_TREATED = re.compile(
    r"制定|印发|落实|根据|按照|依据|完成|编制|关于|总结|实施|贯彻|发布|公布|修订|报送|撰写|审议|部署|谋划|安排|下发|出台|听取|纳入|对照|通报|执行|明确"
)
_NAME_BEHIND = re.compile(
    r"度?(?:目标|任务|工作(?:要点|计划|任务|总结|目标|安排)|计划(?=[,、。;的\d])|重点|预算|考核(?:任务|目标)|的?(?:工作|任务|目标))"
)
_LONGEST_SUBJECT = 18


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
        """The period if it stands where it governs figures: not in a comparison, not in the name of a thing."""
        start, end = match.span()
        words = match.group()
        prefix = _CLAUSE.split(self._text[max(0, start - 24) : start])[-1]
        behind = self._text[end : end + 2]
        # 从2022年的6件, 较2022年6件增加: the year binds the value behind it, and no further one
        only_next = (
            prefix.endswith(("从", "由", "比", "较")) and _VALUE_BEHIND.match(self._text, end) is not None
        )
        if only_next:
            return Period(start, end, words, True)
        if _COMPARED.search(prefix) or behind.startswith(("同期", "同比")):
            return None
        if _NAME_BEHIND.match(self._text, end) or _YEARS_LISTED.match(self._text, end):
            return None
        if prefix.endswith(("对", "将", "把")) and not behind[:1].isdigit():
            return None
        if prefix.endswith(("每", "结转")) or behind == "结转":
            return None
        if _LEADING.match(prefix) is None and (
            len(prefix) - _behind_digits(prefix) > _LONGEST_SUBJECT or _TREATED.search(prefix) is not None
        ):
            return None
        return Period(start, end, words)

    def governing(self, sentence_start: int, position: int, earlier: int) -> Period | None:
        """The last period between the sentence's start and `position`.

        earlier: position of the figure before in the same sentence, -1 if there is none.
        """
        index = bisect_right(self._starts, position) - 1
        while index >= 0 and self._periods[index].start >= sentence_start:
            period = self._periods[index]
            if not (period.only_next and earlier >= period.end):
                return period
            index -= 1
        return None

    def bracketed(self, position: int) -> Period | None:
        """The period in a bracket that opens at `position`: 办结12件(截至11月底)."""
        if not self._text.startswith("(", position):
            return None
        index = bisect_right(self._starts, position)
        if index < len(self._periods) and self._periods[index].start == position + 1:
            return self._periods[index]
        return None


def _behind_digits(words: str) -> int:
    """Where the words begin that follow the last digit."""
    for index in range(len(words) - 1, -1, -1):
        if words[index].isdigit():
            return index + 1
    return 0


def timing(period: Period | None, report_year: int | None, is_target: bool) -> Timing:
    """Year and days of a period, with the report's year as what 今年 and silence mean."""
    base = report_year + 1 if report_year is not None and is_target else report_year
    return Timing(None, base, None, None) if period is None else _timed(period.text, report_year, base)


@lru_cache(maxsize=256)
def _timed(text: str, report_year: int | None, base: int | None) -> Timing:
    """Timing of an expression; a report says the same few again and again, hence the cache."""
    years = [int(year) for year in _ANY_YEAR.findall(text)]
    if years:
        year: int | None = years[-1]
        if text.endswith(("以来", "起")) and report_year is not None:
            year = max(years[-1], report_year)
    elif report_year is None:
        year = None
    elif _YEAR_BEFORE.match(text):
        year = report_year - 1
    elif text.startswith(("明年", "下")) and not text.startswith("下半年"):
        year = report_year + 1
    else:
        year = base
    first, last = _days(text, years, year)
    return Timing(text, year, first, last)


_ANY_YEAR = re.compile(_Y)
_YEAR_BEFORE = re.compile(r"(?:截[至止]到?)?(?:去年|上年|上一年)")
_UNBOUNDED = re.compile(rf"[{_CN}\d]年(?:来|间|以来)|近|过去|五[”\"]?(?:以来|期间|时期)|每年|目前|当前")
_QUARTER = re.compile(r"([第前]?)([一二两三四])个?季度")
_QUARTERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4}
_DAY = re.compile(r"(\d{1,2})(?=日|[-—–~～至到]{1,2}\d{1,2}日)")
_MONTH = re.compile(r"(\d{1,2})(?=月|[-—–~～至到]{1,2}\d{1,2}月)")


def _days(text: str, years: list[int], year: int | None) -> tuple[date | None, date | None]:
    """First and last day of the expression, None where it does not fix them."""
    if year is None or (_UNBOUNDED.search(text) and not years):
        return None, None
    if "上半年" in text:
        return date(year, 1, 1), date(year, 6, 30)
    if "下半年" in text:
        return date(year, 7, 1), date(year, 12, 31)
    quarter = _QUARTER.search(text)
    if quarter is not None:
        last = _QUARTERS[quarter[2]]
        first = 1 if quarter[1] == "前" else last
        return date(year, first * 3 - 2, 1), _day(year, last * 3, None)
    without_years = re.sub(rf"{_Y}年", "", text)
    months = [int(month) for month in _MONTH.findall(without_years)]
    days = [int(day) for day in _DAY.findall(text)]
    if not months:
        return date(years[0] if years else year, 1, 1), date(year, 12, 31)
    if not all(1 <= month <= 12 for month in months):
        return None, None
    if text.startswith("截"):
        return date(year, 1, 1), _day(year, months[-1], days[-1] if days else None)
    start_year = years[0] if years else year
    if len(months) == 1:
        if text.endswith(("以来", "起")):
            return _day(start_year, months[0], days[0] if days else 1), date(year, 12, 31)
        return _day(year, months[0], days[0] if days else 1), _day(
            year, months[0], days[-1] if days else None
        )
    first_day = _day(start_year, months[0], days[0] if len(days) > 1 else 1)
    return first_day, _day(year, months[-1], days[-1] if days else None)


def _day(year: int, month: int, day: int | None) -> date:
    longest = calendar.monthrange(year, month)[1]
    return date(year, month, min(day or longest, longest) or 1)
