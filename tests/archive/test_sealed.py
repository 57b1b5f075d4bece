"""Sealed segments: bounded, never written again, each with a CDXJ that leads to its records."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.archive import Archive
from nianbao.archive.cdxj import cdxj_path, surt_key
from nianbao.archive.fields import target_uri
from nianbao.archive.records import parse_member
from nianbao.archive.segments import read_member
from nianbao.model import Capture

from .records import PAGE, T0, respond, segment


def lines(path: Path) -> list[tuple[str, str, dict[str, str]]]:
    split = [line.split(" ", 2) for line in cdxj_path(path).read_text(encoding="ascii").splitlines()]
    return [(key, stamp, json.loads(value)) for key, stamp, value in split]


def test_the_cdxj_leads_to_each_record(filled: tuple[Path, list[Capture]]) -> None:
    folder, made = filled
    found = {}
    for batch in ("20260301T023000Z-a", "20260302T023000Z-a"):
        path = segment(folder, batch)
        assert cdxj_path(path).read_bytes().splitlines() == sorted(cdxj_path(path).read_bytes().splitlines())
        for key, stamp, value in lines(path):
            record = parse_member(read_member(path, int(value["offset"]), int(value["length"])))
            head = record.rec_headers
            assert value["filename"] == path.name and value["url"] == head.get_header("WARC-Target-URI")
            assert value["digest"] == head.get_header("WARC-Payload-Digest")
            assert stamp == head.get_header("WARC-Date")[:19].translate(str.maketrans("", "", "-T:"))
            assert key == surt_key(value["url"])
            found[head.get_header("WARC-Record-ID").strip("<>")] = value
    assert set(found) == {capture.capture_id for capture in made}
    listing, pdf, _, again, file = (found[capture.capture_id] for capture in made)
    assert (listing["mime"], listing["status"]) == ("text/html", "200")
    assert (pdf["mime"], again["mime"], again["status"]) == ("application/pdf", "warc/revisit", "200")
    assert file["mime"] == "text/plain" and "status" not in file


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("http://www.a.test/fz/", "test,a)/fz"),
        ("HTTP://WWW2.Shpt.gov.cn:80/A/B.html?b=2&a=1", "cn,gov,shpt)/a/b.html?a=1&b=2"),
        ("https://a.cn:443", "cn,a)/"),
        ("http://a.cn:8080/x?", "cn,a:8080)/x"),
        ("http://a.cn/x?y=1#part", "cn,a)/x?y=1"),
        ("http://a.cn/a/b/../c/./d/", "cn,a)/a/c/d"),
        ("http://a.cn/A%7eb%2Fc", "cn,a)/a~b/c"),
        ("http://a.cn/%E9%99%84%201%25.pdf?%E9%A1%B5=1", "cn,a)/%e9%99%84%201%25.pdf?%e9%a1%b5=1"),
        ("http://user:pw@a.cn./x", "cn,a)/x"),
        ("http://%E5%8C%BA.cn/x", "cn,xn--dkr)/x"),
        ("urn:uuid:1", "urn:uuid:1"),
        ("file:abc/X%E6.txt", "file:abc/x%e6.txt"),
        ("http://[broken/x", "http://[broken/x"),
    ],
)
def test_keys_follow_the_convention_of_web_archives(address: str, key: str) -> None:
    assert surt_key(address) == key


@given(st.text(max_size=40), st.text(max_size=40))
def test_every_address_has_a_key_on_one_line(host: str, path: str) -> None:
    key = surt_key(target_uri(f"http://{host}/{path}"))
    assert key and not set(key) & set(" \r\n\t")


def test_a_batch_goes_on_in_another_segment_before_one_grows_too_large(tmp_path: Path) -> None:
    archive = Archive(tmp_path, max_segment_bytes=4000)
    with archive.writer("b") as writer:
        made = [respond(writer, f"http://a.test/{n}", bytes([n]) * 3, fetched_at=T0) for n in range(9)]
        assert not cdxj_path(segment(tmp_path, f"b--{len(list(tmp_path.glob('segments/*.gz')))}")).exists()
        large = respond(writer, "http://a.test/large", bytes(range(256)) * 80, fetched_at=T0)
    paths = sorted((tmp_path / "segments").glob("*.warc.gz"))
    assert len(paths) > 2 and {path.name for path in paths} >= {"b.warc.gz", "b--2.warc.gz"}
    assert all(path.stat().st_size <= 4000 and cdxj_path(path).exists() for path in paths)
    assert [archive.get(capture.capture_id) for capture in made] == made
    assert len(archive.read(large)) == 256 * 80
    before = archive.captures()
    archive.rebuild()
    assert archive.captures() == before
    for path in paths:
        assert (
            parse_member(read_member(path, 0, path.stat().st_size)).rec_headers.get_header("WARC-Filename")
            == path.name
        )


def test_nothing_is_modified_after_sealing(filled: tuple[Path, list[Capture]]) -> None:
    folder, made = filled
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (folder / "segments").iterdir()}
    archive = Archive(folder)
    with archive.writer("next") as writer:
        respond(writer)
        writer.add_revisit(
            url=PAGE, status=200, reason="OK", request_headers=None, response_headers=[], original=made[0],
            fetched_at=T0, source_id="a", role="page",
        )  # fmt: skip
    archive.rebuild()
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in before} == before


def test_the_same_body_under_another_address_is_a_revisit_that_is_read(tmp_path: Path) -> None:
    archive = Archive(tmp_path)

    def again(url: str, original: Capture, days: int) -> Capture:
        with archive.writer(f"day-{days}-{len(archive.below())}") as writer:
            return writer.add_revisit(
                url=url, status=200, reason="OK", request_headers=None, response_headers=[], original=original,
                fetched_at=T0 + timedelta(days=days), source_id="b", role="page",
            )  # fmt: skip

    with archive.writer("first") as writer:
        one = respond(writer, "http://a.test/1", b"report", content_id="c1")
        respond(writer, "http://a.test/404", b"gone", status=404)
    assert archive.same_payload(one.payload_sha256) == one
    assert archive.same_payload("0" * 64) is None
    gone = archive.last("http://a.test/404")
    assert gone is not None and archive.same_payload(gone.payload_sha256) is None
    other = again("http://b.test/2", one, 1)
    unchanged = again("http://b.test/2", one, 2)
    with archive.writer("third") as writer:
        edited = respond(writer, "http://b.test/2", b"edited", fetched_at=T0 + timedelta(days=3))
    back = again("http://b.test/2", other, 4)
    assert archive.read(other) == archive.read(back) == archive.read(unchanged) == b"report"
    assert other.content_id == one.content_id == "c1" and archive.same_payload(one.payload_sha256) == one
    assert archive.captures() == [one, other, edited, back]
    assert archive.captures(latest_per_url=True) == [one, back]
    assert archive.last_ok("http://b.test/2") == back
    assert [capture.capture_id for capture in archive.below("http://b.test/")] == [
        capture.capture_id for capture in (other, unchanged, edited, back)
    ]
    assert len(archive.below()) == 6 and len(archive.below(limit=2)) == 2
    before = archive.below()
    archive.rebuild()
    assert archive.below() == before
