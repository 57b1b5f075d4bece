"""Changed rules: reextract redoes what they touch from the archive, shows the difference, and publishes when told to."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from support import Command, serving

from nianbao.settings import project_dir
from nianbao.simulation import build_world
from nianbao.warehouse.release import current_release, verify

WORLD = build_world(districts=1, issuers=3, years=(2022, 2023))
FIGURES = "select figure_id, indicator_id, value, unit from fct_figure order by all"


@pytest.fixture(scope="module")
def published(tmp_path_factory, prefect_api):
    """A home with a release, and its registry with the indicators in it, all files of their own. Sites are gone."""
    folder = tmp_path_factory.mktemp("reextract")
    command = Command(folder / "home", PREFECT_API_URL=prefect_api)
    with serving(WORLD, folder / "registry") as (_, settings):
        shutil.copy(project_dir("data") / "indicators.yml", folder / "registry")
        command("refresh", **settings)
    return command, folder / "registry"


@pytest.fixture
def home(published, tmp_path):
    """A copy of that home, and a copy of the registry to change."""
    original, registry = published
    command = Command(tmp_path / "home", PREFECT_API_URL=original.environment["PREFECT_API_URL"])
    shutil.copytree(original.home, command.home, symlinks=True)
    shutil.copytree(registry, tmp_path / "registry")
    return command, tmp_path / "registry"


def rarest_indicator(command):
    """The indicator whose figures stand in the fewest reports, with the units of its rules."""
    (row,) = command.rows(
        "select indicator_id, count(distinct report_id) as n from fct_figure where indicator_id is not null"
        " group by all order by n, indicator_id limit 1"
    )
    return row["indicator_id"]


def without_indicator(registry, indicator_id):
    """Takes an indicator out of a registry; returns the units it was asked for."""
    path = registry / "indicators.yml"
    whole = yaml.safe_load(path.read_text(encoding="utf-8"))
    (entry,) = [i for i in whole["indicators"] if i["id"] == indicator_id]
    whole["indicators"].remove(entry)
    path.write_text(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False), encoding="utf-8")
    rules = [entry["rules"], *entry["rules"].get("also", [])]
    return {unit for rule in rules for unit in rule.get("units", [])} | {entry["unit"]}


def made_by(home):
    """Capture id → the rules version whose batch holds it, the newest."""
    found = {}
    for path in sorted(home.glob("lake/rules=*/batch=*/capture.parquet"), key=lambda p: p.stat().st_mtime_ns):
        found |= {row["capture_id"]: row["rules_version"] for row in pq.read_table(path).to_pylist()}
    return found


def test_unchanged_rules_are_told_in_a_sentence_and_nothing_is_done(home):
    command, _ = home
    before = sorted(p for p in command.home.rglob("*") if "prefect" not in p.parts)
    out = command("reextract")
    assert "the rules are those of" in out
    assert "nothing to read again" in out
    assert sorted(p for p in command.home.rglob("*") if "prefect" not in p.parts) == before


def test_a_changed_indicator_is_shown_then_published(home):
    command, registry = home
    settings = {"NIANBAO_DATA": str(registry)}
    gone = rarest_indicator(command)
    units = without_indicator(registry, gone)
    release, rows, linked = command.current, command.rows(FIGURES), (command.home / "registry").readlink()
    touched = {
        row["capture_id"]
        for row in command.rows("select capture_id, unit from fct_figure")
        if row["unit"] in units
    }
    lost = [row["figure_id"] for row in rows if row["indicator_id"] == gone]

    shown = json.loads(command("reextract", "--json", **settings))
    assert shown["state"] == "shown"
    assert shown["changed"] == f"indicator {gone}"
    assert shown["captures"]["touched"] == len(touched)
    made = made_by(command.home)
    assert {capture for capture, version in made.items() if version == shown["rules"]} == touched
    assert [c["indicator_id"] for c in shown["indicators"] if c["lost"]] == [gone]
    differs = {
        f"{r['edition_id']}:{r['item']}"
        for r in shown["rows"]
        if (r["field"], r["before"]) == ("indicator_id", gone)
    }
    assert differs == set(lost)
    assert len(shown["rows"]) == len(pq.read_table(shown["file"])) == sum(c["rows"] for c in shown["counts"])

    assert (command.current, command.rows(FIGURES)) == (release, rows), "showing must publish nothing"
    assert (command.home / "registry").readlink() == linked, "showing must not change the home's registry"
    assert not any((command.home / "builds").glob("*"))

    out = command("reextract", **settings)
    assert "SHOWN" in out
    assert "read and extract" not in command.err, "what was read again is not read a third time"
    assert gone in out
    assert "reextract --publish" in out

    out = command("reextract", "--publish", **settings)
    assert "PUBLISHED" in out
    assert command.current != release
    assert verify(current_release(command.home / "current")) == []
    after = {row["figure_id"]: row for row in command.rows(FIGURES)}
    assert set(after) == {row["figure_id"] for row in rows}, "ids of figures never depend on the rules"
    assert all(after[i]["indicator_id"] != gone for i in lost)
    assert "nothing to read again" in command("reextract")
    status = json.loads(command("status", "--json"))
    assert [(r["purpose"], r["state"]) for r in status["refreshes"][:3]] == [
        ("reextract", "published"),
        ("reextract", "shown"),
        ("reextract", "shown"),
    ]


def test_a_refresh_after_a_rule_change_reads_what_is_touched_and_publishes_it(published, tmp_path):
    original, _ = published
    command = Command(tmp_path / "home", PREFECT_API_URL=original.environment["PREFECT_API_URL"])
    shutil.copytree(original.home, command.home, symlinks=True)
    with serving(WORLD, tmp_path / "registry") as (_, settings):
        shutil.copy(project_dir("data") / "indicators.yml", tmp_path / "registry")
        gone = rarest_indicator(command)
        without_indicator(tmp_path / "registry", gone)
        release = command.current
        command("refresh", **settings)
        assert command.current != release
        versions = {
            row["rules_version"] for row in command.rows("select distinct rules_version from raw.rules")
        }
        assert set(made_by(command.home).values()) == versions
        assert command.rows(f"select * from fct_figure where indicator_id = '{gone}'") == []
        assert "nothing to read again" in command("reextract", **settings)
        assert "nothing is new" in command("refresh", **settings)


def run_with(command, script, *arguments, **settings):
    """`nianbao` after a piece of Python, in a process of its own."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            f"{script}\nimport sys, nianbao.cli\nnianbao.cli.main(sys.argv[1:])",
            *arguments,
        ],
        env=command.environment | settings,
        cwd=command.home,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


OTHER_CODE = "import nianbao.warehouse.rules as rules\nrules._code = lambda: 'other code'"
# Reading as another program would: what it takes for figures ends with its first.
OTHER_READING = (
    f"{OTHER_CODE}\nimport dataclasses, nianbao.extraction.extractor as e\nold = e.Extractor.extract\n"
    "def extract(*a, **k):\n"
    "    r = old(*a, **k)\n"
    "    return dataclasses.replace(r, figures=tuple(f for f in r.figures[:1]))\n"
    "e.Extractor.extract = extract"
)


def test_other_code_reads_everything_and_equal_rows_are_no_difference(home):
    command, _ = home
    done = run_with(command, OTHER_CODE, "reextract", "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["changed"] == "code"
    assert (shown["captures"]["kept"], shown["rows"]) == (0, [])
    assert "no row differs" in shown["sentence"]


def test_code_that_loses_figures_is_shown_and_refused_when_published(home):
    command, _ = home
    release = command.current
    done = run_with(command, OTHER_READING, "reextract", "--publish")
    assert done.returncode == 3, done.stderr
    assert "REFUSED" in done.stdout
    assert command.current == release
    (path,) = (command.home / "differences").glob("*.parquet")
    rows = pq.read_table(path).to_pylist()
    assert {(row["subject"], row["change"]) for row in rows} == {("figure", "removed")}


def test_a_killed_reextract_leaves_whole_batches_and_the_next_goes_on(home):
    command, registry = home
    without_indicator(registry, rarest_indicator(command))
    release = command.current
    kill = (
        "import os, signal, nianbao.warehouse.lake as lake\nold, calls = lake.pq.write_table, []\n"
        "def write_table(*a, **k):\n"
        "    calls.append(1)\n"
        # One file of kept captures, one batch of seven tables, and the second batch half way.
        "    if len(calls) == 12: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return old(*a, **k)\n"
        "lake.pq.write_table = write_table"
    )
    one_by_one = {"NIANBAO_BATCH_SIZE": "1", "NIANBAO_PARALLEL_HOSTS": "1"}
    done = run_with(command, kill, "reextract", NIANBAO_DATA=str(registry), **one_by_one)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert command.current == release
    batches = {path: path.stat().st_mtime_ns for path in (command.home / "lake").glob("rules=*/batch=*")}
    assert len(batches) == 2, "that of the release, and the one that was finished"
    assert all(len(list(batch.iterdir())) == 7 for batch in batches)
    shown = json.loads(command("reextract", "--json", NIANBAO_DATA=str(registry)))
    assert "took over the lock" in command.err
    assert shown["state"] == "shown"
    assert shown["captures"]["touched"] > 1
    assert all(path.stat().st_mtime_ns == made for path, made in batches.items())
    assert not [*(command.home / "lake").rglob(".partial-*")]


def test_wrong_use_is_told_in_a_sentence(tmp_path, home):
    command, registry = home
    empty = Command(tmp_path / "empty", PREFECT_API_URL=command.environment["PREFECT_API_URL"])
    assert "`nianbao refresh` makes the first" in empty("reextract", exit_code=1)
    Path(registry, "indicators.yml").write_text("version: 1\nindicators: 3\n", encoding="utf-8")
    command("reextract", exit_code=2, NIANBAO_DATA=str(registry))
    assert "indicators.yml" in command.err
