"""Servers that can go away in the middle: a Prefect server of one's own, and simulated sites."""

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from nianbao.simulation import SimulatedSites, World
from nianbao.simulation.faults import Fault, FaultKind


@contextmanager
def prefect_server(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A Prefect server of its own process: yields the address of its API, and the process."""
    folder.mkdir(parents=True, exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")} | {
        "PREFECT_HOME": str(folder),
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "prefect",
                "server",
                "start",
                "--host",
                "127.0.0.1",
                "--port",
                str(port),
                "--no-ui",
            ],
            env=environment,
            stdout=log,
            stderr=log,
        )
    url = f"http://127.0.0.1:{port}/api"
    try:
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"{url}/health", timeout=2):
                    break
            except (urllib.error.URLError, OSError):
                if server.poll() is not None:
                    break
                time.sleep(0.2)
        if server.poll() is not None:
            raise RuntimeError("the Prefect server did not come up: " + (folder / "server.log").read_text())
        yield url, server
    finally:
        server.terminate()
        server.wait(30)


def children(process: int) -> list[int]:
    """The ids of its child processes."""
    listed = Path(f"/proc/{process}/task/{process}/children")
    return [int(each) for each in listed.read_text().split()] if listed.exists() else []


class Going:
    """Simulated sites that can be closed, or made to hang, while they are visited."""

    def __init__(self, world: World) -> None:
        self._hang = threading.Event()
        self._end = threading.Event()
        self._stack = ExitStack()
        waiting = {host: _Waiting(site, self._hang, self._end) for host, site in world.sites.items()}
        sites = self._stack.enter_context(SimulatedSites(waiting).serve())
        self.resolve = sites.resolve

    def close(self) -> None:
        """From now on connections are refused."""
        self._end.set()
        self._stack.close()

    def hang(self) -> None:
        """From now on nobody gets an answer."""
        self._hang.set()


class _Waiting:
    refused = False

    def __init__(self, site: object, hang: threading.Event, end: threading.Event) -> None:
        self._site, self._hang, self._end = site, hang, end

    def find(self, target: str) -> object:
        if self._hang.is_set():
            self._end.wait()
        return self._site.find(target)  # type: ignore[attr-defined]

    def fault(self, target: str) -> object:
        if self._end.is_set():  # a connection that is open goes with the network
            return Fault(FaultKind.CLOSED)
        return self._site.fault(target)  # type: ignore[attr-defined]


@contextmanager
def sites_that_go(world: World) -> Iterator[Going]:
    """Serves a world until it goes, or the block ends."""
    going = Going(world)
    try:
        yield going
    finally:
        going.close()
