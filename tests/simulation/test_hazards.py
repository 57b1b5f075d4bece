from __future__ import annotations

import pytest
import requests

from nianbao.model import Outcome
from nianbao.simulation import HAZARDS, SimulatedSites, World

from .web import Web


def test_every_hazard_has_a_source_a_place_and_known_outcomes(hazards: World) -> None:
    sources = {source.source_id: source for source in hazards.sources}
    assert [truth.hazard for truth in hazards.hazards] == [hazard.name for hazard in HAZARDS]
    for truth in hazards.hazards:
        assert truth.url.startswith(f"http://{sources[truth.source_id].host}/")
        assert set(truth.outcomes) <= {outcome.value for outcome in Outcome}
    assert (
        len(sources) == len({source.host for source in sources.values()}) + 1
    )  # one healthy site has two columns


def test_healthy_sources_stand_beside_the_hazards(hazards: World) -> None:
    wrong = {truth.source_id for truth in hazards.hazards}
    assert {report.source_id for report in hazards.reports} - wrong


def test_reports_that_must_come_through_are_there_and_the_others_are_not(hazards: World) -> None:
    for truth in hazards.hazards:
        there = {(r.issuer_id, r.year) for r in hazards.reports if r.source_id == truth.source_id}
        assert there == set(truth.reports)


def test_every_hazard_shows_at_its_address(hazards: World) -> None:
    with SimulatedSites(hazards.sites).serve() as sites:
        web = Web(sites.resolve)
        for truth in hazards.hazards:
            outcome = truth.outcomes[0]
            if outcome in ("unreachable", "broken_transfer"):
                with pytest.raises(requests.exceptions.RequestException):
                    web.get(truth.url)
                continue
            if outcome == "timeout":
                continue  # the drip has its own test
            answer = web.get(truth.url)
            expected = {"not_found": 404, "forbidden": 403, "server_error": 500, "redirect_loop": 302,
                        "host_not_allowed": 302, "blocked_challenge": 412}  # fmt: skip
            status = 503 if truth.hazard == "server_error_once" else expected.get(outcome, 200)
            assert answer.status_code == status, truth.hazard
            assert (answer.content == b"") == (outcome in ("empty", "redirect_loop", "host_not_allowed"))


def test_the_foreign_host_of_the_redirect_answers_so_that_following_it_would_show(hazards: World) -> None:
    truth = next(truth for truth in hazards.hazards if truth.hazard == "redirect_away")
    with SimulatedSites(hazards.sites).serve() as sites:
        web = Web(sites.resolve)
        assert web.get(web.get(truth.url).headers["Location"]).status_code == 200
