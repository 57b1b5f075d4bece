"""Real clusters on this machine: a Dask scheduler and a Ray head, with workers that are processes of their own."""

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from support import ROOT

_WORKERS = 2
# What workers import, and nothing that goes out of the machine.
_ENVIRONMENT = {
    "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DISABLE_IMPORT_WARNING": "1",
}


@contextmanager
def dask_cluster(folder: Path, prefect_api: str, workers: int = _WORKERS, program=("-m", "dask")):
    """Yields what NIANBAO_WORKERS is to be, and a function that gives the process ids of the workers.

    program: what Python is given to run Dask.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port, environment = free_port(), _environment(prefect_api)
    address = f"tcp://127.0.0.1:{port}"
    scheduler = ["scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    worker = ["worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard", "--no-nanny"]
    worker += ["--local-directory", str(folder)]
    started = []
    with (folder / "dask.log").open("w") as log:
        try:
            for arguments in [scheduler, *[worker] * workers]:
                command = [sys.executable, *program, *arguments]
                started.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))
                _until(lambda: _listens(port), folder / "dask.log")
            _until(lambda: _said(folder / "dask.log", "Registered to") >= workers, folder / "dask.log")
            yield f"dask:{address}", lambda: [process.pid for process in started[1:]]
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait(30)


@contextmanager
def ray_cluster(folder: Path, prefect_api: str, workers: int = _WORKERS):
    """Yields what NIANBAO_WORKERS is to be, and a function that gives the process ids of the workers that are at a batch."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("ray")),
        "start",
        "--head",
        "--block",
        "--disable-usage-stats",
    ]
    command += ["--node-ip-address", "127.0.0.1", "--port", str(port), "--num-cpus", str(workers)]
    command += ["--include-dashboard", "false", "--object-store-memory", str(200_000_000)]
    with (folder / "ray.log").open("w") as log:
        head = subprocess.Popen(command, env=_environment(prefect_api), stdout=log, stderr=log)
        try:
            _until(lambda: _said(folder / "ray.log", "Ray runtime started") > 0, folder / "ray.log")
            yield f"ray:127.0.0.1:{port}", lambda: _processes(r"ray::.*read and extract")
        finally:
            head.terminate()
            head.wait(60)


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _environment(prefect_api: str) -> dict[str, str]:
    mine = {k: v for k, v in os.environ.items() if not k.startswith(("NIANBAO_", "PREFECT_", "RAY_"))}
    return mine | _ENVIRONMENT | {"PREFECT_API_URL": prefect_api}


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _said(log: Path, words: str) -> int:
    return log.read_text(errors="replace").count(words)


def _until(condition, log: Path) -> None:
    end = time.monotonic() + 90
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError("the cluster did not come up: " + log.read_text(errors="replace"))
        time.sleep(0.1)


def _processes(title: str) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if re.search(title, (process / "cmdline").read_text()):
                found.append(int(process.name))
        except OSError:
            continue
    return found
