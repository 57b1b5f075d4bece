"""What a refresh goes on with after a broken-off one: only a built candidate of the very same inputs."""

from __future__ import annotations

import pytest

from nianbao.model import Check, Verdict
from nianbao.warehouse.built import Built, forget_built, merged, note_built, take_over

INPUTS = {"lake": "a", "rules": "b"}


def check(check_id: str, verdict: Verdict = Verdict.PASS) -> Check:
    return Check(check_id, "dbt", "fct_report", "critical", verdict, "0", "0", f"{check_id} holds")


BUILT = Built(INPUTS, "20260101T000000Z-abcd", "2026-01-01T00:00:00+00:00", (check("one"), check("two")))


@pytest.fixture
def builds(tmp_path):
    """A built candidate of a run that was broken off, and the rubble of another one."""
    for name in ("former", "rubble"):
        (tmp_path / "builds" / name).mkdir(parents=True)
        (tmp_path / "builds" / name / "nianbao.duckdb").write_text(name)
    note_built(tmp_path / "builds" / "former" / "nianbao.duckdb", BUILT)
    return tmp_path / "builds"


def test_a_candidate_of_the_same_inputs_is_gone_on_with_and_the_others_are_removed(builds):
    candidate = builds / "present" / "nianbao.duckdb"
    assert take_over(candidate, builds, INPUTS, BUILT.base) == BUILT
    assert candidate.read_text() == "former"
    assert [folder.name for folder in builds.iterdir()] == ["present"]


@pytest.mark.parametrize(
    ("inputs", "base"),
    [(INPUTS | {"lake": "other"}, BUILT.base), (INPUTS, None), (INPUTS, "another release")],
)
def test_a_candidate_of_other_inputs_is_removed(builds, inputs, base):
    assert take_over(builds / "present" / "nianbao.duckdb", builds, inputs, base) is None
    assert list(builds.iterdir()) == []


def test_a_candidate_that_was_being_published_or_whose_note_is_damaged_is_built_again(builds):
    former = builds / "former" / "nianbao.duckdb"
    forget_built(former)
    assert take_over(builds / "present" / "nianbao.duckdb", builds, INPUTS, BUILT.base) is None
    former.parent.mkdir()
    former.write_text("")
    former.with_name("built.json").write_text('{"inputs": {')
    assert take_over(builds / "present" / "nianbao.duckdb", builds, INPUTS, BUILT.base) is None


def test_checks_that_ran_again_stand_in_for_their_former_verdicts():
    present = (check("two", Verdict.FAIL), check("three"))
    assert merged(BUILT.checks, present) == (check("one"), *present)
