"""Batches of a backfill: each goes on where the one before ended, and asks for nothing twice."""

from __future__ import annotations

from collections import Counter

import pytest
from test_harvester import Site, report, rows

from nianbao.harvest.batch import Batch, years_of
from nianbao.harvest.choice import ChoiceError
from nianbao.model import Outcome
from nianbao.reading import Link

YEARS = range(2015, 2025)
PAGES = {f"/fzzf/{year}.html" for year in YEARS}


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path)
    made.put("/fzzf/", rows(*reversed(YEARS)))
    for year in YEARS:
        made.put(f"/fzzf/{year}.html", report(year))
    return made


def batches(site, batch, most=20):
    """Makes batches until one is not cut; how often each page was asked for."""
    asked = Counter()
    for _ in range(most):
        site.visit(batch)
        asked += site.asked
        assert sum(site.asked.values()) <= batch.requests
        if not site.result.is_cut:
            return asked
        assert not site.result.visit.whole and site.result.visit.postponed
    raise AssertionError("it does not end")


@pytest.mark.parametrize("requests", [3, 4, 7, 50])
def test_batches_read_a_source_to_its_end_and_ask_for_nothing_twice(site, requests):
    asked = batches(site, Batch(requests))
    assert site.result.visit.whole and site.result.links == len(YEARS)
    assert {path: asked[path] for path in PAGES} == dict.fromkeys(PAGES, 1)
    assert asked["/fzzf/"] == 1  # the look stays open between batches
    site.visit(Batch(requests))
    assert site.asked == {"/fzzf/": 1}  # what is known is left to the nights


def test_a_night_between_two_batches_goes_on_with_them(site):
    site.visit(Batch(4))
    outcomes = site.visit()
    assert site.result.visit.whole
    assert Counter(outcomes.values()) == {Outcome.OK: 8, Outcome.UNCHANGED: 3}
    site.visit(Batch(4))
    assert site.result.visit.whole and sum(site.asked.values()) == 1


def test_a_listing_of_several_pages_is_walked_to_its_end_though_nothing_is_new(site):
    site.put("/fzzf/", rows(2024, 2023, more='<a href="/fzzf/index_2.html">下一页</a>'))
    site.put("/fzzf/index_2.html", rows(2016, 2015))
    site.visit()
    site.visit()
    assert not site.asked["/fzzf/index_2.html"]
    site.visit(Batch(50))
    assert site.asked["/fzzf/index_2.html"] == 1 and site.result.visit.whole


def test_a_listing_that_goes_on_after_its_last_page_is_not_read_to_its_end(site):
    site.put("/fzzf/", rows(2024, 2023, more='<a href="/fzzf/index_2.html">下一页</a>'))
    site.put("/fzzf/index_2.html", rows(2016, 2015))
    site.visit(max_pages=1)
    assert not site.result.visit.whole
    assert [row.sentence for row in site.result.outcomes if row.outcome is Outcome.POSTPONED] == [
        "http://www.linping.test/fzzf/ goes on after 1 pages at http://www.linping.test/fzzf/index_2.html, and is not"
        " read further; raise `max_pages` if older reports stand there"
    ]
    site.visit(Batch(50), max_pages=2)
    assert site.result.visit.whole


@pytest.mark.parametrize("night", [True, False])
def test_files_of_a_page_for_which_no_requests_are_left_come_next_time(site, night):
    """Such a page is asked for again; else nobody would know of its files."""
    files = [f"/fzzf/{number}.pdf" for number in range(4)]
    links = "".join(f'<p><a href="{file}">附件{number}</a></p>' for number, file in enumerate(files))
    site.put("/fzzf/", rows(2024))
    site.put("/fzzf/2024.html", report(2024, links))
    for file in files:
        site.put(file, b"%PDF-1.4 " + file.encode(), media_type="application/pdf")
    asked = Counter()
    for _ in range(8):
        site.visit(**({"max_requests": 5} if night else {"batch": Batch(5)}))
        asked += site.asked
    assert all(asked[file] for file in files)
    assert {c.url.rpartition("/")[2] for c in site.captures} >= {file.rpartition("/")[2] for file in files}


def test_pages_of_other_years_are_left_and_the_source_is_not_whole_without_them(site):
    site.put("/fzzf/", rows(2024, 2021, 2020) + '<li><a href="/fzzf/2016.html">法治政府建设年度报告</a></li>')
    site.visit(Batch(50, years_of("2020-2021")))
    assert {path for path in site.asked if path in PAGES} == {f"/fzzf/{y}.html" for y in (2021, 2020, 2016)}
    assert site.result.left == 1 and not site.result.visit.whole
    site.visit()
    assert site.asked["/fzzf/2024.html"] == 1 and site.result.visit.whole


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("某区2020年法治政府建设年度报告", True),
        ("某区2019年法治政府建设年度报告", False),
        ("某区２０１９年法治政府建设年度报告", False),
        ("某区二〇二〇年法治政府建设年度报告", True),
        ("某区二○一九年法治政府建设年度报告", False),
        ("2019年度法治政府建设情况和2020年工作安排", True),
        ("法治政府建设年度报告 2019-03-01", True),
        ("某区法治政府建设年度报告", True),
    ],
)
def test_years_are_read_from_the_words_of_a_link(words, wanted):
    batch = Batch(9, frozenset({2020}))
    assert batch.wants(Link("http://a.test/1.html", words)) is wanted
    assert Batch(9).wants(Link("http://a.test/1.html", words))


def test_years_are_named_one_by_one_or_by_the_first_and_the_last():
    assert years_of("2019-2021, 2015") == {2015, 2019, 2020, 2021}
    assert years_of("") == frozenset()
    for wrong in ("19", "2022-2019", "2019–2022", "all", "0001"):
        with pytest.raises(ChoiceError, match="names no years"):
            years_of(wrong)
