"""`nianbao archive …` as its user runs it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from support import Command

from nianbao.archive import Archive
from nianbao.archive.cdxj import cdxj_path
from nianbao.model import Capture

from .records import segment

PDF_URL = "http://www.a.test/附件/报告 1%.pdf?页=1"


@pytest.fixture
def command(filled: tuple[Path, list[Capture]], tmp_path: Path) -> Command:
    shutil.copytree(filled[0], tmp_path / "home" / "archive")
    return Command(tmp_path / "home")


def test_captures_are_listed_and_shown(command: Command, filled: tuple[Path, list[Capture]]) -> None:
    _, made = filled
    rows = json.loads(command("archive", "list", "http://www.a.test/", "--json"))
    assert [row["url"] for row in rows] == sorted(capture.url for capture in made[:4])
    assert PDF_URL in command("archive", "list") and "there are more than 2" not in command.err
    assert len(json.loads(command("archive", "list", "--limit", "2", "--json"))) == 2
    assert "there are more than 2" in command.err
    assert "no address that begins with" in command("archive", "list", "http://never.test/")
    assert command("archive", "show", "http://www.a.test/fz/") == "<ul></ul>"
    assert command("archive", "show", made[0].capture_id) == "<ul></ul>"
    head = command("archive", "show", PDF_URL, "--headers")
    assert "X-Archive-Orig-Content-Encoding: gzip" in head and "HTTP/1.1 200 OK" in head
    assert json.loads(command("archive", "show", PDF_URL, "--json"))["capture_id"] == made[1].capture_id
    command("archive", "show", "http://never.test/", exit_code=1)
    assert "neither a capture nor an address" in command.err


def test_damage_is_told_with_its_place_and_rebuild_mends_what_is_derived(command: Command) -> None:
    folder = command.home / "archive"
    assert "The archive is whole." in command("archive", "verify")
    path = segment(folder, "20260301T023000Z-a")
    cdxj_path(path).write_bytes(b"")
    (folder / "index.sqlite").unlink()
    assert json.loads(command("archive", "verify", "--json", exit_code=1))["whole"] is False
    assert "5 captures" in command("archive", "rebuild")
    assert "The archive is whole." in command("archive", "verify", "--segment", path.name)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(bytes(content))
    out = command("archive", "verify", exit_code=1)
    assert path.name in out and "restore the file from a copy" in out and "The archive is damaged." in out
    command("archive", "verify", "--segment", "never", exit_code=1)
    assert "holds no segment 'never'" in command.err


def test_without_an_archive_each_command_says_so(tmp_path: Path) -> None:
    command = Command(tmp_path / "none")
    for arguments in (("verify",), ("rebuild",), ("list",), ("show", "x")):
        command("archive", *arguments, exit_code=1)
        assert "holds no archive yet" in command.err
    assert not (tmp_path / "none" / "archive").exists()


def test_rebuild_waits_for_no_writer(command: Command) -> None:
    from nianbao.warehouse.lock import hold_lock

    with hold_lock(command.home, "refresh"):
        command("archive", "rebuild", exit_code=1)
    assert command.err.strip()
    assert len(Archive(command.home / "archive").below()) == 5
