"""What a home has lasts in an object store, whoever is killed or gone, and another home goes on from there."""

import json
import shutil
import threading

import pytest
from chaos.home import captures, marts, wrong_after
from object_store import BUCKET, LOGIN, breaking, object_store
from support import Command, serving

from nianbao.simulation import build_world
from nianbao.storage import Objects

YEARS = (2021, 2022, 2023)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """The environment by which an object store is reached."""
    with object_store(tmp_path_factory.mktemp("objects")) as environment:
        yield environment


@pytest.fixture(scope="module")
def world():
    """Two districts."""
    return build_world(districts=2, issuers=3, years=YEARS)


@pytest.fixture(scope="module")
def first(tmp_path_factory, prefect_api, store, world):
    """A home that has refreshed and stored what it has; its sites are gone afterwards."""
    folder = tmp_path_factory.mktemp("homes")
    command = home(folder / "first", prefect_api, store, "shared")
    with serving(world, folder / "registry") as (_, leading):
        command("refresh", **leading)
    return command


def home(folder, prefect_api, store, prefix):
    """A home whose storage is a prefix of the bucket."""
    return Command(folder, PREFECT_API_URL=prefect_api, NIANBAO_STORAGE=f"s3://{BUCKET}/{prefix}", **store)


@pytest.fixture
def objects(store, monkeypatch):
    """Gives the objects below a prefix."""
    for name, value in store.items():
        monkeypatch.setenv(name, value)
    return lambda prefix: Objects(f"s3://{BUCKET}/{prefix}")


def test_an_empty_home_goes_on_from_what_another_stored(first, prefect_api, store, world, tmp_path):
    second = home(tmp_path / "second", prefect_api, store, "shared")
    with serving(world, first.home.parent / "registry") as (sites, leading):
        second("refresh", **leading)
        assert "nothing is new" in second.out
        fetched = [path for (_, path, status), _ in sites.requests.counts().items() if status == 200]
    assert second.current == first.current
    assert marts(second) == marts(first) and captures(second) == captures(first)
    assert wrong_after(second) == []
    # Pages that give a validator were not fetched again: the archive that came from the storage knows it.
    assert len(fetched) < len(captures(first))
    second("archive", "verify")
    second("storage", "verify")


def test_an_unchanged_night_writes_nothing(first, objects, world):
    before = {each.name: each.written_at for each in objects("shared").listed("")}
    with serving(world, first.home.parent / "registry") as (_, leading):
        first("refresh", **leading)
    after = {each.name: each.written_at for each in objects("shared").listed("")}
    changed = {name for name in after if after[name] != before.get(name)}
    assert all(name.startswith("lake/outcomes/") for name in changed), changed


def test_what_is_stored_and_damaged_is_told_and_never_used(first, objects, prefect_api, store, tmp_path):
    shutil.copytree(first.home, tmp_path / "damaged", symlinks=True)
    own = home(tmp_path / "damaged", prefect_api, store, "damaged")
    own("storage", "push")
    at = objects("damaged")
    segment = next(each.name for each in at.listed("archive/") if each.name.endswith(".warc.gz"))
    content, _ = at.read(segment)
    at.put(segment, content[:-1] + bytes([content[-1] ^ 1]))
    own("storage", "verify", exit_code=1)
    assert segment in own.out and "hash differs" in own.out
    empty = home(tmp_path / "empty", prefect_api, store, "damaged")
    empty("storage", "pull", exit_code=1)
    assert "not what was stored" in empty.err
    assert segment.rpartition("/")[2] not in {path.name for path in (tmp_path / "empty").rglob("*")}
    # As the sentence says: without its list the bundle is stored anew.
    at.delete(f"{segment.rpartition('/')[0]}/bundle.json")
    own("storage", "push")
    own("storage", "verify")
    empty("storage", "pull")
    assert captures(empty) == captures(own)


def test_a_release_that_is_damaged_in_the_storage_is_mended_as_the_sentence_says(
    first, objects, prefect_api, store, tmp_path
):
    shutil.copytree(first.home, tmp_path / "home", symlinks=True)
    own = home(tmp_path / "home", prefect_api, store, "mended")
    own("storage", "push")
    at = objects("mended")
    file, manifest = next(at.listed("files/")).name, next(at.listed("releases/")).name
    at.put(file, b"something else")
    own("storage", "verify", exit_code=1)
    assert f"delete {file} there" in own.out
    at.delete(file)
    own("storage", "verify", exit_code=1)
    assert "is missing" in own.out
    at.put(manifest, b"{")
    own("storage", "verify", exit_code=1)
    assert manifest in own.err and "Traceback" not in own.err
    at.delete(manifest)
    own("storage", "push")
    own("storage", "verify")


@pytest.mark.parametrize("writes", [0, 1, 4, 9, 16, 25])
def test_a_storage_that_breaks_off_costs_nothing_and_is_caught_up_with(
    first, objects, prefect_api, store, tmp_path, writes
):
    prefix = f"broken-{writes}"
    shutil.copytree(first.home, tmp_path / "home", symlinks=True)
    own = home(tmp_path / "home", prefect_api, store, prefix)
    with breaking(store, writes) as through:
        own("storage", "push", exit_code=None, **through)
        assert "Traceback" not in own.err and LOGIN["AWS_SECRET_ACCESS_KEY"] not in own.err + own.out
    # Whatever is there is whole: nothing refers to what is not.
    at = objects(prefix)
    if (current := at.read("current")) is not None:
        assert at.read(f"releases/{json.loads(current[0])['release']}/manifest.json")
    own("storage", "verify")
    other = home(tmp_path / "other", prefect_api, store, prefix)
    other("storage", "pull")
    assert set(captures(other)) <= set(captures(own))
    own("storage", "push")
    other("storage", "pull")
    assert captures(other) == captures(own) and other.current == own.current


def test_a_refresh_whose_storage_is_gone_keeps_everything_and_says_so(prefect_api, store, world, tmp_path):
    own = home(tmp_path / "home", prefect_api, store, "gone")
    with serving(world, tmp_path / "registry") as (_, leading):
        own("refresh", exit_code=1, AWS_ENDPOINT_URL="http://127.0.0.1:1", **leading)
        said = own.out + own.err
        assert "the storage s3://nianbao/gone did not" in said and "the next refresh tries again" in said
        assert own.current and wrong_after(own) == []
        own("refresh", **leading)
        assert "nothing is new" in own.out
    other = home(tmp_path / "other", prefect_api, store, "gone")
    other("storage", "pull")
    assert other.current == own.current and captures(other) == captures(own)


def test_two_homes_that_crawl_apart_lose_nothing_of_each_other(prefect_api, store, world, tmp_path):
    codes = sorted({source.region_code for source in world.sources})
    homes = [home(tmp_path / name, prefect_api, store, "apart") for name in ("one", "two")]
    with serving(world, tmp_path / "registry") as (_, leading):
        # Both begin before either has stored anything.
        runs = [
            threading.Thread(
                target=lambda each=each, code=code: each(
                    "refresh", "--only", f"district={code}", exit_code=None, **leading
                )
            )
            for each, code in zip(homes, codes, strict=False)
        ]
        for run in runs:
            run.start()
        for run in runs:
            run.join()
        ended = sorted(each.code for each in homes)
        assert ended in ([0, 0], [0, 1]), [each.out + each.err for each in homes]
        if ended == [0, 1]:
            (loser,) = (each for each in homes if each.code)
            assert "another home has published" in loser.out
        # The next night of each fetches the other's reports.
        for each in (*homes, homes[0]):
            each("refresh", "--only", f"district={codes[0]}", **leading)
    alone = Command(tmp_path / "alone", PREFECT_API_URL=prefect_api)
    with serving(world, tmp_path / "registry") as (_, leading):
        alone("refresh", **leading)
    reports = "select report_id, n_figures from fct_report order by all"
    assert homes[0].rows(reports) == alone.rows(reports)
    assert homes[0].current == homes[1].current or homes[1].rows(reports) == homes[0].rows(reports)


def test_retention_removes_from_the_storage_too(first, objects, prefect_api, store, world, tmp_path):
    shutil.copytree(first.home, tmp_path / "home", symlinks=True)
    own = home(tmp_path / "home", prefect_api, store, "kept")
    with serving(world.revised(edited=2, withdrawn=0, late=0), first.home.parent / "registry") as (
        _,
        leading,
    ):
        own("storage", "push")
        own("refresh", **leading)
    at = objects("kept")
    assert len(list(at.listed("releases/"))) == 2
    own("releases", "gc", NIANBAO_KEEP_RELEASES="1", NIANBAO_KEEP_MONTHS="0")
    (left,) = at.listed("releases/")
    assert own.current in left.name
    own("storage", "verify")
