"""Injected faults: at the addresses that are told, as often as asked, and each visible."""

from __future__ import annotations

from collections import Counter

import pytest
import requests

from nianbao.model import Outcome
from nianbao.simulation import SimulatedSites, World, build_world, inject_faults, truth_json
from nianbao.simulation.copies import host_of, path_of

from .web import Web


@pytest.fixture(scope="module")
def large() -> World:
    return build_world(districts=12, issuers=6, years=(2022, 2023, 2024), formats="all")


def test_the_same_seed_chooses_the_same_faults_and_another_one_others(large: World) -> None:
    first, second, other = (inject_faults(large, seed, 150)[1] for seed in (1, 1, 2))
    assert first == second != other
    assert len(first) == len(other) == 150


def test_faults_stand_at_the_addresses_that_are_told_and_nowhere_else(large: World) -> None:
    faulty, truths = inject_faults(large, 1, 150)
    assert faulty.reports == large.reports and faulty.faults == truths
    told = {(host_of(truth.url), path_of(truth.url)) for truth in truths}
    assert len(told) == len(truths)
    for report in large.reports:
        for url in report.urls:
            wrong = faulty.sites[report.host].fault(path_of(url)) is not None
            assert wrong == ((report.host, path_of(url)) in told)
    assert '"faults": [\n' in truth_json(faulty)


def test_every_fault_shows_and_none_hides_another(large: World) -> None:
    _, truths = inject_faults(large, 3, 150)
    listings = {host_of(truth.url) for truth in truths if truth.role == "listing"}
    assert listings
    assert all(truth.role == "listing" for truth in truths if host_of(truth.url) in listings)
    reports = Counter((truth.issuer_id, truth.year) for truth in truths if truth.issuer_id)
    assert max(reports.values()) == 1
    assert {truth.role for truth in truths} == {"listing", "page", "attachment"}
    for truth in truths:
        assert truth.outcomes and {Outcome(outcome) for outcome in truth.outcomes}
    assert len({truth.fault for truth in truths}) >= 35


def test_passing_faults_pass_and_the_others_stay(large: World) -> None:
    faulty, truths = inject_faults(large, 1, 120)
    slow = {"drip", "huge", "huge_chunked", "gzip_bomb", "endless_headers"}
    with SimulatedSites(faulty.sites).serve() as sites:
        web = Web(sites.resolve)
        for truth in truths:
            if truth.fault in slow:
                continue
            good = []
            for _ in range(2):
                try:
                    answer = web.get(
                        truth.url, Cookie="wafgate=7f3a" if truth.fault == "cookie_gate" else "none"
                    )
                except requests.exceptions.RequestException:
                    good.append(False)
                    continue
                right = large.sites[host_of(truth.url)].find(path_of(truth.url))
                good.append(answer.status_code == 200 and right is not None and answer.content == right.body)
            assert good[1] == truth.passing, truth


def test_more_faults_than_addresses_are_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="build a larger world"):
        inject_faults(build_world(districts=1, issuers=1, years=(2023,)), 1, 50)
