"""A release of simulated districts, the explorer over it, and a real browser."""

import duckdb
import pytest
from support import Command, serving
from web_side import answering

from nianbao.simulation import build_world


@pytest.fixture(scope="session")
def home(tmp_path_factory, prefect_api):
    """A home of two releases: in the second one a report was edited and another one withdrawn."""
    folder = tmp_path_factory.mktemp("explorer")
    command = Command(folder / "home", PREFECT_API_URL=prefect_api)
    world = build_world(districts=2, issuers=3, years=(2021, 2022, 2023), breaks=True)
    for night in (world, world.revised(edited=1, withdrawn=1, late=0)):
        with serving(night, folder / "registry") as (_, leading):
            command("refresh", **leading)
    return command.home


@pytest.fixture(scope="session")
def rows(home):
    """Asks the release as an analyst would: rows(sql, values) → list of tuples."""
    with duckdb.connect(str((home / "current").resolve() / "nianbao.duckdb"), read_only=True) as connection:
        yield lambda sql, values=None: connection.execute(sql, values or []).fetchall()


@pytest.fixture(scope="session")
def site(home):
    """The address of the explorer."""
    with answering(home) as address:
        yield address
