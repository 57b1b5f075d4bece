"""What two releases differ in, row by row, and why: told by where the rows come from."""

import json

import duckdb
import pytest
from small_world import JUSTICE

from nianbao.warehouse.release import publish
from nianbao.warehouse.release.changes import compare

REPORT = f"{JUSTICE}/rule_of_law/2023"
INPUTS = {"lake": "l", "rules": "r1", "models": "m1", "as_of": "2025-03-01"}


@pytest.fixture
def difference(copy_of, tmp_path):
    """The small world as published, and published again after statements; returns what differs, and the rows."""

    def compared(*statements, before=(), **inputs):
        sides = []
        for number, (changes, made_from) in enumerate(
            ((before, INPUTS), ((*before, *statements), INPUTS | inputs))
        ):
            home = tmp_path / str(number)
            home.mkdir()
            candidate = copy_of(*changes).rename(home / "candidate.duckdb")
            sides.append(
                publish(
                    candidate,
                    home / "releases",
                    home / "current",
                    refresh_id="r",
                    inputs=made_from,
                    checks=[],
                )
            )
        rows = tmp_path / "rows.parquet"
        marts = {each.mart: each for each in compare(*sides, rows)}
        with duckdb.connect() as connection:
            cursor = connection.execute(f"select mart, key, change, fields, cause from '{rows}'")
            names = [column[0] for column in cursor.description]
            return marts, [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return compared


def drop_report(report_id):
    return [
        f"delete from main.{mart} where report_id = '{report_id}'" for mart in ("fct_figure", "fct_report")
    ] + [f"delete from main.fct_indicator_year where report_id = '{report_id}'"]


def test_equal_releases_differ_in_nothing(difference):
    assert difference() == ({}, [])


def test_rows_that_came_with_a_report_say_so(difference):
    marts, rows = difference(*drop_report(REPORT))
    assert marts["fct_report"].gone == 1
    assert {row["cause"] for row in rows} == {"gone_report"}
    assert marts["fct_figure"].gone == marts["fct_figure"].causes["gone_report"] > 1
    (row,) = (row for row in rows if row["mart"] == "fct_report")
    assert (json.loads(row["key"]), row["change"]) == ({"report_id": REPORT}, "gone")


def test_an_edit_is_the_cause_of_what_is_computed_from_it(difference):
    marts, rows = difference(
        f"update main.fct_report set edition_id = 'other', capture_id = 'c2', n_editions = 2 where report_id = '{REPORT}'",
        f"update main.fct_indicator_year set value = value + 1 where report_id = '{REPORT}'",
        f"update main.fct_indicator_yoy set value = value + 1 where issuer_id = '{JUSTICE}' and fact_year = 2023",
    )
    assert set(marts) == {"fct_report", "fct_indicator_year", "fct_indicator_yoy"}
    assert {row["cause"] for row in rows} == {"edited_report"}
    assert {tuple(row["fields"]) for row in rows if row["mart"] == "fct_indicator_year"} == {("value",)}


def test_the_same_bytes_read_otherwise_are_a_change_of_rules(difference):
    _, rows = difference(
        f"update main.fct_report set edition_id = 'other' where report_id = '{REPORT}'",
        f"update main.fct_figure set measure = 'x', rules_version = 'r2' where report_id = '{REPORT}'",
        f"update main.fct_report set rules_version = 'r2' where report_id = '{REPORT}'",
        "update main.dim_indicator set label = label || 'x'",
        rules="r2",
    )
    assert {(row["mart"], row["cause"]) for row in rows} == {
        ("fct_report", "rule_change"),
        ("fct_figure", "rule_change"),
        ("dim_indicator", "rule_change"),
    }


def test_other_models_on_the_same_inputs_are_a_change_of_models(difference):
    marts, _ = difference(
        "update main.fct_indicator_yoy set reason = 'other' where reason is null",
        "alter table main.fct_coverage drop column as_of_date",
        "create table main.fct_new as select 1 as n",
        models="m2",
    )
    assert set(marts) == {"fct_indicator_yoy", "fct_new"}, "a column that is gone changes no row"
    assert all(set(each.causes) == {"model_change"} for each in marts.values())


def test_a_new_report_in_a_night_of_other_models_keeps_its_own_cause(difference):
    _, rows = difference(
        *drop_report(REPORT),
        "update main.fct_report set title = 'x'",
        models="m2",
    )
    causes = {
        json.loads(row["key"])["report_id"]: row["cause"] for row in rows if row["mart"] == "fct_report"
    }
    assert causes.pop(REPORT) == "gone_report"
    assert set(causes.values()) == {"model_change"}


def test_a_day_of_the_calendar_is_a_cause(difference):
    _, rows = difference(
        "update main.fct_coverage set state = 'late' where state = 'due'", as_of="2025-04-01"
    )
    assert {row["cause"] for row in rows} == {"calendar"}


def test_a_source_that_was_read_to_its_end_is_a_cause(difference):
    marts, rows = difference(
        "update main.fct_coverage set state = 'missing' where state = 'unexplored'",
        before=("update main.fct_coverage set state = 'unexplored' where state = 'missing'",),
        exploration="other",
        as_of="2025-04-01",
    )
    assert set(marts) == {"fct_coverage"}
    assert {row["cause"] for row in rows} == {"exploration"}


def test_withdrawals_and_repeated_looks_are_told_apart(difference):
    _, rows = difference(
        f"update main.fct_report set withdrawn_at = now() where report_id = '{REPORT}'",
        f"update main.fct_report set last_seen_at = now() where issuer_id = '{JUSTICE}'",
        before=(
            "alter table main.fct_report drop column if exists withdrawn_at",
            "alter table main.fct_report add column withdrawn_at timestamptz",
        ),
    )
    causes = {json.loads(row["key"])["report_id"]: row["cause"] for row in rows}
    assert causes.pop(REPORT) == "withdrawal"
    assert set(causes.values()) == {"seen_again"}


def test_a_correction_is_the_cause_of_its_cell_and_of_the_year_after(difference):
    marts, rows = difference(
        f"update main.fct_indicator_year set value = 7, correction_id = 'typo', correction_reason = 'a typo'"
        f" where issuer_id = '{JUSTICE}' and indicator_id = 'training_sessions' and fact_year = 2023",
        f"update main.fct_indicator_yoy set change = 1"
        f" where issuer_id = '{JUSTICE}' and indicator_id = 'training_sessions' and fact_year in (2023, 2024)",
    )
    assert marts["fct_indicator_year"].changed == 1
    assert marts["fct_indicator_yoy"].changed == 2
    assert {row["cause"] for row in rows} == {"correction"}


def test_a_column_of_another_type_is_compared_by_what_it_says(difference):
    marts, _ = difference("alter table main.fct_report alter report_year type varchar", models="m2")
    assert marts == {}
