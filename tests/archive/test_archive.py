"""What the archive promises: bytes come back as served, a crash loses at most the record being written."""

from __future__ import annotations

import hashlib
import shutil
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from nianbao.archive import Archive, ArchiveError, ArchiveWriter
from nianbao.model import Capture

T0 = datetime(2026, 3, 1, 2, 30, 0, 123456, tzinfo=UTC)
PAGE = "http://www.a.test/fz/t1.html"


def respond(writer: ArchiveWriter, url: str = PAGE, body: bytes = b"<p>1</p>", **more: Any) -> Capture:
    given: dict[str, Any] = {
        "url": url,
        "status": 200,
        "reason": "OK",
        "request_headers": [("Host", "www.a.test"), ("User-Agent", "nianbao")],
        "response_headers": [("Content-Type", "text/html; charset=utf-8"), ("ETag", '"1"')],
        "body": body,
        "fetched_at": T0,
        "source_id": "a",
        "role": "page",
    }
    return writer.add_response(**(given | more))


def segment(folder: Path, batch: str) -> Path:
    return folder / "segments" / f"{batch}.warc.gz"


@pytest.fixture
def filled(tmp_path: Path) -> tuple[Path, list[Capture]]:
    """An archive of two batches with every kind of record."""
    archive = Archive(tmp_path / "archive")
    with archive.writer("20260301T023000Z-a") as writer:
        made = [
            respond(writer, "http://www.a.test/fz/", b"<ul></ul>", role="listing"),
            respond(
                writer,
                "http://www.a.test/附件/报告 1%.pdf?页=1",
                bytes(range(256)) * 40,
                fetched_at=T0 + timedelta(seconds=1),
                link_title="  2024年度报告 100%\n全文\u2028 ",
                parent_url="http://www.a.test/fz/栏目/",
                role="attachment",
                response_headers=[
                    ("Content-Type", "application/pdf"),
                    ("Content-Encoding", "gzip"),
                    ("Transfer-Encoding", "chunked"),
                    ("Content-Length", "77"),
                    ("Last-Modified", "Sun, 01 Mar 2026 02:00:00 GMT"),
                    ("X-Name", "区政府\r\n 办公室"),
                ],
            ),
            respond(writer, "http://www.a.test/empty", b"", fetched_at=T0 + timedelta(seconds=2), reason=""),
        ]
    with archive.writer("20260302T023000Z-a") as writer:
        day = T0 + timedelta(days=1)
        made.append(
            writer.add_revisit(
                url=made[0].url,
                status=200,
                reason="OK",
                request_headers=[],
                response_headers=[("ETag", '"2"')],
                original=made[0],
                fetched_at=day,
                source_id="a",
                role="listing",
            )
        )
        made.append(
            writer.add_resource(
                url="file:%E6%8A%A5%E5%91%8A.txt",
                body="二〇二四年报告".encode("gb18030"),
                media_type="text/plain",
                fetched_at=day,
                source_id="import",
                role="file",
            )
        )
    archive.close()
    return tmp_path / "archive", made


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
    assert len(pages) == 4 and pages[1] == later.payload_sha256
    assert [c.role for c in archive.captures(roles=("file", "attachment"))] == ["attachment", "file"]
    assert sum(c.url == PAGE for c in archive.captures(latest_per_url=True)) == 1


def test_other_software_reads_every_record(filled: tuple[Path, list[Capture]]) -> None:
    folder, _ = filled
    kinds = []
    for path in sorted((folder / "segments").iterdir()):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                body = record.content_stream().read()
                kinds.append((record.rec_type, len(body)))
                assert record.rec_headers.get_header("WARC-Target-URI", "").isascii()
    pair = [("response", 9), ("request", 0)]
    assert kinds[:3] == [("warcinfo", kinds[0][1]), *pair]
    assert [kind for kind, _ in kinds].count("warcinfo") == 2
    assert ("revisit", 0) in kinds and ("resource", 14) in kinds and ("response", 10240) in kinds


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
    with archive.writer("20260302T023000Z-a") as writer:
        made = respond(writer, "http://www.a.test/late", b"late")
    archive.close()
    for path in folder.glob("index.sqlite*"):
        path.unlink()
    shutil.copy(old, folder / "index.sqlite")
    again = Archive(folder)
    assert again.last_ok("http://www.a.test/late") == made
    assert again.read(made) == b"late"


@pytest.mark.parametrize("cut", [1, 40, 200, -1, -30])
def test_a_torn_tail_is_cut_and_the_next_record_follows(filled: tuple[Path, list[Capture]], cut: int) -> None:
    folder, made = filled
    batch = "20260302T023000Z-a"
    path = segment(folder, batch)
    whole = path.read_bytes()
    last = made[4]
    torn = whole[last.offset : last.offset + cut] if cut > 0 else whole[last.offset : cut]
    path.write_bytes(whole + torn)
    reader = Archive(folder)
    assert path.stat().st_size == len(whole) + len(torn), "a reader must not write"
    assert len(reader.captures()) == 4
    with reader.writer("20260305T000000Z"):
        assert path.read_bytes() == whole
    with reader.writer(batch) as writer:
        after = respond(writer, "http://www.a.test/after", b"after")
    assert reader.read(after) == b"after"
    with path.open("rb") as file:
        records = [record.rec_type for record in ArchiveIterator(file, check_digests="raise")]
    assert records == ["warcinfo", "revisit", "request", "resource", "response", "request"]
    assert not segment(folder, "20260305T000000Z").exists(), "a batch without captures leaves no file"


def test_a_segment_torn_in_its_first_record_is_removed(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    segment(tmp_path, "x").write_bytes(b"\x1f\x8b\x08\x00torn")
    with archive.writer("x") as writer:
        made = respond(writer)
    with segment(tmp_path, "x").open("rb") as file:
        assert next(iter(ArchiveIterator(file))).rec_type == "warcinfo"
    assert archive.read(made) == b"<p>1</p>"


def test_damage_within_a_segment_is_told_and_never_cut(filled: tuple[Path, list[Capture]]) -> None:
    folder, made = filled
    path = segment(folder, "20260301T023000Z-a")
    content = bytearray(path.read_bytes())
    middle = made[1].offset + made[1].length // 2
    content[middle : middle + 20] = b"\0" * 20
    path.write_bytes(bytes(content))
    archive = Archive(folder)
    with pytest.raises(ArchiveError, match=r"20260301T023000Z-a\.warc\.gz: the record at byte .* copy"):
        archive.read(made[1])
    with pytest.raises(ArchiveError, match="is damaged and whole records follow it"):
        archive.rebuild()
    assert path.read_bytes() == bytes(content)


def test_a_segment_that_lost_bytes_is_told(filled: tuple[Path, list[Capture]]) -> None:
    folder, _ = filled
    path = segment(folder, "20260302T023000Z-a")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ArchiveError, match="restore the file from a copy"):
        Archive(folder)


def test_a_killed_writer_keeps_every_capture_it_reported(tmp_path: Path) -> None:
    """A process is killed while it writes; what it had said to be archived is there."""
    script = f"""
import sys
from datetime import UTC, datetime
from pathlib import Path
from nianbao.archive import Archive
with Archive(Path({str(tmp_path)!r})).writer("killed") as writer:
    number = 0
    while True:
        capture = writer.add_response(url=f"http://a.test/{{number}}", status=200, reason="OK", request_headers=[],
            response_headers=[], body=str(number).encode() * 5000, fetched_at=datetime.now(UTC), source_id="a", role="page")
        print(capture.url, flush=True)
        number += 1
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = [process.stdout.readline().strip() for _ in range(25)]
    process.send_signal(signal.SIGKILL)
    said += [line.strip() for line in process.stdout]
    process.wait()
    archive = Archive(tmp_path)
    with archive.writer("next") as writer:
        respond(writer)
    assert len(said) >= 25
    for number, url in enumerate(line for line in said if line):
        capture = archive.last_ok(url)
        assert capture is not None and archive.read(capture) == str(number).encode() * 5000


def test_threads_write_batches_of_their_own(tmp_path: Path) -> None:
    archive = Archive(tmp_path)

    def write(name: str) -> None:
        with archive.writer(name) as writer:
            for number in range(15):
                respond(writer, f"http://{name}.test/{number}", f"{name}{number}".encode())

    threads = [threading.Thread(target=write, args=(name,)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = archive.captures()
    assert len(found) == 45
    assert all(archive.read(c).decode() == c.url.removeprefix("http://").replace(".test/", "") for c in found)


def test_wrong_use_is_refused(tmp_path: Path, filled: tuple[Path, list[Capture]]) -> None:
    archive = Archive(tmp_path / "new")
    for name in ("../x", "", "a/b", ".hidden"):
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
