"""The documentation site is built from the product's own sources, whole, with no dead link, and needs nothing from elsewhere."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pypdfium2
import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from nianbao.registry import load_registry

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The site, as `make docs` builds it: address → its parsed page."""
    if not shutil.which("dot"):
        pytest.skip("the Debian package graphviz is not installed")
    target = tmp_path_factory.mktemp("docs")
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "site" / "build.py"), str(target)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    folder = target / "html"
    return {
        page.relative_to(folder).as_posix(): LexborHTMLParser(page.read_text(encoding="utf-8"))
        for page in folder.rglob("*.html")
    } | {"": folder}


def pages(site):
    return {name: page for name, page in site.items() if name}


def said(page):
    return page.css_first("article").text()


def test_every_mart_view_and_column_is_in_the_dictionary(site):
    for listing in (ROOT / "dbt_project" / "models" / "marts").rglob("*.yml"):
        for model in (yaml.safe_load(listing.read_text(encoding="utf-8")) or {}).get("models", ()):
            page = said(site[f"dictionary/{model['name']}.html"])
            for column in model["columns"]:
                assert column["name"] in page and column.get("data_type", "") in page
            assert model["name"] in said(site["dictionary/index.html"])


def test_every_indicator_is_in_the_handbook_with_its_examples(site):
    listed = said(site["handbook/index.html"])
    entries = yaml.safe_load((ROOT / "data" / "indicators.yml").read_text(encoding="utf-8"))["indicators"]
    assert len(entries) > 100
    for entry in entries:
        page = said(site[f"handbook/{entry['id']}.html"])
        assert entry["label"] in listed and f"{entry['label']} {entry['label_en']}" in page
        for example in entry["examples"]:
            text = example if isinstance(example, str) else example["not"]
            assert text.replace("【", "").replace("】", "") in page
        for trigger in entry["rules"]["triggers"]:
            assert trigger in page


def test_every_page_of_docs_is_in_the_site_and_the_bar_leads_to_it(site):
    bar = {link.attributes.get("href") for link in site["index.html"].css(".sidebar-tree a")}
    for page in (ROOT / "docs").glob("*.md"):
        name = {"search": "full-text"}.get(page.stem, page.stem)
        assert f"{name}.html" in bar


def test_every_link_and_anchor_within_the_site_leads_somewhere(site):
    anchors = {
        name: {node.attributes["id"] for node in page.css("[id]")} for name, page in pages(site).items()
    }
    count = 0
    for name, page in pages(site).items():
        for node in page.css("a[href]"):
            address, anchor = urldefrag(urljoin(name, node.attributes["href"]))
            if re.match(r"[a-z]+:", address):
                continue
            count += 1
            assert (site[""] / unquote(address or name)).exists(), (name, address)
            if anchor and address in anchors:
                assert unquote(anchor) in anchors[address], (name, address, anchor)
    assert count > 5_000


def test_a_page_that_is_named_is_linked_and_commands_are_left_alone(site):
    links = {link.attributes["href"] for link in site["limits.html"].css("article a[href]")}
    assert {"accuracy.html", "warehouse.html", "registry.html"} <= links
    assert "docs/" not in said(site["limits.html"])
    assert "pip install" in said(site["operations.html"]) or "nianbao" in said(site["operations.html"])


def test_a_page_that_a_description_names_is_linked(site):
    page = site["dictionary/changes.html"]
    assert "docs/" not in said(page)
    assert page.css_matches('article a[href="../warehouse.html"]')


def drawings(site, name):
    """The drawings of a page, as (words, addresses they lead to)."""
    found = []
    for node in site[name].css("object.graphviz"):
        file = site[""] / urljoin(name, node.attributes["data"])
        text = file.read_text(encoding="utf-8")
        found.append((set(re.findall(r">([\w]+)</", text)), re.findall(r'href="([^"]+)"', text), file))
    return found


def test_drawings_lead_from_the_lake_to_every_mart_and_view(site):
    marts = {Path(name).stem for name in pages(site) if name.startswith("dictionary/")} - {"index", "lineage"}
    among, every = drawings(site, "dictionary/lineage.html")
    assert among[0] & marts == marts and {Path(to).stem for to in among[1]} == marts
    assert marts | {"capture", "figure", "stg_indicator", "int_indicator_figure"} <= every[0]
    for name in marts:
        ((words, addresses, file),) = drawings(site, f"dictionary/{name}.html")
        assert name in words
        assert all((file.parent / to).resolve().exists() for to in addresses)
    ((words, _, _),) = drawings(site, "dictionary/changes.html")
    assert {"fct_indicator_yoy", "fct_figure", "capture"} <= words and "fct_text_reuse" not in words


def test_limits_tell_what_was_measured_and_what_is_registered(site):
    measured = (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")
    told = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    figures = re.findall(r"\b[01]\.\d{3}\b", told)
    assert len(figures) > 10 and all(figure in measured for figure in figures)
    sources = load_registry(ROOT / "data").sources
    assert f"{len(sources)} sources in {len({one.region_code for one in sources})} regions" in told


def test_nothing_comes_from_elsewhere_and_no_path_of_the_machine_is_told(site):
    for name, page in pages(site).items():
        for node in page.css("[src], link[href], object[data]"):
            address = (
                node.attributes.get("src") or node.attributes.get("href") or node.attributes.get("data") or ""
            )
            assert not re.match(r"(https?:)?//|file:", address), (name, address)
    for file in site[""].rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            for place in (ROOT, site[""].parent, Path.home()):
                assert str(place).encode() + b"/" not in content, (file, place)
        if file.suffix in {".html", ".css", ".svg", ".js"}:
            text = file.read_text(encoding="utf-8")
            assert not re.search(r"@import\s|url\([\"']?(https?:|//)|file:///", text), file


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def address(site):
    handler = functools.partial(_Quiet, directory=str(site[""]))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_browser_shows_its_pages_without_an_error(address, chromium, width):
    page = chromium.new_page(viewport={"width": width, "height": 900})
    troubles = []
    page.on("console", lambda told: troubles.append(told.text) if told.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(address) else troubles.append(asked.url))
    for name in (
        "index",
        "limits",
        "dictionary/fct_figure",
        "dictionary/lineage",
        "handbook/party_group_meetings",
    ):
        page.goto(f"{address}{name}.html", wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert troubles == []
    page.close()


def test_a_mart_in_the_drawing_leads_to_its_page(address, chromium):
    page = chromium.new_page()
    page.goto(f"{address}dictionary/lineage.html", wait_until="networkidle")
    drawing = next(frame for frame in page.frames if frame.url.endswith(".svg"))
    drawing.click("a:has-text('fct_indicator_yoy')")
    page.wait_for_url("**/dictionary/fct_indicator_yoy.html")
    page.close()


def test_a_page_is_printed_with_its_table_from_the_first_sheet_on(address, chromium, tmp_path):
    page = chromium.new_page()
    page.goto(f"{address}dictionary/fct_indicator_yoy.html", wait_until="networkidle")
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    page.close()
    with pypdfium2.PdfDocument(tmp_path / "page.pdf") as printed:
        first = printed[0].get_textpage().get_text_range()
        assert "prior_value" in first and "Skip to content" not in first and len(printed) < 6


@pytest.mark.parametrize("words", ["行政复议", "复议", "legal aid"])
def test_the_search_finds_pieces_of_chinese_and_english(address, chromium, words):
    page = chromium.new_page()
    page.goto(f"{address}search.html?q={words}", wait_until="networkidle")
    page.wait_for_selector("#search-results ul.search li a")
    found = [link.inner_text() for link in page.query_selector_all("#search-results li a")]
    assert any(
        ("复议" if "复议" in words else "法律援助") in title or "Legal aid" in title for title in found
    )
    page.close()
