"""Reports, names and addresses that were written against readers: all of it is text, wherever it shows or is taken to."""

import csv
import io
import json
import re
import zipfile
from collections import Counter, deque
from urllib.parse import parse_qsl, quote, urlsplit

import hostile
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient
from support import Command
from web_side import answering

from nianbao.settings import Settings
from nianbao.web import make_app

_EACH = 2  # pages of a kind that are looked at
_FORMULA = re.compile(r"[=+@\t\r\n＝＋＠－-]")
_PLAIN_NUMBER = re.compile(r"-?[\d.]+(?:[eE][+-]?\d+)?")


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """The files that the release was made of."""
    folder = tmp_path_factory.mktemp("hostile") / "reports"
    hostile.write_reports(folder)
    return folder


@pytest.fixture(scope="module")
def command(reports, prefect_api):
    """A home with a release of them, and of rows that no reading would give."""
    command = Command(reports.parent / "home", PREFECT_API_URL=prefect_api)
    command("import", reports)
    hostile.make_rows_hostile(command.home)
    return command


@pytest.fixture(scope="module")
def browser(command):
    """Asks the web side as a program would; what breaks there breaks the test."""
    return TestClient(make_app(Settings(home=command.home)), base_url="http://127.0.0.1")


@pytest.fixture(scope="module")
def found(browser):
    """Every kind of page that links lead to: address → its HTML; of each kind a few."""
    return crawled(browser, "/", "/?lang=en", "/search?q=hacked", "/search?q=%22%3Cscript%3E%22&lang=en")


def crawled(browser, *starts):
    """Follows links within the site, breadth first; a kind is the place in the site and the names of its parameters."""
    pages, kinds, ahead = {}, Counter(), deque(starts)
    while ahead:
        address = ahead.popleft()
        asked = urlsplit(address)
        kind = (asked.path.split("/")[1], tuple(sorted({name for name, _ in parse_qsl(asked.query)})))
        known = address in pages or kinds[kind] >= _EACH or kind[0] == "captures"
        if known or any(name in ("format", "release") or "." in name for name in kind[1]):
            continue  # files are looked at by themselves; other orders and releases show the same kind of page
        kinds[kind] += 1
        answer = browser.get(address)
        assert answer.status_code in {200, 404}, address
        assert answer.status_code == 200 or asked.path.startswith("/changes"), (address, answer.text[:500])
        if "html" not in answer.headers["content-type"] or asked.path.count("/") > 4:
            continue
        pages[address] = answer.text
        for link in LexborHTMLParser(answer.text).css("a[href]"):
            target = (link.attributes["href"] or "").partition("#")[0]
            if target.startswith("/") and not re.match(r"/releases/[^/]+/.", target):
                ahead.append(target)
    return pages


def test_whatever_a_report_says_is_text_on_every_page(found):
    shown = Counter()
    for address, page in found.items():
        document = LexborHTMLParser(page)
        for node in document.css("*"):
            for name, value in node.attributes.items():
                assert not name.lower().startswith("on"), (address, node.html[:200])
                if name in ("href", "src", "action", "formaction"):
                    assert urlsplit(value or "").scheme in ("", "http", "https", "data"), (address, value)
                    assert not (value or "").startswith("//"), (address, value)
                    assert name == "href" or (value or "").startswith("/"), (address, node.html[:200])
        for script in document.css("script"):
            if script.attributes.get("type") == "application/json":
                json.loads(script.text())
            else:
                assert script.attributes["src"].startswith("/assets/")
                assert script.text() == ""
        assert not document.css("svg, iframe, object, embed, base, meta[http-equiv], style, body img"), (
            address
        )
        text = document.text()
        for payload in hostile.PAYLOADS:
            shown[payload] += payload in text
    assert min(shown.values()) > 0, shown
    places = {urlsplit(address).path.split("/")[1] for address in found}
    assert places >= {
        "",
        "issuers",
        "indicators",
        "reports",
        "compare",
        "search",
        "quality",
        "sources",
        "cite",
        "releases",
    }


def test_nothing_of_it_runs_in_a_browser(command, found, chromium):
    told = []
    one_each = {}
    for address in found:
        kind = (urlsplit(address).path.split("/")[1], "lang=en" in address, "figure=" in address)
        one_each.setdefault(kind, address)
    with answering(command.home) as site:
        page = chromium.new_page()
        page.on("dialog", lambda dialog: told.append(f"dialog: {dialog.message}"))
        page.on("console", lambda said: told.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on(
            "request",
            lambda asked: told.append(asked.url) if not asked.url.startswith((site, "data:")) else None,
        )
        for address in one_each.values():
            assert page.goto(site + address).status == 200, address
            charts = page.locator("figure.chart")
            for index in range(charts.count()):
                charts.nth(index).locator("svg").first.wait_for(timeout=20_000)
            assert page.evaluate("window.hacked") is None, address
            assert told == [], address
        page.close()


def test_an_address_that_is_none_is_no_link(browser, command):
    (report,) = command.rows("select min(report_id) as id from fct_report")
    page = LexborHTMLParser(browser.get(f"/reports/{report['id']}").text)
    assert hostile.ADDRESS in page.text()
    assert not [link for link in page.css("a") if link.text() == hostile.ADDRESS]


def test_tables_are_taken_away_without_formulas(browser, found):
    taken = {}
    for address, page in found.items():
        for link in LexborHTMLParser(page).css(".take a"):
            target = link.attributes["href"]
            asked = dict(parse_qsl(urlsplit(target).query))
            taken.setdefault((urlsplit(address).path.split("/")[1], asked["table"], asked["format"]), target)
    assert {form for _, _, form in taken} == {"csv", "xlsx", "parquet"}
    hidden = 0
    for (_, _, form), target in taken.items():
        answer = browser.get(target)
        assert answer.status_code == 200, target
        assert answer.headers["content-disposition"].startswith("attachment; "), target
        assert answer.headers["x-content-type-options"] == "nosniff"
        if form == "csv":
            cells = [
                cell for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))) for cell in row
            ]
            assert not [
                cell for cell in cells if _FORMULA.match(cell) and not _PLAIN_NUMBER.fullmatch(cell)
            ], target
            hidden += sum(hostile.FORMULA in cell for cell in cells)
        elif form == "xlsx":
            book = zipfile.ZipFile(io.BytesIO(answer.content))
            for name in book.namelist():
                content = book.read(name).decode("utf-8")
                assert "<f>" not in content and "<f " not in content, (target, name)
                assert "javascript:" not in content or "<hyperlink" not in content, (target, name)
                assert "vbaProject" not in name and 'TargetMode="External"' not in content, (target, name)
        else:
            assert answer.content[:4] == answer.content[-4:] == b"PAR1"
    assert hidden > 0


def test_archived_bytes_are_handed_out_as_bytes(browser, command, reports):
    originals = {path.read_bytes() for path in reports.iterdir()}
    got = set()
    for row in command.rows("select capture_id from raw.capture"):
        answer = browser.get(f"/captures/{quote(row['capture_id'], safe='')}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/octet-stream"
        assert re.fullmatch(r'attachment; filename="[\w-]+\.\w+"', answer.headers["content-disposition"])
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("sandbox;")
        got.add(answer.content)
    assert got == originals


_PLACES = (
    "/", "/issuers", "/issuers/{}", "/indicators", "/indicators/{}", "/reports/{}", "/reports/{}/rule_of_law/2023",
    "/figures/{}", "/compare", "/search", "/cite", "/quality", "/sources", "/captures/{}", "/releases/", "/releases/{}",
    "/releases/{}/", "/releases/{}/nianbao.duckdb", "/changes/{}", "/current/{}", "/operation", "/status.json", "/metrics",
    "/assets/{}", "/{}",
)  # fmt: skip
_TABLES = ("news", "absent", "issuers", "indicators", "figures", "values", "shared", "ranking", "editions")
_NAMES = (
    "lang", "release", "format", "table", "edition", "figure", "a", "b", "issuers", "indicator", "find", "q", "kind", "from",
    "to", "region", "issuer", "section", "page", "year", "level", "part",
    *(f"{table}.{part}" for table in _TABLES for part in ("sort", "q", "page", "report_year", "state", "level", "scope")),
)  # fmt: skip
_VALUES = (
    *hostile.PAYLOADS, "", "\0", "%00", "..", "../../../../etc/passwd", "..%2f..%2fetc", "%2f", "/", "//other.example", "\\",
    "1' or '1'='1", "1; drop table fct_report", '" or ""="', "$id", "$$", "?", "*", "-1", "0", "99999999999999999999", "1e309",
    "nan", "²", "٣", "-", "--value", "-no_such_column", 'value" desc; --', "exe", "csv", "xlsx", "parquet", "en", "zh", "own",
    "20990101T000000Z-00000000", "a" * 450, "年" * 401, "\ud7ff\ufffe\U0001f600", "\r\nSet-Cookie: a=b", ",,,", "(((", '"',
    "AND OR NOT", "title:*", "a^9999", "[1 TO", "field:x", "/.*/", "~1000000", "350-360", "110000",
)  # fmt: skip
_ANSWERS = {200, 304, 307, 400, 404}


def value_of(browser):
    """Values that mean something in this release, others that were meant to do harm, and any text."""
    page = browser.get("/issuers?issuers.sort=-n_figures").text
    real = re.findall(r"/(?:issuers|reports|releases)/([\w:-]+)", page)
    return st.one_of(st.sampled_from(_VALUES), st.sampled_from(sorted(set(real))), st.text(max_size=30))


@tries(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), place=st.sampled_from(_PLACES))
def test_no_address_breaks_a_page(browser, data, place):
    values = data.draw(st.shared(st.just(value_of(browser)), key="values"))
    path = place.format(
        quote(data.draw(values), safe=data.draw(st.sampled_from(["", "/"])), errors="replace")
    )
    parameters = data.draw(st.lists(st.tuples(st.sampled_from(_NAMES), values), max_size=4))
    _asked_safely(browser, path, parameters)


@pytest.mark.parametrize("place", _PLACES)
def test_no_known_trick_breaks_a_page(browser, place):
    for at, value in enumerate(_VALUES):
        path = place.format(quote(value, safe="", errors="replace"))
        _asked_safely(browser, path, [(name, value) for name in _NAMES[at % 5 :: 5] if name != "release"])


def _asked_safely(browser, path, parameters):
    answer = browser.get(f"http://127.0.0.1{path}", params=parameters, follow_redirects=False)
    assert answer.status_code in _ANSWERS, (path, parameters, answer.text[:300])
    assert "set-cookie" not in answer.headers
    assert "root:" not in answer.text[:2000] or answer.status_code != 200
    if answer.status_code == 307:
        target = urlsplit(answer.headers["location"])
        assert target.netloc in ("", "127.0.0.1") and target.scheme in ("", "http"), answer.headers[
            "location"
        ]
    if answer.status_code in (200, 404) and "html" in answer.headers["content-type"]:
        page = LexborHTMLParser(answer.text)
        assert not [
            s for s in page.css("script:not([src])") if s.attributes.get("type") != "application/json"
        ]
        assert not page.css("body img, body svg, [onload], [onerror]")
        assert "Traceback" not in answer.text
