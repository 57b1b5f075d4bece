"""A crash loses at most the record being written; the next start repairs the tail; damage is never cut."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from nianbao.archive import Archive, ArchiveError, verify_archive
from nianbao.archive.cdxj import cdxj_path
from nianbao.model import Capture

from .records import respond, segment

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from nianbao.archive import Archive
with Archive(Path(sys.argv[1])).writer("killed") as writer:
    number = 0
    while True:
        capture = writer.add_response(url=f"http://a.test/{number}", status=200, reason="OK", request_headers=[],
            response_headers=[], body=str(number).encode() * 5000, fetched_at=datetime.now(UTC), source_id="a", role="page")
        print(capture.url, flush=True)
        number += 1
"""


@pytest.fixture(scope="module")
def unsealed(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, int]:
    """A segment of two small exchanges as a killed writer leaves it, and where its second begins."""
    folder = tmp_path_factory.mktemp("unsealed")
    with Archive(folder).writer("b") as writer:
        respond(writer, "http://a.test/1", b"one")
        last = respond(writer, "http://a.test/2", b"two", request_headers=None)
    return segment(folder, "b").read_bytes(), last.offset


def opened_with(folder: Path, content: bytes) -> Archive:
    """An archive in which a crash left this segment, after its next writer has come."""
    (folder / "segments").mkdir(parents=True)
    segment(folder, "b").write_bytes(content)
    archive = Archive(folder)
    with archive.writer("next"):
        return archive


def test_a_cut_at_any_byte_of_the_last_record_loses_that_record_alone(
    unsealed: tuple[bytes, int], tmp_path: Path
) -> None:
    content, last = unsealed
    for cut in range(last, len(content)):
        folder = tmp_path / str(cut)
        archive = opened_with(folder, content[:cut])
        first, second = archive.last_ok("http://a.test/1"), archive.last_ok("http://a.test/2")
        assert first is not None and archive.read(first) == b"one" and second is None
        assert (
            segment(folder, "b").read_bytes() == content[:last] and cdxj_path(segment(folder, "b")).exists()
        )
        if cut % 50 == 0:
            verified = verify_archive(folder)
            assert verified.findings == []
        archive.close()
        shutil.rmtree(folder)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_cut_and_no_garbage_at_the_end_costs_a_whole_record(
    unsealed: tuple[bytes, int], data: st.DataObject
) -> None:
    content, last = unsealed
    cut = data.draw(st.integers(min_value=last, max_value=len(content)))
    garbage = data.draw(
        st.one_of(
            st.binary(max_size=300),
            st.integers(0, 5000).map(bytes),
            st.just(b"\x1f\x8b\x08\x00WARC/1.1"),
            st.integers(1, last).map(
                lambda length: content[:length][:-1] if length < 10 else content[2:length]
            ),
        )
    )
    with tempfile.TemporaryDirectory() as name:
        archive = opened_with(Path(name), content[:cut] + garbage)
        first, second = archive.last_ok("http://a.test/1"), archive.last_ok("http://a.test/2")
        assert first is not None and archive.read(first) == b"one"
        if cut == len(content):
            assert second is not None and archive.read(second) == b"two"
        archive.rebuild()
        assert archive.last_ok("http://a.test/1") == first and archive.last_ok("http://a.test/2") == second
        archive.close()


@pytest.mark.parametrize("cut", [1, 40, 200, -1, -30])
def test_a_reader_does_not_write_and_a_writer_cuts_and_seals(
    filled: tuple[Path, list[Capture]], cut: int
) -> None:
    folder, made = filled
    path = segment(folder, "20260302T023000Z-a")
    cdxj = cdxj_path(path).read_bytes()
    cdxj_path(path).unlink()
    whole, last = path.read_bytes(), made[4]
    torn = whole[last.offset : last.offset + cut] if cut > 0 else whole[last.offset : cut]
    path.write_bytes(whole + torn)
    archive = Archive(folder)
    assert path.read_bytes() == whole + torn and not cdxj_path(path).exists()
    assert len(archive.captures()) == 4
    with archive.writer("20260305T000000Z"):
        assert path.read_bytes() == whole
        assert cdxj_path(path).read_bytes() == cdxj
    with pytest.raises(ValueError, match="sealed"), archive.writer("20260302T023000Z-a"):
        pass
    with path.open("rb") as file:
        records = [record.rec_type for record in ArchiveIterator(file, check_digests="raise")]
    assert records == ["warcinfo", "revisit", "request", "resource"]
    assert not segment(folder, "20260305T000000Z").exists(), "a batch without captures leaves no file"


def test_a_sealed_segment_is_never_cut(filled: tuple[Path, list[Capture]]) -> None:
    folder, made = filled
    path = segment(folder, "20260302T023000Z-a")
    path.write_bytes(path.read_bytes() + b"\x1f\x8b\x08\x00more")
    content = path.read_bytes()
    archive = Archive(folder)
    with archive.writer("next") as writer:
        respond(writer)
    archive.rebuild()
    assert path.read_bytes() == content
    (finding,) = verify_archive(folder).findings
    assert finding.damage and finding.segment == path.name and "nothing whole follows" in finding.sentence
    assert archive.read(made[4]).decode("gb18030") == "二〇二四年报告"


def test_a_segment_torn_in_its_first_record_is_removed(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    segment(tmp_path, "x").write_bytes(b"\x1f\x8b\x08\x00torn")
    segment(tmp_path, "y").write_bytes(bytes(4096))
    with archive.writer("x") as writer:
        made = respond(writer)
    assert not segment(tmp_path, "y").exists()
    with segment(tmp_path, "x").open("rb") as file:
        assert next(iter(ArchiveIterator(file))).rec_type == "warcinfo"
    assert archive.read(made) == b"<p>1</p>"


def test_a_file_that_no_crash_leaves_is_not_removed(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    segment(tmp_path, "x").write_bytes(b"WARC/1.0\r\nsomebody's own file")
    with pytest.raises(ArchiveError, match="is no segment"), archive.writer("y"):
        pass
    assert segment(tmp_path, "x").exists()


def test_damage_in_the_middle_is_told_never_cut_and_leaves_the_rest_readable(
    filled: tuple[Path, list[Capture]],
) -> None:
    folder, made = filled
    path = segment(folder, "20260301T023000Z-a")
    content = bytearray(path.read_bytes())
    middle = made[1].offset + made[1].length // 2
    content[middle : middle + 20] = b"\0" * 20
    path.write_bytes(bytes(content))
    cdxj_path(path).unlink()
    archive = Archive(folder)
    with pytest.raises(ArchiveError, match=r"20260301T023000Z-a\.warc\.gz: the record at byte .* copy"):
        archive.read(made[1])
    assert archive.rebuild() == len(made) - 1
    with archive.writer("next") as writer:
        respond(writer)
    assert path.read_bytes() == bytes(content)
    assert archive.get(made[1].capture_id) is None
    assert [archive.read(capture) for capture in (made[0], made[2], made[3])] == [
        b"<ul></ul>",
        b"",
        b"<ul></ul>",
    ]
    findings = [finding for finding in verify_archive(folder).findings if finding.damage]
    assert [(finding.segment, finding.offset) for finding in findings] == [(path.name, made[1].offset)]


def test_a_segment_that_lost_bytes_is_told(filled: tuple[Path, list[Capture]]) -> None:
    folder, _ = filled
    path = segment(folder, "20260302T023000Z-a")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ArchiveError, match="restore the file from a copy"):
        Archive(folder)


def test_a_killed_writer_keeps_every_capture_it_reported(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
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
    assert verify_archive(tmp_path).findings == []


def test_a_crash_between_segment_and_cdxj_or_within_the_cdxj_is_mended(
    filled: tuple[Path, list[Capture]],
) -> None:
    folder, _ = filled
    path = cdxj_path(segment(folder, "20260301T023000Z-a"))
    whole = path.read_bytes()
    path.unlink()
    path.with_name(path.name + ".part").write_bytes(whole[:50])
    notes = verify_archive(folder).findings
    assert len(notes) == 1 and not notes[0].damage and "not sealed" in notes[0].sentence
    with Archive(folder).writer("next"):
        pass
    assert path.read_bytes() == whole and not path.with_name(path.name + ".part").exists()


def test_a_full_disk_leaves_whole_records(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with archive.writer("full") as writer:
        first = respond(writer, "http://a.test/1", b"one")
        size = segment(tmp_path, "full").stat().st_size
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + 70_000, before[1]))
            with pytest.raises(OSError):
                respond(writer, "http://a.test/2", os.urandom(100_000))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, ignored)
        assert segment(tmp_path, "full").stat().st_size == size
        third = respond(writer, "http://a.test/3", b"three")
    assert archive.read(first) == b"one" and archive.read(third) == b"three"
    assert verify_archive(tmp_path).findings == []


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
