"""Which sources are due on a day: every so many days by season, shared out over the nights, and again until all is well."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.clock import CHINA
from nianbao.harvest.choice import ChoiceError, choose
from nianbao.harvest.due import due_on, due_sources
from nianbao.model import Source, SourceState, SourceVisit
from nianbao.registry import RegistryError, load_registry
from nianbao.settings import project_dir

REGISTRY = load_registry(project_dir("data"))
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def visited(source: Source, day: date, state: SourceState = SourceState.OK) -> SourceVisit:
    at = datetime.combine(day, time(2, 10), CHINA).astimezone(UTC)
    return SourceVisit(source.source_id, at, at, state, "", True, 1, 0, 0)


def every(day: date) -> int:
    return 7 if day.month in (12, 1, 2, 3, 4) else 30


@given(DAYS, st.sampled_from(REGISTRY.sources))
def test_a_source_is_visited_once_a_period_and_never_later_than_one_after_the_last_visit(day, source):
    due = due_on(source, visited(source, day), REGISTRY.visits, day)
    assert timedelta(days=1) <= due - day <= timedelta(days=max(every(day), every(due)))
    # A season later it has been visited as often as its period says.
    visits, today = 0, due
    while today < due + timedelta(days=28):
        if due_on(source, visited(source, day), REGISTRY.visits, today) <= today:
            visits, day = visits + 1, today
        today += timedelta(days=1)
    # One more at each end, and one where the season changes.
    assert visits <= 28 / min(every(due), every(today)) + 2


@given(DAYS, st.sampled_from([s for s in SourceState if s is not SourceState.OK]))
def test_what_did_not_end_well_is_visited_every_night(day, state):
    source = REGISTRY.sources[0]
    assert due_on(source, visited(source, day, state), REGISTRY.visits, day) == day
    assert due_on(source, None, REGISTRY.visits, day) == day


def test_the_nights_of_a_week_share_the_hosts_and_a_host_is_visited_in_one_night():
    last, nights = {s.source_id: visited(s, date(2026, 1, 1)) for s in REGISTRY.sources}, Counter()
    hosts: dict[str, set[date]] = {}
    for offset in range(1, 9):
        day = date(2026, 1, 1) + timedelta(days=offset)
        for source in due_sources(REGISTRY, last, day):
            last[source.source_id] = visited(source, day)
            nights[day] += 1
            hosts.setdefault(source.listings[0].split("/")[2], set()).add(day)
    assert sum(nights.values()) >= len(REGISTRY.sources)
    assert max(nights.values()) < len(REGISTRY.sources) / 2
    assert all(len(days) <= 2 for days in hosts.values())


def test_kinds_without_a_season_are_visited_every_night():
    registry, day = replace(REGISTRY, visits=()), date(2026, 7, 1)
    last = {s.source_id: visited(s, day) for s in registry.sources}
    assert due_sources(registry, last, day) == []
    assert due_sources(registry, last, day + timedelta(days=1)) == list(registry.sources)


def test_seasons_are_data_and_no_part_of_what_is_read(tmp_path):
    (tmp_path / "sources").mkdir()
    (tmp_path / "visits.yml").write_text(
        "- {report_kind: rule_of_law, months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], every_days: 3}\n"
    )
    own = load_registry(tmp_path, project_dir("data"))
    assert [season.every_days for season in own.visits] == [3]
    (tmp_path / "visits.yml").unlink()
    assert load_registry(tmp_path, project_dir("data")).fingerprint == own.fingerprint


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "{report_kind: rule_of_law, months: [1], every_days: 7}",
            "month 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 is",
        ),
        ("{report_kind: rule_of_law, months: [1, 1], every_days: 7}", "month 1 is given twice"),
        ("{report_kind: budget, months: [1], every_days: 7}", "`report_kind: budget` is not known"),
        ("{report_kind: rule_of_law, months: [13], every_days: 7}", "months.0: 13"),
        ("{report_kind: rule_of_law, months: [1], every_days: 0}", "every_days: 0"),
    ],
)
def test_a_wrong_season_is_told_with_its_line(tmp_path, line, said):
    (tmp_path / "sources").mkdir()
    (tmp_path / "visits.yml").write_text(f"# own\n- {line}\n")
    with pytest.raises(RegistryError) as raised:
        load_registry(tmp_path, project_dir("data"))
    assert "visits.yml:2" in str(raised.value) and said in str(raised.value)


@pytest.mark.parametrize(
    "name", ["310107", "上海市普陀区", "source=shanghai-putuo-district", "issuer=shanghai-putuo-government"]
)
def test_sources_are_chosen_by_what_people_call_them(name):
    found = {s.source_id for s in choose(REGISTRY, [name if "=" in name else f"district={name}"])}
    assert "shanghai-putuo-district" in found
    assert all(source.startswith("shanghai-putuo") for source in found)


def test_a_city_has_the_sources_of_its_districts_and_choices_add_up():
    shanghai = choose(REGISTRY, ["district=上海市"])
    assert {source.region_code[:2] for source in shanghai} == {"31"}
    both = choose(REGISTRY, ["district=上海市", "source=xiamen-city"])
    assert len(both) == len(shanghai) + 1
    assert choose(REGISTRY, []) == list(REGISTRY.sources)


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("district=普陀区", "上海市普陀区 (310107), 浙江省舟山市普陀区 (330903); give the code"),
        ("district=普佗区", "did you mean"),
        ("district=西青区", "has no source"),
        ("source=shanghai-putuo", "did you mean shanghai-putuo-"),
        ("issuer=nobody", "no source is said to have reports of the issuer nobody"),
        ("place=here", "give district=NAME or CODE"),
        ("district=", "chooses nothing"),
    ],
)
def test_a_name_that_the_registry_does_not_know_is_told_with_what_it_knows(choice, said):
    with pytest.raises(ChoiceError) as raised:
        choose(REGISTRY, [choice])
    assert said in str(raised.value)
