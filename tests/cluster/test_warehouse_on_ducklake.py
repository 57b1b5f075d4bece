"""A warehouse on DuckLake holds what the files hold, release by release, whoever reads and publishes at the same time."""

import json
from urllib.parse import urlsplit

import duckdb
import pytest
from chaos.home import marts
from object_store import BUCKET, LOGIN, object_store
from postgres import PASSWORD, postgres_server, start_again, stop_postgres
from publishers import at_once, first_release, tallies
from pydantic import SecretStr
from support import Command, serving
from workers_support import home_with_archive

from nianbao.simulation import build_world
from nianbao.storage import Objects
from nianbao.warehouse.ducklake import DuckLake
from nianbao.warehouse.release import list_releases
from nianbao.warehouse.release.shared import shared_releases

_HASH = 'select count(*), sum(hash(t)::hugeint) from main."{}" t'


@pytest.fixture(scope="module")
def postgres():
    """The address of a PostgreSQL server."""
    with postgres_server() as address:
        if address is None:
            pytest.skip("PostgreSQL is not installed")
        yield address


@pytest.fixture(scope="module")
def nights(tmp_path_factory, prefect_api, postgres):
    """Two nights of one world: (home with files, home with DuckLake, its warehouse)."""
    folder = tmp_path_factory.mktemp("ducklake")
    files = Command(folder / "files", PREFECT_API_URL=prefect_api)
    world = build_world(districts=2, issuers=3, years=(2020, 2021, 2022, 2023), breaks=True)
    settings = {"NIANBAO_WAREHOUSE": postgres, "NIANBAO_WAREHOUSE_DATA": str(folder / "data")}
    with serving(world, folder / "registry") as (_, leading):
        files("refresh", **leading)
        lake = home_with_archive(files, "lake")
        lake.environment |= settings
        lake("refresh", **leading)
    with serving(world.revised(edited=2, withdrawn=1, late=0), folder / "registry") as (_, leading):
        files("refresh", **leading)
        lake("refresh", **leading)
        assert "what changed since the last release" in lake.err, "the second night was built whole"
        lake("refresh", **leading)
        assert "nothing is new" in lake.out
    return files, lake, DuckLake(SecretStr(postgres), settings["NIANBAO_WAREHOUSE_DATA"] + "/")


def differing(release, connection):
    """The marts whose rows are others in a database than in a release."""
    with duckdb.connect(str(release.database), read_only=True) as file:
        return [
            name
            for name in release.row_counts
            if file.execute(_HASH.format(name)).fetchone()
            != connection.execute(_HASH.format(name)).fetchone()
        ]


def test_marts_built_on_ducklake_equal_those_built_in_a_file(nights):
    files, lake, _ = nights
    assert len(marts(files)) > 15
    assert marts(lake) == marts(files)


def test_each_release_is_a_snapshot_that_stays_as_it_was(nights):
    _, lake, warehouse = nights
    releases = {release.release_id: release for release in list_releases(lake.home / "releases")}
    shared = shared_releases(warehouse)
    assert [each.release_id for each in shared] == sorted(releases)
    for each in shared:
        with warehouse.connect(version=each.snapshot) as connection:
            assert differing(releases[each.release_id], connection) == []
            assert connection.execute("select count(*) from figures").fetchone()[0] > 100
    lake("releases", "verify")


def test_descriptions_of_columns_are_in_the_release(nights):
    files, lake, _ = nights
    query = "select count(*) as n from duckdb_columns() where comment is not null and not internal"
    assert lake.rows(query) == files.rows(query)


def test_analysts_attach_a_release_for_reading(nights, postgres):
    _, lake, warehouse = nights
    lake("warehouse", "list", "--json")
    newest, oldest = json.loads(lake.out)
    lake("warehouse", "attach", oldest["release"][:20])
    assert PASSWORD not in lake.out
    # The extensions are there from packages instead of being installed, and the password is in the environment.
    statements = [
        each for each in lake.out.split(";") if "install" not in each and "load" not in each and each.strip()
    ]
    parts = urlsplit(postgres)
    login = f"user={parts.username} password={parts.password} host="
    with duckdb.connect() as analyst:
        warehouse.prepare(analyst)
        for statement in statements:
            analyst.execute(statement.replace("host=", login))
        (rows,) = analyst.execute("select count(*) from fct_report").fetchone()
        assert rows == oldest["reports"] and oldest["release"] != newest["release"]
        with pytest.raises(duckdb.Error):
            analyst.execute("delete from fct_report")


def test_nothing_of_a_build_is_left_on_ducklake_and_the_password_is_nowhere(nights, postgres):
    _, lake, warehouse = nights
    with warehouse.catalog() as connection:
        schemas = connection.execute(
            "select schema_name from duckdb_schemas() where database_name = 'catalog' and schema_name like 'candidate%'"
        ).fetchall()
    assert schemas == []
    folders = [lake.home, lake.home.parent / "data"]
    told = [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and PASSWORD.encode() in path.read_bytes()
    ]
    assert told == [] and PASSWORD not in lake.out + lake.err


def test_a_home_does_not_publish_over_another_ones_release(nights, postgres, tmp_path):
    files, lake, warehouse = nights
    other = home_with_archive(files, "other")
    other.environment |= {
        name: lake.environment[name] for name in ("NIANBAO_WAREHOUSE", "NIANBAO_WAREHOUSE_DATA")
    }
    before = shared_releases(warehouse)
    world = build_world(districts=2, issuers=3, years=(2020, 2021, 2022, 2023), breaks=True)
    with serving(world, other.home.parent / "registry") as (_, leading):
        other("refresh", exit_code=1, **leading)
    assert "another home has published it" in other.out and "Traceback" not in other.out + other.err
    assert shared_releases(warehouse) == before
    # What it has made is its own current release all the same.
    other("releases", "verify")
    assert other.current


def test_a_catalog_that_is_gone_costs_nothing_and_is_caught_up_with(nights, postgres):
    files, lake, warehouse = nights
    port = urlsplit(postgres).port
    world = build_world(districts=2, issuers=3, years=(2019, 2020, 2021, 2022, 2023), breaks=True)
    with serving(world, lake.home.parent / "registry") as (_, leading):
        stop_postgres(port)
        before = lake.current
        lake("refresh", exit_code=1, **leading)
        said = lake.out + lake.err
        assert "cannot be opened" in said and PASSWORD not in said and "Traceback" not in said
        assert lake.current == before
        start_again(port)
        lake("refresh", **leading)
        files("refresh", **leading)
    assert marts(lake) == marts(files)
    assert shared_releases(warehouse)[-1].release_id == lake.current


def test_releases_that_retention_removes_leave_the_warehouse(nights):
    _, lake, warehouse = nights
    assert len(shared_releases(warehouse)) > 1
    lake("releases", "gc", NIANBAO_KEEP_RELEASES="1", NIANBAO_KEEP_MONTHS="0")
    (left,) = shared_releases(warehouse)
    (release,) = list_releases(lake.home / "releases")
    assert left.release_id == release.release_id
    with warehouse.connect(version=left.snapshot) as connection:
        assert differing(release, connection) == []


def test_publishers_and_readers_at_once_lose_nothing_and_see_whole_releases(postgres, tmp_path):
    warehouse = DuckLake(SecretStr(postgres), str(tmp_path / "data") + "/", schema="at_once")
    first_release(warehouse, tmp_path / "first")
    done = at_once(warehouse, tmp_path, publishers=2, readers=3, seconds=30)
    commits = {name: said["commits"] for name, said in done.items() if "commits" in said}
    assert min(commits.values()) > 0 and sum(commits.values()) > 2
    assert tallies(warehouse) == commits
    reads = [said for said in done.values() if "reads" in said]
    assert all(said["reads"] > 1 and said["wrong"] == [] for said in reads)


def test_rows_may_lie_in_an_object_store(nights, postgres, tmp_path, monkeypatch):
    files, _, _ = nights
    with postgres_server() as own, object_store(tmp_path / "objects") as store:
        home = home_with_archive(files, "objects")
        home.environment |= store | {
            "NIANBAO_WAREHOUSE": own,
            "NIANBAO_WAREHOUSE_DATA": f"s3://{BUCKET}/warehouse",
        }
        world = build_world(districts=2, issuers=3, years=(2020, 2021, 2022, 2023), breaks=True)
        with serving(world, home.home.parent / "registry") as (_, leading):
            home("refresh", **leading)
        for name, value in store.items():
            monkeypatch.setenv(name, value)
        warehouse = DuckLake(SecretStr(own), f"s3://{BUCKET}/warehouse/")
        (shared,) = shared_releases(warehouse)
        (release,) = list_releases(home.home / "releases")
        with warehouse.connect(version=shared.snapshot) as connection:
            assert differing(release, connection) == []
        # Nothing of the candidate is left there.
        names = [each.name for each in Objects(f"s3://{BUCKET}/warehouse").listed("")]
        assert names and not [name for name in names if name.startswith("candidates/")]
        assert LOGIN["AWS_SECRET_ACCESS_KEY"] not in home.out + home.err
