"""Every page of the explorer in a real browser: it says what the release says, and works in both languages and widths."""

import json
import re
from urllib.parse import quote, urlsplit

import pytest

DESKTOP, PHONE = (1280, 900), (390, 800)


@pytest.fixture(scope="module")
def known(rows):
    """Things of the release that pages are about."""
    ((issuer,),) = rows("select issuer_id from fct_report group by 1 order by count(*) desc, 1 limit 1")
    reports = [
        row[0]
        for row in rows("select report_id from fct_report where issuer_id = ? order by report_year", [issuer])
    ]
    ((edited,),) = rows("select report_id from fct_report where n_editions > 1")
    ((indicator,),) = rows(
        "select indicator_id from fct_indicator_yoy where comparability = 'comparable' group by 1 order by count(*) desc, 1 limit 1"
    )
    ((figure,),) = rows(
        "select figure_id from fct_figure where is_current and indicator_id is not null order by 1 limit 1"
    )
    ((region,),) = rows("select min(region_code) from fct_coverage")
    return {
        "issuer": issuer, "reports": reports, "edited": edited, "indicator": indicator, "figure": figure, "region": region,
    }  # fmt: skip


def addresses(known):
    a, b = known["reports"][:2]
    return [
        "/",
        f"/?region={known['region'][:4]}00",
        "/issuers",
        f"/issuers/{known['issuer']}",
        "/indicators",
        f"/indicators/{known['indicator']}",
        f"/reports/{known['edited']}",
        f"/figures/{known['figure']}",
        "/compare",
        f"/compare?issuers={known['issuer']}&find=%E5%8C%BA",
        f"/compare?a={a}&b={b}",
        f"/search?q={quote('行政复议')}",
        "/quality",
        "/sources",
        "/releases/",
        "/current",
        "/operation",
        f"/cite?figure={known['figure']}",
        "/nothing-here?lang=en",
    ]


class Seen:
    """A page that is watched for whatever must not happen on it."""

    def __init__(self, browser, site, size):
        self.page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        self.wrong = []
        host = urlsplit(site).netloc
        self.page.on("console", lambda told: self.wrong.append(told.text) if told.type == "error" else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("dialog", lambda dialog: self.wrong.append(f"a dialog: {dialog.message}"))
        self.page.on(
            "request",
            lambda asked: (
                self.wrong.append(f"asked elsewhere: {asked.url}")
                if urlsplit(asked.url).netloc not in ("", host)
                else None
            ),
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.page.close()

    def goto(self, url):
        answer = self.page.goto(url)
        charts = self.page.locator("figure.chart")
        for index in range(charts.count()):
            charts.nth(index).locator("svg").wait_for(timeout=20_000)
        return answer


@pytest.fixture
def open_page(chromium, site):
    """open_page(address, size) → the page, watched."""
    opened = []

    def open_(address, size=DESKTOP):
        seen = Seen(chromium, site, size)
        opened.append(seen)
        assert seen.goto(site + address).status == 200
        return seen.page

    yield open_
    for seen in opened:
        assert seen.wrong == []
        seen.page.close()


def test_every_page_is_whole_in_both_languages_and_widths(chromium, site, known):
    for size in (DESKTOP, PHONE):
        with Seen(chromium, site, size) as seen:
            for address in addresses(known):
                for language in ("zh", "en"):
                    there = f"{site}{address}{'&' if '?' in address else '?'}lang={language}"
                    if address.startswith("/nothing"):
                        assert seen.page.goto(there).status == 404
                        seen.wrong.clear()  # the browser reports the status itself
                        continue
                    assert seen.goto(there).status == 200, there
                    page = seen.page
                    assert page.locator("h1").count() == 1, there
                    assert page.locator("html").get_attribute("lang") == (
                        "en" if language == "en" else "zh-CN"
                    ), there
                    beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                    assert beyond <= 0, f"{there} is {beyond} pixels too wide at {size}"
                    unnamed = page.locator(
                        "input:not([type=hidden]):not([aria-label]), select:not([aria-label])"
                    )
                    for index in range(unnamed.count()):
                        assert unnamed.nth(index).locator("xpath=ancestor::label").count() == 1, there
            assert seen.wrong == []


def test_the_overview_counts_what_the_release_holds(open_page, rows):
    page = open_page("/")
    facts = re.findall(r"[\d,]+", page.locator(".facts").inner_text())
    ((reports, issuers, figures),) = rows(
        "select count(*), count(distinct issuer_id), sum(n_figures) from fct_report"
    )
    assert [int(each.replace(",", "")) for each in facts[:3]] == [reports, issuers, figures]
    cells = page.locator("table.heat tbody td").all_inner_texts()
    expected = rows(
        "select count(*) filter (where fct_coverage.state = 'published' and timely.state = 'on_time'), count(*) from fct_coverage"
        " left join fct_timeliness as timely using (report_id) group by fct_coverage.report_year order by fct_coverage.report_year"
    )
    assert [cell for cell in cells if cell != "–"] == [f"{on_time}/{all_}" for on_time, all_ in expected]


def test_a_table_is_sorted_filtered_and_counted_by_its_address(open_page, rows):
    page = open_page("/issuers?issuers.sort=-n_figures&issuers.q=%E5%B1%80")
    shown = page.locator("#issuers tbody tr td:first-child").all_inner_texts()
    expected = rows(
        "select issuer_name from dim_issuer left join fct_report using (issuer_id)"
        " where contains(issuer_name, '局') or contains(dim_issuer.region_name, '局') group by issuer_id, issuer_name, is_registered"
        " having count(report_id) > 0 or is_registered order by coalesce(sum(n_figures), 0) desc, count(report_id) desc,"
        " any_value(dim_issuer.region_code), issuer_id"
    )
    assert shown == [row[0] for row in expected][:50]
    assert page.locator("#issuers-title small").inner_text() == str(len(expected))
    page.locator("#issuers thead a").first.click()
    assert "issuers.sort=issuer_name" in page.url
    assert page.locator("th[aria-sort]").count() == 1


def test_a_figure_opens_its_panel_and_leads_on(open_page, rows, known):
    page = open_page(f"/figures/{known['figure']}")
    ((text, value, sentence, rule),) = rows(
        "select text, value, sentence, rule from fct_figure where figure_id = ?", [known["figure"]]
    )
    panel = page.locator("aside")
    assert panel.locator("h2").inner_text().startswith(text)
    assert f"{value:,f}".rstrip("0").rstrip(".") in panel.inner_text()
    assert panel.locator("blockquote").inner_text().split() == sentence.split()
    assert rule in panel.inner_text()
    assert page.locator("a.chosen").first.inner_text() == text
    following = panel.locator("a[rel=next]")
    named = following.inner_text().removesuffix(" →")
    following.click()
    assert page.locator("aside h2").inner_text().startswith(named)


def test_the_text_of_a_report_is_the_archived_one(open_page, home, rows, known):
    page = open_page(f"/reports/{known['edited']}")
    from nianbao.warehouse.release import current_release
    from nianbao.warehouse.release.texts import text_of

    import duckdb  # isort: skip

    release = current_release(home / "current")
    ((edition,),) = rows("select edition_id from fct_report where report_id = ?", [known["edited"]])
    with duckdb.connect(str(release.database), read_only=True) as connection:
        text = text_of(connection, release, edition)
    shown = page.locator("article .text").evaluate("element => element.textContent")
    assert shown == text
    marked = page.locator("article a.figure, article a:has-text('')").count()
    assert marked > 0


def test_editions_stand_side_by_side_with_their_differences(open_page, known, rows):
    page = open_page(f"/reports/{known['edited']}")
    page.get_by_role("link", name="并排比较").first.click()
    assert page.locator("tr.changed, tr.added, tr.gone").count() > 0
    assert page.locator("del, ins").count() > 0
    assert page.locator("tr.equal").count() > 0


def test_a_series_is_joined_only_where_years_are_comparable(open_page, rows, known):
    page = open_page(f"/issuers/{known['issuer']}?indicator={known['indicator']}")
    spec = json.loads(page.locator("figure.chart script").first.evaluate("element => element.textContent"))
    points = spec["data"]["values"]
    expected = rows(
        "select fact_year, value::double, comparability from fct_indicator_yoy where issuer_id = ? and indicator_id = ?"
        " and scope = 'own' order by 1",
        [known["issuer"], known["indicator"]],
    )
    assert [(point["year"], point["value"]) for point in points] == [
        (year, value) for year, value, _ in expected
    ]
    for before, after, (_, _, comparability) in zip(points, points[1:], expected[1:], strict=False):
        assert (before["joined"] == after["joined"]) == (comparability == "comparable")


def test_search_finds_what_stands_in_the_texts(open_page, rows):
    page = open_page("/search?q=%E8%A1%8C%E6%94%BF%E5%A4%8D%E8%AE%AE")
    assert page.locator("ol.hits > li").count() > 0
    for mark in page.locator("mark").all_inner_texts():
        assert mark == "行政复议"
    page.locator("ol.hits > li > a").first.click()
    assert "/reports/" in page.url
    assert "行政复议" in page.locator("article, h1").last.inner_text() or "行政复议" in page.content()


def test_what_is_wrong_with_a_query_is_said(open_page):
    page = open_page("/search?q=%22")
    assert page.get_by_role("alert").inner_text()


def test_the_language_is_switched_in_place_and_kept(open_page, known):
    page = open_page(f"/indicators/{known['indicator']}?ranking.sort=-value")
    page.get_by_role("link", name="English").click()
    assert "ranking.sort=-value" in page.url
    assert page.locator("nav a").first.inner_text() == "Issuers"
    page.locator("nav a").first.click()
    assert "lang=en" in page.url
    page.get_by_role("link", name="中文").click()
    assert "lang" not in urlsplit(page.url).query
    assert page.locator("nav a").first.inner_text() == "机关"


def test_a_release_is_pinned_and_kept(open_page, home):
    former = min(folder.name for folder in (home / "releases").iterdir())
    page = open_page(f"/issuers?release={former}")
    page.locator("#issuers tbody a").first.click()
    assert f"release={former}" in page.url
    assert former in page.locator("footer").inner_text()
    page.get_by_role("link", name="看当前发布").click()
    assert former not in page.locator("footer").inner_text()


def test_what_a_release_changed_is_told(open_page, home):
    page = open_page("/releases/")
    page.get_by_role("link", name="有何变化").first.click()
    told = page.locator("tbody").inner_text()
    assert "fct_report" in told
    assert "报告被改动" in told


def test_the_keyboard_reaches_the_text_first(open_page):
    page = open_page("/issuers")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")
    assert page.locator(".scroll[tabindex='0']").count() == 1
