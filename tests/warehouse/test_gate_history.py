"""The gate beside a former release: what is due, what is accepted, what is learned, what must still be corrected."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from small_world import AS_OF, ROOT, Built

from nianbao.model import Check, Verdict
from nianbao.warehouse.bands import Band, read_bands, write_bands
from nianbao.warehouse.learning import firing, learned_bands, learned_jumps
from nianbao.warehouse.ledger import Ledger
from nianbao.warehouse.suites import BANDS_FILE, SuiteError, read_suites
from nianbao.warehouse.validate import refused, validate

SUITES = ROOT / "expectations"


def gate(path: Path, *, same_rules: bool = False, **files: Path) -> dict[str, Check]:
    parameters = {"as_of": AS_OF, "previous": {}, "same_rules": same_rules}
    return {c.check_id: c for c in validate(path, suites=SUITES, parameters=parameters, **files)}


def refusing(checks: dict[str, Check]) -> set[str]:
    return {name for name, check in checks.items() if check.refuses}


# --- beside a release -------------------------------------------------------------------------------------------


def test_without_a_release_nothing_is_compared(built: Built) -> None:
    checks = gate(built.path)
    assert checks["released_reports_kept"].verdict is Verdict.NOT_DUE
    assert "there is no release to compare with yet" in checks["released_reports_kept"].sentence
    assert "begins each year on 04-15" in checks["reports_of_last_year_came"].sentence
    assert not refused(checks.values())


def test_the_same_again_passes_beside_itself(built: Built, copy_of: Callable[..., Path]) -> None:
    checks = gate(copy_of(), same_rules=True, published=built.path)
    assert refusing(checks) == set()
    assert checks["released_figures_unchanged"].verdict is Verdict.PASS
    assert checks["coverage_mostly_kept"].verdict is Verdict.NOT_DUE  # that is for changed rules


def test_a_value_that_changes_by_itself_is_refused_and_named(
    built: Built, copy_of: Callable[..., Path]
) -> None:
    path = copy_of("update fct_indicator_year set value = value + 1 where indicator_id = 'public_lawyers'")
    checks = gate(path, same_rules=True, published=built.path)
    assert refusing(checks) == {"released_values_unchanged"}
    [first, *_] = json.loads(checks["released_values_unchanged"].sample)
    assert (first["indicator_id"], float(first["value"]) - float(first["value_before"])) == (
        "public_lawyers",
        1,
    )
    # Under changed rules that is what they are changed for.
    assert refusing(gate(path, published=built.path)) == set()


def test_figures_are_compared_where_issuers_were_built_anew(
    built: Built, copy_of: Callable[..., Path]
) -> None:
    path = copy_of(
        "delete from raw.changed_issuer",
        "insert into raw.changed_issuer values ('songxi-justice')",
        "update fct_figure set value = value + 1 where issuer_id = 'songxi-justice' and unit = '名'",
    )
    checks = gate(path, same_rules=True, published=built.path)
    assert refusing(checks) == {"released_figures_unchanged"}
    assert checks["released_figures_unchanged"].value == "2"


def test_a_release_of_an_earlier_version_is_not_compared_where_it_lacks_columns(
    built: Built, copy_of: Callable[..., Path], tmp_path: Path
) -> None:
    former = tmp_path / "former.duckdb"
    former.write_bytes(built.path.read_bytes())
    with duckdb.connect(str(former)) as connection:
        connection.execute("alter table fct_indicator_year drop column chosen_figure_id")
        connection.execute("drop table fct_section")
    checks = gate(copy_of(), same_rules=True, published=former)
    assert "was made by an earlier version" in checks["released_values_unchanged"].sentence
    assert checks["sections_not_lost"].verdict is Verdict.NOT_DUE
    assert refusing(checks) == set()


# --- accepted exceptions ----------------------------------------------------------------------------------------


def accepted(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "exceptions.yml"
    file.write_text(text, encoding="utf-8")
    return file


def test_an_accepted_row_refuses_nothing_and_stays_a_failure(
    copy_of: Callable[..., Path], tmp_path: Path
) -> None:
    path = copy_of("update fct_report set report_year = 1024 where report_id = 'songxi-gov/rule_of_law/2022'")
    file = accepted(
        tmp_path,
        "- check: report_year_plausible\n  rows: [{report_id: songxi-gov/rule_of_law/2022}]\n"
        "  reason: printed so\n  expires: 2025-12-31\n",
    )
    assert "report_year_plausible" in refusing(gate(path))
    checks = gate(path, exceptions=file)
    found = checks["report_year_plausible"]
    assert (found.verdict, found.accepted_reason, found.refuses) == (Verdict.FAIL, "printed so", False)
    assert checks["exceptions_in_use"].verdict is Verdict.PASS
    # Another row of the same check is not accepted with it, and is the one that is shown.
    with duckdb.connect(str(path)) as connection:
        connection.execute("update fct_report set report_year = 1024 where report_year = 2024")
    found = gate(path, exceptions=file)["report_year_plausible"]
    assert found.refuses and "2022" not in found.sample


@pytest.mark.parametrize(("accepted_value", "refuses"), [("{found}", False), ("99999", True)])
def test_a_count_is_accepted_for_the_value_that_was_looked_at_and_for_no_other(
    built: Built, tmp_path: Path, accepted_value: str, refuses: bool
) -> None:
    with duckdb.connect(str(built.path), read_only=True) as connection:
        (found,) = connection.execute("select count(*) from fct_coverage").fetchone() or (0,)
    file = accepted(
        tmp_path,
        f"- check: coverage_not_smaller\n  value: {accepted_value.format(found=found)}\n"
        "  reason: a district left\n  expires: 2025-12-31\n",
    )
    parameters = {"as_of": AS_OF, "previous": {"fct_coverage": found * 2}, "same_rules": False}
    checks = validate(built.path, suites=SUITES, parameters=parameters, exceptions=file)
    check = next(each for each in checks if each.check_id == "coverage_not_smaller")
    assert (check.verdict, check.refuses) == (Verdict.FAIL, refuses)


@pytest.mark.parametrize(
    ("expires", "trouble"),
    [("2025-03-14", "expired on 2025-03-14"), ("2025-03-15", "fits no failure any more")],
)
def test_an_expired_or_unused_exception_is_told(
    built: Built, tmp_path: Path, expires: str, trouble: str
) -> None:
    file = accepted(tmp_path, f"- check: report_title_present\n  reason: known\n  expires: {expires}\n")
    check = gate(built.path, exceptions=file)["exceptions_in_use"]
    assert check.verdict is Verdict.FAIL and trouble in check.sample


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {check: report_titel_present, reason: r, expires: 2025-12-31}", "no check 'report_titel_present'; did you mean"),
        ("- {check: report_year_plausible, reason: r, expires: 2025-12-31}", "is critical and cannot be accepted as a whole"),
        ("- {check: report_title_present, expires: 2025-12-31}", "'reason' is missing"),
        ("- {check: report_title_present, reason: r, expires: never}", "expires is the last day"),
        ("check: x", "exceptions are a list"),
    ],
)  # fmt: skip
def test_a_wrong_exception_is_named(built: Built, tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SuiteError, match=message):
        gate(built.path, exceptions=accepted(tmp_path, text))


# --- corrections ------------------------------------------------------------------------------------------------

CORRECTION = (
    "insert into raw.correction values ('lawyers', 'songxi-justice/rule_of_law/2022', '2名', '公职律师2名', 'value',"
    " '{expect}', '3', 'the table says 3', date '2025-03-01')"
)


@pytest.mark.parametrize(
    ("statements", "refuses"),
    [
        ((CORRECTION.format(expect="2"),), False),
        ((CORRECTION.format(expect="4"),), True),
        ((CORRECTION.format(expect="2"), "update fct_figure set text = '3名' where text = '2名'"), True),
        ((CORRECTION.format(expect="2").replace("/2022", "/1999"),), False),
    ],
)
def test_a_correction_fits_the_published_text_or_refuses(
    copy_of: Callable[..., Path], statements: tuple[str, ...], refuses: bool
) -> None:
    checks = gate(copy_of(*statements))
    assert (refusing(checks) == {"correction_still_needed"}) is refuses
    if refuses:
        assert "lawyers" in checks["correction_still_needed"].sample
    unknown = checks["correction_of_a_known_report"].verdict is Verdict.FAIL
    assert unknown is ("1999" in statements[0])


# --- bands ------------------------------------------------------------------------------------------------------


def runs(values: list[str], verdict: str = "pass") -> list[list[dict[str, str]]]:
    return [[{"check_id": "figures_per_report_usual", "value": v, "verdict": verdict}] for v in values]


def test_a_band_is_learned_from_five_releases_and_never_narrower_than_its_margin() -> None:
    checks, wide = read_suites(SUITES), read_bands(SUITES / BANDS_FILE, None).bands
    assert learned_bands(runs(["10"] * 4), checks, wide) == []
    [band] = learned_bands(runs(["10"] * 5), checks, wide)
    assert (band.name, band.low, band.high, band.releases) == ("figures_per_report", 7.0, 13.0, 5)
    # One wild release hardly moves it.
    [robust] = learned_bands(runs(["10", "11", "9", "10", "500"]), checks, wide)
    assert robust.high < 25


def test_learned_bands_hold_at_the_gate(copy_of: Callable[..., Path], tmp_path: Path) -> None:
    file = tmp_path / BANDS_FILE
    path = copy_of("update fct_report set n_figures = 50")
    assert gate(path, bands=file)["figures_per_report_usual"].verdict is Verdict.PASS  # no such file yet
    write_bands(
        file, [Band("figures_per_report", 2, 8, 0.3, 9)], {"law_training_sessions": (-10.0, 10.0, 40)}, ["r1"]
    )
    check = gate(path, bands=file)["figures_per_report_usual"]
    assert (check.verdict, check.severity, check.value) == (Verdict.FAIL, "warning", "50")
    assert check.threshold == "at least 2.0, at most 8.0"
    write_bands(file, [Band("figures_per_reprot", 2, 8)], {}, [])
    with pytest.raises(SuiteError, match="no band 'figures_per_reprot'; did you mean 'figures_per_report'"):
        gate(path, bands=file)


def test_jumps_are_judged_by_the_band_of_their_indicator(built: Built, tmp_path: Path) -> None:
    file = tmp_path / BANDS_FILE
    assert gate(built.path)["comparison_jumps"].verdict is Verdict.PASS
    write_bands(file, [], {"training_sessions": (-1.0, 1.0, 40)}, ["r1"])
    check = gate(built.path, bands=file)["comparison_jumps"]
    assert check.verdict is Verdict.FAIL and "training_sessions" in check.sample


def test_changes_of_an_indicator_are_learned_from_twenty_comparisons(tmp_path: Path) -> None:
    path = tmp_path / "release.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create table fct_indicator_yoy as select 'a' as indicator_id, 'comparable' as comparability,"
            " (100 + range)::decimal(28, 6) as value, 100::decimal(28, 6) as prior_value from range(20)"
            " union all select 'b', 'comparable', 1, 1 from range(19)"
        )
    [(name, (low, high, n))] = learned_jumps(path).items()
    assert (name, n) == ("a", 20) and -70 < low < -50 and 150 < high < 300


def test_checks_that_tell_nothing_are_named(tmp_path: Path) -> None:
    checks = read_suites(SUITES)
    told = firing(runs(["1"] * 6, "fail"), checks)
    assert told.always == ("figures_per_report_usual",)
    assert "figures_per_report_usual" in told.sentence
    assert firing(runs(["1"] * 6), checks).never == ("figures_per_report_usual",)
    assert firing(runs([""] * 6, "not_due"), checks).idle == ("figures_per_report_usual",)
    assert firing(runs(["1"] * 2, "fail"), checks).sentence == ""


def test_a_ledger_of_an_earlier_version_takes_accepted_failures(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    refresh_id = ledger.begin("refresh")
    with sqlite3.connect(tmp_path / "ledger.sqlite") as connection:
        connection.execute("alter table verdict drop column accepted_reason")
        connection.execute(
            "insert into verdict values (?, 'c0', 's', 't', 'warning', 'fail', '1', '0', 'x', '[]')",
            [refresh_id],
        )
    assert ledger.verdicts(refresh_id)[0]["accepted_reason"] == ""
    ledger.add_verdicts(
        refresh_id, [Check("c1", "s", "t", "warning", Verdict.FAIL, "1", "0", "x", accepted_reason="known")]
    )
    [[former, new]] = ledger.last_verdicts()
    assert (former["check_id"], new["accepted_reason"]) == ("c0", "known")
    assert "refresh_id" not in new
