"""`nianbao extract --explain` and `--html`: what a reader sees in the terminal and in a browser."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from click.testing import CliRunner
from selectolax.lexbor import LexborHTMLParser

from nianbao.cli import main

REPORT = (
    "2024年东沙区司法局法治政府建设情况报告\n一、主要举措和成效\n（一）强化法治学习\n"
    "依据《中华人民共和国行政处罚法》，全年举办专题学习8次，其中集中研讨3次。落实“五个一”机制，材料在15日内报送。\n"
    "二、存在的不足\n一是基层执法力量有待充实。\n三、2025年主要安排\n开展法治培训2次。\n"
)


@pytest.fixture
def report_file(tmp_path):
    path = tmp_path / "报告.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


def run(*arguments):
    return CliRunner().invoke(main, ["extract", *map(str, arguments)])


def test_the_terminal_shows_figures_in_their_place_and_the_rule_of_each_number(report_file):
    done = run(report_file, "--explain")
    assert done.exit_code == 0
    assert "专题学习[8次]¹，其中集中研讨[3次]²" in done.output
    assert "# 二、存在的不足" in done.output
    assert "{15日" in done.output and "a time limit" in done.output
    assert "part of 1" in done.output
    assert "title.text" in done.output and "missing parts" in done.output


def test_the_page_holds_the_whole_text_and_needs_nothing_from_elsewhere(report_file, tmp_path):
    out = tmp_path / "page.html"
    done = run(report_file, "--html", out)
    assert done.exit_code == 0 and "8次" not in done.stdout
    tree = LexborHTMLParser(out.read_text(encoding="utf-8"))
    assert tree.css_first(".text").text() == REPORT
    assert [node.text() for node in tree.css(".text .figure")] == ["8次", "3次", "2次"]
    assert not tree.css("[src], link[href], [href^=http]")
    assert json.loads(tree.css_first("script.data").text())[1]["parent"] == 0


def test_markup_in_a_text_stays_text(tmp_path):
    evil = tmp_path / "evil.txt"
    evil.write_text(
        "工作情况\n<b onclick=alert(1)>五</b></script>&lt;\n全年处罚案件5件\x1b[31m。\n", encoding="utf-8"
    )
    out = tmp_path / "page.html"
    done = run(evil, "--html", out, "--explain")
    assert done.exit_code == 0 and "\x1b[31m" not in done.output
    page = LexborHTMLParser(out.read_text(encoding="utf-8"))
    assert len(page.css("script")) == 2
    assert "<b onclick=alert(1)>五</b></script>&lt;" in page.css_first(".text").text()


def test_people_and_programs_are_not_mixed_up(report_file):
    done = run(report_file, "--explain", "--jsonl")
    assert done.exit_code == 2 and "choose" in done.output


def test_a_page_that_cannot_be_written_says_so(report_file, tmp_path):
    done = run(report_file, "--html", tmp_path / "none" / "page.html")
    assert done.exit_code == 1 and "page.html" in done.output


@pytest.mark.skipif(not shutil.which("chromium"), reason="the Debian package chromium is not installed")
def test_a_browser_opens_the_page_at_a_figure(report_file, tmp_path):
    out = tmp_path / "page.html"
    assert run(report_file, "--html", out).exit_code == 0
    browser = [
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path / 'profile'}",
    ]
    # No name resolves: the page has to work without a network.
    offline = "--host-resolver-rules=MAP * ~NOTFOUND"
    done = subprocess.run(
        [*browser, offline, "--dump-dom", f"{out.as_uri()}#d0-figure1"],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    tree = LexborHTMLParser(done.stdout)
    assert [node.text() for node in tree.css(".figure.chosen")] == ["3次"]
    assert [node.text() for node in tree.css(".figure.kin")] == ["8次"]
    assert "集中研讨" in tree.css_first("aside .choice").text()
