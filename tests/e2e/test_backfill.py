"""A district that was added later is read in batches: its years are never missing because nobody has looked yet."""

import io
import json
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from support import Command, serving

from nianbao.commands import backfill
from nianbao.settings import Settings, project_dir
from nianbao.simulation import build_world, write_registry

YEARS = (2020, 2021, 2022, 2023)
# What must be the same however the sources were read; ids of captures and times differ from home to home.
MARTS = {
    "fct_report": "select report_id, title, n_figures, edition_id from fct_report order by all",
    "fct_figure": "select figure_id, value, unit, indicator_id from fct_figure order by all",
    "fct_indicator_yoy": "select * from fct_indicator_yoy order by all",
    "fct_coverage": "select * exclude (unreadable_capture_id) from fct_coverage order by all",
    "mart_peer_comparison": "select * from mart_peer_comparison order by all",
}
STATES = """
select c.report_year, c.state, count(*) as n from fct_coverage c join raw.issuer i using (issuer_id)
where i.region_code = '{}' group by all
"""


@pytest.fixture(scope="module")
def worlds(tmp_path_factory, prefect_api):
    """Three districts; the home's registry knew two of them when its first release was made."""
    folder = tmp_path_factory.mktemp("backfill")
    world = build_world(districts=3, issuers=2, years=YEARS)
    few = build_world(districts=2, issuers=2, years=YEARS)
    write_registry(few, folder / "few", project_dir("data"))
    with serving(world, folder / "all") as (sites, settings):
        command = Command(folder / "home" / "home", PREFECT_API_URL=prefect_api)
        command("refresh", **settings | {"NIANBAO_DATA": str(folder / "few")})
        added = sorted({r.code for r in world.regions} - {r.code for r in few.regions})[-1]
        whole = Command(folder / "whole" / "home", PREFECT_API_URL=prefect_api)
        whole("refresh", **settings)
        yield command, whole, sites, settings, added


def states(command, region):
    return {row["state"] for row in command.rows(STATES.format(region))}


def in_background(command, settings, *options):
    return subprocess.Popen(
        [sys.executable, "-m", "nianbao.cli", "backfill", *options],
        env=command.environment | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def killed_in_the_middle(command, settings):
    """A backfill in the smallest batches, killed after some of them."""
    ledger = command.home / "ledger.sqlite"
    process = in_background(command, settings, "--batch", "5")
    try:
        for _ in range(600):
            with sqlite3.connect(ledger, timeout=30) as connection:
                query = "select count(*) from refresh where purpose = 'backfill' and state = 'gathered'"
                (batches,) = connection.execute(query).fetchone()
            connection.close()
            if batches >= 2:
                break
            assert process.poll() is None
            time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait()


def test_an_added_district_is_filled_beside_the_nights(worlds):
    command, whole, sites, settings, added = worlds
    known = command.rows("select region_code from raw.source limit 1")[0]["region_code"]
    left = json.loads(command("backfill", "--status", "--json", **settings))
    assert left["sources"] and {row["last visit"] for row in left["sources"]} == {"never"}

    killed_in_the_middle(command, settings)
    # The night publishes what is there by then; it looks at another district.
    command("refresh", "--only", f"district={known}", **settings)
    assert {"published", "unexplored"} <= states(command, added) <= {"published", "unexplored", "not_due"}
    assert command.rows("select max(n_unexplored) > 0 as provisional from mart_peer_comparison") == [
        {"provisional": True}
    ]
    assert json.loads(command("backfill", "--status", "--json", **settings))["reports"]

    # Both at once: each waits for the other, and neither ends for it.
    filling = in_background(command, settings, "--batch", "9")
    try:
        command("refresh", "--only", f"district={known}", "--wait", 200, **settings)
        assert filling.wait(timeout=200) == 0
    finally:
        filling.kill()
    for mart, query in MARTS.items():
        assert command.rows(query) == whole.rows(query), mart
    assert "unexplored" not in states(command, added)
    assert "nothing to backfill" in command("backfill", "--status", **settings)

    sites.requests.clear()
    command("backfill", **settings)
    assert "QUIET: no source is left over" in command.out
    assert sites.requests.total() == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"only": ["district=普陀"]}, "did you mean 普陀区"),
        ({"only": ["putuo"]}, "chooses nothing; give district="),
        ({"kind": "rule_of_laws"}, "did you mean rule_of_law?"),
        ({"years": "2022-2019"}, "names no years; give one, such as 2021"),
    ],
)
def test_what_is_not_known_is_told_before_anything_begins(tmp_path, asked, said):
    err = io.StringIO()
    parameters = {"only": (), "kind": "", "years": "", **asked}
    assert backfill.run(Settings(home=tmp_path), parameters, False, io.StringIO(), err) == 2
    assert said in err.getvalue()
    assert not list(tmp_path.iterdir())
