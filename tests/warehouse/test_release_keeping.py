"""What is kept, what is cleared away, and going back: never the current release, never one that somebody reads."""

import json
import shutil
import subprocess
import sys
from datetime import date, timedelta

import duckdb
import pytest

from nianbao.warehouse.ledger import Ledger, RefreshState
from nianbao.warehouse.release import (
    DATABASE,
    ReleaseError,
    current_release,
    find_release,
    list_releases,
    point_current,
    publish,
)
from nianbao.warehouse.release.retention import collect
from nianbao.warehouse.release.rollback import rollback, taken_back

OPEN = """
import duckdb, sys
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    print(connection.execute("select count(*) from toy").fetchone()[0], flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path):
    """A home that is published to by hand."""
    return Home(tmp_path)


class Home:
    def __init__(self, folder):
        self.folder = folder
        self.releases, self.current = folder / "releases", folder / "current"
        self.builds, self.ledger = folder / "builds", Ledger(folder / "ledger.sqlite")

    def publish(self, value, lake="same"):
        refresh_id = self.ledger.begin("refresh")
        candidate = self.builds / refresh_id / DATABASE
        candidate.parent.mkdir(parents=True)
        with duckdb.connect(str(candidate)) as connection:
            connection.execute(f"create table toy as select {value} as n")
            connection.execute("create table still as select range as n from range(1000)")
        made = publish(
            candidate, self.releases, self.current, refresh_id=refresh_id, inputs={"lake": lake}, checks=[]
        )
        self.ledger.end(refresh_id, RefreshState.PUBLISHED, "", made.release_id)
        shutil.rmtree(candidate.parent, ignore_errors=True)
        return made

    def made_on(self, *days):
        """Releases as old as wanted, the last one current."""
        for day in days:
            made = self.publish(1)
            manifest = made.manifest | {"created_at": f"{day}T02:30:00.000+00:00"}
            (made.folder / "manifest.json").chmod(0o644)
            (made.folder / "manifest.json").write_text(json.dumps(manifest))
            named = self.releases / f"{day.replace('-', '')}T023000Z-{made.release_id[-8:]}"
            made.folder.replace(named)
            point_current(named, self.current)

    def collect(self, newest=2, months=0, dry_run=False):
        return collect(
            self.releases,
            self.current,
            self.builds,
            self.ledger,
            newest=newest,
            months=months,
            dry_run=dry_run,
        )

    @property
    def days(self):
        return [release.created_at[:10] for release in list_releases(self.releases)]


def test_the_newest_and_the_first_of_each_month_stay(home):
    first = date(2025, 1, 20)
    home.made_on(*((first + timedelta(days=9 * n)).isoformat() for n in range(12)))
    before = home.days
    plan = home.collect(newest=2, months=3, dry_run=True)
    assert home.days == before
    done = home.collect(newest=2, months=3)
    assert [v.reason for v in plan.verdicts] == [v.reason for v in done.verdicts]
    # Newest April 29, 20; firsts of February (too old), March, April.
    assert home.days == ["2025-04-29", "2025-04-20", "2025-04-02", "2025-03-06", "2025-02-07"]


def test_the_current_release_and_those_newer_than_it_stay_however_old(home):
    home.made_on("2025-01-01", "2025-01-02", "2025-01-03", "2025-01-04", "2025-01-05")
    point_current(list_releases(home.releases)[3].folder, home.current)
    home.collect(newest=1)
    assert home.days == ["2025-01-05", "2025-01-04", "2025-01-03", "2025-01-02"]


def test_a_release_that_another_process_reads_stays_until_it_is_closed(home):
    old = home.publish(1)
    home.publish(2)
    reader = subprocess.Popen(
        [sys.executable, "-c", OPEN, str(old.database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert reader.stdout.readline().strip() == "1"
        done = home.collect(newest=1)
        assert [(v.kept, v.reason) for v in done.verdicts] == [(True, "current"), (True, "in use")]
        assert done.freed == 0
        assert old.database.stat().st_mode & 0o777 == 0o444
    finally:
        reader.stdin.close()
        reader.wait(20)
    assert [v.kept for v in home.collect(newest=1).verdicts] == [True, False]
    assert not old.folder.exists()


def test_the_bytes_said_to_be_freed_are_those_that_no_other_release_shares(home):
    old, new = home.publish(1), home.publish(2)
    shared = "parquet/still.parquet"
    assert (old.folder / shared).samefile(new.folder / shared)
    total = sum(path.stat().st_size for path in old.folder.rglob("*") if path.is_file())
    planned = home.collect(newest=1, dry_run=True)
    done = home.collect(newest=1)
    assert planned.freed == done.freed == total - (new.folder / shared).stat().st_size
    assert (new.folder / shared).is_file()


def test_leftover_builds_go_and_a_refused_candidate_stays(home):
    home.publish(1)
    refused = home.ledger.begin("refresh")
    home.ledger.end(refused, RefreshState.REFUSED, "no")
    for name in (refused, "killed", "gone-20250101T000000Z-00000000"):
        (home.builds / name).mkdir(parents=True)
        (home.builds / name / DATABASE).write_bytes(b"x" * 100)
    done = home.collect()
    assert done.leftovers == ("gone-20250101T000000Z-00000000", "killed")
    assert done.freed == 200
    assert [path.name for path in home.builds.iterdir()] == [refused]


def test_nothing_is_cleared_where_the_link_leads_nowhere(home):
    home.publish(1)
    home.publish(2)
    home.current.unlink()
    home.current.symlink_to("releases/nope")
    with pytest.raises(ReleaseError, match="which is no release"):
        home.collect(newest=1)
    assert len(list_releases(home.releases)) == 2


def test_a_rollback_moves_the_link_stands_in_the_ledger_and_can_be_taken_back(home):
    old, new = home.publish(1), home.publish(2)
    sentence = rollback(old, home.current, home.ledger)
    assert current_release(home.current).release_id == old.release_id
    row = home.ledger.refreshes()[0]
    assert (row.purpose, row.state, row.release_id) == ("rollback", RefreshState.PUBLISHED, old.release_id)
    assert row.sentence == sentence
    assert new.release_id in sentence
    with pytest.raises(ReleaseError, match="current release already"):
        rollback(old, home.current, home.ledger)
    rollback(new, home.current, home.ledger)
    assert current_release(home.current).release_id == new.release_id


def test_a_release_that_is_not_whole_is_not_rolled_back_to(home):
    old, new = home.publish(1), home.publish(2)
    (old.folder / "checks.json").unlink()
    with pytest.raises(ReleaseError, match=r"checks\.json is missing"):
        rollback(old, home.current, home.ledger)
    assert current_release(home.current).release_id == new.release_id


def test_a_rollback_mends_a_link_that_leads_nowhere(home):
    made = home.publish(1)
    home.current.unlink()
    home.current.symlink_to("releases/nope")
    rollback(made, home.current, home.ledger)
    assert current_release(home.current).release_id == made.release_id


def test_what_was_taken_back_is_known_by_its_inputs(home):
    old, new = home.publish(1, lake="a"), home.publish(2, lake="b")
    assert taken_back(home.releases, new, {"lake": "b"}, home.ledger) is None
    rollback(old, home.current, home.ledger)
    found = taken_back(home.releases, old, {"lake": "b"}, home.ledger)
    assert found.release_id == new.release_id
    assert taken_back(home.releases, old, {"lake": "c"}, home.ledger) is None


def test_a_release_is_found_by_id_beginning_and_word(home):
    home.made_on("2025-01-01", "2025-01-02", "2025-02-03")

    def found(name):
        return find_release(home.releases, home.current, name).created_at[:10]

    assert (found("current"), found("previous"), found("202502")) == (
        "2025-02-03",
        "2025-01-02",
        "2025-02-03",
    )
    with pytest.raises(ReleaseError, match="beginning of 2 releases"):
        found("202501")
    with pytest.raises(ReleaseError, match="no release 2024"):
        found("2024")
