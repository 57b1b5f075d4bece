"""What would mislead: values of another edition, units mixed on one axis, reports that are not counted, names of other places."""

import json

import duckdb
import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from nianbao.explorer.series import of_one_unit
from nianbao.explorer.terms import TERMS
from nianbao.explorer.views.overview import _FACTS
from nianbao.model import ORDINARY_OUTCOMES, Outcome
from nianbao.settings import Settings
from nianbao.web import make_app


@pytest.fixture(scope="module")
def get(home):
    """get(address, parameters) → the page, parsed."""
    client = TestClient(make_app(Settings(home=home)), base_url="http://127.0.0.1")

    def got(address, **parameters):
        answer = client.get(address, params=parameters)
        assert answer.status_code == 200, (address, answer.text[:300])
        return LexborHTMLParser(answer.text)

    return got


def text(node):
    return " ".join(node.text().split())


def test_two_editions_are_compared_by_what_each_of_them_states(get, rows):
    pairs = rows(
        "select former.edition_id, current.edition_id from fct_edition as former"
        " inner join fct_edition as current using (report_id) where not former.is_current and current.is_current"
    )
    assert pairs
    for former, current in pairs:
        figures = [
            dict(
                rows(
                    "select ordinal, value from fct_figure where edition_id = ? and indicator_id is not null",
                    [each],
                )
            )
            for each in (former, current)
        ]
        assert figures[0].keys() == figures[1].keys()  # the edit changed values only, so places are the same
        changed = sorted(
            float(figures[1][at] - figures[0][at]) for at in figures[0] if figures[0][at] != figures[1][at]
        )
        assert changed
        page = get("/compare", a=former, b=current, **{"shared.sort": "-difference", "shared.page": 1})
        last = get("/compare", a=former, b=current, **{"shared.sort": "difference"})
        told = {text(line.css("td")[-1]) for each in (page, last) for line in each.css("#shared tbody tr")}
        assert {float(difference.replace(",", "")) for difference in told} == {0, *changed}
        assert text(page.css_first("#shared-title small")) == str(len(figures[0]))


def test_an_edition_that_was_replaced_says_so(get, rows):
    ((report, former),) = rows(
        "select report_id, edition_id from fct_edition where not is_current order by all limit 1"
    )
    assert "较早的版本" in text(get(f"/reports/{report}", edition=former).css_first("[role=note]"))
    assert get(f"/reports/{report}").css_first("[role=note]") is None
    figures = rows(
        "select is_current, min(figure_id) from fct_figure where report_id = ? group by 1 order by 1",
        [report],
    )
    said = [get("/cite", figure=figure).css_first("[role=note]") is not None for _, figure in figures]
    assert said == [True, False]


def test_the_overview_counts_reports_of_bodies_that_no_register_holds(get, rows):
    ((reports,),) = rows("select count(*) from fct_report")
    assert text(get("/").css(".facts li b")[0]).replace(",", "") == str(reports)
    with duckdb.connect() as connection:
        connection.execute(
            "create table fct_report as select * from (values ('a', '990101', 5, 1), ('b', null, 7, 2))"
            " as report(issuer_id, region_code, n_figures, n_editions)"
        )
        connection.execute("create table fct_coverage (region_code varchar, state varchar)")
        told = [connection.execute(_FACTS, {"within": within}).fetchone() for within in ("", "9901", "98")]
    assert told == [(2, 2, 12, 1, 0), (1, 1, 5, 0, 0), (0, 0, 0, 0, 0)]


def test_a_check_without_data_did_not_pass(get, rows):
    ((passed, told, other),) = rows(
        "select count(*) filter (where verdict = 'pass'), count(*) filter (where verdict in ('pass', 'fail')),"
        " count(*) filter (where verdict not in ('pass', 'fail')) from ops_check"
    )
    assert other > 0
    assert f"{passed} / {told} " in text(get("/").css(".facts li")[-1]) + " "


def test_edited_reports_come_before_older_news(get, rows):
    page = get("/")
    ((edited,),) = rows("select count(*) from fct_report where n_editions > 1")
    editions = [int(text(line.css("td")[-1])) for line in page.css("#news tbody tr")]
    assert edited > 0
    assert max(editions) == editions[0] > 1


def test_districts_of_a_municipality_are_not_named_after_one_of_them(get, rows):
    ((indicator,),) = rows(
        "select indicator_id from fct_indicator_year inner join dim_issuer using (issuer_id)"
        " where scope = 'own' group by 1 having count(distinct region_code) > 1 order by count(*) desc, 1 limit 1"
    )
    names = [text(node) for node in get(f"/indicators/{indicator}").css(".heat tbody th")]
    districts = {
        name for (name,) in rows("select region_name from dim_region where region_code like '9901%'")
    }
    assert names == ["澜川市所辖区县"]
    assert not districts & set(names)
    within = {text(node) for node in get(f"/indicators/{indicator}", region="990100").css(".heat tbody th")}
    assert within <= districts
    assert len(within) > 1


def test_a_chosen_part_of_the_country_is_all_that_an_indicator_page_tells_of(get, rows):
    ((indicator, year, code, n),) = rows(
        "select indicator_id, max(fact_year), region_code, count(*) filter (where fact_year = (select max(fact_year) from"
        " fct_indicator_year as other where other.indicator_id = value.indicator_id))"
        " from fct_indicator_year as value inner join dim_issuer using (issuer_id)"
        " where scope = 'own' and region_code is not null group by 1, 3 having count(distinct unit) = 1 order by 4 desc, 1 limit 1"
    )
    page = get(f"/indicators/{indicator}", region=code, year=year)
    histogram = json.loads(page.css("figure.chart script")[-1].text())
    assert sum(row["n"] for row in histogram["data"]["values"]) <= n
    everywhere = json.loads(get(f"/indicators/{indicator}", year=year).css("figure.chart script")[-1].text())
    assert sum(row["n"] for row in everywhere["data"]["values"]) >= n


def test_one_axis_has_one_unit():
    rows = [{"unit": unit, "value": at} for at, unit in enumerate(["人次", "名", "人次", None])]
    drawn, unit, left = of_one_unit(rows)
    assert ([row["value"] for row in drawn], unit, left) == ([0, 2], "人次", 2)
    assert of_one_unit([]) == ([], "", 0)


def test_a_place_without_bodies_and_an_indicator_without_values_say_so(get, rows):
    page = get("/", region="440000")
    assert page.css("figure.chart, .heat") == []
    assert "没有登记" in text(page.css_first("main"))
    ((indicator,),) = rows(
        "select indicator_id from dim_indicator where indicator_id not in (select indicator_id from fct_indicator_year) limit 1"
    )
    assert "还没有报告" in text(get(f"/indicators/{indicator}").css_first("main"))


def test_only_addresses_that_gave_no_report_are_troubles(get, rows):
    told = [text(line.css("td")[0]) for line in get("/sources").css("#addresses tbody tr")]
    assert "report" not in told
    outcomes = "'" + "','".join(ORDINARY_OUTCOMES) + "'"
    ((expected,),) = rows(
        f"select count(*) from ops_capture_state where is_latest and outcome not in ({outcomes})"
    )
    assert text(get("/sources").css_first("#addresses-title small")) == str(expected)


def test_every_outcome_that_is_told_has_a_word():
    assert {str(outcome) for outcome in set(Outcome) - ORDINARY_OUTCOMES} - TERMS["outcome"].keys() == set()


@pytest.mark.parametrize(
    ("kind", "column", "mart"),
    [
        ("qualifier", "qualifier", "fct_figure"),
        ("scope", "scope", "fct_figure"),
        ("section", "kind", "fct_section"),
        ("comparability", "comparability", "fct_indicator_yoy"),
        ("reason", "reason", "fct_indicator_yoy"),
        ("cause", "cause", "fct_indicator_yoy"),
        ("coverage", "state", "fct_coverage"),
        ("timeliness", "state", "fct_timeliness"),
        ("verdict", "verdict", "fct_claim_check"),
        ("verdict", "verdict", "fct_commitment_followup"),
        ("verdict", "verdict", "ops_check"),
        ("kind", "kind", "dim_indicator"),
        ("level", "level", "dim_issuer"),
        ("department", "department_type", "dim_issuer"),
    ],
)
def test_every_value_of_a_closed_list_has_a_word(rows, kind, column, mart):
    found = {value for (value,) in rows(f"select distinct {column} from {mart} where {column} is not null")}
    assert found
    assert found - TERMS[kind].keys() == set()
