"""Dask and Ray read what threads read, and a worker that is killed in the middle loses nothing."""

import os
import signal
import threading
import time

import pytest
from clusters import dask_cluster, free_port, ray_cluster
from support import Command, serving
from workers_support import home_with_archive, lake

from nianbao.simulation import build_world

CLUSTERS = {"dask": dask_cluster, "ray": ray_cluster}
_LOOKS = "select stage, url, outcome, sentence from ops_capture_outcome where stage in ('read', 'extract') order by all"


@pytest.fixture(scope="module")
def archived(tmp_path_factory, prefect_api):
    """(a home with an archive and the lake that threads made of it, the settings that lead to its sites)."""
    folder = tmp_path_factory.mktemp("workers")
    command = Command(folder / "threads", PREFECT_API_URL=prefect_api, NIANBAO_BATCH_SIZE="3")
    world = build_world(districts=3, issuers=5, years=range(2016, 2025), breaks=True)
    with serving(world, folder / "registry") as (_, leading):
        command("refresh", **leading)
        yield command, leading


@pytest.fixture(scope="module", params=CLUSTERS)
def cluster(request, tmp_path_factory, prefect_api):
    """(what NIANBAO_WORKERS is to be, a function that gives the process ids of workers)."""
    with CLUSTERS[request.param](tmp_path_factory.mktemp(request.param), prefect_api) as started:
        yield started


def test_a_cluster_reads_what_threads_read(archived, cluster):
    threads, leading = archived
    workers, _ = cluster
    other = home_with_archive(threads, workers[:4].strip(":"))
    other("refresh", NIANBAO_WORKERS=workers, **leading)
    assert len(lake(threads)["figure"]) > 2_000
    assert lake(other) == lake(threads)
    assert other.rows(_LOOKS) == threads.rows(_LOOKS)


def test_a_worker_that_is_killed_costs_its_batch_only(archived, cluster):
    threads, leading = archived
    workers, running = cluster
    other = home_with_archive(threads, f"{workers[:4].strip(':')}-killed")
    killed = []

    def kill_one():
        until = time.monotonic() + 120
        while time.monotonic() < until and not killed:
            begun = list((other.home / "lake").glob("rules=*/batch=*"))
            victims = running() if begun else []
            if victims:
                os.kill(victims[0], signal.SIGKILL)
                killed.append(len(begun))
            time.sleep(0.01)

    killer = threading.Thread(target=kill_one)
    killer.start()
    other("refresh", NIANBAO_WORKERS=workers, **leading)
    killer.join()
    batches = len(list((other.home / "lake").glob("rules=*/batch=*")))
    assert killed and killed[0] < batches, "the worker was killed too late to tell anything"
    assert lake(other) == lake(threads)


@pytest.mark.parametrize("form", ["dask:tcp://127.0.0.1:{}", "ray:127.0.0.1:{}"])
def test_a_cluster_that_is_not_there_is_told_in_a_sentence(archived, form):
    threads, leading = archived
    workers = form.format(free_port())
    other = home_with_archive(threads, f"gone-{workers[:4].strip(':')}")
    other("refresh", exit_code=1, NIANBAO_WORKERS=workers, **leading)
    assert "does not answer" in other.out and "Traceback" not in other.out + other.err
    # What was fetched stays, and other workers go on with it.
    other("refresh", **leading)
    assert lake(other) == lake(threads)


def test_a_worker_with_other_rules_refuses_and_says_what_to_do(archived, tmp_path_factory, prefect_api):
    """A worker whose nianbao differs would mix rows of two rules."""
    threads, leading = archived
    folder = tmp_path_factory.mktemp("other")
    code = (
        "import runpy, sys, types, nianbao.warehouse.workplace as workplace\n"
        "workplace.rules_of = lambda registry: types.SimpleNamespace(version='of another version')\n"
        "sys.argv = ['dask', *sys.argv[1:]]\n"
        "runpy.run_module('dask', run_name='__main__')\n"
    )
    with dask_cluster(folder, prefect_api, workers=1, program=("-c", code)) as (workers, _):
        other = home_with_archive(threads, "other-rules")
        other("refresh", exit_code=1, NIANBAO_WORKERS=workers, **leading)
    assert "reads by the rules" in other.out and "give both the same version" in other.out
