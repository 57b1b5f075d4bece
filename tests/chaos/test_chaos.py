"""The short form of `make chaos`: one kill per stage, and one of each trouble."""

from contextlib import closing

import pytest

from chaos import mounts, rehearsal
from chaos.home import Prepared
from chaos.kills import KILLS
from chaos.points import owner_of
from chaos.troubles import TROUBLES

POINTS = {case.calls for case in KILLS if case.calls} | {case.at[0] for case in TROUBLES if case.at}


@pytest.mark.parametrize("point", sorted(POINTS))
def test_every_point_of_the_long_form_is_there(point):
    owner_of(point)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, prefect_api):
    with closing(Prepared(tmp_path_factory.mktemp("chaos"), prefect_api, issuers=2)) as made:
        yield made


@pytest.mark.parametrize("case", [case for case in KILLS if case.short], ids=lambda case: case.stage)
def test_a_killed_run_is_completed_by_the_next(prepared, case):
    told = rehearsal.kill(prepared, case, case.stage.replace(" ", "-"))
    assert told.problems == ()


@pytest.mark.parametrize("case", [case for case in TROUBLES if case.short], ids=lambda case: case.name)
def test_trouble_is_told_and_the_next_run_makes_it_good(prepared, case):
    if case.mounted and not mounts.can_mount():
        pytest.skip("needs root, or a user namespace: make chaos tries that")
    told = rehearsal.trouble(prepared, case, case.name.replace(" ", "-").replace(":", ""))
    assert told.problems == (), told.sentence
