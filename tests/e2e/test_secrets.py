"""Secrets of the settings are nowhere in what a night leaves: files, archives, tables, output, Prefect's pages."""

from __future__ import annotations

import gzip
import json
import sys
import urllib.request
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from support import serving

sys.path.insert(0, str(Path(__file__).parents[1] / "monitoring"))
from receivers import webhook

from nianbao.simulation import build_world

SECRET = "correct-horse-battery"
ASKED = ("logs", "artifacts", "flow_runs", "task_runs")


def asked_of_prefect(api: str) -> str:
    """Everything that the server tells of runs, logs and artifacts."""
    said = []
    for what in ASKED:
        question = urllib.request.Request(
            f"{api}/{what}/filter", json.dumps({"limit": 200}).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(question, timeout=30) as answer:
            said.append(answer.read().decode())
    return "\n".join(said)


def text_of(path: Path) -> bytes:
    """What a file says, without its compression."""
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix == ".parquet":
        return repr(pq.read_table(path).to_pylist()).encode()
    return path.read_bytes()


@pytest.fixture(scope="module")
def channels(tmp_path_factory):
    """A receiver that refuses, so that sending fails and is tried again; and the file that names it."""
    with webhook() as (address, server):
        server.refuses = True
        path = tmp_path_factory.mktemp("channels") / "channels"
        path.write_text(f"json://office:{SECRET}@{address}/{SECRET}\nslack://{SECRET}\n")
        yield (
            {
                "NIANBAO_ALERT_URLS_FILE": str(path),
                "NIANBAO_ALERT_URLS": f"json://{address}/{SECRET}",
                "NIANBAO_HEARTBEAT_URL": f"http://{address}/{SECRET}",
                "NIANBAO_PREFECT_DATABASE": f"postgresql://nianbao:{SECRET}@127.0.0.1:1/prefect",
            },
            server,
        )


def test_no_secret_is_left_by_a_good_night_a_bad_one_and_whoever_looks(command, channels, tmp_path):
    secrets, server = channels
    command.environment |= secrets
    said = []

    def run(*arguments, exit_code=None, **settings):
        said.append(command(*arguments, exit_code=exit_code, **settings) + command.err)

    world = build_world(districts=1, issuers=1, years=(2023, 2024))
    with serving(world, tmp_path / "registry") as (_, settings):
        run("refresh", "--json", exit_code=0, **settings)
    run("refresh", exit_code=1, **settings)  # nobody answers any more
    run("alerts", "look", **settings)
    run("alerts", "test", **settings)
    run("alerts", "--json", **settings)
    run("status", "--json", **settings)
    run("metrics", **settings)
    run("refresh", NIANBAO_PREFECT_DATABASE=f"mysql://{SECRET}", exit_code=2)
    # They were used: the receiver was asked, by alerts and by the heartbeat.
    assert server.asked.count(f"/{SECRET}") >= 3
    assert "channel 1" in "".join(said)
    assert SECRET not in "".join(said)
    assert SECRET not in asked_of_prefect(command.environment["PREFECT_API_URL"])
    searched = [path for path in command.home.rglob("*") if path.is_file()]
    assert len(searched) > 30
    assert [str(path) for path in searched if SECRET.encode() in text_of(path)] == []
