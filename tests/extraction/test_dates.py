"""Dates as pages and documents write them."""

from __future__ import annotations

from datetime import date

import pytest

from nianbao.extraction.front.dates import date_in_url, dates_in, with_arabic_years


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-06 16:02", date(2024, 3, 6)),
        ("2021/03/29", date(2021, 3, 29)),
        ("2026.03.05", date(2026, 3, 5)),
        ("2025年03月19日09时07分", date(2025, 3, 19)),
        ("2024- 02- 05", date(2024, 2, 5)),
        ("25.02.2016", date(2016, 2, 25)),
        ("二〇二四年一月五日", date(2024, 1, 5)),
        ("二○二三年十二月三十一日", date(2023, 12, 31)),
        ("二零二二年十月二十日", date(2022, 10, 20)),
        ("二〇二一年十一月十一日", date(2021, 11, 11)),
    ],
)
def test_a_date_is_read_with_its_span(text: str, day: date) -> None:
    found = list(dates_in(f"于{text}印发"))
    assert [each for _, _, each in found] == [day]
    assert found[0][0] == 1


@pytest.mark.parametrize(
    "text", ["2024年2月30日", "二〇二四年十三月一日", "二十三年", "2024年3月", "12024-03-061"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert list(dates_in(text)) == []


def test_years_in_digits_are_as_long_as_before() -> None:
    assert with_arabic_years("二〇二三年度和二零二四年") == "2023年度和2024年"
    assert with_arabic_years("第二十二条") == "第二十二条"


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://a.gov.cn/x/202503/t20250319_4038736.html", date(2025, 3, 19)),
        ("https://a.gov.cn/art/2024/1/3/art_1_2.html", date(2024, 1, 3)),
        ("https://a.gov.cn/nw1/20240307/ab.html", date(2024, 3, 7)),
        ("https://a.gov.cn/govxxgk/JB0/2024-01-09/ab.html", date(2024, 1, 9)),
        ("https://a.gov.cn/2021/03-30/2117585.html", date(2021, 3, 30)),
        ("https://a.gov.cn/202513/t20251340_1.html", None),
        ("https://a.gov.cn/content/post_10094886.html", None),
    ],
)
def test_content_systems_write_the_day_into_addresses(address: str, day: date | None) -> None:
    assert date_in_url(address) == day
