"""WARC and ARC files of other software: documents on known hosts become captures, everything else is told."""

from __future__ import annotations

import gzip
import random
import tracemalloc
from collections import Counter
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from nianbao.archive import Archive, verify_archive
from nianbao.harvest.files import harvest_files
from nianbao.harvest.source import SourceHarvest
from nianbao.model import Outcome, Source

SOURCES = (
    Source("district", "310107", "rule_of_law", ("http://www.a.test/",), aliases=("10.0.0.1",)),
    Source(
        "column", "310107", "rule_of_law", ("http://www.a.test/fz/ndbg/index.html",), hosts=("files.a.test",)
    ),
)
HTML = "<html><body><h1>2024年度法治政府建设年度报告</h1></body></html>".encode()
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 20
DAY = "2023-02-03T04:05:06Z"


class Recording:
    """Writes a WARC as some other software would."""

    def __init__(self, packed: bool = True, version: str = "1.0") -> None:
        self._sink = BytesIO()
        self._writer = WARCWriter(self._sink, gzip=packed, warc_version=version)
        self.offsets: list[int] = []

    def add(
        self,
        url: str,
        body: bytes = HTML,
        status: str = "200 OK",
        headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html"),),
        kind: str = "response",
        **fields: str,
    ) -> Recording:
        self.offsets.append(self._sink.tell())
        http = StatusAndHeaders(status, list(headers), protocol="HTTP/1.1") if kind != "resource" else None
        given = {"WARC-Date": DAY} | {name.replace("_", "-"): value for name, value in fields.items()}
        record = self._writer.create_warc_record(
            url, kind, payload=BytesIO(body), length=len(body), http_headers=http, warc_headers_dict=given,
            warc_content_type="text/html" if kind == "resource" else "",
        )  # fmt: skip
        self._writer.write_record(record)
        return self

    @property
    def content(self) -> bytes:
        return self._sink.getvalue()


def taken(
    folder: Path, content: bytes, name: str = "x.warc.gz", **more: Any
) -> tuple[SourceHarvest, Archive]:
    """What came of importing one file into the archive of a folder."""
    path = folder / name
    path.write_bytes(content)
    archive = Archive(folder / "archive")
    with archive.writer(archive.unused_batch("import")) as writer:
        result = harvest_files([str(path)], archive, writer, SOURCES, **more)
    return result, archive


def ends(result: SourceHarvest) -> Counter[str]:
    return Counter(str(row.outcome) for row in result.outcomes)


def test_documents_keep_their_dates_ids_and_bytes(tmp_path: Path) -> None:
    chunks = b"".join(
        f"{len(HTML[i : i + 20]):x}\r\n".encode() + HTML[i : i + 20] + b"\r\n"
        for i in range(0, len(HTML), 20)
    )
    recording = (
        Recording()
        .add(
            "http://www.a.test/fz/ndbg/1.html",
            WARC_Record_ID="<urn:uuid:11111111-1111-4111-8111-111111111111>",
        )
        .add("http://www.a.test/other/2.html", HTML + b"2", headers=(("Content-Type", "application/pdf"),))
        .add(
            "https://files.a.test/3",
            PDF,
            headers=(("Content-Type", "text/html"), ("Content-Encoding", "gzip")),
        )
        .add(
            "http://www.a.test/fz/ndbg/4.html",
            gzip.compress(HTML + b"4"),
            headers=(("Content-Encoding", "gzip"),),
        )
        .add(
            "http://www.a.test/fz/ndbg/5.html",
            chunks + b"0\r\n\r\n",
            headers=(("Transfer-Encoding", "chunked"),),
        )
        .add("http://10.0.0.1/6.html", HTML + b"6", kind="resource")
    )
    result, archive = taken(tmp_path, recording.content)
    assert ends(result) == {"ok": 6} and result.new == 6
    found = {capture.url.rpartition("/")[2]: capture for capture in archive.below()}
    assert {name: archive.read(capture) for name, capture in found.items()} == {
        "1.html": HTML, "2.html": HTML + b"2", "3": PDF, "4.html": HTML + b"4", "5.html": HTML, "6.html": HTML + b"6",
    }  # fmt: skip
    assert {capture.fetched_at for capture in found.values()} == {datetime(2023, 2, 3, 4, 5, 6, tzinfo=UTC)}
    assert found["1.html"].capture_id == "urn:uuid:11111111-1111-4111-8111-111111111111"
    roles = {name: (capture.role, capture.source_id, capture.status) for name, capture in found.items()}
    assert roles["1.html"] == ("page", "column", 200) and roles["2.html"] == ("page", "district", 200)
    assert roles["3"] == ("attachment", "import", 200) and roles["6.html"] == ("page", "import", 0)
    assert [capture.url.rpartition("/")[2] for capture in archive.captures()] == [
        "1.html",
        "2.html",
        "3",
        "4.html",
        "5.html",
        "6.html",
    ]
    assert verify_archive(tmp_path / "archive").findings == []
    again, archive = taken(tmp_path, recording.content, name="copy.warc.gz")
    assert ends(again) == {"unchanged": 1} and again.new == 0 and len(archive.below()) == 6


def test_an_id_that_is_taken_is_not_used_again(tmp_path: Path) -> None:
    same = "<urn:uuid:11111111-1111-4111-8111-111111111111>"
    recording = Recording().add("http://www.a.test/1", WARC_Record_ID=same)
    recording.add("http://www.a.test/2", HTML + b"2", WARC_Record_ID=same).add(
        "http://www.a.test/3", HTML + b"3", WARC_Record_ID="<no id>"
    )
    _, archive = taken(tmp_path, recording.content)
    assert len({capture.capture_id for capture in archive.below()}) == 3


def test_what_is_not_taken_is_counted_by_kind(tmp_path: Path) -> None:
    recording = Recording()
    for number in range(30):
        recording.add(
            f"http://www.a.test/{number}.png", b"\x89PNG\r\n\x1a\nx", headers=(("Content-Type", "image/png"),)
        )
        recording.add(f"http://www.a.test/img{number}", b"GIF89a", headers=())
        recording.add(f"http://ads{number}.test/", HTML)
    recording.add("http://www.a.test/gone", HTML, status="404 Not Found").add(
        "http://www.a.test/a.css", b"a{}", headers=(("Content-Type", "text/css; charset=x"),)
    )
    recording.add("http://www.a.test/moved", b"", status="302 Found").add(
        "http://www.a.test/down", b"", status="503 Busy"
    )
    recording.add("http://www.a.test/secret", b"", status="403 No").add("http://www.a.test/empty", b"")
    recording.add("http://www.a.test/br", b"\x0b\x02\x80", headers=(("Content-Encoding", "br"),))
    recording.add("http://www.a.test/cut", gzip.compress(HTML)[:-9], headers=(("Content-Encoding", "gzip"),))
    recording.add("http://www.a.test/big", bytes(70_000)).add(
        "http://www.a.test/bomb", gzip.compress(bytes(9_000_000)), headers=(("Content-Encoding", "gzip"),)
    )
    result, archive = taken(tmp_path, recording.content, max_body_bytes=60_000)
    assert archive.below() == [] and result.new == 0
    assert ends(result) == {
        "not_a_report": 1, "host_not_allowed": 1, "not_found": 1, "moved": 1, "server_error": 1, "forbidden": 1,
        "empty": 1, "unsupported_format": 1, "broken_transfer": 1, "oversized": 2,
    }  # fmt: skip
    by = {row.outcome: row.sentence for row in result.outcomes}
    assert (
        ": 61 record(s)" in by[Outcome.NOT_A_REPORT]
        and "x.warc.gz: 30 record(s) of hosts" in by[Outcome.HOST_NOT_ALLOWED]
    )
    assert "http://www.a.test/cut" in by[Outcome.BROKEN_TRANSFER]


def test_a_body_that_is_archived_already_is_not_stored_again(tmp_path: Path) -> None:
    _, archive = taken(tmp_path, Recording().add("http://www.a.test/1", PDF * 50).content, name="a.warc")
    size = archive.below()[0].length
    result, archive = taken(tmp_path, Recording().add("http://www.a.test/2", PDF * 50).content, name="b.warc")
    first, second = archive.below()
    assert ends(result) == {"ok": 1} and archive.read(second) == archive.read(first) == PDF * 50
    assert second.length < size / 2 and second in archive.captures()


@pytest.mark.parametrize("form", ["plain", "one member", "0.18", "1.1", "arc", "arc.gz"])
def test_every_form_of_web_archive_is_read(tmp_path: Path, form: str) -> None:
    urls = [f"http://www.a.test/{number}.html" for number in range(5)]
    if form.startswith("arc"):
        head = b"1 0 Test\nURL IP-address Archive-date Content-type Archive-length\n"
        parts = [b"filedesc://x.arc 0.0.0.0 20230203040506 text/plain %d\n" % len(head) + head + b"\n"]
        for url in urls:
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + HTML + url.encode()
            parts.append(f"{url} 10.0.0.1 20230203040506 text/html {len(block)}\n".encode() + block + b"\n")
        content = b"".join(map(gzip.compress, parts)) if form == "arc.gz" else b"".join(parts)
    else:
        recording = Recording(
            packed=form not in ("plain", "one member", "0.18"), version="1.1" if form == "1.1" else "1.0"
        )
        for url in urls:
            recording.add(url, HTML + url.encode())
        content = recording.content
        if form == "0.18":
            content = content.replace(b"WARC/1.0", b"WARC/0.18")
        content = gzip.compress(content) if form == "one member" else content
    result, archive = taken(tmp_path, content, name="recorded")
    assert ends(result) == {"ok": 5}, [row.sentence for row in result.outcomes]
    assert [(capture.url, archive.read(capture)) for capture in archive.below()] == [
        (url, HTML + url.encode()) for url in urls
    ]
    assert {capture.fetched_at for capture in archive.below()} == {datetime(2023, 2, 3, 4, 5, 6, tzinfo=UTC)}


@pytest.mark.parametrize("packed", [True, False])
def test_damage_costs_the_record_it_lies_in_and_is_told(tmp_path: Path, packed: bool) -> None:
    recording = Recording(packed)
    for number in range(6):
        recording.add(f"http://www.a.test/{number}", HTML * 30 + bytes([65 + number]))
    content = bytearray(recording.content)
    for number in (1, 3):
        at = recording.offsets[number] + (60 if packed else 3)
        content[at : at + 8] = b"\xff" * 8
    result, archive = taken(tmp_path, bytes(content[:-40]), name="x")
    assert [capture.url[-1] for capture in archive.below()] == ["0", "2", "4"]
    (broken,) = [row for row in result.outcomes if row.outcome is Outcome.BROKEN_TRANSFER]
    assert "3 record(s) damaged" in broken.sentence and f"byte {recording.offsets[1]}" in broken.sentence


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(seed=19002452, packed=False, cuts=3)
@example(seed=6220027, packed=False, cuts=5)
@given(seed=st.integers(0, 2**32), packed=st.booleans(), cuts=st.integers(0, 6))
def test_no_bytes_whatever_stop_an_import(tmp_path: Path, seed: int, packed: bool, cuts: int) -> None:
    dice = random.Random(seed)
    recording = Recording(packed)
    for number in range(4):
        recording.add(
            f"http://www.a.test/{number}", HTML * 3, WARC_Record_ID=f"<urn:uuid:{seed}-{packed}-{number}>"
        )
    content = bytearray(recording.content)
    for _ in range(cuts):
        at = dice.randrange(10, len(content))
        kind = dice.randrange(3)
        if kind == 0:
            content[at] ^= 1 << dice.randrange(8)
        elif kind == 1:
            del content[at : at + dice.randrange(200)]
        else:
            content[at:at] = dice.randbytes(dice.randrange(100))
    result, _ = taken(tmp_path, bytes(content))
    assert result.outcomes
    if not cuts:
        assert set(ends(result)) <= {"ok", "unchanged"}


def test_a_large_recording_is_read_in_little_memory(tmp_path: Path) -> None:
    recording = Recording()
    noise = random.Random(1).randbytes(1 << 20)
    for number in range(40):
        recording.add(f"http://www.a.test/{number}.mp4", noise, headers=(("Content-Type", "video/mp4"),))
    recording.add("http://www.a.test/zeros", bytes(60_000_000), headers=(("Content-Type", "text/html"),))
    path = tmp_path / "large.warc.gz"
    path.write_bytes(recording.content)
    del recording
    archive = Archive(tmp_path / "archive")
    with archive.writer("import") as writer:
        tracemalloc.start()
        result = harvest_files([str(path)], archive, writer, SOURCES, max_body_bytes=1_000_000)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert ends(result) == {"not_a_report": 1, "oversized": 1}
    assert peak < 12_000_000
