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
    expected = {"not_found": 404, "forbidden": 403, "server_error": 500, "redirect_loop": 302, "moved": 301,
                "host_not_allowed": 302, "throttled": 429}  # fmt: skip
    own = {"server_error_once": 503, "throttled_until": 503, "throttled_once": 429, "cookie_gate": 302, "challenge": 412,
           "challenge_202": 202, "challenge_521": 521, "foreign_copy": 200, "https_only": 302}  # fmt: skip
    with SimulatedSites(hazards.sites).serve() as sites:
        web = Web(sites.resolve)
        for truth in hazards.hazards:
            outcome = truth.outcomes[0]
            if outcome in ("timeout", "oversized"):
                continue  # the drip and the large bodies have tests of their own
            if (
                truth.hazard in ("refused", "closed_once")
                or outcome == "broken_transfer"
                or truth.hazard == "closed"
            ):
                with pytest.raises(requests.exceptions.RequestException):
                    web.get(truth.url)
                continue
            answer = web.get(truth.url)
            assert answer.status_code == own.get(truth.hazard, expected.get(outcome, 200)), truth.hazard
            bodiless = answer.status_code in (301, 302) or outcome == "empty"
            assert (answer.content == b"") == bodiless, truth.hazard


def test_the_foreign_host_of_the_redirect_answers_so_that_following_it_would_show(hazards: World) -> None:
    truth = next(truth for truth in hazards.hazards if truth.hazard == "redirect_away")
    with SimulatedSites(hazards.sites).serve() as sites:
        web = Web(sites.resolve)
        assert web.get(web.get(truth.url).headers["Location"]).status_code == 200
