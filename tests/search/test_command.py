"""`nianbao search`: hits for people and programs, and what is wrong, as a sentence."""

import io
import json

import pytest
from click.testing import CliRunner
from search.editions import edition, index_of

from nianbao.cli import main
from nianbao.commands import search
from nianbao.settings import Settings

RELEASE = "20260301T000000Z-abcd1234"


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "releases" / RELEASE
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"created_at": "2026-03-01T00:00:00.000+00:00"}))
    (tmp_path / "current").symlink_to(folder)
    hostile = edition("e2", "<b>复议</b>[red]复议[/red]\x1b[31m\n", issuer_name="[bold]某局")
    index_of(folder / "search", edition(), hostile)
    monkeypatch.setenv("NIANBAO_HOME", str(tmp_path))
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, ["search", *arguments])


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_hits_are_listed_with_where_they_stand(home):
    done = run("行政诉讼", "应诉", "--kind", "section")
    assert done.exit_code == 0
    assert f"1 hits in {RELEASE} (section 1)" in done.output
    assert "1. 2021 松溪区司法局  section · 总体情况 › 行政应诉" in done.output
    assert "行政诉讼应诉案件45件，负责人出庭应诉率100%。" in done.output
    assert "\x1b" not in done.output


def test_words_are_marked_on_a_terminal(home, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    out = Terminal()
    assert search.run(Settings(), "出庭", {"kinds": ["section"]}, "current", False, out, io.StringIO()) == 0
    assert "\x1b[1;31m出庭\x1b[0m" in out.getvalue()


def test_markup_and_controls_of_a_text_are_shown_as_text(home):
    out = run("复议", "--issuer", "songxi-justice-e2").output
    assert "<b>复议</b>[red]复议[/red] [31m" in out
    assert "[bold]某局" in out
    assert "\x1b" not in out


def test_programs_get_json(home):
    done = run("45件", "--kind", "figure", "--json")
    answer = json.loads(done.output)
    assert (answer["release"], answer["total"], answer["facets"]["years"]) == (RELEASE, 1, {"2021": 1})
    (hit,) = answer["hits"]
    assert hit["figure_id"] == f"e1:{hit['start']}-{hit['end']}"
    assert hit["snippet"]["text"][slice(*hit["snippet"]["spans"][0])] == "45件"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("，。",), "nothing but punctuation"),
        (("复议", "--kind", "page"), "choose among report, section, figure, reference"),
        (("复议", "--since", "2024", "--until", "2020"), "go backwards"),
        (("--", "-复议"), "only says what must not be found"),
        (("复议", "--release", "2019"), "there is no release 2019"),
    ],
)
def test_what_is_wrong_is_said(home, arguments, says):
    done = run(*arguments)
    assert done.exit_code == 2
    assert says in done.stderr


def test_an_exclusion_and_pages(home):
    assert "0 hits" in run("出庭", "--", "-负责人").output
    assert "shown are 2 to 3" in run("复议", "--offset", "1", "--limit", "2").output


def test_a_release_of_former_times_has_no_index(home):
    former = home / "releases" / "20250101T000000Z-00000000"
    former.mkdir()
    (former / "manifest.json").write_text("{}")
    done = run("复议", "--release", "2025")
    assert done.exit_code == 2
    assert "this release has no search index" in done.stderr


def test_a_home_without_a_release_says_how_to_make_one(tmp_path, monkeypatch):
    monkeypatch.setenv("NIANBAO_HOME", str(tmp_path))
    done = run("复议")
    assert done.exit_code == 2
    assert "holds no release yet" in done.stderr
