"""A home with one release of three simulated districts, made once."""

import pytest
from support import Command, serving

from nianbao.simulation import build_world


@pytest.fixture(scope="session")
def analysts_home(tmp_path_factory, prefect_api):
    folder = tmp_path_factory.mktemp("analysts")
    command = Command(folder / "home", PREFECT_API_URL=prefect_api)
    with serving(build_world(districts=3, issuers=4, years=range(2021, 2025)), folder / "registry") as (_, settings):
        command("refresh", **settings)
    return command.home
