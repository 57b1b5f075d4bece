"""All formats, sites with manners of their own, and copies of reports."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from nianbao.simulation import CopyKind, SimulatedSites, Validators, World, build_world, truth_json
from nianbao.simulation.copies import host_of, path_of
from nianbao.simulation.labels import traditional

from .web import Web, page_lines


@pytest.fixture(scope="module")
def wild() -> World:
    return build_world(districts=12, issuers=3, years=(2022, 2023), formats="all", quirks=True)


def test_all_formats_occur_and_every_report_is_served_in_its_own(wild: World) -> None:
    magic = {
        "pdf": b"%PDF-",
        "docx": b"PK",
        "doc": b"\xd0\xcf\x11\xe0",
        "wps": b"\xd0\xcf\x11\xe0",
        "ofd": b"PK",
    }
    assert {report.format for report in wild.reports} == {"html", *magic}
    for report in wild.reports:
        found = wild.sites[report.host].find(path_of(report.url))
        assert found and found.body.startswith(magic.get(report.format, (b"<", b"{"))), report.url
        page = wild.sites[report.host].find(path_of(report.page_url))
        assert page and page.status == 200


def test_the_same_recipe_gives_the_same_bytes_and_the_plain_world_is_not_touched(wild: World) -> None:
    again = build_world(districts=12, issuers=3, years=(2022, 2023), formats="all", quirks=True)
    assert truth_json(again) == truth_json(wild)
    for report in wild.reports:
        if report.format != "html":  # pages may have counters
            mine, theirs = (each.sites[report.host].find(path_of(report.url)) for each in (wild, again))
            assert mine == theirs


def test_some_pages_come_in_other_encodings_with_any_label(wild: World) -> None:
    kinds = set()
    for report in wild.reports:
        page = wild.sites[report.host].find(path_of(report.url))
        assert page
        if report.format == "html":
            try:
                page.body.decode("utf-8")
                encoding = "utf-8"
            except UnicodeDecodeError:
                page.body.decode("gb18030")
                encoding = "gb18030"
            kinds.add((encoding, page.media_type.partition("charset=")[2]))
    assert {("gb18030", ""), ("utf-8", "utf-8")} < kinds and len(kinds) >= 4


def test_spreadsheets_stand_beside_some_reports_and_are_told(wild: World) -> None:
    sheets = [page for page in wild.pages if page.genre == "spreadsheet"]
    assert sheets
    for sheet in sheets:
        found = wild.sites[sheet.host].find(path_of(sheet.url))
        assert found and found.body.startswith(b"PK")


def test_another_places_report_stands_in_the_column_and_is_no_report_of_this_place(wild: World) -> None:
    reposts = [page for page in wild.pages if page.genre == "repost"]
    assert {page.host for page in reposts} == {source.host for source in wild.sources}
    names = "".join(name for issuer in wild.issuers for name in (issuer.name, *issuer.aliases))
    assert all("法治政府建设情况报告" in page.title and page.title[:3] not in names for page in reposts)
    assert not {page.url for page in reposts} & {report.url for report in wild.reports}


def test_manners_are_as_told(wild: World) -> None:
    assert {host.validators for host in wild.hosts} == {each.value for each in Validators}
    first = {source.host: source.listings[0] for source in wild.sources}
    with SimulatedSites(wild.sites).serve() as sites:
        web = Web(sites.resolve)
        for host in wild.hosts:
            answer = web.get(first[host.host])
            assert (answer.status_code == 302) == host.cookie_gate
            if host.cookie_gate:
                answer = web.get(first[host.host], Cookie=answer.headers["Set-Cookie"].split(";")[0])
            assert (answer.headers.get("Content-Encoding") == "gzip") == host.forced_gzip
            if host.cookie_gate or host.forced_gzip:
                continue
            again = web.get(first[host.host])
            assert (answer.content != again.content) == host.visit_counter
            lines = [[line for line in page_lines(each.content) if "位访客" not in line and "星期" not in line]
                     for each in (answer, again)]  # fmt: skip
            assert lines[0] == lines[1]


def test_every_kind_of_copy_is_linked_from_a_listing_and_answers(wild: World) -> None:
    assert {copy.kind for copy in wild.copies} == {kind.value for kind in CopyKind}
    own = {source.host for source in wild.sources}
    gates = {host.host for host in wild.hosts if host.cookie_gate}
    with SimulatedSites(wild.sites).serve() as sites:
        web = Web(sites.resolve)
        for copy in wild.copies:
            source = next(each for each in wild.sources if each.source_id == copy.source_id)
            if source.host not in gates:
                assert copy.url in web.listing_links(source.listings[0])
            assert copy.foreign == (host_of(copy.url) not in own and host_of(copy.url) not in source.aliases)
            if host_of(copy.url) in gates or copy.kind == "bare_ip":
                continue
            answer = web.get(f"http://{host_of(copy.url)}{path_of(copy.url)}")
            assert answer.status_code == 200, copy


def test_a_bare_address_is_an_alias_of_its_source(wild: World) -> None:
    bare = [copy for copy in wild.copies if copy.kind == "bare_ip"]
    assert bare
    for copy in bare:
        source = next(each for each in wild.sources if each.source_id == copy.source_id)
        assert urlsplit(copy.url).netloc in source.aliases
        assert urlsplit(copy.url).netloc in wild.sites


def test_the_gateway_shows_traditional_characters_in_big5(wild: World) -> None:
    copy = next(copy for copy in wild.copies if copy.kind == "big5_gateway")
    found = wild.sites[host_of(copy.url)].find(path_of(copy.url))
    assert found and found.media_type.endswith("big5")
    page = found.body.decode("big5")
    assert "法治政府" in page and traditional("报告") == "報告" and "報告" in page and "报告" not in page


def test_fates_do_not_touch_copied_reports(wild: World) -> None:
    later = wild.revised(refurnished=1, readdressed=1)
    copied = {(copy.issuer_id, copy.year) for copy in wild.copies}
    assert not copied & {(change.issuer_id, change.year) for change in later.changes}
    assert later.copies == wild.copies


def test_forty_districts_from_2015_on_can_be_built() -> None:
    world = build_world(districts=40, issuers=1, years=(2015, 2026))
    assert len(world.regions) == 41 and len({source.host for source in world.sources}) == 40
    assert {report.year for report in world.reports} == {2015, 2026}
    assert len({issuer.name for issuer in build_world(40, 40, 1).issuers} | set()) >= 40
