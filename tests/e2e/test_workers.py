"""Reports are read by whatever workers the settings name, with the same rows, and a worker that is lost loses nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import Command, serving
from workers_support import home_with_archive, lake

from nianbao.simulation import build_world


@pytest.fixture(scope="module")
def archived(tmp_path_factory, prefect_api):
    """(a home with an archive and the lake that threads made of it, the settings that lead to its sites)."""
    folder = tmp_path_factory.mktemp("workers")
    command = Command(folder / "threads", PREFECT_API_URL=prefect_api, NIANBAO_BATCH_SIZE="6")
    world = build_world(districts=2, issuers=3, years=(2019, 2020, 2021, 2022, 2023), breaks=True)
    with serving(world, folder / "registry") as (_, leading):
        command("refresh", **leading)
        yield command, leading


def test_processes_read_what_threads_read(archived):
    threads, leading = archived
    processes = home_with_archive(threads, "processes")
    processes("refresh", NIANBAO_WORKERS="processes:2", **leading)
    assert len(lake(threads)["figure"]) > 500
    assert lake(processes) == lake(threads)
    outcomes = "select stage, url, outcome, sentence from ops_capture_outcome where stage in ('read', 'extract') order by all"
    assert processes.rows(outcomes) == threads.rows(outcomes)


def test_a_worker_that_is_killed_costs_its_batch_only(archived):
    threads, leading = archived
    other = home_with_archive(threads, "killed")
    log = other.home / "log.txt"
    with log.open("w") as told:
        run = subprocess.Popen(
            [sys.executable, "-m", "nianbao.cli", "refresh"],
            env=other.environment | leading | {"NIANBAO_WORKERS": "processes:2"},
            stdout=told,
            stderr=told,
        )
        until = time.monotonic() + 120
        while not list((other.home / "lake").glob("rules=*/batch=*")) and time.monotonic() < until:
            time.sleep(0.01)
        victims = workers_of(run.pid)
        os.kill(victims[0], signal.SIGKILL)
        assert run.wait(200) == 0, log.read_text()
    assert "a worker was lost" in log.read_text()
    assert lake(other) == lake(threads)


def workers_of(parent):
    """Process ids of the workers that a run has started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == parent and b"spawn_main" in command:
            found.append(int(status.parent.name))
    return found


@pytest.mark.parametrize(
    "workers", ["many", "processes:0", "dask:tcp://127.0.0.1", "ray", "dask:http://host:1"]
)
def test_workers_that_there_are_not_stop_a_command_before_it_begins(command, workers):
    command("refresh", exit_code=2, NIANBAO_WORKERS=workers)
    assert "NIANBAO_WORKERS" in command.err and "processes:NUMBER" in command.err
    assert "Traceback" not in command.err and not (command.home / "archive").exists()


@pytest.mark.parametrize("workers", ["dask:tcp://127.0.0.1:1", "ray:127.0.0.1:1"])
def test_a_cluster_needs_a_server_that_its_workers_reach(command, workers):
    del command.environment["PREFECT_API_URL"]
    command("refresh", exit_code=1, NIANBAO_WORKERS=workers)
    said = command.out + command.err
    assert "nianbao serve" in said and "Traceback" not in said
    assert not (command.home / "archive").exists()
