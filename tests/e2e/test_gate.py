"""A bad candidate is refused, a dead web is a failure, a second writer is turned away; `current` stays in each case."""

import json
import re
import socket
import subprocess
import sys
import time

import pyarrow.parquet as pq
import pytest
import requests
from support import Command, serving

from nianbao.simulation import build_world

WORLD = build_world(districts=1, issuers=3, years=(2022, 2023))


@pytest.fixture(scope="module")
def published(tmp_path_factory, prefect_api):
    folder = tmp_path_factory.mktemp("gate")
    world = WORLD
    command = Command(folder / "home", PREFECT_API_URL=prefect_api)
    with serving(world, folder / "registry") as (_, settings):
        command("refresh", **settings)
        yield command, settings


def test_a_candidate_that_lost_reports_is_refused_and_the_verdicts_are_kept(published, tmp_path):
    command, settings = published
    before = command.current
    # A batch goes missing in a way that nothing else notices: its editions are gone, its captures are not.
    (batch,) = (command.home / "lake").glob("rules=*/batch=*")
    kept = {}
    for name in ("edition", "section", "figure", "reference", "statement"):
        path = batch / f"{name}.parquet"
        kept[path] = path.read_bytes()
        table = pq.read_table(path)
        pq.write_table(table.slice(0, 1 if name == "edition" else 0), path)
    renamed = batch.rename(batch.with_name("batch=0000000000000000"))

    out = command("refresh", exit_code=3, **settings)
    assert "REFUSED" in out
    assert command.current == before
    status = json.loads(command("status", "--json"))
    assert status["refreshes"][0]["state"] == "refused"
    failed = [
        check for check in status["checks"] if check["verdict"] == "fail" and check["severity"] == "critical"
    ]
    assert failed
    assert all(len(check["sentence"]) > 20 for check in failed)

    renamed.rename(batch)
    for path, content in kept.items():
        path.write_bytes(content)
    assert "nothing is new" in command("refresh", **settings)


def test_the_run_is_named_for_people_and_leaves_its_summary(published, prefect_api):
    assert published

    def ask(path, **body):
        answer = requests.post(f"{prefect_api}/{path}/filter", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()

    (artifact, *_) = ask("artifacts", artifacts={"key": {"any_": ["refresh-summary"]}})
    assert "| stage | outcome | captures |" in artifact["data"]
    # Other runs of the same server leave their own.
    kept = {
        key: [each["data"] for each in ask("artifacts", artifacts={"key": {"any_": [key]}})]
        for key in ("sources", "checks", "release")
    }
    sources = [{(row["district"], row["state"]) for row in json.loads(data)} for data in kept["sources"]]
    assert {("青禾区", "ok")} in sources
    assert all('"verdict": "pass"' in data for data in kept["checks"])
    assert all("http://127.0.0.1:8080/releases/" in data for data in kept["release"])
    names = {run["name"] for run in ask("flow_runs")}
    assert any(re.fullmatch(r"\d{4}-\d\d-\d\d · 青禾区", name) for name in names), names
    # Task runs reach the server as events, a moment after the run has ended.
    for _ in range(50):
        tasks = {run["name"] for run in ask("task_runs")}
        if any(name.startswith("harvest · ") for name in tasks):
            break
        time.sleep(0.2)
    assert {"load", "transform", "validate", "release"} <= {name.split("-")[0] for name in tasks}
    assert "harvest · 青禾区" in tasks


def test_a_refresh_does_not_fail_for_a_summary_that_prefect_cannot_take(published):
    command, settings = published
    script = (
        "import flows.seen, nianbao.cli\n"
        "def gone(*_, **__): raise ConnectionError('no server')\n"
        "flows.seen.create_markdown_artifact = gone\n"
        "nianbao.cli.main(['refresh'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=command.environment | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "QUIET" in done.stdout
    assert "could not be left in Prefect (no server)" in done.stderr


def test_when_no_source_answers_the_refresh_fails_and_the_release_stays(published):
    command, settings = published
    before = command.current
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        hosts = [pair.split("=")[0] for pair in settings["NIANBAO_RESOLVE"].split(",")]
        dead = ",".join(f"{host}=127.0.0.1:{port}" for host in hosts)
        out = command("refresh", exit_code=1, **settings | {"NIANBAO_RESOLVE": dead, "NIANBAO_RETRIES": "0"})
    assert "none of 1 sources could be read" in out or "could be read" in out
    assert "Connection refused" in out
    assert command.current == before
    status = json.loads(command("status", "--json"))
    assert status["refreshes"][0]["state"] == "failed"
    assert {row["outcome"] for row in status["outcomes"]} == {"unreachable"}


def test_a_second_refresh_is_told_who_holds_the_lock(published):
    command, settings = published
    script = (
        "import sys, time; from pathlib import Path; from nianbao.warehouse.lock import hold_lock\n"
        "with hold_lock(Path(sys.argv[1]), 'refresh'): print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", script, str(command.home)], stdout=subprocess.PIPE)
    try:
        holder.stdout.readline()
        command("refresh", exit_code=1, **settings)
        assert f"process {holder.pid}" in command.err
        assert f"process {holder.pid}" in command("status")
    finally:
        holder.kill()
        holder.wait()


def test_a_wrong_registry_is_wrong_use_and_every_problem_is_named(published, tmp_path):
    command, settings = published
    folder = tmp_path / "registry"
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / "mine.yml").write_text("- id: mine\n  region: 999999\n  listng: http://a.test/\n")
    command("refresh", exit_code=2, **settings | {"NIANBAO_DATA": str(folder)})
    assert "mine.yml:3" in command.err or "mine.yml:1" in command.err
    assert "listing" in command.err


def test_a_setting_that_cannot_be_right_is_wrong_use(published):
    command, settings = published
    command("refresh", exit_code=2, **settings | {"NIANBAO_RESOLVE": "www.a.test"})
    assert "NIANBAO_RESOLVE" in command.err
    assert "host=address:port" in command.err


def test_a_silent_edit_is_a_new_edition_and_a_withdrawn_page_an_outcome(published, tmp_path):
    command, _ = published
    later = WORLD.revised(edited=1, withdrawn=1, late=0)
    changes = {change.change: change for change in later.changes}
    edited = changes["edited"]
    with serving(later, tmp_path / "registry") as (_, settings):
        command("refresh", **settings)
    editions = command.rows("select issuer_id, report_year, n_editions from fct_report where n_editions > 1")
    assert editions == [{"issuer_id": edited.issuer_id, "report_year": edited.year, "n_editions": 2}]
    sentences = command.rows(
        f"select sentence from fct_figure where is_current and issuer_id = '{edited.issuer_id}' and report_year = {edited.year}"
    )
    assert any(edited.sentence.rstrip("。；") in row["sentence"] for row in sentences)
    status = json.loads(command("status", "--json"))
    gone = [row["url"] for row in status["outcomes"] if row["outcome"] == "withdrawn"]
    assert gone == [changes["withdrawn"].url]
    kept = command.rows("select count(*) as n from fct_report")
    assert kept == [{"n": len(WORLD.reports)}], "a withdrawn report stays in the warehouse"
