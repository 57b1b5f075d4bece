"""What the marts say about a small world, and how a transform behaves as a citizen of its process."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from candidate import World, figure
from small_world import AS_OF, GOVERNMENT, JUSTICE, POLICE, ROOT, Built

from nianbao.model import Verdict
from nianbao.warehouse.transform import TransformError, transform

UNREGISTERED = "unregistered-990102-0a1b2c3d"


def test_every_test_of_the_project_passes_on_a_sound_world(built: Built) -> None:
    assert built.result.failures == ()
    assert built.result.models == 50
    assert built.result.tests == len(built.result.checks) > 90


def test_another_process_can_write_to_the_candidate_afterwards(built: Built, tmp_path: Path) -> None:
    path = tmp_path / "copy.duckdb"
    path.write_bytes(built.path.read_bytes())
    assert not built.path.with_name("candidate.duckdb.wal").exists()
    script = f"import duckdb; duckdb.connect({str(built.path)!r}).execute('begin; create table t (i int); rollback')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_the_process_is_left_as_it_was(built: Built) -> None:
    assert "NIANBAO_CANDIDATE" not in os.environ
    assert (built.work / "dbt.log").stat().st_size > 0
    assert not [h for h in logging.root.handlers if type(h) is logging.StreamHandler]


def test_nothing_is_written_into_the_project_folder(built: Built) -> None:
    found = {path.name for path in (ROOT / "dbt_project").iterdir()}
    assert found == {"dbt_project.yml", "profiles.yml", "macros", "models", "seeds", "tests"}


def test_views_survive_the_renaming_of_the_file(built: Built, tmp_path: Path) -> None:
    renamed = tmp_path / "nianbao.duckdb"
    renamed.write_bytes(built.path.read_bytes())
    with duckdb.connect(str(renamed), read_only=True) as connection:
        assert connection.execute("select count(*) from intermediate.int_indicator_figure").fetchone() == (
            25,
        )
    with duckdb.connect() as connection:
        connection.execute(f"attach '{renamed}' as other (read_only)")
        assert connection.execute("select count(*) from other.intermediate.int_issuer").fetchone() == (4,)


def test_descriptions_travel_with_the_file(built: Built) -> None:
    missing = built.rows(
        "select table_name, column_name from duckdb_columns()"
        " where schema_name = 'main' and not internal and comment is null"
    )
    assert missing == []
    comment = built.row("select comment from duckdb_tables() where table_name = 'fct_indicator_year'")[
        "comment"
    ]
    assert "never 0" in comment


# --- dimensions and reports ---------------------------------------------------------------------------------


def test_bodies_and_regions_that_only_reports_name_are_there_and_marked(built: Built) -> None:
    issuer = built.row("from dim_issuer where not is_registered")
    assert (issuer["issuer_id"], issuer["issuer_name"]) == (UNREGISTERED, "清河市柏岗区应急管理局")
    assert (issuer["region_name"], issuer["level"]) == ("云岭省清河市柏岗区", None)
    region = built.row("from dim_region where not is_registered")
    assert (region["region_code"], region["level"]) == ("990102", "county")
    justice = built.row("from dim_issuer where issuer_id = ?", JUSTICE)
    assert (justice["aliases"], justice["region_name"]) == (["松溪区司法局"], "云岭省清河市松溪区")


def test_the_current_edition_is_the_one_whose_capture_was_seen_last(built: Built) -> None:
    report = built.row("from fct_report where report_id = ?", f"{GOVERNMENT}/rule_of_law/2024")
    assert "修订" not in report["title"]
    assert (report["n_editions"], report["n_figures"]) == (2, 2)
    assert report["first_seen_at"].day == 2 and report["last_seen_at"].day == 10
    # The spans belong to the capture that the edition was read from, the way back leads there.
    assert report["archive_offset"] == 4000
    figures = built.rows("from fct_figure where is_current and report_id = ?", report["report_id"])
    assert {f["edition_id"] for f in figures} == {report["edition_id"]}
    assert {f["capture_id"] for f in figures} == {report["capture_id"]}


# --- values per year ----------------------------------------------------------------------------------------

YEAR = "from fct_indicator_year where issuer_id = ? and indicator_id = ? and fact_year = ? and scope = 'own'"
YOY = "from fct_indicator_yoy where issuer_id = ? and indicator_id = ? and fact_year = ? and scope = 'own'"


@pytest.mark.parametrize(
    ("indicator", "year", "value", "rule", "candidates", "distinct"),
    [
        ("training_sessions", 2022, 10, "own_report", 2, 2),  # the later report says 9
        ("training_sessions", 2023, 12, "exact", 2, 2),  # 约14次 stands first; 其中5次 is no candidate
        ("training_sessions", 2024, 15, "first_in_text", 2, 2),
        ("contracts_reviewed", 2023, 24, "only_candidate", 1, 1),
        ("normative_docs", 2024, 6, "only_candidate", 1, 1),  # 同比增长29.4% is no candidate
        ("public_lawyers", 2023, 3, "only_candidate", 1, 1),  # a level, whenever it began to build up
    ],
)
def test_the_value_of_a_year_is_chosen_by_the_stated_rule(
    built: Built, indicator: str, year: int, value: int, rule: str, candidates: int, distinct: int
) -> None:
    row = built.row(YEAR, JUSTICE, indicator, year)
    assert (row["value"], row["choice_rule"]) == (value, rule)
    assert (row["n_candidates"], row["n_distinct_values"]) == (candidates, distinct)
    assert len(row["candidate_figure_ids"]) == candidates
    assert row["candidate_figure_ids"][0] == row["chosen_figure_id"]


def test_a_target_is_no_value_and_what_is_not_reported_has_no_row(built: Built) -> None:
    assert built.rows(YEAR, JUSTICE, "training_sessions", 2025) == []
    assert built.rows(YEAR, GOVERNMENT, "training_sessions", 2023) == []
    assert built.row(YEAR, GOVERNMENT, "normative_docs", 2024)["value"] == 0


@pytest.mark.parametrize(
    ("issuer", "indicator", "year", "prior", "reason"),
    [
        (JUSTICE, "training_sessions", 2022, None, "prior_missing"),
        (JUSTICE, "training_sessions", 2024, 12, "several_values"),
        (JUSTICE, "contracts_reviewed", 2023, 20, "approximate"),
        (JUSTICE, "contracts_reviewed", 2024, 24, "partial_period"),
        (JUSTICE, "normative_docs", 2023, 3, "unit"),
        (JUSTICE, "hotline_cases", 2023, None, "scope"),
        (GOVERNMENT, "training_sessions", 2024, None, "target"),
    ],
)
def test_years_that_may_not_be_compared_say_why(
    built: Built, issuer: str, indicator: str, year: int, prior: int | None, reason: str
) -> None:
    row = built.row(YOY, issuer, indicator, year)
    assert (row["comparability"], row["reason"], row["prior_value"]) == ("not_comparable", reason, prior)
    assert (row["change"], row["change_percent"], row["change_unit"]) == (None, None, None)


@pytest.mark.parametrize(
    ("indicator", "year", "change", "percent", "unit"),
    [
        ("training_sessions", 2023, "2", 20.0, "次"),
        ("normative_docs", 2024, "2", 50.0, "部"),
        ("mediation_success_rate", 2023, "-2.5", None, "percentage points"),
        ("public_lawyers", 2023, "1", 50.0, "名"),
    ],
)
def test_years_that_agree_are_compared(
    built: Built, indicator: str, year: int, change: str, percent: float | None, unit: str
) -> None:
    row = built.row(YOY, JUSTICE, indicator, year)
    assert (row["comparability"], row["reason"]) == ("comparable", None)
    assert (row["change"], row["change_percent"], row["change_unit"]) == (Decimal(change), percent, unit)


def test_every_value_has_its_row_of_comparison(built: Built) -> None:
    keys = "issuer_id, indicator_id, fact_year, scope"
    assert (
        built.rows(f"select {keys} from fct_indicator_year except select {keys} from fct_indicator_yoy") == []
    )


def test_coverage_knows_what_is_owed_on_the_day(built: Built) -> None:
    states = {(r["issuer_id"], r["report_year"]): r["state"] for r in built.rows("from fct_coverage")}
    assert states == {
        (JUSTICE, 2021): "missing",
        (JUSTICE, 2022): "published",
        (JUSTICE, 2023): "published",
        (JUSTICE, 2024): "published",
        (JUSTICE, 2025): "not_due",
        (GOVERNMENT, 2022): "published",
        (GOVERNMENT, 2023): "missing",
        (GOVERNMENT, 2024): "published",
        (GOVERNMENT, 2025): "not_due",
        (POLICE, 2024): "due",
        (POLICE, 2025): "not_due",
    }


# --- what goes wrong ----------------------------------------------------------------------------------------


def test_broken_rows_are_critical_failures_with_rows_to_look_at(tmp_path: Path) -> None:
    world = World()
    world.expect("nobody", 2023)
    edition = world.report(JUSTICE, 2023, [figure("12次", 12, "unheard_of", unit="次", scope="planet")])
    world.rows["figure"][0]["start_offset"] += 1
    path = world.write(tmp_path / "candidate.duckdb")
    result = transform(
        path, as_of=AS_OF, work=tmp_path / "work", full_tests=False, project=ROOT / "dbt_project"
    )
    failures = {check.check_id: check for check in result.failures}
    assert all(c.severity == "critical" and c.suite == "dbt" for c in failures.values())
    spans = next(c for name, c in failures.items() if "span_is_the_text" in name)
    assert edition in spans.sample and "way back is broken" in spans.sentence
    subjects = {check.subject for check in failures.values()}
    assert {"fct_figure.scope", "fct_figure.indicator_id"} <= subjects
    assert any("nobody" in c.sample and "registry does not know" in c.sentence for c in failures.values())
    assert not any(c.verdict is Verdict.FAIL and "could not run" in c.sentence for c in result.checks)


def test_a_model_that_cannot_be_built_is_named(tmp_path: Path) -> None:
    world = World()
    world.report(JUSTICE, 2023)
    world.rows["issuer"][0]["aliases"] = "no JSON"
    path = world.write(tmp_path / "candidate.duckdb")
    with pytest.raises(TransformError, match=r"dim_issuer.*cannot be built.*dbt\.log"):
        transform(path, as_of=AS_OF, work=tmp_path / "work", project=ROOT / "dbt_project")
    with duckdb.connect(str(path)) as connection:  # free, and writable
        connection.execute("create table t (i int)")


def test_a_project_that_does_not_compile_is_a_sentence(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(ROOT / "dbt_project", project)
    (project / "models" / "marts" / "whole" / "dim_issuer.sql").write_text(
        "select * from {{ ref('nowhere') }}", encoding="utf-8"
    )
    path = World().write(tmp_path / "candidate.duckdb")
    with pytest.raises(TransformError, match="nowhere"):
        transform(path, as_of=date(2025, 1, 1), work=tmp_path / "work", project=project)
