"""Wrong use and odd input end in a sentence and a documented exit code, never in a traceback."""

import json
import socket

import pytest
from support import Command


@pytest.fixture
def command(tmp_path):
    return Command(tmp_path / "home")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--", "no-such-command"], "no-such-command cannot be started"),
        (["--pages", "empty", "--", "true"], "holds no folder"),
        (["--pages", "bad", "--", "true"], "no host name"),
        (["--pages", "empty", "--truth", "t.json", "--", "true"], "goes with neither"),
        (["--truth", "nowhere/t.json", "--", "true"], "cannot be served: No such file"),
    ],
)
def test_simulate_says_what_is_wrong(command, tmp_path, arguments, says):
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad" / "ho st").mkdir(parents=True)
    command("simulate", *arguments, exit_code=2, cwd=tmp_path)
    assert says in command.err
    assert "Traceback" not in command.err


def test_a_taken_port_is_named_as_such(command):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command("simulate", "--port", taken.getsockname()[1], "--", "true", exit_code=2)
    assert "--port" in command.err


def test_the_code_of_the_command_is_handed_on(command):
    command("simulate", "--", "sh", "-c", "exit 7", exit_code=7)
    command("simulate", "--", "sh", "-c", "kill -9 $$", exit_code=137)


def test_a_home_that_cannot_be_written_is_wrong_use(command):
    command("refresh", exit_code=2, NIANBAO_HOME="/dev/null/home")
    assert "/dev/null/home cannot be written" in command.err
    command("status", exit_code=2, NIANBAO_HOME="")
    assert "NIANBAO_HOME: it is empty" in command.err


def test_lines_that_are_no_objects_are_left_out_and_the_others_read(command, tmp_path):
    good = json.dumps(
        {"id": "good", "text": "全年召开党组会议12次。", "report_year": 2024, "section_kind": "measures"}
    )
    lines = [
        "\ufeff" + good,
        '{"id": "no text"}',
        '{"id": null, "text": "x"}',
        '{"id": "y1", "text": "x", "report_year": "二〇二四"}',
        '{"id": "y2", "text": "去年办理3件。", "report_year": 99999999999}',
        '{"id": "u", "text": "x", "url": 5}',
        "[1, 2]",
        "{",
        "[" * 100_000,
        '{"id": ["x"], "text": "x"}',
        good.replace("good", "last"),
    ]
    path = tmp_path / "lines.jsonl"
    path.write_bytes("\n".join(lines).encode() + b"\n\xd6\xd0\n")
    command("extract", "--jsonl-in", path, exit_code=1)
    found = [json.loads(line) for line in command.out.splitlines()]
    assert [row["doc"] for row in found] == ["good", "last"]
    assert found[0]["metrics"][0]["value"] == 12
    for number in (2, 3, 4, 5, 6, 7, 8, 9, 10, 12):
        assert f"lines.jsonl:{number}: " in command.err
    assert "Traceback" not in command.err


def test_spans_of_text_files_are_offsets_in_the_file_as_it_is(command, tmp_path):
    text = "\ufeff青禾区司法局2024年法治政府建设情况报告\r\n\r\n2024年，区司法局扎实推进工作。现将情况报告如下：\r\n一、主要举措\r\n全年审查合同 36 份。\r\n"
    path = tmp_path / "odd.txt"
    path.write_bytes(text.encode())
    (row,) = [json.loads(line) for line in command("extract", path, "--jsonl").splitlines()]
    assert row["metrics"]
    for metric in row["metrics"]:
        assert text[metric["char_start"] : metric["char_end"]] == metric["text"]


@pytest.fixture
def no_ledger(command):
    command.home.mkdir(parents=True)
    (command.home / "ledger.sqlite").write_text("no database, and longer than its header would be: " * 9)


@pytest.mark.usefixtures("no_ledger")
def test_a_ledger_that_cannot_be_read_is_what_the_status_begins_with(command):
    command("status")
    first = "".join(command.out.splitlines()[:3])
    assert "[critical]" in first and "ledger.sqlite cannot be read" in first and "from a copy" in first
    command("metrics")
    assert "nianbao_troubles 1.0" in command.out and "nianbao_sources{" not in command.out


@pytest.mark.usefixtures("no_ledger")
@pytest.mark.parametrize("arguments", [["backfill", "--status"], ["refresh"]])
def test_a_ledger_that_cannot_be_read_is_told_with_a_remedy(command, arguments):
    command(*arguments, exit_code=1)
    assert "ledger.sqlite back from a copy" in command.err
    assert "Traceback" not in command.err
