from __future__ import annotations

import io
import json
import re

import docx
import pypdfium2

from nianbao.simulation import SimulatedSites, World, build_world
from nianbao.simulation.shapes import SHAPES

from .web import Web, page_lines


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_every_report_is_reached_from_its_listing_with_its_title(world: World) -> None:
    with SimulatedSites(world.sites).serve() as sites:
        web = Web(sites.resolve)
        for source in world.sources:
            links: dict[str, str] = {}
            for listing in source.listings:
                links |= web.listing_links(listing)
            mine = [report for report in world.reports if report.source_id == source.source_id]
            assert mine
            for report in mine:
                assert links[report.page_url] == report.title
            for page in (page for page in world.pages if page.source_id == source.source_id):
                assert links[page.url] == page.title


def test_listings_have_several_pages_and_several_issuers(world: World) -> None:
    with SimulatedSites(world.sites).serve() as sites:
        Web(sites.resolve).listing_links(world.sources[-1].listings[0])
        fetched = {path for _, path, status in sites.requests.counts() if status == 200}
    assert len(fetched) >= 3
    assert len(world.sources[-1].expected_issuers) >= 3


def test_html_pages_hold_the_reports_paragraphs_in_every_shape_and_encoding() -> None:
    world = build_world(districts=len(SHAPES))
    shapes = {source.source_id: source.shape for source in world.sources}
    seen = set()
    for report in (report for report in world.reports if report.format == "html"):
        resource = world.sites[report.host].find(report.url.split(report.host, 1)[1])
        assert resource is not None
        body = resource.body
        if resource.media_type.startswith("application/json"):
            body = json.loads(body)["data"]["content"].encode()
        page = squeezed("".join(page_lines(body)))
        assert squeezed(report.text) in page, report.url
        seen.add(shapes[report.source_id])
    assert seen == {shape.name for shape in SHAPES}


def test_pages_carry_furniture_that_is_not_the_report(world: World) -> None:
    report = next(report for report in world.reports if report.format == "html")
    resource = world.sites[report.host].find(report.url.split(report.host, 1)[1])
    assert resource is not None
    lines = page_lines(resource.body)
    assert any("ICP备" in line for line in lines)
    assert not any("ICP备" in line for line in report.text.split("\n"))
    assert b'<meta name="ArticleTitle"' in resource.body


def test_pdf_reports_give_their_text_back(world: World) -> None:
    reports = [report for report in world.reports if report.format == "pdf"]
    assert reports
    for report in reports:
        resource = world.sites[report.host].find(report.url.split(report.host, 1)[1])
        assert resource is not None and resource.media_type == "application/pdf"
        document = pypdfium2.PdfDocument(resource.body)
        assert len(document) > 1
        pages = [page.get_textpage().get_text_bounded() for page in document]
        # running header and page number stand above each page's text
        text = squeezed("".join(page.split("\n", 2)[2] for page in pages))
        assert text == squeezed(report.text)
        assert max(len(line) for page in pages for line in page.splitlines()) < 60


def test_docx_reports_give_their_text_back_and_their_page_only_points_at_them(world: World) -> None:
    reports = [report for report in world.reports if report.format == "docx"]
    assert reports
    for report in reports:
        site = world.sites[report.host]
        resource = site.find(report.url.split(report.host, 1)[1])
        page = site.find(report.page_url.split(report.host, 1)[1])
        assert resource is not None and page is not None
        paragraphs = [paragraph.text for paragraph in docx.Document(io.BytesIO(resource.body)).paragraphs]
        assert "\n".join(paragraphs) == report.text
        assert "附件" in "".join(page_lines(page.body))
        assert report.url.split(report.host, 1)[1].replace("&", "&amp;").encode() in page.body
        assert report.figures[0].text not in "".join(page_lines(page.body))
