from __future__ import annotations

import json
import re
from itertools import permutations
from urllib.parse import parse_qsl, urlencode, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.simulation import SimulatedSites, World, build_world
from nianbao.simulation.copies import host_of, path_of
from nianbao.simulation.dynamic_site import number, page_count, page_of
from nianbao.simulation.shapes import SHAPES
from nianbao.simulation.truth import SourceTruth

from .crawlers import ENDPOINT_SHAPES, links_of, rows_out_of_range
from .web import Web


@pytest.fixture(scope="module")
def wide() -> World:
    return build_world(districts=len(SHAPES), issuers=6)


def body(world: World, url: str) -> str:
    found = world.sites[host_of(url)].find(path_of(url))
    assert found is not None, url
    return found.body.decode()


def source_of(world: World, shape: str) -> SourceTruth:
    return next(source for source in world.sources if source.shape == shape)


def test_twenty_districts_have_all_shapes_and_the_first_four_are_where_they_were() -> None:
    assert len(SHAPES) <= 20
    assert [shape.name for shape in SHAPES[:4]] == ["trs", "jcms", "dayofyear", "content"]
    assert len({shape.name for shape in SHAPES}) == len(SHAPES)


def test_every_report_and_other_page_of_every_shape_is_reached_by_a_naive_reader(wide: World) -> None:
    with SimulatedSites(wide.sites).serve() as sites:
        web = Web(sites.resolve)
        for source in wide.sources:
            links = links_of(web, source)
            mine = [report for report in wide.reports if report.source_id == source.source_id]
            assert mine, source.source_id
            for report in mine:
                assert links.get(report.page_url) == report.title, (source.shape, report.page_url)
                assert web.get(report.url).status_code == 200
            for page in (page for page in wide.pages if page.source_id == source.source_id):
                assert links.get(page.url) == page.title, (source.shape, page.url)


def test_a_page_out_of_range_is_empty(wide: World) -> None:
    with SimulatedSites(wide.sites).serve() as sites:
        web = Web(sites.resolve)
        for shape in ENDPOINT_SHAPES:
            assert rows_out_of_range(web, source_of(wide, shape)) == {}, shape


@pytest.mark.parametrize("page", ["0", "-1", "99", "two", "", "9" * 40, "１"])
def test_a_listing_answers_any_number_of_a_page(wide: World, page: str) -> None:
    listing = source_of(wide, "details_json").listings[0].replace("{page}", page)
    assert json.loads(body(wide, listing))["data"]["list"] == []


def test_parameters_may_come_in_any_order_and_with_others(wide: World) -> None:
    listing = source_of(wide, "jsonp").listings[0].replace("{page}", "2")
    path, _, query = listing.partition("?")
    orders = [f"{path}?{urlencode(order)}" for order in permutations(parse_qsl(query))]
    assert len({body(wide, url) for url in [*orders, f"{listing}&_=1711", listing]}) == 1


def test_another_channel_has_no_rows(wide: World) -> None:
    listing = source_of(wide, "jsonp").listings[0].replace("{page}", "1")
    other = re.sub(r"channelId=\d+", "channelId=1", listing)
    assert '"data": []' in body(wide, other) and '"data": []' not in body(wide, listing)


def test_pages_for_people_hold_nothing_where_json_has_the_text(wide: World) -> None:
    source = source_of(wide, "details_json")
    report = next(r for r in wide.reports if r.source_id == source.source_id and r.format == "html")
    record = json.loads(body(wide, report.url))["data"]
    shell = body(wide, urljoin(report.url, f"/zwgk/details?id={record['id']}"))
    assert report.title not in shell and "<script" in shell
    assert record["title"] == report.title and record["publishDate"].startswith(str(report.published_date))


def test_only_one_of_the_two_platform_sites_names_its_category(wide: World) -> None:
    named, unnamed = (source_of(wide, shape).listings[0] for shape in ("gkmlpt", "gkmlpt_tree"))
    assert re.fullmatch(r"http://[^/]+/gkmlpt/index#\d+", named)
    assert re.fullmatch(r"http://[^/]+/gkmlpt/index", unnamed)


def test_later_records_come_only_from_the_proxy(wide: World) -> None:
    source = source_of(wide, "jpage")
    page = body(wide, source.listings[0])
    absent = [r for r in wide.reports if r.source_id == source.source_id and path_of(r.page_url) not in page]
    assert absent


def test_three_columns_part_government_departments_and_streets(wide: World) -> None:
    sources = [source for source in wide.sources if source.shape == "website_content"]
    assert [source.source_id.rpartition("_")[2] for source in sources] == ["qzf", "wbj", "zjd"]
    assert [len(source.expected_issuers) for source in sources] == [1, 3, 2]


def test_each_department_has_its_own_code_in_the_address(wide: World) -> None:
    source = source_of(wide, "govxxgk")
    pairs = {
        (report.issuer_id, path_of(report.page_url).split("/")[2])
        for report in wide.reports
        if report.source_id == source.source_id and "/govxxgk/" in report.page_url
    }
    assert len(pairs) == len({issuer for issuer, _ in pairs}) == len({code for _, code in pairs}) > 3


def test_an_untidy_listing_has_stubs_pins_every_spelling_and_other_days_in_addresses(wide: World) -> None:
    source = source_of(wide, "trs_untidy")
    first = body(wide, source.listings[0])
    script = re.search(r"createPageHTML\((\d+)", first)
    assert script
    pages = [first, *(body(wide, f"{source.listings[0]}index_{n}.html") for n in range(1, int(script[1])))]
    assert [("<li>" in page) for page in pages] == [True] * (len(pages) - 2) + [False] * 2
    pinned = {re.findall(r"t\d{8}_\d+|P0\d+", page)[0] for page in pages[:-2]}
    assert len(pinned) == 1
    for spelling in (
        "../../",
        ":443/",
        ":80/",
        'href="//',
        ";jsessionid=",
        "https://",
        'href="http://',
        "...</a>",
    ):
        assert spelling in first, spelling
    assert not re.search(r"<span>\d{4}-", first)
    mine = [r for r in wide.reports if r.source_id == source.source_id]
    dated = [(re.search(r"t(\d{8})_", r.page_url), f"{r.published_date:%Y%m%d}") for r in mine]
    assert any(said and said[1] < shown for said, shown in dated)
    session = f"{mine[0].url};jsessionid=00AB"
    assert wide.sites[mine[0].host].find(path_of(session)) == wide.sites[mine[0].host].find(
        path_of(mine[0].url)
    )


def test_bytes_are_the_same_from_run_to_run(wide: World) -> None:
    again = build_world(districts=len(SHAPES), issuers=6)
    assert again.sources == wide.sources
    for source in wide.sources:
        listing = source.listings[0].partition("#")[0].replace("{page}", "1")
        ours, theirs = (w.sites[source.host].find(path_of(listing)) for w in (wide, again))
        assert ours == theirs and ours is not None
    for report in wide.reports:
        ours, theirs = (w.sites[report.host].find(path_of(report.url)) for w in (wide, again))
        assert ours == theirs and ours is not None


@given(st.lists(st.integers(), max_size=40), st.integers(1, 12))
def test_pages_hold_every_row_once_and_no_more(rows: list[int], size: int) -> None:
    count = page_count(rows, size)
    assert [row for n in range(1, count + 1) for row in page_of(rows, n, size)] == rows
    assert all(page_of(rows, n, size) for n in range(1, count + 1))
    assert not page_of(rows, 0, size) and not page_of(rows, count + 1, size)


@given(st.text(max_size=12))
def test_a_parameter_that_is_no_number_is_page_zero(said: str) -> None:
    found = number({"page": said}, "page")
    assert found == (int(said) if re.fullmatch(r"[0-9]{1,9}", said) else 0)


def test_a_moved_site_is_still_asked_under_the_old_host_and_answers_under_the_new_one(wide: World) -> None:
    later = wide.moved(len(SHAPES))
    before, after = (source_of(world, "details_json") for world in (wide, later))
    assert after.listings == before.listings and after.parameters == before.parameters
    listing = after.listings[0].replace("{page}", "1")
    answer = later.sites[after.host].find(path_of(listing))
    assert answer is not None and answer.status == 301
    assert json.loads(body(later, dict(answer.headers)["Location"]))["data"]["list"]
