"""SIGTERM and Ctrl-C end a refresh in any stage, with a row that says so and nothing left behind."""

import json
import signal
import sqlite3
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from support import Command, serving

from chaos import home
from nianbao.simulation import build_world
from nianbao.simulation.faults import Fault, FaultKind
from nianbao.warehouse.ledger import Ledger, RefreshState
from nianbao.warehouse.lock import lock_holder

WORLD = build_world(districts=1, issuers=1, years=(2023, 2024))


@dataclass(frozen=True)
class Dripping:
    """A website that answers everything but robots.txt in small pieces, for minutes."""

    site: object
    refused: bool = False

    def find(self, target):
        return self.site.find(target)

    def fault(self, target):
        return None if "robots" in target else Fault(FaultKind.DRIP, seconds=0.5)


def stopped(command, plan, signum, settings, *options, before_signal=lambda: None):
    """Starts a refresh, sends the signal once the plan's point is reached, and returns (exit code, children)."""
    folder = command.home.parent
    folder.mkdir()
    process = home.start(
        command,
        plan | {"do": "wait", "at": str(folder / "at"), "go": str(folder / "go")},
        "refresh",
        *options,
        **settings,
    )
    while not (folder / "at").exists():
        assert process.poll() is None, home.said(command)
        time.sleep(0.05)
    (folder / "go").touch()
    time.sleep(0.5)  # so that it is in the middle of what it was about to begin
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    before_signal()
    process.send_signal(signum)
    return process.wait(timeout=10), children


def is_clean(command, children):
    """Asserts that a stopped run has said so and left nothing."""
    (row,) = Ledger(command.home / "ledger.sqlite").refreshes()
    assert row.state is RefreshState.INTERRUPTED
    assert "stopped by SIG" in row.sentence
    assert "Traceback" not in home.said(command)
    assert (command.home / "refresh.lock").read_text() == ""
    assert lock_holder(command.home) is None
    are_gone(children)


def are_gone(children):
    # Python's own tracker of semaphores ends by itself, a moment after the process that it was for.
    until = time.monotonic() + 10
    while any(map(is_alive, children)) and time.monotonic() < until:
        time.sleep(0.05)
    assert [each for each in children if is_alive(each)] == []


def is_alive(process):
    """False also for one that is dead and that nobody has waited for."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


@pytest.mark.parametrize(
    ("plan", "signum", "code", "drips"),
    [
        ({"calls": "nianbao.harvest.fetcher:Fetcher.send", "number": 2}, signal.SIGTERM, 143, True),
        ({"calls": "nianbao.warehouse.transform:Dbt.results", "number": 1}, signal.SIGINT, 130, False),
    ],
    ids=["while a host drips", "in dbt"],
)
def test_a_refresh_that_is_told_to_stop_ends_at_once(tmp_path, prefect_api, plan, signum, code, drips):
    command = Command(tmp_path / "stopped" / "home", PREFECT_API_URL=prefect_api)
    slow = replace(WORLD, sites={host: Dripping(site) for host, site in WORLD.sites.items()})
    with serving(slow if drips else WORLD, tmp_path / "registry") as (_, settings):
        ended, children = stopped(command, plan, signum, settings, "--json")
    assert ended == code, home.said(command)
    is_clean(command, children)
    assert command.current is None
    said = home.said(command)
    (row,) = Ledger(command.home / "ledger.sqlite").refreshes()
    told, _ = json.JSONDecoder().raw_decode(said[said.index("{\n") :])
    assert (told["refresh_id"], told["state"]) == (row.refresh_id, "interrupted")
    assert told["sentence"] == row.sentence


def test_a_run_is_not_kept_from_stopping_by_a_locked_ledger(tmp_path):
    command = Command(tmp_path / "stopped" / "home")  # with a Prefect server of its own, which must end too
    slow = replace(WORLD, sites={host: Dripping(site) for host, site in WORLD.sites.items()})
    plan = {"calls": "nianbao.harvest.fetcher:Fetcher.send", "number": 2}
    with serving(slow, tmp_path / "registry") as (_, settings), ExitStack() as locked:

        def lock():
            other = locked.enter_context(
                closing(sqlite3.connect(command.home / "ledger.sqlite", isolation_level=None))
            )
            other.execute("begin immediate")

        ended, children = stopped(command, plan, signal.SIGTERM, settings, before_signal=lock)
    assert ended == 143, home.said(command)
    assert "Traceback" not in home.said(command)
    are_gone(children)
    assert lock_holder(command.home) is None
