"""The gate: a sound candidate passes, each kind of damage is refused by the check meant for it, wrong suites are named."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import duckdb
import pytest
from candidate import World
from small_world import AS_OF, ROOT, Built

from nianbao.model import Check, Verdict
from nianbao.warehouse.schema import CHECK_SCHEMA
from nianbao.warehouse.suites import SuiteError, filled, flat_parameters, read_suites
from nianbao.warehouse.validate import refused, validate, write_verdicts

SUITES = ROOT / "expectations"


def gate(
    path: Path,
    previous: Mapping[str, int] | None = None,
    suites: Path = SUITES,
    *,
    same_rules: bool = False,
    **files: Path,
) -> dict[str, Check]:
    parameters = {"as_of": AS_OF, "previous": previous or {}, "same_rules": same_rules}
    checks = validate(path, suites=suites, parameters=parameters, **files)
    return {check.check_id: check for check in checks}


def failed(checks: Mapping[str, Check], severity: str = "critical") -> set[str]:
    return {name for name, c in checks.items() if c.verdict is Verdict.FAIL and c.severity == severity}


def test_a_sound_candidate_passes(built: Built) -> None:
    counts = {
        row["t"]: row["n"]
        for row in built.rows("select table_name as t, estimated_size as n from duckdb_tables()")
    }
    checks = gate(built.path, previous=counts)
    assert failed(checks) == set()
    assert not refused(checks.values())
    assert set(checks) == {check.check_id for check in read_suites(SUITES)} | {"exceptions_in_use"}
    assert checks["reports_there"].value == "6"
    # The one body that the registry does not know is named, and refuses nothing.
    unregistered = checks["issuer_registered"]
    assert (unregistered.verdict, unregistered.severity) == (Verdict.FAIL, "warning")
    assert "清河市柏岗区应急管理局" in unregistered.sample
    # No sentence keeps a placeholder, no sample is larger than a person reads.
    assert not [c.sentence for c in checks.values() if "{" in c.sentence]
    assert all(len(json.loads(c.sample)) <= 5 for c in checks.values())


DAMAGE = {
    "reports gone": (["delete from fct_report"], "reports_there"),
    "report vanished": (["delete from fct_report where report_year = 2022"], "reports_not_fewer"),
    "a third of the figures gone": (["delete from fct_figure where ordinal >= 4"], "figures_not_fewer"),
    "impossible year": (["update fct_report set report_year = 1024 where report_year = 2024"], "report_year_plausible"),
    "duplicated report": (["insert into fct_report from fct_report limit 1"], "report_ids_unique"),
    "one text under two years": (
        ["update fct_report set edition_id = (select min(edition_id) from fct_report)"],
        "report_editions_unique",
    ),
    "duplicated figures": (["insert into fct_figure from fct_figure limit 3"], "figure_spans_unique"),
    "shifted spans": (["update fct_figure set end_offset = end_offset + 1"], "figure_spans_consistent"),
    "titles lost": (["update fct_report set title = null"], "report_titles_not_lost"),
    "regions lost": (["update fct_report set region_code = null"], "report_regions_not_lost"),
    "no figures extracted": (["update fct_report set n_figures = 0"], "report_figures_not_lost"),
    "no way back": (["update fct_report set url = 'www.songxi.test/1.html' where report_year = 2023"], "report_address_valid"),
    "negative counts": (["update fct_figure set value = -value"], "figure_values_not_all_wrong"),
    "ranges upside down": (["update fct_figure set value_max = value - 1 where value = 9"], "figure_ranges_in_order"),
    "units emptied": (["update fct_figure set unit = ''"], "figure_units_not_all_unknown"),
    "units swapped": (["update fct_figure set unit = '%', value = value * 50"], "figure_percentages_not_all_wrong"),
    "years shifted": (["update fct_figure set fact_year = fact_year - 1"], "figure_years_not_shifted"),
    "rules that do not hold": (["update fct_edition set rules_version = 'r2' where report_year = 2024"], "edition_rules_hold"),
    "mixed rules": (["update fct_figure set rules_version = 'r2' where ordinal = 1"], "edition_figures_of_one_version"),
    "indicators not matched": (["delete from fct_indicator_year where fact_year < 2024"], "indicator_years_not_fewer"),
    "column gone": (["alter table fct_report drop column title"], "report_title_present"),
    "table gone": (["drop table fct_coverage"], "coverage_not_smaller"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_refused_by_the_check_meant_for_it(
    kind: str, built: Built, copy_of: Callable[..., Path], previous: Mapping[str, int]
) -> None:
    statements, expected = DAMAGE[kind]
    checks = gate(copy_of(*statements), previous=previous)
    assert expected in failed(checks)
    assert refused(checks.values())


@pytest.fixture(scope="module")
def previous(built: Built) -> dict[str, int]:
    names = [
        r["t"] for r in built.rows("select table_name as t from duckdb_tables() where schema_name = 'main'")
    ]
    return {name: built.row(f"select count(*) as n from {name}")["n"] for name in names}


def test_growth_and_a_small_loss_of_figures_pass(
    copy_of: Callable[..., Path], previous: Mapping[str, int]
) -> None:
    path = copy_of("delete from fct_figure where ordinal = 8")
    smaller = {name: count - 1 for name, count in previous.items()} | {"fct_figure": previous["fct_figure"]}
    assert failed(gate(path, previous=smaller)) == set()


def test_failures_bring_the_worst_rows_with_their_keys(copy_of: Callable[..., Path]) -> None:
    checks = gate(copy_of("update fct_report set report_year = 1024 where report_year = 2022"))
    check = checks["report_year_plausible"]
    assert (check.value, check.threshold) == ("2", "at least 2000, at most 2026")
    assert check.sentence.startswith("2 of 6 reports are about an impossible year")
    rows = json.loads(check.sample)
    assert {row["report_id"] for row in rows} == {f"songxi-{i}/rule_of_law/2022" for i in ("justice", "gov")}
    assert all(row["url"].startswith("https://") and row["report_year"] == 1024 for row in rows)


def test_a_check_that_cannot_run_is_a_critical_failure(copy_of: Callable[..., Path]) -> None:
    checks = gate(copy_of("alter table fct_figure drop column value_max", "drop table raw.capture"))
    assert "value_max" in checks["figure_ranges_in_order"].sentence
    assert checks["captures_there"].sentence == "the candidate has no table raw.capture"
    assert checks["captures_of_a_format_readable"].severity == "critical"  # a warning where it can run
    assert {"figure_ranges_in_order", "captures_there", "captures_of_a_format_readable"} <= failed(checks)


def test_a_check_without_rows_to_look_at_says_so(copy_of: Callable[..., Path]) -> None:
    checks = gate(copy_of("delete from fct_figure"))
    assert checks["figure_spans_consistent"].verdict is Verdict.NO_DATA
    assert checks["figure_unit_known"].verdict is Verdict.NO_DATA
    assert checks["share_contradicted_usual"].verdict is Verdict.NO_DATA
    assert checks["figures_not_fewer"].verdict is Verdict.PASS


def test_verdicts_are_rows_of_the_candidate_and_the_file_is_closed(copy_of: Callable[..., Path]) -> None:
    path = copy_of()
    checks = tuple(gate(path).values())
    write_verdicts(path, checks[:2])
    write_verdicts(path, checks)
    assert not path.with_name(path.name + ".wal").exists()
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("select count(*) from ops_check").fetchone() == (len(checks),)
        columns = [row[0] for row in connection.execute("describe ops_check").fetchall()]
        assert columns == CHECK_SCHEMA.names
        found = connection.execute(
            "select verdict from ops_check where check_id = 'issuer_registered'"
        ).fetchone()
        assert found == ("fail",)


def test_the_candidate_is_only_read_and_the_terminal_stays_silent(built: Built, tmp_path: Path) -> None:
    path = tmp_path / "candidate.duckdb"
    path.write_bytes(built.path.read_bytes())
    path.chmod(0o444)
    script = (
        "import sys; from datetime import date; from pathlib import Path; from nianbao.warehouse.validate import validate\n"
        "before = 'great_expectations' in sys.modules\n"
        f"checks = validate(Path({str(path)!r}), suites=Path({str(SUITES)!r}), parameters={{'as_of': date(2025, 3, 15)}})\n"
        "assert not before and len(checks) > 40\n"
    )
    before = path.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, cwd=tmp_path
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["candidate.duckdb"]


# --- suite files --------------------------------------------------------------------------------------------

SUITE = """
suite: mine
table: fct_report
checks:
  - id: years
    expect: expect_column_values_to_be_between
    kwargs: {column: report_year, max_value: "{as_of.year + 1}"}
    severity: critical
    sentence: "{value} of {rows}"
"""


def suite_folder(folder: Path, text: str) -> Path:
    (folder / "mine.yml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "severity:",
            "severty:",
            r"mine\.yml, check years: unknown key 'severty'; did you mean 'severity'\?",
        ),
        (
            "to_be_between",
            "to_be_betwen",
            r"no expectation 'expect_column_values_to_be_betwen'; did you mean",
        ),
        ("max_value:", "max_valu:", r"check years: .* takes no 'max_valu'; did you mean 'max_value'\?"),
        ("as_of.year", "asof.year", r"no parameter 'asof\.year'; did you mean 'as_of\.year'\?"),
        ("critical", "fatal", r"severity is critical or warning, not 'fatal'"),
        ('sentence: "{value} of {rows}"', "", r"'sentence' is missing"),
        ("table: fct_report", "", r"'table' is missing"),
        ("{column", "{{column", r"mine\.yml cannot be read as YAML|kwargs"),
        ("column: report_year, ", "", r"check years: .*column"),
    ],
)
def test_a_wrong_suite_file_is_named_with_what_was_meant(
    old: str, new: str, message: str, built: Built, tmp_path: Path
) -> None:
    folder = suite_folder(tmp_path, SUITE.replace(old, new))
    with pytest.raises(SuiteError, match=message):
        gate(built.path, suites=folder)


def test_two_checks_of_one_name_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="holds no suite"):
        read_suites(tmp_path)
    suite_folder(tmp_path, SUITE)
    (tmp_path / "other.yml").write_text(SUITE, encoding="utf-8")
    with pytest.raises(SuiteError, match="the same id"):
        read_suites(tmp_path)


def test_parameters_are_filled_in_with_their_types(tmp_path: Path) -> None:
    text = SUITE.replace(
        '"{as_of.year + 1}"',
        '"{previous.fct_report * 0.8}", mostly: "{share}", row_condition: "x > {as_of} in {batch}"',
    )
    (check,) = read_suites(suite_folder(tmp_path, text))
    known = flat_parameters({"as_of": date(2025, 3, 1), "share": 0.5, "previous": {"fct_report": 11}})
    assert filled(check, known) == {
        "column": "report_year",
        "max_value": 8,
        "mostly": 0.5,
        "row_condition": "x > 2025-03-01 in {batch}",
    }
    assert filled(check, flat_parameters({"as_of": date(2025, 3, 1), "share": 0.5}))["max_value"] == 0


def test_an_empty_world_is_refused_not_released(tmp_path: Path) -> None:
    path = World().write(tmp_path / "candidate.duckdb")
    checks = gate(path)
    assert {"reports_there", "captures_there", "editions_there"} <= failed(checks)
    assert refused(checks.values())
