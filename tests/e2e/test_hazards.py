"""Each kind of trouble ends as its outcome with a sentence, and the rest of the refresh goes on."""

import json

import pytest
from support import Command, serving

from nianbao.simulation import hazards_world


@pytest.fixture(scope="module")
def troubled(tmp_path_factory, prefect_api):
    world = hazards_world()
    folder = tmp_path_factory.mktemp("hazards")
    limits = {"NIANBAO_FETCH_TIMEOUT": "2", "NIANBAO_RETRIES": "1", "PREFECT_API_URL": prefect_api}
    command = Command(folder / "home", **limits)
    with serving(world, folder / "registry") as (sites, settings):
        command("refresh", **settings)
        asked = {host for host, _, _ in sites.requests.counts()}
    status = json.loads(command("status", "--json"))
    return world, command, status["outcomes"], asked


def test_every_hazard_ends_as_its_outcome(troubled):
    world, _, outcomes, _ = troubled
    wrong = []
    for hazard in world.hazards:
        found = {row["outcome"] for row in outcomes if row["source_id"] == hazard.source_id}
        if not found & set(hazard.outcomes):
            wrong.append((hazard.hazard, hazard.outcomes, found))
    assert wrong == []


def test_every_outcome_says_what_happened_and_where(troubled):
    _, _, outcomes, _ = troubled
    for row in outcomes:
        assert len(row["sentence"]) > 15
        if row["outcome"] not in ("report",):
            assert row["url"] in row["sentence"] or "http" in row["sentence"], row


def test_what_must_come_through_despite_the_hazards_is_in(troubled):
    world, command, _, _ = troubled
    found = {
        (r["issuer_id"], r["report_year"])
        for r in command.rows("select issuer_id, report_year from fct_report")
    }
    expected = {tuple(report) for hazard in world.hazards for report in hazard.reports}
    assert expected - found == set()


def test_hosts_that_no_source_names_are_never_asked(troubled):
    world, _, _, asked = troubled
    own = {source.host for source in world.sources}
    foreign = set(world.sites) - own
    assert {"www.elsewhere.test"} < foreign
    assert asked & foreign == set()
