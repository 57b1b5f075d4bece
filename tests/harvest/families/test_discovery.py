"""Which links of a listing are followed: titles, cut titles, columns, breadcrumbs, foreign hosts."""

from __future__ import annotations

from pathlib import Path

import pytest

from nianbao.harvest.discovery import judge
from nianbao.harvest.families import ListingPage
from nianbao.model import Family, Source
from nianbao.reading import Link
from nianbao.registry import load_registry

LISTING = "https://www.qinghe.test/fz/index.html"
TITLE = "清河区2024年法治政府建设年度报告"
DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="module")
def kind():
    return next(k for k in load_registry(DATA).report_kinds if k.kind_id == "rule_of_law")


def followed(kind, *found: Link, **values) -> list[str]:
    source = Source("s", "310107", "rule_of_law", (LISTING,), **{"family": Family.TRS} | values)
    return [link.url for link in judge(ListingPage(found), source, LISTING, kind).follow]


ARTICLE = "https://www.qinghe.test/fz/202503/t20250317_1.html"


@pytest.mark.parametrize(
    ("text", "title", "follows"),
    [
        (TITLE, "", True),
        ("详情", TITLE, True),
        ("清河区2024年法治政府建…", "", True),
        ("清河区2024年部门预算公…", "", False),
        ("法治政府建设工作计划", "", False),
    ],
)
def test_titles_say_what_is_followed(kind, text: str, title: str, follows: bool) -> None:
    assert followed(kind, Link(ARTICLE, text, title)) == [ARTICLE] * follows


def test_a_cut_title_is_followed_only_to_an_article(kind) -> None:
    assert followed(kind, Link("https://www.qinghe.test/fz/sub/", "清河区2024年法治政府建…")) == []


def test_a_column_is_followed_whole_and_nothing_above_it(kind) -> None:
    inside, by_http = Link(ARTICLE, "2024"), Link(ARTICLE.replace("https", "http"), "2024")
    outside = Link("https://www.qinghe.test/xw/202503/t20250317_2.html", "2024")
    assert followed(kind, inside, by_http, outside, follow="all") == [inside.url, by_http.url]
    assert followed(kind, inside) == []


def test_breadcrumbs_are_no_reports(kind) -> None:
    above = [
        Link(url, "法治政府建设年度报告")
        for url in (LISTING, "https://www.qinghe.test/", "http://www.qinghe.test/fz/")
    ]
    assert followed(kind, *above, follow="all") == []


def test_foreign_hosts_are_told_and_not_followed(kind) -> None:
    copy = Link("https://copies.test/fz/202503/t20250317_1.html", TITLE)
    source = Source("s", "310107", "rule_of_law", (LISTING,), family=Family.TRS)
    judged = judge(ListingPage((copy,)), source, LISTING, kind)
    assert (judged.follow, judged.foreign) == ((), (copy,))
    assert followed(kind, copy, hosts=("copies.test",)) == [copy.url]
