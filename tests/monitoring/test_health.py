"""How a home is, as its ledger and its release say: since when each source is what it is, what was the last success."""

from __future__ import annotations

import io
import json
import sqlite3
from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nights import BEGINNING
from prometheus_client.parser import text_string_to_metric_families

from nianbao.commands.status import status
from nianbao.model import SourceState, SourceVisit
from nianbao.monitoring.coverage import Pace, pace, reports_in
from nianbao.monitoring.health import health
from nianbao.monitoring.metrics import metrics_text
from nianbao.warehouse.ledger import Ledger, RefreshState

SOURCES = ("one", "two")
VISITS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(SOURCES), st.sampled_from(list(SourceState))), max_size=25
)


def plain_stretch(visits):
    """(state, since, last, nights, first refresh, former, last ok) of one source's visits, in plain Python."""
    asked = [visit for visit in visits if visit[1].state is not SourceState.POSTPONED]
    if not asked:
        return None
    state, present = asked[-1][1].state, []
    for refresh_id, visit in reversed(asked):
        if visit.state is not state:
            break
        present.insert(0, (refresh_id, visit))
    before = asked[: len(asked) - len(present)]
    well = [visit.ended_at for _, visit in asked if visit.state is SourceState.OK]
    return (
        state,
        present[0][1].ended_at,
        asked[-1][1].ended_at,
        len({refresh_id for refresh_id, _ in present}),
        present[0][0],
        before[-1][1].state if before else None,
        max(well) if well else None,
    )


@settings(deadline=None, max_examples=40)
@given(VISITS)
def test_a_stretch_is_what_the_visits_say(tmp_path_factory, drawn):
    ledger = Ledger(tmp_path_factory.mktemp("ledger") / "ledger.sqlite")
    nights = [ledger.begin("refresh") for _ in range(4)]
    written = []
    for number, (night, source, state) in enumerate(sorted(drawn, key=lambda each: each[0])):
        at = BEGINNING + timedelta(minutes=number)
        visit = SourceVisit(source, at, at, state, str(number), True, 0, 0, 0)
        ledger.add_visit(nights[night], visit)
        written.append((nights[night], visit))
    found = {
        s.source_id: (s.state, s.since_at, s.visited_at, s.nights, s.first_refresh_id, s.former, s.last_ok_at)
        for s in ledger.stretches()
    }
    told = {
        source: plain_stretch([each for each in written if each[1].source_id == source]) for source in SOURCES
    }
    assert found == {source: stretch for source, stretch in told.items() if stretch}


def test_a_source_is_told_with_the_nights_of_its_state_and_what_changed_last(home, registry):
    home.night(xiamen_city="ok", beijing_city="ok")
    home.night(xiamen_city="down", beijing_city="ok")
    home.night(xiamen_city="postponed")
    home.night(xiamen_city="down", beijing_city="blocked")
    now = health(home.settings, registry, home.at)
    sources = {source.source_id: source for source in now.sources}
    assert len(sources) == len(registry.sources)
    xiamen = sources["xiamen-city"]
    assert (xiamen.state, xiamen.nights, xiamen.since_at) == ("down", 2, BEGINNING + timedelta(days=1))
    assert xiamen.last_ok_at == BEGINNING
    assert [(source.source_id, source.former, source.state) for source in now.changes] == [
        ("beijing-city", "ok", "blocked")
    ]
    assert sources["beijing-justice" if "beijing-justice" in sources else "fushun-city"].state is None


def test_success_is_told_of_the_last_good_night_and_failure_until_the_next(home, registry):
    home.night(RefreshState.PUBLISHED)
    home.night(RefreshState.REFUSED)
    home.night(RefreshState.INTERRUPTED)
    now = health(home.settings, registry, home.at)
    assert now.last_success_at == BEGINNING
    assert (now.refresh.state, [bad.state for bad in now.failures]) == ("interrupted", ["refused"])
    home.night(RefreshState.QUIET)
    assert health(home.settings, registry, home.at).failures == ()


def test_a_refresh_that_was_killed_is_told_as_interrupted(home, registry):
    home.night(RefreshState.RUNNING)
    now = health(home.settings, registry, home.at)
    assert (now.refresh.state, now.running) == ("interrupted", None)


def test_a_home_that_is_not_there_is_told_and_not_made(home, registry):
    now = health(home.settings, registry, BEGINNING)
    assert now.release is None and now.refresh is None and now.troubles == () and now.reports == ()
    assert not home.settings.home.exists()


def test_a_link_that_leads_nowhere_and_a_release_of_another_version_are_troubles(home, registry):
    home.night()
    home.settings.current.symlink_to(home.settings.releases / "gone")
    assert "is no release" in health(home.settings, registry, home.at).troubles[0]
    home.settings.current.unlink()
    folder = home.settings.releases / "old"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "nianbao.duckdb")) as connection:
        connection.execute("create table fct_coverage as select 1 as state")
    (folder / "manifest.json").write_text('{"created_at": "2026-01-01T00:00:00+00:00"}')
    home.settings.current.symlink_to(folder)
    now = health(home.settings, registry, home.at)
    assert "earlier version" in now.troubles[0] and now.release.release_id == "old"


def test_a_ledger_of_an_earlier_version_has_no_visits(home, registry):
    home.night(RefreshState.PUBLISHED, xiamen_city="ok")
    with sqlite3.connect(home.settings.ledger) as connection:
        connection.execute("drop table visit")
    now = health(home.settings, registry, home.at)
    assert {source.state for source in now.sources} == {None} and now.last_success_at == BEGINNING


@pytest.fixture
def coverage(tmp_path):
    """A release's file with rows of fct_coverage."""
    path = tmp_path / "nianbao.duckdb"

    def write(*rows):
        with duckdb.connect(str(path)) as connection:
            connection.execute(
                "create or replace table fct_coverage (region_code varchar, report_kind varchar, issuer_id varchar,"
                " report_year bigint, publish_by date, state varchar, published_date date)"
            )
            for issuer, year, state, day in rows:
                connection.execute(
                    "insert into fct_coverage values ('310107', 'rule_of_law', ?, ?, ?, ?, ?)",
                    [issuer, year, date(year + 1, 4, 1), state, day],
                )
        return path

    return write


def test_pace_is_by_the_day_of_publication_and_the_same_day_of_last_year(coverage):
    path = coverage(
        ("a", 2025, "published", date(2026, 2, 1)),
        ("a", 2024, "published", date(2025, 2, 20)),
        ("b", 2025, "late", None),
        ("b", 2024, "published", date(2025, 2, 21)),
        ("c", 2025, "published", None),
        ("c", 2024, "published", date(2025, 3, 30)),
        ("new", 2025, "published", date(2026, 2, 1)),
        ("added", 2025, "unexplored", None),
        ("added", 2024, "published", date(2025, 2, 1)),
    )
    (found,) = pace(path, {"310107": "普陀区"}, date(2026, 2, 27))
    assert found == Pace("310107", "普陀区", "rule_of_law", date(2026, 2, 20), 3, 1, 1, 1)
    (found,) = pace(path, {}, date(2026, 2, 28))
    assert (found.published, found.former_published) == (1, 2)


def test_the_day_that_last_year_did_not_have_is_the_one_before(coverage):
    path = coverage(("a", 2027, "late", None), ("a", 2026, "published", date(2027, 2, 28)))
    (found,) = pace(path, {}, date(2028, 3, 7))
    assert (found.by_on, found.former_published) == (date(2028, 2, 29), 1)


def test_reports_are_counted_by_the_year_they_are_about(coverage):
    path = coverage(
        ("a", 2025, "published", None), ("b", 2025, "missing", None), ("a", 2024, "missing", None)
    )
    found = [
        (each.report_year, each.expected, each.published, dict(each.states)) for each in reports_in(path)
    ]
    assert found == [(2025, 2, 1, {"missing": 1, "published": 1}), (2024, 1, 0, {"missing": 1})]


def test_metrics_are_what_prometheus_reads(home, registry):
    home.night(RefreshState.PUBLISHED, xiamen_city="ok", beijing_city="down")
    text = metrics_text(health(home.settings, registry, home.at), open_alerts=2)
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found["nianbao_last_success_timestamp_seconds",] == BEGINNING.timestamp()
    assert found["nianbao_refresh_state", "published"] == 1 and found["nianbao_refresh_state", "failed"] == 0
    assert found["nianbao_source_up", "xiamen-city"] == 1 and found["nianbao_source_up", "beijing-city"] == 0
    assert found["nianbao_sources", "never_visited"] == len(registry.sources) - 2
    assert found["nianbao_alerts_open",] == 2
    assert found["nianbao_disk_bytes", "ledger.sqlite"] > 0
    assert all(family.documentation for family in text_string_to_metric_families(text))


def test_a_ledger_that_cannot_be_read_leaves_nothing_known_and_no_zeros(home, registry):
    home.night(xiamen_city="down")
    home.settings.ledger.write_bytes(b"no ledger")
    text = metrics_text(health(home.settings, registry, home.at))
    assert "nianbao_troubles 1.0" in text
    assert "nianbao_sources{" not in text and "nianbao_checks_failed{" not in text
    out = io.StringIO()
    assert status(home.settings, None, True, out, out) == 0
    told = json.loads(out.getvalue())
    assert "ledger.sqlite cannot be read" in told["trouble"] and told["wrong"][0]["severity"] == "critical"
