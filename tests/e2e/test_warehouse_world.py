"""Twenty districts, six issuers, five years with edits, withdrawals, late and unreadable reports, other units, scopes and
periods, renamed and merged bodies, restated values and wrong claims: every row of the warehouse is what the truth says."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date

import duckdb
import pytest
from support import ROOT, Command, serving
from yoy_facts import held, read_alike, rules_of, same, stated
from yoy_oracle import comparisons, coverage_state, verdicts, year_values

from nianbao.settings import project_dir
from nianbao.simulation import build_world

YEARS = range(2020, 2025)
# Stated in every world with breaks in words that nothing else of the reports resembles.
RECORDED = {
    "public_feedback_replies",
    "legality_reviews",
    "court_hearings_observed",
    "transferred_cases",
    "leader_instructions",
    "law_savvy_people",
    "legal_service_stations",
    "gov_open_day_online_views",
    "petition_resolution_rate",
    "proposals_satisfaction_rate",
}
TABLES = ("fct_figure", "fct_indicator_year", "fct_indicator_yoy", "fct_claim_check", "fct_coverage")


class State:
    """What the release of one night holds, and what the reports said that were ever seen by then."""

    def __init__(self, worlds, tables, release):
        self.world, self.tables, self.release = worlds[-1], tables, release
        self.reports = list({(r.issuer_id, r.year): r for world in worlds for r in world.reports}.values())
        self.rules = rules_of(self.world)
        known = {body.issuer_id for body in self.world.issuers}
        self.truth = stated(self.reports)
        self.facts = held(row for row in tables["fct_figure"] if row["issuer_id"] in known)
        self.alike = read_alike(self.truth, self.facts, self.rules)
        self.bodies = known

    def rows(self, table):
        return [row for row in self.tables[table] if row["issuer_id"] in self.bodies]


@pytest.fixture(scope="module")
def states(tmp_path_factory, prefect_api):
    """The first night, and one after edits, withdrawals and late reports."""
    folder = tmp_path_factory.mktemp("breaks")
    world = build_world(districts=20, issuers=6, years=YEARS, breaks=True)
    later = world.revised(edited=6, edited_files=2, withdrawn=3, unlisted=2, soft_withdrawn=1, late=5)
    command = Command(folder / "home", PREFECT_API_URL=prefect_api)
    found = []
    for number, worlds in enumerate(((world,), (world, later))):
        with serving(worlds[-1], folder / "registry") as (_, settings):
            command("refresh", **settings)
        release = folder / f"night-{number}.duckdb"
        shutil.copyfile((command.home / "current").resolve() / "nianbao.duckdb", release)
        found.append(State(worlds, {name: command.rows(f"from {name}") for name in TABLES}, release))
    return found


@pytest.fixture(params=[0, 1], ids=["first night", "later"])
def state(request, states):
    return states[request.param]


def cell_of(row):
    return row["issuer_id"], row["indicator_id"], row["fact_year"], row["scope"]


def check(wanted, found, alike=lambda a, b: a == b):
    """Fails with a line on every row that is missing, too much or another than wanted, so that one run shows what they
    have in common."""
    lines = []
    for key in sorted(wanted.keys() | found.keys(), key=str):
        if key not in found:
            lines.append(f"{key}: missing, should be {wanted[key]}")
        elif key not in wanted:
            lines.append(f"{key}: should not be there, is {found[key]}")
        elif not alike(wanted[key], found[key]):
            lines.append(f"{key}: is {found[key]}, should be {wanted[key]}")
    print(f"{len(wanted)} rows")
    if lines:
        pytest.fail("\n".join([f"{len(lines)} of {len(wanted)} rows differ", *lines[:50]]), pytrace=False)


def year_row(value):
    return (*value.chosen.stated, value.chosen.qualifier, len(value.candidates), len(value.best))


def same_comparison(wanted, row):
    numbers = ("value", "prior_value", "change", "change_percent")
    words = ("change_unit", "comparability", "reason", "cause")
    return all(same(getattr(wanted, name), row[name]) for name in numbers) and all(
        getattr(wanted, name) == row[name] for name in words
    )


def test_what_is_recorded_every_year_is_read_as_it_was_written(state):
    assert sorted(RECORDED - state.alike) == []
    figures = [fact for fact in state.truth if fact.indicator and fact.direction is None]
    share = sum(fact.indicator in state.alike for fact in figures) / len(figures)
    print(f"{len(state.alike)} indicators, {share:.0%} of their figures")
    assert share > 0.5


@pytest.mark.parametrize("source", ["truth", "figures"])
def test_every_value_of_a_year_is_the_one_to_use(state, source):
    facts, seen = picked(state, source)
    wanted = {tuple(c): year_row(v) for c, v in year_values(facts, state.rules).items() if seen(c.indicator)}
    columns = ("value", "value_max", "unit", "qualifier", "n_candidates", "n_best_values")
    found = {
        cell_of(row): tuple(row[name] for name in columns)
        for row in state.rows("fct_indicator_year")
        if seen(row["indicator_id"])
    }
    check(wanted, found)


@pytest.mark.parametrize("source", ["truth", "figures"])
def test_every_comparison_with_the_year_before_is_right(state, source):
    facts, seen = picked(state, source)
    wanted = {tuple(c): row for c, row in comparisons(facts, state.rules).items() if seen(c.indicator)}
    found = {cell_of(row): row for row in state.rows("fct_indicator_yoy") if seen(row["indicator_id"])}
    print(Counter((row.reason, row.cause) for row in wanted.values()))
    check(wanted, found, same_comparison)


def picked(state, source):
    """The figures to judge by, and which indicators to judge."""
    if source == "truth":
        return state.truth, state.alike.__contains__
    return state.facts, lambda _: True


def test_the_world_has_every_reason_and_every_cause(states):
    rows = list(comparisons(states[0].truth, states[0].rules).values())
    assert {row.reason for row in rows} == {
        "scope", "target", "prior_missing", "issuer_reorganised", "several_values", "unit", "definition",
        "partial_period", "approximate", None,
    }  # fmt: skip
    assert {row.cause for row in rows} == {"real", "restated", "definition", "coverage", None}


def test_every_stated_change_has_the_verdict_that_follows_from_the_figures(state):
    wanted = verdicts(state.facts, state.rules)
    found = {row["figure_id"]: row["verdict"] for row in state.rows("fct_claim_check")}
    check(wanted, found)


def test_all_wrong_claims_are_found_and_no_others(state):
    truth = {fact.key: fact for fact in state.truth}
    judged = verdicts(state.truth, state.rules)
    wanted, injected = Counter(), {(c.issuer_id, c.year, c.char_start) for c in state.world.contradictions}
    for key, verdict in judged.items():
        base = truth.get(truth[key].base)
        if verdict == "contradicted":
            assert key in injected, key
        if base is not None and base.indicator in state.alike:
            claim = truth[key]
            wanted[claim.issuer_id, claim.report_year, base.indicator, claim.value, claim.unit, verdict] += 1
    found = Counter(
        (r["issuer_id"], r["report_year"], r["indicator_id"], r["claimed"], r["claimed_unit"], r["verdict"])
        for r in state.rows("fct_claim_check")
        if r["indicator_id"] in state.alike
    )
    print(Counter(key[-1] for key in found.elements()), len(injected), "injected")
    assert {key for key in injected if judged[key] != "contradicted"} == set()
    check(dict(wanted), dict(found))


def expected_states(state, as_of):
    """The state of every report that is expected on a day, by issuer and year."""
    withdrawn = {(c.issuer_id, c.year) for c in state.world.changes if c.change == "withdrawn"}
    published = {(r.issuer_id, r.year) for r in state.reports}
    locked = {(each.issuer_id, each.year) for each in state.world.unreadable}
    for body in state.world.issuers:
        for year in range(min(YEARS), as_of.year + 1):
            who, last = (body.issuer_id, year), date(year, 12, 31)
            if who in published or (body.valid_from or last) <= last <= (body.valid_to or last):
                yield (
                    who,
                    coverage_state(
                        year,
                        as_of,
                        published=who in published,
                        unreadable=who in locked,
                        withdrawn=who in withdrawn,
                    ),
                )


def covered(rows):
    return {(row["issuer_id"], row["report_year"]): row["state"] for row in rows}


def test_who_has_not_published_is_known(state):
    rows = state.rows("fct_coverage")
    wanted = dict(expected_states(state, rows[0]["as_of_date"]))
    print(Counter(wanted.values()))
    check(wanted, covered(rows))


@pytest.mark.parametrize("as_of", ["2025-03-01", "2025-04-01"])
def test_the_calendar_moves_on(states, as_of, tmp_path):
    """The same release as of other days, on which the reports on 2024 are due, and late."""
    copy = tmp_path / "release.duckdb"
    shutil.copyfile(states[0].release, copy)
    project = str(project_dir("dbt_project"))
    subprocess.run(
        [
            sys.executable, "-c", "from dbt.cli.main import cli; cli()", "run", "--quiet",
            "--select", "int_report_calendar", "fct_coverage", "--project-dir", project, "--profiles-dir", project,
            "--target-path", str(tmp_path), "--log-path", str(tmp_path), "--vars", f"{{as_of_date: {as_of}}}",
        ],
        check=True,
        cwd=ROOT,
        env=os.environ | {"NIANBAO_CANDIDATE": str(copy)},
    )  # fmt: skip
    with duckdb.connect(str(copy), read_only=True) as connection:
        found = connection.execute("select issuer_id, report_year, state from fct_coverage").fetchall()
    wanted = dict(expected_states(states[0], date.fromisoformat(as_of)))
    print(Counter(wanted.values()))
    check(wanted, {row[:2]: row[2] for row in found})
