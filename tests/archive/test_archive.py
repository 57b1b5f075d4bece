"""What the archive promises: bytes come back as served, a crash loses at most the record being written."""

from __future__ import annotations

import hashlib
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from nianbao.archive import Archive, ArchiveError, verify_archive
from nianbao.model import Capture

from .records import PAGE, T0, respond, segment


def test_bodies_and_facts_come_back_as_they_were_served(filled: tuple[Path, list[Capture]]) -> None:
    folder, made = filled
    archive = Archive(folder)
    listing, pdf, empty, again, file = made
    assert [archive.get(capture.capture_id) for capture in made] == made
    assert archive.read(pdf) == bytes(range(256)) * 40
    assert pdf.payload_sha256 == hashlib.sha256(bytes(range(256)) * 40).hexdigest()
    assert archive.read(empty) == b""
    assert archive.read(file).decode("gb18030") == "二〇二四年报告"
    assert (pdf.url, pdf.parent_url) == (
        "http://www.a.test/附件/报告 1%.pdf?页=1",
        "http://www.a.test/fz/栏目/",
    )
    assert pdf.link_title == "2024年度报告 100%\n全文"
    assert pdf.last_modified == "Sun, 01 Mar 2026 02:00:00 GMT"
    assert (listing.etag, listing.media_type) == ('"1"', "text/html; charset=utf-8")
    assert (listing.fetched_at, listing.role, listing.status, file.status) == (T0, "listing", 200, 0)
    assert archive.read(again) == b"<ul></ul>" and again.payload_sha256 == listing.payload_sha256


def test_the_newest_answer_of_an_address_is_found(filled: tuple[Path, list[Capture]]) -> None:
    folder, made = filled
    archive = Archive(folder)
    assert archive.last_ok("http://www.a.test/fz/") == made[3]
    assert archive.last_ok("file:%E6%8A%A5%E5%91%8A.txt") == made[4]
    assert archive.last_ok("http://www.a.test/never") is None
    with archive.writer("20260303T000000Z") as writer:
        later = respond(writer, PAGE, b"<p>2</p>", fetched_at=T0 + timedelta(days=2))
        respond(writer, PAGE, b"gone", status=404, fetched_at=T0 + timedelta(days=3))
        newest = respond(writer, PAGE, b"<p>3</p>", fetched_at=T0 + timedelta(days=2, seconds=1))
    assert archive.last_ok(PAGE) == newest
    pages = [capture.payload_sha256 for capture in archive.captures(roles=("page",))]
    assert len(pages) == 3 and pages[1] == later.payload_sha256
    gone = archive.last(PAGE)
    assert gone is not None and gone.status == 404 and archive.read(gone) == b"gone"
    assert gone in archive.captures(with_errors=True) and gone not in archive.captures()
    assert [c.role for c in archive.captures(roles=("file", "attachment"))] == ["attachment", "file"]
    assert sum(c.url == PAGE for c in archive.captures(latest_per_url=True)) == 1


def test_what_a_server_sends_in_other_charsets_does_not_break_a_record(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    with archive.writer("a") as writer:
        made = respond(
            writer,
            reason="成功\r\n",
            response_headers=[("X-区", "普陀\r\nX-Evil: 1"), ("", "x"), ("a: b", "\0")],
        )
    assert archive.read(made) == b"<p>1</p>" and verify_archive(tmp_path).findings == []
    assert (":status", "200 %E6%88%90%E5%8A%9F") in archive.headers(made)


def test_headers_of_the_coded_form_are_kept_under_another_name(filled: tuple[Path, list[Capture]]) -> None:
    folder, made = filled
    with segment(folder, "20260301T023000Z-a").open("rb") as file:
        file.seek(made[1].offset)
        http = next(iter(ArchiveIterator(file))).http_headers
    assert http.get_header("Content-Encoding") is None and http.get_header("Content-Length") is None
    assert http.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
    assert http.get_header("X-Archive-Orig-Content-Length") == "77"


def test_the_index_is_made_again_from_the_segments_alone(filled: tuple[Path, list[Capture]]) -> None:
    folder, made = filled
    archive = Archive(folder)
    before = archive.captures()
    assert archive.rebuild() == len(made)
    assert archive.captures() == before
    archive.close()
    for path in folder.glob("index.sqlite*"):
        path.unlink()
    assert Archive(folder).captures() == before
    (folder / "index.sqlite").write_bytes(b"this is no database at all" * 50)
    for path in folder.glob("index.sqlite-*"):
        path.unlink()
    damaged = Archive(folder)
    assert damaged.captures() == before
    assert [damaged.get(capture.capture_id) for capture in made] == made


def test_a_crash_between_record_and_index_loses_nothing(
    filled: tuple[Path, list[Capture]], tmp_path: Path
) -> None:
    folder, _ = filled
    old = tmp_path / "old.sqlite"
    shutil.copy(folder / "index.sqlite", old)
    archive = Archive(folder)
    with archive.writer("20260302T033000Z-a") as writer:
        made = respond(writer, "http://www.a.test/late", b"late")
    archive.close()
    for path in folder.glob("index.sqlite*"):
        path.unlink()
    shutil.copy(old, folder / "index.sqlite")
    again = Archive(folder)
    assert again.last_ok("http://www.a.test/late") == made
    assert again.read(made) == b"late"


def test_wrong_use_is_refused(tmp_path: Path, filled: tuple[Path, list[Capture]]) -> None:
    archive = Archive(tmp_path / "new")
    for name in ("../x", "", "a/b", ".hidden", "a--2"):
        with pytest.raises(ValueError, match="cannot name a batch"), archive.writer(name):
            pass
    with (
        archive.writer("a") as writer,
        pytest.raises(ValueError, match="is being written already"),
        archive.writer("a"),
    ):
        pass
    with pytest.raises(ArchiveError, match="closed"):
        respond(writer)
    with archive.writer("b") as second:
        respond(second)
    with pytest.raises(ValueError, match="'b' is sealed"), archive.writer("b"):
        pass
    assert archive.unused_batch("b") == "b_2" and archive.unused_batch("c") == "c"
    _, made = filled
    with pytest.raises(ArchiveError):
        archive.read(made[0])


def test_another_process_sees_new_captures_after_catching_up(filled: tuple[Path, list[Capture]]) -> None:
    folder, _ = filled
    reader, other = Archive(folder), Archive(folder)
    with other.writer("20260309T000000Z") as writer:
        made = respond(writer, "http://www.a.test/new", b"new")
    reader.catch_up()
    assert reader.last_ok("http://www.a.test/new") == made


def test_a_writer_never_cuts_what_another_process_wrote_meanwhile(tmp_path: Path) -> None:
    early, other = Archive(tmp_path), Archive(tmp_path)
    with other.writer("b") as writer:
        made = respond(writer, "http://www.a.test/new", b"new")
    with Archive(tmp_path / "elsewhere").writer("c") as writer:
        moved = respond(writer, "http://www.a.test/moved", b"moved")
    shutil.copy(segment(tmp_path / "elsewhere", "c"), segment(tmp_path, "c"))
    with early.writer("a") as writer:
        respond(writer)
    assert early.read(made) == b"new" and early.read(moved) == b"moved"
    assert early.last_ok("http://www.a.test/moved") == moved
