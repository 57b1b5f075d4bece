"""What pages tell, told again by plain SQL and by reading the texts: charts, hits, pages of tables, tables taken away."""

import csv
import io
import json
import re
import statistics

import duckdb
import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from nianbao.settings import Settings
from nianbao.warehouse.release import current_release
from nianbao.warehouse.release.texts import text_of
from nianbao.web import make_app


@pytest.fixture(scope="module")
def get(home):
    """get(address, parameters) → the page, parsed."""
    browser = TestClient(make_app(Settings(home=home)), base_url="http://127.0.0.1")

    def got(address, **parameters):
        answer = browser.get(address, params=parameters)
        assert answer.status_code == 200, (address, answer.text[:300])
        return LexborHTMLParser(answer.text)

    got.raw = browser.get
    return got


@pytest.fixture(scope="module")
def texts(home, rows):
    """Report id → the text of its current edition."""
    release = current_release(home / "current")
    with duckdb.connect(str(release.database), read_only=True) as connection:
        return {
            report: text_of(connection, release, edition)
            for report, edition in rows("select report_id, edition_id from fct_report")
        }


def charts(page):
    return [json.loads(node.text()) for node in page.css("figure.chart script")]


def test_the_spread_of_an_indicator_is_that_of_its_values(get, rows):
    ((indicator, unit),) = rows(
        "select indicator_id, unit from fct_indicator_year where scope = 'own' group by all order by count(*) desc, 1 limit 1"
    )
    values = {}
    for year, value in rows(
        "select fact_year, value::double from fct_indicator_year where indicator_id = ? and scope = 'own'"
        " and unit is not distinct from ?",
        [indicator, unit],
    ):
        values.setdefault(year, []).append(value)
    spread, histogram = charts(get(f"/indicators/{indicator}"))
    drawn = {row["year"]: row for row in spread["data"]["values"]}
    assert drawn.keys() == values.keys()
    assert max(len(each) for each in values.values()) > 2
    for year, known in values.items():
        told = drawn[year]
        assert (told["n"], told["low"], told["high"]) == (len(known), min(known), max(known))
        assert told["median"] == pytest.approx(statistics.median(known))
        if len(known) > 1:
            q1, _, q3 = statistics.quantiles(known, n=4, method="inclusive")
            assert (told["q1"], told["q3"]) == (pytest.approx(q1), pytest.approx(q3))
    year = max(values)
    chosen = charts(get(f"/indicators/{indicator}", year=year))[1]
    assert sorted(row["value"] for row in chosen["data"]["values"]) == sorted(values[year])
    assert histogram["data"]["values"]


@pytest.mark.parametrize("phrase", ["行政复议", "法律顾问", "负责人出庭应诉", "较上年", "这句话哪里都没有"])
def test_hits_are_in_the_reports_whose_text_holds_the_phrase(get, texts, phrase):
    found = set()
    for kind in ("report", "section"):
        page, at = get("/search", q=f'"{phrase}"', kind=kind), 1
        while hits := page.css("ol.hits > li > a"):
            found |= {re.match(r"/reports/([^?#]+)", link.attributes["href"]).group(1) for link in hits}
            if not page.css("nav.pages a[rel=next]"):
                break
            at += 1
            page = get("/search", q=f'"{phrase}"', kind=kind, page=at)
    assert found == {report for report, text in texts.items() if phrase in text}


def test_figures_are_counted_by_the_sentences_that_hold_the_phrase(get, rows):
    ((expected,),) = rows(
        "select count(*) from fct_figure left join dim_indicator using (indicator_id) where is_current"
        " and (contains(sentence, '行政复议') or contains(label, '行政复议'))"
    )
    page = get("/search", q="行政复议", kind="figure")
    assert page.css_first("main > p > b").text() == f"{expected:,}"
    assert expected > 20


def test_the_second_page_of_a_table_goes_on_where_the_first_ended(get, rows):
    ((report, edition),) = rows(
        "select report_id, edition_id from fct_report order by n_figures desc, 1 limit 1"
    )
    expected = rows(
        "select text from fct_figure where edition_id = ? order by value desc nulls last, ordinal", [edition]
    )
    assert len(expected) > 50
    shown = []
    for at in (1, 2, 99):
        page = get(f"/reports/{report}", **{"figures.sort": "-value", "figures.page": at})
        shown.append([node.text() for node in page.css("#figures tbody tr td:nth-child(2)")])
        assert page.css_first("#figures-title small").text() == f"{len(expected):,}"
    assert shown[0] == [text for (text,) in expected[:50]]
    assert shown[1] == [text for (text,) in expected[50:100]]
    last = len(expected) // 50 * 50 if len(expected) % 50 else len(expected) - 50
    assert shown[2] == [text for (text,) in expected[last:]]


def test_what_is_taken_away_is_the_whole_table_as_filtered_and_sorted(get, rows, home):
    parameters = {"issuers.sort": "-n_figures", "issuers.q": "局"}
    page = get("/issuers", **parameters)
    link = next(a.attributes["href"] for a in page.css("#issuers .take a") if a.text() == "CSV")
    assert f"release={(home / 'current').resolve().name}" in link
    taken = list(csv.reader(io.StringIO(get.raw(link).content.decode("utf-8-sig"))))
    assert len(taken) - 1 == int(page.css_first("#issuers-title small").text().replace(",", ""))
    names = [row[0] for row in taken[1:]]
    shown = [node.text() for node in page.css("#issuers tbody tr td:first-child")]
    assert names[: len(shown)] == shown
    assert all("局" in "".join(row) for row in taken[1:])


def test_two_reports_share_the_indicators_that_either_states(get, rows):
    ((issuer,),) = rows("select issuer_id from fct_report group by 1 having count(*) > 1 order by 1 limit 1")
    a, b = [
        row[0]
        for row in rows(
            "select report_id from fct_report where issuer_id = ? order by report_year limit 2", [issuer]
        )
    ]
    stated = (
        "select indicator_id, scope from fct_indicator_year where report_id = ? and fact_year = report_year"
    )
    expected = set(rows(stated, [a])) | set(rows(stated, [b]))
    page = get("/compare", a=a, b=b)
    assert page.css_first("#shared-title small").text() == str(len(expected))


def test_checks_and_sources_are_all_listed(get, rows):
    ((checks,),) = rows("select count(*) from ops_check")
    assert get("/quality").css_first("#checks-title small").text() == f"{checks:,}"
    ((sources,),) = rows("select count(*) from raw.source")
    assert get("/sources").css_first("#sources-title small").text() == f"{sources:,}"


def test_an_address_gives_the_same_page_again_and_says_so(get, home):
    former = min(folder.name for folder in (home / "releases").iterdir())
    for address in (
        "/?lang=en",
        "/issuers?issuers.sort=-n_figures&issuers.page=2",
        f"/sources?release={former}&lang=en",
    ):
        first, second = get.raw(address), get.raw(address)
        assert first.content == second.content
        again = get.raw(address, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        other = get.raw(
            address.replace("lang=en", "lang=zh") + "&x=1", headers={"If-None-Match": first.headers["etag"]}
        )
        assert other.status_code == 200
