"""Planted cases reach their floors: wordings that the matcher was tuned on, and held-out ones."""

import pytest

from . import cases, run_cases

# Precision and recall of each task; make alignment prints both with every miss.
FLOOR = 0.90


@pytest.mark.parametrize("which", ["tuned", "held-out"])
@pytest.mark.parametrize("task", run_cases.TASKS)
def test_precision_and_recall_reach_their_floors(task, which):
    tally = run_cases.TASKS[task](which)["together"]
    assert tally.precision >= FLOOR, tally.misses
    assert tally.recall >= FLOOR, tally.misses


def test_there_are_at_least_two_hundred_cases_per_task():
    for task, score in run_cases.TASKS.items():
        tally = score("all")["together"]
        assert tally.cases >= 200, task


def test_no_wording_stands_in_both_sets():
    for task in ("commitments", "shortcomings", "paragraphs"):
        tuned, held_out = (
            {case.get("promise") or str(case["told"]) for case in cases.wordings(task, which)}
            for which in ("tuned", "held-out")
        )
        assert tuned
        assert held_out
        assert not tuned & held_out
