"""Fixtures that tests of all areas share."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from support import SHARED, Command


@pytest.fixture(scope="session")
def real_reports():
    """The five real reports, where they are at hand."""
    folder = SHARED / "reports"
    if not folder.is_dir():
        pytest.skip("the real reports are not here (a folder `shared` beside the checkout)")
    return folder


@pytest.fixture
def command(tmp_path, prefect_api):
    """`nianbao` with a fresh home and a running Prefect server."""
    return Command(tmp_path / "home", PREFECT_API_URL=prefect_api)


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory):
    """A running Prefect server, so that each refresh of a test does not start one of its own."""
    home = tmp_path_factory.mktemp("prefect")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")} | {
        "PREFECT_HOME": str(home),
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }
    with (home / "server.log").open("w") as log:
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
                assert server.poll() is None, (home / "server.log").read_text()
                time.sleep(0.2)
        else:
            pytest.fail("the Prefect server did not come up: " + (home / "server.log").read_text())
        yield url
    finally:
        server.terminate()
        server.wait(30)
