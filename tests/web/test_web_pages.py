"""What readers find: the current release and what belongs to it, older ones, sentences where nothing is."""

import pytest
from starlette.testclient import TestClient

from nianbao.web import make_app

CURRENT, FORMER = "20260102T000000Z-22222222", "20260101T000000Z-11111111"


@pytest.mark.usefixtures("home")
def test_the_page_of_operation_leads_to_everything(settings):
    app = make_app(settings, prefect_ui="http://127.0.0.1:4200")
    browser = TestClient(app, base_url="http://localhost")
    page = browser.get("/operation")
    assert page.status_code == 200
    assert "12 份报告 · 345 个数字" in page.text
    for address in ("/releases/", "/status.json", "/metrics", "http://127.0.0.1:4200"):
        assert f'href="{address}"' in page.text
    for name in ("quality.html", "dictionary.html", "datapackage.json", "nianbao.duckdb"):
        assert f'href="/releases/{CURRENT}/{name}"' in page.text
        assert browser.get(f"/releases/{CURRENT}/{name}").status_code == 200
    assert browser.get("/assets/style.css").headers["content-type"].startswith("text/css")


def test_an_empty_home_says_what_makes_the_first_release(browser):
    first = browser.get("/")
    assert (first.status_code, "nianbao refresh" in first.text) == (404, True)
    assert "nianbao refresh" in browser.get("/operation").text
    assert browser.get("/releases/").status_code == 200
    answer = browser.get("/current/quality.html")
    assert (answer.status_code, "nianbao refresh" in answer.text) == (404, True)
    assert browser.get("/health").text == "ok\n"


@pytest.mark.usefixtures("home")
def test_a_link_that_leads_nowhere_is_told_on_the_page(settings, browser):
    settings.current.unlink()
    settings.current.symlink_to(settings.releases / "gone")
    page = browser.get("/operation")
    assert page.status_code == 200
    assert "to mend it" in page.text
    assert "to mend it" in browser.get("/").text


@pytest.mark.usefixtures("home")
def test_releases_are_listed_with_their_files(browser):
    page = browser.get("/releases/").text
    assert page.index(CURRENT) < page.index(FORMER)
    contents = browser.get(f"/releases/{FORMER}/").text
    assert f'href="/releases/{FORMER}/parquet/fct_report.parquet"' in contents
    assert "stray.txt" not in contents


@pytest.mark.usefixtures("home")
def test_current_leads_to_the_release_that_is_current_now(settings, browser):
    answer = browser.get("/current/quality.html", follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["location"] == f"/releases/{CURRENT}/quality.html"
    assert browser.get("/current").url.path == f"/releases/{CURRENT}/"
    settings.current.unlink()
    settings.current.symlink_to(settings.releases / FORMER)
    assert browser.get("/current/quality.html").url.path == f"/releases/{FORMER}/quality.html"


@pytest.mark.usefixtures("home")
def test_files_come_in_ranges_with_their_type(browser):
    address = f"/releases/{CURRENT}/nianbao.duckdb"
    part = browser.get(address, headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.text, part.headers["content-range"]) == (206, "234", "bytes 2-4/10")
    assert part.headers["content-type"] == "application/octet-stream"
    head = browser.head(address)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, "10", b"")
    assert "immutable" in head.headers["cache-control"]
    page = browser.get(f"/releases/{CURRENT}/quality.html")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"].startswith("private")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    "address", ["/nothing", "/releases/nothing/", f"/releases/{CURRENT}/nothing", "/current/nothing"]
)
def test_what_is_not_there_is_told_in_a_sentence(browser, address):
    answer = browser.get(f"{address}?lang=en")
    assert answer.status_code == 404 and answer.headers["content-type"].startswith("text/plain")
    assert "there is no" in answer.text or "holds no file" in answer.text
    assert "/" in answer.text
    for language, heading in (("zh", "没有这一页"), ("en", "There is no such page")):
        page = browser.get(f"{address}?lang={language}", headers={"Accept": "text/html,*/*"})
        assert page.status_code == 404 and heading in page.text and "<nav" in page.text


def test_status_and_metrics_tell_how_the_home_is(browser, settings):
    status = browser.get("/status.json").json()
    assert status["release"] is None
    assert {source["state"] for source in status["sources"]} == {None}
    metrics = browser.get("/metrics")
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "# HELP nianbao_" in metrics.text


def test_status_is_not_made_anew_for_everyone_who_asks(browser, settings):
    first = browser.get("/status.json").json()["looked_at"]
    assert browser.get("/status.json").json()["looked_at"] == first


def test_a_registry_that_cannot_be_read_is_told(settings, tmp_path):
    (tmp_path / "registry").mkdir()
    (tmp_path / "registry" / "regions.yml").write_text("[: no YAML")
    broken = settings.model_copy(update={"data": tmp_path / "registry"})
    answer = TestClient(make_app(broken), base_url="http://localhost").get("/status.json")
    assert answer.status_code == 503
    assert "nianbao status" in answer.text
