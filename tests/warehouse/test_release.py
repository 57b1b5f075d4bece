"""A release is whole, sealed and found by one link; readers of the old one are not disturbed."""

import json

import duckdb
import pytest

from nianbao.warehouse.ledger import Ledger, RefreshState
from nianbao.warehouse.release import (
    DATABASE,
    ReleaseError,
    current_release,
    finish_interrupted,
    list_releases,
    publish,
    verify,
)


def candidate(home, name, value):
    path = home / "builds" / name / DATABASE
    path.parent.mkdir(parents=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema raw")
        connection.execute("create table raw.hidden as select 1 as x")
        connection.execute(f"create table toy as select {value} as n from range(3)")
    return path


def publish_one(home, name="r1", value=1):
    return publish(
        candidate(home, name, value),
        home / "releases",
        home / "current",
        refresh_id=name,
        inputs={"lake": name},
        checks=[],
    )


def test_a_release_holds_database_parquet_checks_and_a_manifest_that_verifies(tmp_path):
    made = publish_one(tmp_path)
    assert current_release(tmp_path / "current").release_id == made.release_id
    assert made.row_counts == {"toy": 3}
    assert sorted(p.name for p in made.folder.rglob("*") if p.is_file()) == [
        "LICENSE-NOTE.md",
        "checks.json",
        "datapackage.json",
        "dictionary.html",
        "dictionary.md",
        "manifest.json",
        "nianbao.duckdb",
        "quality.html",
        "toy.parquet",
    ]
    assert verify(made) == []
    assert not (tmp_path / "builds" / "r1" / DATABASE).exists()


def test_every_kind_of_tampering_is_found(tmp_path):
    made = publish_one(tmp_path)
    target = made.folder / "checks.json"
    target.chmod(0o644)
    target.write_text("[1]")
    (made.folder / "surplus").write_text("")
    (made.folder / "parquet" / "toy.parquet").unlink()
    manifest = made.folder / "manifest.json"
    manifest.chmod(0o644)
    manifest.write_text(json.dumps({**made.manifest, "refresh_id": "other"}))
    problems = " · ".join(verify(current_release(tmp_path / "current")))
    assert "checks.json is not what was published" in problems
    assert "surplus is not in the manifest" in problems
    assert "parquet/toy.parquet is missing" in problems
    assert "the manifest is not what was published" in problems


def test_a_reader_of_the_old_release_keeps_it_while_new_readers_get_the_new_one(tmp_path):
    publish_one(tmp_path, "r1", 1)
    with duckdb.connect(str((tmp_path / "current").resolve() / DATABASE), read_only=True) as reader:
        publish_one(tmp_path, "r2", 2)
        assert reader.execute("select distinct n from toy").fetchall() == [(1,)]
        with duckdb.connect(str((tmp_path / "current").resolve() / DATABASE), read_only=True) as newcomer:
            assert newcomer.execute("select distinct n from toy").fetchall() == [(2,)]
    assert len(list_releases(tmp_path / "releases")) == 2


def test_a_candidate_with_a_write_ahead_log_beside_it_is_not_published(tmp_path):
    path = candidate(tmp_path, "r1", 1)
    path.with_name(DATABASE + ".wal").write_bytes(b"rows that a rename would lose")
    with pytest.raises(ReleaseError, match="not closed cleanly"):
        publish(path, tmp_path / "releases", tmp_path / "current", refresh_id="r1", inputs={}, checks=[])
    assert current_release(tmp_path / "current") is None


def test_a_publication_that_was_killed_before_the_link_moved_is_completed(tmp_path):
    ledger = Ledger(tmp_path / "ledger.sqlite")
    old = publish_one(tmp_path, ledger.begin("refresh"), 1)
    ledger.end(old.manifest["refresh_id"], RefreshState.PUBLISHED, "", old.release_id)
    killed = publish_one(tmp_path, ledger.begin("refresh"), 2)
    (tmp_path / "current").unlink()
    (tmp_path / "current").symlink_to(f"releases/{old.release_id}")
    ledger.begin("refresh")

    assert finish_interrupted(tmp_path / "releases", tmp_path / "current", ledger) == killed.release_id
    assert current_release(tmp_path / "current").release_id == killed.release_id
    states = {row.refresh_id: row.state for row in ledger.refreshes()}
    assert states[killed.manifest["refresh_id"]] is RefreshState.PUBLISHED


def test_an_interrupted_release_that_is_not_whole_never_becomes_current(tmp_path):
    ledger = Ledger(tmp_path / "ledger.sqlite")
    killed = publish_one(tmp_path, ledger.begin("refresh"), 2)
    (tmp_path / "current").unlink()
    (killed.folder / "checks.json").unlink()
    ledger.begin("refresh")
    assert finish_interrupted(tmp_path / "releases", tmp_path / "current", ledger) is None
    assert current_release(tmp_path / "current") is None


def test_a_damaged_old_release_hides_no_other_and_is_named(tmp_path):
    old = publish_one(tmp_path, "r1", 1)
    made = publish_one(tmp_path, "r2", 2)
    manifest = old.folder / "manifest.json"
    manifest.chmod(0o644)
    manifest.write_text("{")
    listed = {release.release_id: verify(release) for release in list_releases(tmp_path / "releases")}
    assert listed == {old.release_id: ["manifest.json cannot be read"], made.release_id: []}
    assert (
        finish_interrupted(tmp_path / "releases", tmp_path / "current", Ledger(tmp_path / "ledger.sqlite"))
        is None
    )


def test_a_link_that_leads_nowhere_is_told_with_the_way_to_mend_it(tmp_path):
    made = publish_one(tmp_path)
    (tmp_path / "current").unlink()
    (tmp_path / "current").symlink_to("releases/nope")
    with pytest.raises(ReleaseError, match=f"ln -sfn releases/{made.release_id}"):
        current_release(tmp_path / "current")
