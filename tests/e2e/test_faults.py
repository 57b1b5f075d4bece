"""Injected faults cost nothing but themselves: `make faults` does the same with a thousand of them."""

from faults_run import run

from nianbao.simulation import build_world


def test_every_fault_shows_as_its_outcome_and_nothing_else_is_lost(tmp_path):
    world = build_world(districts=14, issuers=5, years=(2022, 2023, 2024), formats="all")
    result = run(world, 1, 90, tmp_path)
    assert len(result.kinds) >= 35
    assert result.silent == []
    assert (result.lost, result.missing_afterwards, result.damage) == ([], [], [])
