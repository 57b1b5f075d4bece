"""warcio and FastWARC read every record; payloads are the bytes served over real HTTP, however they were sent."""

from __future__ import annotations

import gzip
import hashlib
import threading
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType, is_warc_10, is_warc_11
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from nianbao.archive import Archive, verify_archive
from nianbao.model import Capture

from .records import T0, respond, segment

HTML = ("<html><body>" + "二〇二四年度法治政府建设年度报告。" * 300 + "</body></html>").encode("gb18030")
BODIES = {
    "/plain": HTML,
    "/gzip": HTML,
    "/deflate": HTML,
    "/chunked": HTML,
    "/both": HTML,
    "/pdf": bytes(range(256)) * 9,
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body, coding = (
            BODIES[self.path],
            {"/gzip": "gzip", "/both": "gzip", "/deflate": "deflate"}.get(self.path),
        )
        sent = {"gzip": gzip.compress, "deflate": zlib.compress, None: bytes}[coding](body)
        self.send_response(200)
        self.send_header(
            "Content-Type", "application/pdf" if self.path == "/pdf" else "text/html; charset=gbk"
        )
        if coding:
            self.send_header("Content-Encoding", coding)
        if self.path in ("/chunked", "/both"):
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for start in range(0, len(sent), 1000):
                part = sent[start : start + 1000]
                self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[Capture]]]:
    """An archive of what a server on loopback answers, with and without coding, one body repeated."""
    folder = tmp_path_factory.mktemp("served")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    archive = Archive(folder)
    made = []
    with archive.writer("served") as writer:
        for path, body in BODIES.items():
            url = f"http://127.0.0.1:{server.server_port}{path}"
            answer = requests.get(url, timeout=10)
            assert answer.content == body
            sent = list(answer.request.headers.items())
            got = list(answer.headers.items())
            made.append(
                respond(
                    writer,
                    url,
                    answer.content,
                    response_headers=got,
                    request_headers=sent,
                    fetched_at=datetime.now(UTC),
                )
            )
        made.append(
            writer.add_revisit(
                url="http://b.test/copy", status=200, reason="OK", request_headers=sent, response_headers=got,
                original=made[-1], fetched_at=datetime.now(UTC), source_id="a", role="attachment", content_id="c",
            )
        )  # fmt: skip
        made.append(respond(writer, "http://b.test/gone", b"gone", status=404, fetched_at=T0))
        made.append(respond(writer, "http://b.test/none", b"", fetched_at=T0, content_id="报告"))
        made.append(
            writer.add_resource(
                url="file:abc/a.txt",
                body=HTML,
                media_type="text/plain",
                fetched_at=T0,
                source_id="import",
                role="file",
            )
        )
    yield folder, made
    archive.close()
    server.shutdown()
    server.server_close()


def test_warcio_reads_every_record_and_finds_every_digest_true(served: tuple[Path, list[Capture]]) -> None:
    folder, made = served
    path = segment(folder, "served")
    bodies, kinds = {}, []
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            head = record.rec_headers
            kinds.append(record.rec_type)
            assert head.protocol == "WARC/1.1" and head.get_header("WARC-Target-URI", "").isascii()
            assert head.get_header("WARC-Block-Digest").startswith("sha256:")
            bodies[head.get_header("WARC-Record-ID").strip("<>")] = record.content_stream().read()
    assert kinds[:3] == ["warcinfo", "response", "request"] and kinds.count("request") == len(made) - 1
    assert kinds.count("revisit") == 1 and kinds.count("resource") == 1
    expected = [*BODIES.values(), b"", b"gone", b"", HTML]
    assert [bodies[capture.capture_id] for capture in made] == expected


def test_the_check_of_warcio_passes(
    served: tuple[Path, list[Capture]], capsys: pytest.CaptureFixture[str]
) -> None:
    class Arguments:
        inputs = [str(segment(served[0], "served"))]  # noqa: RUF012
        verbose = True

    checker = Checker(Arguments())
    checker.process_all()
    told = capsys.readouterr().out
    assert checker.exit_value == 0 and "digest pass" in told and "failed" not in told


def test_fastwarc_reads_every_record_and_finds_every_digest_true(served: tuple[Path, list[Capture]]) -> None:
    folder, made = served
    bodies, count = {}, 0
    with segment(folder, "served").open("rb") as file:
        for record in FastIterator(file, parse_http=False, func_filter=is_warc_11):
            count += 1
            assert record.verify_block_digest()
    with segment(folder, "served").open("rb") as file:
        assert not list(FastIterator(file, parse_http=False, func_filter=is_warc_10))
    with segment(folder, "served").open("rb") as file:
        for record in FastIterator(file, parse_http=True):
            if record.record_type == WarcRecordType.response:  # it looks for payloads in HTTP alone
                assert record.verify_payload_digest()
            bodies[record.record_id.strip("<>")] = record.reader.read()
    assert count == len(bodies) == 1 + 2 * len(made) - 1
    expected = [*BODIES.values(), b"", b"gone", b"", HTML]
    assert [bodies[capture.capture_id] for capture in made] == expected


def test_a_revisit_says_what_it_repeats(served: tuple[Path, list[Capture]]) -> None:
    folder, made = served
    original, revisit = made[5], made[6]
    with segment(folder, "served").open("rb") as file:
        file.seek(revisit.offset)
        head = next(iter(ArchiveIterator(file))).rec_headers
        file.seek(original.offset)
        of_original = next(iter(ArchiveIterator(file))).rec_headers
    assert head.get_header("WARC-Profile").endswith("/warc/1.1/revisit/identical-payload-digest")
    for name, of in (("", "WARC-Record-ID"), ("-Target-URI", "WARC-Target-URI"), ("-Date", "WARC-Date")):
        assert head.get_header(f"WARC-Refers-To{name}") == of_original.get_header(of)
    assert head.get_header("WARC-Payload-Digest") == of_original.get_header("WARC-Payload-Digest")
    assert head.get_header("X-Nianbao-Content-Id") == "c"


def test_captures_know_content_ids_and_the_archive_is_whole(served: tuple[Path, list[Capture]]) -> None:
    folder, made = served
    archive = Archive(folder)
    assert [capture.content_id for capture in made if capture.content_id] == ["c", "报告"]
    assert [archive.get(capture.capture_id) for capture in made] == made
    for capture, body in zip(made, [*BODIES.values(), BODIES["/pdf"], b"gone", b"", HTML], strict=True):
        assert archive.read(capture) == body and capture.payload_sha256 == hashlib.sha256(body).hexdigest()
    assert verify_archive(folder).findings == []
    names = {name for name, _ in archive.headers(made[4])}
    assert {":status", "X-Archive-Orig-Content-Encoding", "X-Archive-Orig-Transfer-Encoding"} <= names
