"""`nianbao simulate` builds what its options say and says what is wrong with them."""

from __future__ import annotations

import json
import sys
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nianbao.cli import main
from nianbao.commands.simulate import Recipe, serve
from nianbao.registry import load_registry
from nianbao.settings import Settings, project_dir


def call(home: Path, *arguments: object) -> Result:
    return CliRunner().invoke(main, ["simulate", *map(str, arguments)], env={"NIANBAO_HOME": str(home)})


def test_the_options_build_the_world_and_the_truth_tells_it(tmp_path: Path) -> None:
    truth = tmp_path / "truth.json"
    done = call(
        tmp_path, "--districts", 2, "--issuers", 3, "--years", "2020-2022,2024", "--formats", "all", "--quirks",
        "--later", "edited,unlisted,repaged", "--moved", "--faults", 5, "--truth", truth, "--", sys.executable, "-c", "",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    told = json.loads(truth.read_text(encoding="utf-8"))
    assert told["years"] == [2020, 2021, 2022, 2024] and len(told["issuers"]) == 6
    assert {change["change"] for change in told["changes"]} == {"edited", "withdrawn", "moved", "repaged"}
    assert len(told["faults"]) == 5 and told["copies"]
    registry = load_registry(tmp_path / "simulation" / "districts", project_dir("data"))
    assert registry.sources and all(source.simulated for source in registry.sources)


def test_revised_is_an_edit_a_withdrawal_and_a_late_report(tmp_path: Path) -> None:
    truth = tmp_path / "truth.json"
    assert call(tmp_path, "--revised", "--truth", truth, "--", sys.executable, "-c", "").exit_code == 0
    changes = json.loads(truth.read_text(encoding="utf-8"))["changes"]
    assert sorted(change["change"] for change in changes) == ["edited", "late", "withdrawn"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--districts", 999], "ask for 1 to 440"),
        (["--years", "20x"], "give years such as 2020-2024"),
        (["--years", "2024-2020"], "must go from a year to a later one"),
        (["--years", "1990"], "from 2015 to 2099"),
        (["--later", "vanished"], "'vanished' is unknown; give some of edited"),
        (["--later", "late=40"], "ask for fewer changes"),
        (["--faults", 5000], "build a larger world"),
        (["--hazards", "--moved"], "does not go with --moved"),
        (["--pages", ".", "--faults", 3], "--faults"),
    ],
)
def test_what_cannot_be_served_is_refused_with_a_sentence(
    tmp_path: Path, arguments: list[object], says: str
) -> None:
    done = call(tmp_path, *arguments, "--", "true")
    assert done.exit_code == 2
    assert says in done.output


def test_what_is_served_is_told_by_district(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with serve(settings, Recipe(later="late", faults=2), pages=None, port=0, truth=None) as served:
        out = StringIO()
        served.describe(out)
    said = out.getvalue()
    assert "www.qinghe.gov.test" in said and "青禾区" in said and "html" in said
    assert "late: lanchuan-" in said and "2 faults injected" in said


def test_the_hosts_of_a_folder_are_told(tmp_path: Path) -> None:
    (tmp_path / "pages" / "www.my.test").mkdir(parents=True)
    settings = Settings(home=tmp_path)
    with serve(settings, Recipe(), pages=tmp_path / "pages", port=0, truth=None) as served:
        out = StringIO()
        served.describe(out)
    assert "www.my.test" in out.getvalue() and set(served.environment) == {"NIANBAO_RESOLVE"}
