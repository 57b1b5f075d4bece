"""What becomes of a world's reports later on, and what the sites then answer."""

from __future__ import annotations

import pytest

from nianbao.simulation import SimulatedSites, World, build_world
from nianbao.simulation.labels import page_text
from nianbao.simulation.truth import ChangeTruth, ReportTruth

from .web import Web, page_lines

FATES = {
    "edited": 2, "edited_files": 1, "withdrawn": 1, "unlisted": 1, "soft_withdrawn": 1, "refurnished": 1, "late": 1,
    "readdressed": 1, "duplicated": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def later(world: World) -> World:
    return world.revised(**FATES)  # type: ignore[arg-type]


def changes_of(later: World, change: str, manner: str = "") -> list[ChangeTruth]:
    return [each for each in later.changes if each.change == change and each.manner == manner]


def of(world: World, change: ChangeTruth) -> ReportTruth:
    return next(r for r in world.reports if (r.issuer_id, r.year) == (change.issuer_id, change.year))


def listed(web: Web, world: World, report: ReportTruth) -> set[str]:
    return set().union(
        *(web.listing_links(source.listings[0]) for source in world.sources if source.host == report.host)
    )


def test_every_fate_is_told_once_for_each_report_it_befalls(later: World) -> None:
    told = [(change.issuer_id, change.year) for change in later.changes]
    assert len(told) == len(set(told)) == sum(FATES.values())


def test_an_edit_in_a_file_changes_one_figure_of_it(world: World, later: World) -> None:
    edited = [(of(world, change), of(later, change)) for change in changes_of(later, "edited")]
    assert sorted(after.format == "html" for _, after in edited) == [False, True, True]
    for before, after in edited:
        assert before.url == after.url and before.text != after.text
        assert sum(a.value != b.value for a, b in zip(before.figures, after.figures, strict=True)) == 1
        path = after.url.split(after.host, 1)[1]
        was, now = (each.sites[after.host].find(path) for each in (world, later))
        assert was and now and was.body != now.body


def test_new_furniture_leaves_the_text_as_it_was(world: World, later: World) -> None:
    (change,) = changes_of(later, "refurnished")
    report = of(later, change)
    assert report == of(world, change)
    path = report.url.split(report.host, 1)[1]
    was, now = (each.sites[report.host].find(path) for each in (world, later))
    assert was and now and was.body != now.body and was.etag != now.etag
    differing = set(page_lines(was.body)) ^ set(page_lines(now.body))
    assert differing and all("位访客" in line or "星期" in line for line in differing)


def test_withdrawals_differ_in_what_is_left(world: World, later: World) -> None:
    with SimulatedSites(later.sites).serve() as sites:
        web = Web(sites.resolve)
        for manner, status, still_listed in (
            ("not_found", 404, 1),
            ("unlisted", 404, 0),
            ("soft_404", 200, 1),
        ):
            (change,) = changes_of(later, "withdrawn", manner)
            report = of(world, change)
            answer = web.get(report.url)
            assert answer.status_code == status
            assert report.title not in answer.content.decode()
            assert (report.page_url in listed(web, later, report)) == bool(still_listed)
            with pytest.raises(StopIteration):
                of(later, change)


def test_a_late_report_is_the_newest_of_its_site(later: World) -> None:
    (change,) = changes_of(later, "late")
    report = of(later, change)
    others = [each for each in (*later.reports, *later.pages) if each.host == report.host]
    assert report.published_date == max(each.published_date for each in others)


def test_a_page_with_a_new_address_is_listed_there_and_the_old_one_leads_to_it(later: World) -> None:
    (change,) = changes_of(later, "readdressed")
    report = of(later, change)
    with SimulatedSites(later.sites).serve() as sites:
        web = Web(sites.resolve)
        answer = web.get(change.old_url)
        assert (answer.status_code, answer.headers["Location"]) == (301, report.page_url)
        links = listed(web, later, report)
        assert report.page_url in links and change.old_url not in links


def test_a_duplicate_says_the_same_at_a_second_address(later: World) -> None:
    (change,) = changes_of(later, "duplicated")
    report = of(later, change)
    with SimulatedSites(later.sites).serve() as sites:
        web = Web(sites.resolve)
        titles = [
            address
            for source in later.sources if source.host == report.host
            for address, title in web.listing_links(source.listings[0]).items()
            if report.title[:20] in title.replace(" ", "")
        ]  # fmt: skip
        pages = [page_text(web.get(address).content)[0] for address in titles]
    assert len(titles) == 2 and report.url in titles
    sentence = report.figures[0].sentence[:20]
    assert all(sentence in page.replace("&ldquo;", "“").replace("&rdquo;", "”") for page in pages)


def test_a_site_that_moves_leaves_redirects_and_the_sources_as_they_were(world: World) -> None:
    moved = world.moved(1)
    assert moved.sources == world.sources
    with SimulatedSites(moved.sites).serve() as sites:
        web = Web(sites.resolve)
        for change in moved.changes:
            answer = web.get(change.old_url)
            assert (change.change, answer.status_code) == ("moved", 301)
            assert answer.headers["Location"] == change.url
            assert web.get(change.url).status_code == 200
        for report in moved.reports:
            assert web.get(report.url).status_code == 200


def test_turned_pages_list_the_same_reports(world: World) -> None:
    later = world.revised(edited=0, withdrawn=0, late=0, repaged=True)
    assert later.reports == world.reports
    links = []
    for each in (world, later):
        with SimulatedSites(each.sites).serve() as sites:
            links.append([Web(sites.resolve).listing_links(source.listings[0]) for source in each.sources])
    reports = {report.page_url for report in world.reports}
    assert [reports & set(found) for found in links[0]] == [reports & set(found) for found in links[1]]
    assert {change.change for change in later.changes} == {"repaged"}


def test_fates_add_up_over_time(world: World) -> None:
    later = world.revised().revised()
    assert len(later.reports) == len(world.reports)
    assert len(later.config.events) == 6 and len(later.changes) == 3


def test_too_many_fates_are_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="ask for fewer changes"):
        build_world(districts=1, issuers=1, years=(2023,)).revised(edited=3)
