"""`nianbao serve` runs by itself: schedule, refresh, web side, and an end that leaves nothing behind."""

import json
import signal
import socket
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from served import Serve, free_port, request
from support import serving

from nianbao.simulation import build_world
from nianbao.warehouse.ledger import Ledger

WORLD = build_world(districts=1, issuers=2, years=(2022, 2023))
CHINA = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """One `nianbao serve` over a small simulated district."""
    folder = tmp_path_factory.mktemp("serve")
    with serving(WORLD, folder / "registry") as (sites, settings):
        serve = Serve(folder / "home", PREFECT_RUNNER_POLL_FREQUENCY="1", **settings)
        serve.sites = sites
        try:
            serve.until(lambda: "Next " in serve.out)
            yield serve
        finally:
            if serve.process.poll() is None:
                serve.stop()


def scheduled(served, name):
    query = {
        "deployments": {"name": {"any_": [name]}},
        "flow_runs": {"state": {"name": {"any_": ["Scheduled"]}}},
        "sort": "EXPECTED_START_TIME_ASC",
    }
    return [
        datetime.fromisoformat(run["expected_start_time"].replace("Z", "+00:00"))
        for run in served.prefect("flow_runs/filter", query)
    ]


def test_the_cron_really_makes_scheduled_runs(served):
    times = served.until(lambda: scheduled(served, "nightly"))
    assert min(times) > datetime.now(UTC)
    assert {f"{t.astimezone(CHINA):%H:%M}" for t in times} == {"02:00"}
    assert f"{min(times).astimezone(CHINA):%Y-%m-%d %H:%M} (Asia/Shanghai)" in served.out
    assert {f"{t.astimezone(CHINA):%A %H:%M}" for t in served.until(lambda: scheduled(served, "verify"))} == {
        "Sunday 12:00"
    }


def test_the_pages_of_prefect_are_served_for_this_machine_only(served):
    status, page, headers = request(
        f"http://127.0.0.1:{served.port}/", headers={"Origin": "http://evil.test"}
    )
    assert (status, b"<html" in page) == (200, True)
    assert headers.get("Access-Control-Allow-Origin") is None


def run_to_its_end(served, full_name, **parameters):
    deployment = served.prefect(f"deployments/name/{full_name}")
    run = served.prefect(f"deployments/{deployment['id']}/create_flow_run", {"parameters": parameters})

    def ended():
        found = served.prefect(f"flow_runs/{run['id']}")
        return found if found["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") else None

    return served.until(ended, 180)


def stage_logs(served, run_id):
    found = served.prefect("logs/filter", {"logs": {"flow_run_id": {"any_": [run_id]}}})
    return [line["message"] for line in found if line["name"] == "nianbao.refresh"]


def test_a_run_of_the_nightly_deployment_publishes_a_release_that_the_web_side_shows(served):
    ended = run_to_its_end(served, "refresh/nightly")
    assert ended["state_type"] == "COMPLETED", (ended["state"], served.logs)
    assert ended["parameters"]["due_only"] is True
    logs = served.until(lambda: stage_logs(served, ended["id"]))
    assert any(message.startswith("harvest · 2 sources") for message in logs), logs
    release_id = (served.home / "current").resolve().name
    status, first, _ = served.web("/")
    assert (status, release_id in first.decode()) == (200, True)
    status, page, _ = served.web("/operation")
    assert status == 200
    for word in (
        release_id,
        "当前发布",
        "quality.html",
        "dictionary.html",
        "datapackage.json",
        str(served.port),
    ):
        assert word in page.decode()
    status, body, headers = served.web("/current/nianbao.duckdb", {"Range": "bytes=8-11"})
    assert (status, body) == (206, b"DUCK")
    assert headers["Cache-Control"].endswith("immutable")
    assert json.loads(served.web("/status.json")[1])["release"]["release_id"] == release_id
    assert b"nianbao_release_created_timestamp_seconds" in served.web("/metrics")[1]


def test_damage_makes_the_run_of_verify_red(served):
    page = (served.home / "current").resolve() / "dictionary.md"
    page.parent.chmod(0o755)
    page.unlink()
    ended = run_to_its_end(served, "verify/verify")
    assert ended["state_type"] == "FAILED"
    assert "dictionary.md is missing" in ended["state"]["message"]
    assert "rollback" in ended["state"]["message"]


def test_sigterm_during_a_refresh_ends_all_within_ten_seconds(served):
    """Last in this module: afterwards nothing runs."""
    deployment = served.prefect("deployments/name/refresh/refresh")
    ledger = Ledger(served.home / "ledger.sqlite")
    # One that builds everything is long enough to be met in the middle.
    served.prefect(f"deployments/{deployment['id']}/create_flow_run", {"parameters": {"fresh": True}})
    served.until(lambda: ledger.refreshes(1)[0].state == "running")
    code, seconds, left = served.stop()
    assert (code, left) == (0, set()), served.err
    assert seconds < 10
    assert "Ending" in served.out
    assert [row.state for row in ledger.refreshes(1)] == ["interrupted"]


@pytest.mark.parametrize("option", ["--port", "--web-port"])
def test_a_taken_port_is_told_with_a_remedy(tmp_path, option):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        serve = Serve(tmp_path / "home", **{option.strip("-").replace("-", "_"): port})
        assert serve.process.wait(60) == 1
        assert f"port {port} on 127.0.0.1" in serve.err
        assert option in serve.err


def test_a_named_server_that_does_not_answer_is_told_without_its_password(tmp_path):
    serve = Serve(tmp_path / "home", PREFECT_API_URL=f"http://admin:hunter2@127.0.0.1:{free_port()}/api")
    serve.until(lambda: (tmp_path / "home" / "logs").is_dir(), 60)
    code, _, left = serve.stop(signal.SIGINT)
    assert (code, left) == (0, set())
    assert "hunter2" not in serve.out + serve.err
