"""A home that the version before the marts' schema 2.0 made is brought up by the next run, and stays readable.

homes/v1.tar.xz was made by that version: two reports, imported as files.
"""

import json
import tarfile
from pathlib import Path

import pytest
from support import Command

OLD = Path(__file__).resolve().parents[1] / "warehouse" / "homes" / "v1.tar.xz"
NEXT = """清河市松溪区司法局2025年法治政府建设年度报告

一、推进法治政府建设的主要举措和成效
2025年，我局举办法治培训18次，审查合同40份。全年办理行政复议案件180件。

清河市松溪区司法局
2026年2月20日
"""

# Python 3.11 before its fourth release knows no filters.
_FILTER = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory, prefect_api):
    folder = tmp_path_factory.mktemp("old")
    with tarfile.open(OLD) as packed:
        packed.extractall(folder, **_FILTER)
    command = Command(folder / "home", PREFECT_API_URL=prefect_api)
    old = command.current
    (folder / "2025.txt").write_text(NEXT)
    command("import", folder / "2025.txt")
    yield command, old


def test_the_next_run_publishes_everything_in_the_new_layout(upgraded):
    command, old = upgraded
    assert command.current != old
    manifest = json.loads(command("releases", "show", "--json"))
    assert manifest["schema_version"] >= "2.0"
    assert manifest["tables"]["fct_report"] == manifest["tables"]["fct_edition"] == 3
    assert [name for name in manifest["files"] if name.startswith("texts/")]
    years = command.rows("select report_year, n_figures > 0 as read from fct_report order by 1")
    assert years == [{"report_year": year, "read": True} for year in (2023, 2024, 2025)]
    (figure,) = command.rows("select figure_id from fct_figure where report_year = 2023 order by 1 limit 1")
    assert "still holds the payload" in command("why", figure["figure_id"])


def test_the_new_release_can_be_searched(upgraded):
    command, _ = upgraded
    found = json.loads(command("search", "行政复议案件", "--since", "2025", "--kind", "figure", "--json"))
    assert [hit["said"] for hit in found["hits"]] == ["180件"]


def test_the_old_release_can_still_be_read_compared_and_returned_to(upgraded):
    command, old = upgraded
    problems = {
        row["release"]: row["problems"] for row in json.loads(command("releases", "verify", "--json"))
    }
    assert set(problems) == {old, command.current}
    assert not any(problems.values())
    found = json.loads(command("sql", "select count(*) as n from fct_report", "--release", old, "--json"))
    assert found == [{"n": 2}]
    marts = {m["mart"]: m for m in json.loads(command("releases", "diff", old, "current", "--json"))["marts"]}
    assert marts["fct_report"]["added"] == 1
    assert marts["fct_report"]["causes"]["new_report"] == 1
    assert marts["fct_edition"]["causes"] == {"model_change": 3}
    command("why", "a/b/2023", "--release", old, exit_code=2)
    assert "made before releases held their editions" in command.err
    command("sql", "from fct_report", "--release", old, "--known-on", "2026-01-01", exit_code=2)
    assert "made before releases said" in command.err
    new = command.current
    command("releases", "rollback", old)
    assert command.current == old
    command("releases", "rollback", new)
