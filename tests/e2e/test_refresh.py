"""A refresh of the simulated districts brings in what is there, and the next one sees that nothing is new."""

import json
import re
import shlex
import shutil
from collections import Counter
from pathlib import Path

import pytest
from support import ROOT, Command, serving

from nianbao.archive import Archive
from nianbao.reading import read_document
from nianbao.simulation import build_world


@pytest.fixture(scope="module")
def world():
    return build_world()


@pytest.fixture(scope="module")
def refreshed(world, tmp_path_factory):
    """One refresh on a fresh machine: no Prefect server, an empty home. (command, sites, settings)"""
    folder = tmp_path_factory.mktemp("refresh")
    command = Command(folder / "home")
    with serving(world, folder / "registry") as (sites, settings):
        command("refresh", **settings)
        command.summary = command.out
        yield command, sites, settings


def test_every_report_of_the_truth_is_in_and_none_is_invented(refreshed, world):
    command, *_ = refreshed
    found = {
        (row["issuer_id"], row["report_year"])
        for row in command.rows("select issuer_id, report_year from fct_report")
    }
    expected = {(report.issuer_id, report.year) for report in world.reports}
    assert found - expected == set(), "reports that are not in the truth"
    assert expected - found == set(), "reports that were not found"


def test_titles_and_dates_are_those_of_the_truth(refreshed, world):
    command, *_ = refreshed
    rows = command.rows("select issuer_id, report_year, published_date from fct_report")
    found = {(row["issuer_id"], row["report_year"]): row["published_date"] for row in rows}
    wrong = [
        (report.url, report.published_date, found[report.issuer_id, report.year])
        for report in world.reports
        if found.get((report.issuer_id, report.year)) != report.published_date
    ]
    assert wrong == []


def test_most_figures_of_the_truth_are_in_with_value_and_unit(refreshed, world, capsys):
    command, *_ = refreshed
    rows = command.rows("select issuer_id, report_year, text, value, unit from fct_figure")
    found = Counter((r["issuer_id"], r["report_year"], float(r["value"]), r["unit"]) for r in rows)
    truth = Counter(
        (report.issuer_id, report.year, float(figure.value), figure.unit)
        for report in world.reports
        for figure in report.figures
    )
    right = (found & truth).total()
    recall, precision = right / truth.total(), right / found.total()
    with capsys.disabled():
        print(
            f"\n  {truth.total()} figures in the truth: recall {recall:.3f}, precision {precision:.3f} (value and unit)"
        )
        print("  missed:", list(truth - found)[:10], "invented:", list(found - truth)[:10])
    assert recall > 0.9
    assert precision > 0.9


def test_every_figure_leads_back_to_its_sentence_and_its_bytes(refreshed):
    command, *_ = refreshed
    archive = Archive(command.home / "archive")
    rows = command.rows("select capture_id, url, start_offset, end_offset, text, sentence from fct_figure")
    documents = {}
    for row in rows:
        capture = archive.get(row["capture_id"])
        if row["capture_id"] not in documents:
            body = archive.read(capture)
            documents[row["capture_id"]] = read_document(
                body, content_type=capture.media_type, url=capture.url
            ).text
        assert capture.url == row["url"]
        assert documents[row["capture_id"]][row["start_offset"] : row["end_offset"]] == row["text"]
        assert row["text"] in row["sentence"]


def test_the_summary_tells_release_districts_changes_checks_and_what_next(refreshed, world):
    command, *_ = refreshed
    for word in (
        command.current,
        "Reports and figures per district",
        "Year over year",
        "Checks:",
        "What next",
    ):
        assert word in command.summary
    for region in world.regions:
        if region.level == "county":
            assert region.full_name in command.summary


def test_a_second_refresh_asks_conditionally_and_publishes_nothing(refreshed):
    command, sites, settings = refreshed
    before, releases = command.current, sorted((command.home / "releases").iterdir())
    sites.requests.clear()
    out = command("refresh", **settings)
    assert "nothing is new" in out
    assert command.current == before
    assert sorted((command.home / "releases").iterdir()) == releases
    assert not (command.home / "builds").exists(), "a quiet night must not build a candidate"
    statuses = {status for (_, path, status) in sites.requests.counts() if path != "/robots.txt"}
    assert statuses == {304}


def test_a_quiet_night_can_be_read_afterwards(refreshed):
    command, _, settings = refreshed
    command("refresh", **settings)
    status = json.loads(command("status", "--json"))
    assert [row["state"] for row in status["refreshes"]][-1] == "published"
    assert status["refreshes"][0]["state"] == "quiet"
    assert {row["outcome"] for row in status["outcomes"]} == {"not_modified"}


def shown(text):
    """Lines as they can be compared: without what differs from run to run and machine to machine."""
    text = re.sub(r"\d{8}T\d{6}Z-[0-9a-f]+", "ID", text)
    text = re.sub(r"\S*/(?=releases/|current/)", "", text)
    text = re.sub(r"\S*nianbao (?=sql|status|releases)", "nianbao ", text)
    return [" ".join(line.split()) for line in text.splitlines()]


def test_the_readme_shows_what_the_commands_print(refreshed):
    command, _, settings = refreshed
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    published, quiet = [
        block for block in readme.split("```")[1::2] if "PUBLISHED" in block or "QUIET" in block
    ]
    facts, _, advice = published.partition("What next:")
    assert "sql" in advice
    missing = [line for line in shown(facts) if line not in [*shown(command.summary), "…"]]
    assert missing == []
    printed = shown(command("refresh", **settings))
    assert [line for line in shown(quiet) if line not in printed] == []


def test_what_the_summary_advises_can_be_done(refreshed):
    command, _, _ = refreshed
    advice = command.summary.partition("What next:")[2].splitlines()
    *calls, database = [shlex.split(line, comments=True) for line in advice if line.strip()]
    # NIANBAO_HOME=… program command …
    advised = [words[2:] for words in calls]
    assert {words[0] for words in advised} == {"explore", "sql", "status", "releases"}
    for words in advised:
        # Pages are served until somebody ends them: tests/explorer looks at them.
        command(*words, *(["--help"] if words[0] == "explore" else []))
    assert Path(command.home.parent, database[0]).is_file()


def test_a_changed_data_file_is_new(refreshed, tmp_path):
    command, _, settings = refreshed
    registry = tmp_path / "registry"
    shutil.copytree(settings["NIANBAO_DATA"], registry)
    sources = sorted(Path(registry, "sources").glob("*.yml"))[0]
    sources.write_text(sources.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    before = command.current
    out = command("refresh", **settings | {"NIANBAO_DATA": str(registry)})
    assert command.current != before, out
