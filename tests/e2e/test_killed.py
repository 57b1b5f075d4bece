"""SIGKILL at any stage leaves `current` valid, and the next refresh completes with the marts of an undisturbed one."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support import Command, serving

from nianbao.simulation import build_world
from nianbao.warehouse.release import current_release, verify

DRIVER = Path(__file__).with_name("kill_driver.py")
STAGES = [
    "ingest",
    "load",
    "build",
    "validate",
    "release, while hashing",
    "release, before the link moves",
]
# What must be the same whether or not a refresh was killed; ids of captures and times differ from home to home.
MARTS = {
    "fct_report": "select report_id, title, n_figures from fct_report order by all",
    "fct_figure": "select figure_id, value, unit, indicator_id from fct_figure order by all",
    "fct_indicator_yoy": "select issuer_id, indicator_id, fact_year, scope, value, change, comparability"
    " from fct_indicator_yoy order by all",
}


@pytest.fixture(scope="module")
def published(tmp_path_factory, prefect_api):
    """A home with a release of three years, and the sites as they are once a fourth year is out."""
    folder = tmp_path_factory.mktemp("killed")
    world = build_world(districts=1, issuers=3, years=(2021, 2022, 2023))
    command = Command(folder / "home", PREFECT_API_URL=prefect_api)
    with serving(world, folder / "registry") as (_, settings):
        command("refresh", **settings)
    with serving(world.with_year(2024), folder / "registry") as (_, settings):
        undisturbed = Command(folder / "undisturbed", PREFECT_API_URL=prefect_api)
        shutil.copytree(command.home, undisturbed.home, symlinks=True)
        undisturbed("refresh", **settings)
        yield command, undisturbed, settings


@pytest.mark.parametrize("stage", STAGES)
def test_a_refresh_killed_at_any_stage_is_completed_by_the_next(published, tmp_path, stage):
    original, undisturbed, settings = published
    command = Command(tmp_path / "home", PREFECT_API_URL=original.environment["PREFECT_API_URL"])
    shutil.copytree(original.home, command.home, symlinks=True)
    with (tmp_path / "killed.log").open("w") as log:
        code = subprocess.call(
            [sys.executable, str(DRIVER), stage],
            env=command.environment | settings,
            stdout=log,
            stderr=log,
            timeout=120,
        )
    assert code == -signal.SIGKILL, (tmp_path / "killed.log").read_text()

    assert command.current == original.current
    assert verify(current_release(command.home / "current")) == []
    assert command.rows("select max(report_year) as y from fct_report") == [{"y": 2023}]

    command("refresh", **settings)
    assert "took over the lock" in command.err
    assert verify(current_release(command.home / "current")) == []
    for mart, query in MARTS.items():
        assert command.rows(query) == undisturbed.rows(query), mart
