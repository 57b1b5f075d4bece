"""Worlds in which years cannot always be compared: what the truth lists is what the texts say."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
import yaml

from nianbao.simulation import World, build_world, truth_json, write_registry
from nianbao.simulation.series import catalogue
from nianbao.simulation.texts import load

ROOT = Path(__file__).resolve().parents[2]
YEARS = range(2020, 2025)


@pytest.fixture(scope="module")
def broken() -> World:
    return build_world(districts=8, issuers=6, years=YEARS, breaks=True)


@pytest.fixture(scope="module")
def recorded(broken: World) -> dict[tuple[str, str], dict[int, list]]:
    """The figures on a report's own year, by issuer and series and by year."""
    found: dict[tuple[str, str], dict[int, list]] = defaultdict(lambda: defaultdict(list))
    for report in broken.reports:
        for figure in report.figures:
            if figure.series in load("records") and figure.fact_year == report.year and not figure.direction:
                found[report.issuer_id, figure.series][report.year].append(figure)
    return found


def test_a_world_without_breaks_has_none() -> None:
    world = build_world()
    assert not (world.contradictions or world.restatements or world.unreadable)
    assert all(f.series not in load("records") for report in world.reports for f in report.figures)


def test_the_same_recipe_gives_the_same_truth(broken: World) -> None:
    assert truth_json(build_world(districts=8, issuers=6, years=YEARS, breaks=True)) == truth_json(broken)


def test_more_years_leave_older_reports_as_they_were(broken: World) -> None:
    later = {(r.issuer_id, r.year): r.text for r in broken.with_year(2025).reports}
    assert all(later[r.issuer_id, r.year] == r.text for r in broken.reports)


def test_some_series_turn_to_another_unit_and_stay_there(recorded) -> None:
    turned = 0
    for (_, series), years in recorded.items():
        units = [figure.unit for year in sorted(years) for figure in years[year]]
        own, other = catalogue()[series].unit, load("records")[series].get("other", "")
        assert set(units) <= {own, other}
        assert units == sorted(units, key=[own, other].index)
        turned += len(set(units)) == 2
    assert turned > 3


def test_some_reports_state_two_values_of_one_thing(recorded) -> None:
    doubled = [figures for years in recorded.values() for figures in years.values() if len(figures) == 2]
    assert doubled and all(a.value != b.value and a.unit == b.unit for a, b in doubled)


def test_early_reports_say_until_when_they_count(broken: World, recorded) -> None:
    early = {(r.issuer_id, r.year) for r in broken.reports if r.published_date.year == r.year}
    for (issuer, _), years in recorded.items():
        for year, figures in years.items():
            until = date(year, 11, 30) if (issuer, year) in early else None
            assert all(figure.covers_to == until for figure in figures)
    # governments too, in some years
    assert any(issuer.endswith("-zf") for issuer, _ in early)


def test_a_wrong_claim_does_not_follow_from_what_both_reports_state(broken: World) -> None:
    reports = {(r.issuer_id, r.year): r for r in broken.reports}
    assert len(broken.contradictions) > 20
    for wrong in broken.contradictions:
        report = reports[wrong.issuer_id, wrong.year]
        claim = next(f for f in report.figures if f.char_start == wrong.char_start)
        assert report.text[wrong.char_start :].startswith(wrong.text) and claim.yoy_of is not None
        now = report.figures[claim.yoy_of]
        (before,) = (
            f
            for f in reports[wrong.issuer_id, wrong.year - 1].figures
            if f.series == now.series
            and f.fact_year == wrong.year - 1
            and not f.direction
            and not f.is_target
        )
        change = now.value - before.value
        if claim.unit == "%":
            change = change * 100 / before.value
        signed = claim.value if claim.direction == "increase" else -claim.value
        assert abs(change - signed) > abs(signed) / 100


def test_a_restated_value_is_another_than_the_years_own_report_states(broken: World) -> None:
    reports = {(r.issuer_id, r.year): r for r in broken.reports}
    assert broken.restatements
    for other in broken.restatements:
        said = next(
            f for f in reports[other.issuer_id, other.year].figures if f.char_start == other.char_start
        )
        assert (said.value, said.fact_year) == (other.value, other.year - 1)
        before = reports.get((other.issuer_id, other.year - 1))
        own = (
            [f.value for f in before.figures if f.series == said.series and not f.direction] if before else []
        )
        assert not own or other.value - other.off_by in own


def test_a_body_reports_until_another_takes_over(broken: World) -> None:
    years = defaultdict(set)
    for report in broken.reports:
        years[report.issuer_id].add(report.year)
    heirs = [body for body in broken.issuers if body.predecessors]
    assert {len(body.predecessors) for body in heirs} == {1, 2}
    for body in heirs:
        assert body.valid_from and min(years[body.issuer_id]) >= body.valid_from.year
        for former in body.predecessors:
            assert max(years[former]) < min(years[body.issuer_id])


def test_the_registry_knows_when_bodies_began_and_ended(broken: World, tmp_path: Path) -> None:
    write_registry(broken, tmp_path, ROOT / "data")
    entries = {
        entry["id"]: entry
        for path in (tmp_path / "issuers").glob("simulated-*.yml")
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
    }
    heir = next(body for body in broken.issuers if body.predecessors)
    assert entries[heir.issuer_id]["predecessors"] == list(heir.predecessors)
    assert entries[heir.issuer_id]["valid_from"] == str(heir.valid_from)
    assert entries[heir.predecessors[0]]["valid_to"] < str(heir.valid_from)


def test_the_registry_says_from_when_an_indicator_counts_something_else(
    broken: World, tmp_path: Path
) -> None:
    write_registry(broken, tmp_path, ROOT / "data")
    text = (tmp_path / "indicators.yml").read_text(encoding="utf-8")
    entries = {entry["id"]: entry for entry in yaml.load(text, Loader=yaml.CSafeLoader)["indicators"]}
    (each,) = broken.redefinitions
    assert entries[each.indicator]["breaks"] == [{"year": each.year, "reason": each.reason}]
    assert not any(w.indicator == each.indicator and w.year == each.year for w in broken.contradictions)


def test_an_unreadable_report_is_a_file_that_asks_for_a_password(broken: World) -> None:
    there = {(r.issuer_id, r.year) for r in broken.reports}
    assert broken.unreadable
    for locked in broken.unreadable:
        assert (locked.issuer_id, locked.year) not in there
        host, path = locked.url.removeprefix("http://").split("/", 1)
        body = broken.sites[host].resources[f"/{path}"].body  # type: ignore[attr-defined]
        with pytest.raises(pypdfium2.PdfiumError, match="password"):
            pypdfium2.PdfDocument(body)
