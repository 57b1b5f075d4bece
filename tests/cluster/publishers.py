"""Publishers and readers of one warehouse on DuckLake, each a process of its own.

    python tests/cluster/publishers.py publish|read SECONDS NAME FOLDER SCHEMA     (the warehouse by NIANBAO_WAREHOUSE…)

Every publisher adds one to its own tally in each release that it makes on top of the newest one, and a row to a large table; a
release says in `total` what all tallies and rows together must be. Whoever finds that another was faster takes the newer state
and does its work again. Prints JSON: what was done, how often, and what was wrong.
"""

import json
import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from nianbao.settings import Settings
from nianbao.warehouse.ducklake import DuckLake
from nianbao.warehouse.engine import DUCKDB_CONFIG
from nianbao.warehouse.release.shared import ConflictError, share, shared_releases
from nianbao.warehouse.release.store import DATABASE, Release

ROWS = 20_000


def first_release(warehouse, folder):
    """Publishes the state that all begin with."""
    database = _empty(folder)
    with duckdb.connect(str(database), config=DUCKDB_CONFIG) as made:
        made.execute(
            "create table fact as select range as id, 'first' as writer, repeat('文', 20) as text from range(?)",
            [ROWS],
        )
        made.execute("create table tally (writer varchar not null, n bigint not null)")
        made.execute("create table total as select 0::bigint as tallies, ?::bigint as facts", [ROWS])
    share(_release(folder, "first", 0), warehouse, ())


def publish(warehouse, seconds, name, folder):
    """Publishes as often as it can; returns what came of it."""
    chance, until = random.Random(name), time.monotonic() + seconds
    done = again = 0
    waits = []
    while time.monotonic() < until:
        began = time.monotonic()
        while True:
            newest = shared_releases(warehouse)[-1]
            _next(warehouse, newest, folder, name, done + 1)
            try:
                share(_release(folder, name, done + 1), warehouse, (newest.release_id,))
                break
            except ConflictError:
                again += 1
        done += 1
        waits.append(time.monotonic() - began)
        time.sleep(chance.random() / 5)
    return {"commits": done, "again": again, "seconds": waits}


def read(warehouse, seconds):
    """Reads the newest release, or an older one, as often as it can; returns what came of it."""
    chance, until = random.Random(), time.monotonic() + seconds
    reads, wrong, waits = 0, [], []
    while time.monotonic() < until:
        began = time.monotonic()
        releases = shared_releases(warehouse)
        chosen = releases[-1] if chance.random() < 0.7 else chance.choice(releases)
        with warehouse.connect(version=chosen.snapshot) as connection:
            tallies, facts = connection.execute("select tallies, facts from total").fetchone()
            time.sleep(chance.random() / 20)  # others publish meanwhile
            found = connection.execute(
                "select (select coalesce(sum(n), 0)::bigint from tally), (select count(distinct id) from fact)"
            ).fetchone()
        if found != (tallies, facts):
            wrong.append(f"{chosen.release_id}: {found} instead of {(tallies, facts)}")
        reads += 1
        waits.append(time.monotonic() - began)
    return {"reads": reads, "wrong": wrong, "seconds": waits}


def tallies(warehouse):
    """Publisher → how often it has published, as the newest release has it."""
    with warehouse.connect(read_only=True) as connection:
        return dict(connection.execute("select writer, n from tally").fetchall())


def at_once(warehouse, folder, *, publishers, readers, seconds):
    """Lets publishers and readers work; name → what each said. Raises where one failed."""
    environment = {
        "NIANBAO_WAREHOUSE": warehouse.address.get_secret_value(),
        "NIANBAO_WAREHOUSE_DATA": warehouse.data,
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    work = {f"publisher-{n}": "publish" for n in range(publishers)} | {
        f"reader-{n}": "read" for n in range(readers)
    }
    script = Path(__file__)
    running = {
        name: subprocess.Popen(
            [sys.executable, str(script), what, str(seconds), name, str(folder / name), warehouse.schema],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name, what in work.items()
    }
    said = {}
    for name, process in running.items():
        out, err = process.communicate(timeout=seconds + 120)
        assert process.returncode == 0, f"{name}: {err}"
        said[name] = json.loads(out)
    return said


def _next(warehouse, newest, folder, name, number):
    """The state after one more piece of this publisher's work."""
    database = _empty(folder)
    with warehouse.connect(version=newest.snapshot) as connection:
        connection.execute(f"attach '{database}' as made")
        for table in ("fact", "tally", "total"):
            connection.execute(f"create table made.main.{table} as from warehouse.main.{table}")
    with duckdb.connect(str(database), config=DUCKDB_CONFIG) as made:
        made.execute("insert into fact select max(id) + 1, ?, repeat('数', 20) from fact", [name])
        made.execute("delete from tally where writer = ?", [name])
        made.execute("insert into tally values (?, ?)", [name, number])
        made.execute(
            "update total set tallies = (select sum(n) from tally), facts = (select count(*) from fact)"
        )


def _empty(folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DATABASE).unlink(missing_ok=True)
    return folder / DATABASE


def _release(folder, name, number):
    created = datetime.now(UTC).isoformat()
    return Release(f"{created}-{name}-{number}", folder, {"created_at": created, "tables": {}, "inputs": {}})


def main():
    """Does what the arguments say and prints JSON."""
    what, seconds, name, folder = sys.argv[1], float(sys.argv[2]), sys.argv[3], Path(sys.argv[4])
    warehouse = replace(DuckLake.of(Settings()), schema=sys.argv[5])
    done = publish(warehouse, seconds, name, folder) if what == "publish" else read(warehouse, seconds)
    print(json.dumps(done))


if __name__ == "__main__":
    main()
