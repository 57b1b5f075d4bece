"""What a visit to a source asks for, archives and tells: over HTTP, against small sites of its own."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from nianbao.archive import Archive
from nianbao.harvest.families.pages import PageFamily
from nianbao.harvest.fetcher import Fetcher
from nianbao.harvest.harvester import Harvester
from nianbao.harvest.memory import Memory
from nianbao.harvest.recall import recall
from nianbao.model import Outcome, Source
from nianbao.registry import load_registry
from nianbao.settings import Settings, project_dir
from nianbao.simulation import Fault, FaultKind, Resource, SimulatedSites, StaticSite

HOST = "www.linping.test"
LISTING = f"http://{HOST}/fzzf/"
THEN = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = load_registry(project_dir("data"), project_dir("data")).report_kinds


def report(year, extra=""):
    text = f"{year}年，我局召开会议{year - 2000}次，审查合同{year - 1990}份，法治建设稳步推进。" * 3
    title = f"临平区教育局{year}年法治政府建设年度报告"
    return (
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p>{extra}</body></html>"
    )


def rows(*years, more=""):
    links = "".join(
        f'<li><a href="/fzzf/{y}.html">临平区教育局{y}年法治政府建设年度报告</a> {y + 1}-03-01</li>'
        for y in years
    )
    return f'<html><head><meta charset="utf-8"></head><body><ul>{links}</ul>{more}</body></html>'


class Site:
    """A site whose pages a test changes between two visits."""

    def __init__(self, home):
        self.home = home
        self.pages = {}
        self.site = StaticSite(self.pages)
        self.asked = Counter()
        self.number = 0

    def put(self, path, page, *, validators=True, media_type="text/html; charset=utf-8"):
        body = page if isinstance(page, bytes) else page.encode()
        self.pages[path] = Resource(body, media_type, THEN if validators else None)

    def visit(self, batch=None, **changed):
        """Outcomes by path, of one visit by a process that has only the home."""
        source = Source(
            "linping", "330113", "rule_of_law", (LISTING,), simulated=True, delay_seconds=0, **changed
        )
        with SimulatedSites({HOST: self.site}).serve() as sites:
            settings = Settings(home=self.home, resolve=sites.resolve, retries=0, retry_wait=0)
            archive, memory = Archive(settings.archive), Memory(settings.harvest_memory)
            self.number += 1
            with archive.writer(f"night-{self.number}") as writer:
                fetcher = Fetcher(settings, memory)
                self.result = Harvester(fetcher, archive, writer, memory, KINDS).harvest(source, batch)
            self.captures = archive.captures()
            self.asked = Counter(
                path for (_, path, _), n in sites.requests.counts().items() for _ in range(n)
            )
            for each in (fetcher, memory, archive):
                each.close()
        return {row.url.removeprefix(f"http://{HOST}"): row.outcome for row in self.result.outcomes}


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path)
    made.put("/fzzf/", rows(2024, 2023))
    for year in (2023, 2024):
        made.put(f"/fzzf/{year}.html", report(year))
    return made


def test_the_first_visit_archives_everything_and_the_second_asks_conditionally(site):
    assert set(site.visit().values()) == {Outcome.OK}
    assert len(site.captures) == 3
    assert set(site.visit().values()) == {Outcome.NOT_MODIFIED}
    assert site.asked["/robots.txt"] == 0  # known for a day
    assert len(site.captures) == 3


def test_a_counter_in_the_page_is_no_change_and_an_edit_is(site):
    for visits in (7, 8):
        counter = f'<div class="footer"><p>浏览次数：{visits}</p></div>'
        site.put("/fzzf/2024.html", report(2024, counter), validators=False)
        outcome = site.visit()["/fzzf/2024.html"]
    assert outcome is Outcome.UNCHANGED and "other bytes" in site.result.outcomes[1].sentence
    site.put("/fzzf/2024.html", report(2024).replace("24次", "25次"), validators=False)
    assert site.visit()["/fzzf/2024.html"] is Outcome.OK
    assert len([c for c in site.captures if c.url.endswith("2024.html")]) == 2


def test_a_page_that_is_gone_is_withdrawn_listed_or_not_and_left_alone_after_three_looks(site):
    site.visit()
    del site.pages["/fzzf/2023.html"]
    assert site.visit()["/fzzf/2023.html"] is Outcome.WITHDRAWN
    site.put("/fzzf/", rows(2024))
    outcomes = [site.visit().get("/fzzf/2023.html") for _ in range(3)]
    assert outcomes == [Outcome.WITHDRAWN, Outcome.WITHDRAWN, None]
    assert any(c.url.endswith("2023.html") for c in site.captures)


def test_a_page_not_found_with_200_is_withdrawn_and_never_archived(site):
    site.visit()
    site.put(
        "/fzzf/2023.html",
        "<html><title>提示</title><p>您访问的页面不存在或已被删除</p></html>",
        validators=False,
    )
    assert site.visit()["/fzzf/2023.html"] is Outcome.WITHDRAWN
    assert len(site.captures) == 3


def test_a_page_that_leads_to_the_front_page_is_withdrawn(site):
    site.visit()
    site.put("/", "<html><title>临平区</title><p>门户网站首页</p></html>")
    site.site.faults["/fzzf/2023.html"] = Fault(FaultKind.REDIRECT, location=f"http://{HOST}/")
    assert site.visit()["/fzzf/2023.html"] is Outcome.WITHDRAWN
    assert len(site.captures) == 3


def test_a_suspended_site_is_told_at_its_listing_and_its_known_pages_stay(site):
    site.visit()
    suspended = "<html><title>网站暂停访问</title><p>该网站已暂停服务</p></html>"
    for path in ("/fzzf/", "/fzzf/2023.html", "/fzzf/2024.html"):
        site.put(path, suspended, validators=False)
    assert set(site.visit().values()) == {Outcome.SUSPENDED}
    assert not site.result.reached and len(site.captures) == 3


def test_a_listing_is_walked_until_nothing_is_new_and_to_its_end_after_a_week(site, tmp_path):
    def paged(*new):
        site.put("/fzzf/", rows(*new, 2024, more='<a href="p2.html">下一页</a>'))
        site.put("/fzzf/p2.html", rows(2023, more='<a href="p3.html">下一页</a>'))
        site.put("/fzzf/p3.html", rows(2022))

    paged()
    site.put("/fzzf/2022.html", report(2022))
    assert site.visit()["/fzzf/2022.html"] is Outcome.OK
    site.visit()
    assert site.asked["/fzzf/p2.html"] == 0
    paged(2025)
    site.put("/fzzf/2025.html", report(2025))
    assert site.visit()["/fzzf/2025.html"] is Outcome.OK
    assert (site.asked["/fzzf/p2.html"], site.asked["/fzzf/p3.html"]) == (1, 0)
    memory = Memory(tmp_path / "harvest.sqlite")
    long_ago = datetime.now(UTC) - timedelta(days=8)
    memory.begin_visit("linping", long_ago)
    memory.end_visit("linping", long_ago, True)
    memory.close()
    site.visit()
    assert site.asked["/fzzf/p3.html"] == 1


def test_a_visit_that_was_killed_is_resumed_where_it_was(site, monkeypatch):
    asked = []
    get = Fetcher.visit

    def killed(self, source):
        visit = get(self, source)
        real = visit.get

        def until_the_second_page(url, **given):
            asked.append(url)
            if len(asked) == 3:
                raise KeyboardInterrupt
            return real(url, **given)

        visit.get = until_the_second_page
        return visit

    monkeypatch.setattr(Fetcher, "visit", killed)
    with pytest.raises(KeyboardInterrupt):
        site.visit()
    monkeypatch.undo()
    site.number = 1
    outcomes = site.visit()
    assert outcomes["/fzzf/2024.html"] is Outcome.UNCHANGED and outcomes["/fzzf/2023.html"] is Outcome.OK
    assert (site.asked["/fzzf/2024.html"], site.asked["/fzzf/2023.html"]) == (0, 1)


def test_what_the_budget_leaves_over_comes_first_next_time(site):
    outcomes = site.visit(max_requests=3)  # robots.txt, the listing, one report
    assert outcomes["/fzzf/2024.html"] is Outcome.OK and outcomes["/fzzf/2023.html"] is Outcome.POSTPONED
    outcomes = site.visit(max_requests=2)
    assert outcomes["/fzzf/2023.html"] is Outcome.OK and outcomes["/fzzf/2024.html"] is Outcome.POSTPONED


def test_the_same_bytes_under_a_second_address_are_stored_once_and_read_twice(site):
    site.visit()
    site.put(
        "/fzzf/", rows(2024, 2023, more='<a href="copy.html">临平区教育局2024年法治政府建设年度报告</a>')
    )
    site.put("/fzzf/copy.html", report(2024))
    assert site.visit()["/fzzf/copy.html"] is Outcome.OK
    copy = next(c for c in site.captures if c.url.endswith("copy.html"))
    assert copy.length < 1500 and Archive(site.home / "archive").read(copy) == report(2024).encode()


def test_files_that_a_page_offers_are_fetched_and_asked_for_again(site):
    file = '<p><a href="/files/r.pdf">附件：报告全文.pdf</a></p>'
    site.put("/fzzf/2024.html", report(2024, file))
    site.put("/files/r.pdf", b"%PDF-1.4 not really", media_type="application/pdf")
    assert site.visit()["/files/r.pdf"] is Outcome.OK
    assert site.visit()["/files/r.pdf"] is Outcome.NOT_MODIFIED


def test_links_to_other_hosts_are_told_and_never_followed(site):
    site.put(
        "/fzzf/",
        rows(2024, more='<a href="http://www.copies.test/x.html">临平区教育局2021年法治政府建设年度报告</a>'),
    )
    site.visit()
    told = [row for row in site.result.outcomes if row.outcome is Outcome.HOST_NOT_ALLOWED]
    assert [row.url for row in told] == ["http://www.copies.test/x.html"]


def test_a_memory_that_was_lost_is_recalled_from_the_archive(site, tmp_path):
    site.visit()
    (tmp_path / "harvest.sqlite").unlink()
    archive, memory = Archive(tmp_path / "archive"), Memory(tmp_path / "harvest.sqlite")
    assert recall(memory, archive) == 2
    archive.close()
    memory.close()
    site.put("/fzzf/", rows(2024))
    del site.pages["/fzzf/2023.html"]
    outcomes = site.visit()
    assert outcomes["/fzzf/2024.html"] is Outcome.NOT_MODIFIED
    assert outcomes["/fzzf/2023.html"] is Outcome.WITHDRAWN


def test_a_listing_that_has_not_changed_is_not_read_again_and_one_that_is_judged_otherwise_is(
    site, monkeypatch
):
    site.put("/fzzf/", rows(2024, 2023, more='<a href="/fzzf/other.html">关于征求意见的公告</a>'))
    site.put("/fzzf/other.html", report(2022))
    site.visit()
    read = []

    def counted(self, page, parameters):
        read.append(page.url)
        return original(self, page, parameters)

    original = PageFamily.read
    monkeypatch.setattr(PageFamily, "read", counted)
    assert set(site.visit().values()) == {Outcome.NOT_MODIFIED}
    assert (read, site.result.links) == ([], 2)
    assert site.visit(follow="all")["/fzzf/other.html"] is Outcome.OK
    assert (read, site.result.links) == ([LISTING], 3)
    site.put(
        "/fzzf/", rows(2024, 2023), validators=False
    )  # the date of the first look is no validator of this one
    site.visit()
    assert (len(read), site.result.links) == (3, 2)
