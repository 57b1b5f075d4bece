"""The archive's cost: bytes written per byte fetched, records per second, and how its index answers when it is large.

    python benchmarks/archive.py [--reports N] [--captures N]

Fetched is what a simulated world's pages, files and JSON answers hold, each once; then the same again as revisits.
--captures fills an index with so many rows and times one question at a time (0: not at all).
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from nianbao.archive import Archive, verify_archive
from nianbao.archive.index import Index
from nianbao.model import Capture
from nianbao.simulation import World, build_world

START = datetime(2026, 3, 1, tzinfo=UTC)
HEADERS = [
    ("Date", "Sun, 01 Mar 2026 00:00:00 GMT"), ("Server", "nginx"), ("ETag", '"0123456789abcdef0123"'),
    ("Last-Modified", "Sun, 01 Mar 2026 00:00:00 GMT"), ("Content-Encoding", "gzip"), ("Connection", "keep-alive"),
]  # fmt: skip
ASKED = [("Host", "www.a.test"), ("User-Agent", "nianbao/0.1"), ("Accept-Encoding", "gzip, deflate")]


def answers(world: World) -> Iterator[tuple[str, str, bytes]]:
    """Address, media type and body of each page and file of a world, and of a JSON answer with each report's text."""
    urls = {url for report in world.reports for url in report.urls} | {page.url for page in world.pages}
    for url in sorted(urls):
        parts = urlsplit(url)
        site = world.sites.get(parts.hostname or "")
        found = site.find(parts.path + (f"?{parts.query}" if parts.query else "")) if site else None
        if found is not None and found.status == 200:
            yield url, found.media_type, found.body
    for number, report in enumerate(world.reports):
        body = json.dumps({"title": report.title, "content": report.text}, ensure_ascii=False).encode()
        yield f"http://json.a.test/details?id={number}", "application/json", body


def write(archive: Archive, given: list[tuple[str, str, bytes]]) -> None:
    """Prints what a first night and an unchanged one cost, by media type and in all."""
    sizes: dict[str, list[int]] = {}
    with archive.writer("first") as writer:
        for number, (url, media_type, body) in enumerate(given):
            capture = writer.add_response(
                url=url, status=200, reason="OK", request_headers=ASKED,
                response_headers=[("Content-Type", media_type), *HEADERS], body=body,
                fetched_at=START + timedelta(seconds=number), source_id="a", role="page",
            )  # fmt: skip
            size = sizes.setdefault(media_type.partition(";")[0], [0, 0, 0])
            size[0] += 1
            size[1] += len(body)
            size[2] += capture.length
    for media_type, (count, fetched, written) in sorted(sizes.items()):
        print(
            f"{media_type:30}{count:7,} records{fetched:14,} B fetched{written / fetched:8.3f} B in its record per byte"
        )


def repeat(archive: Archive, given: list[tuple[str, str, bytes]]) -> None:
    """The same answers a night later, with new validators."""
    with archive.writer("second") as writer:
        for number, (url, media_type, _) in enumerate(given):
            original = archive.last_ok(url)
            if original is None:
                raise SystemExit(f"{url} was archived and is not found")
            writer.add_revisit(
                url=url, status=200, reason="OK", request_headers=ASKED,
                response_headers=[("Content-Type", media_type), *HEADERS], original=original,
                fetched_at=START + timedelta(days=1, seconds=number), source_id="a", role="page",
            )  # fmt: skip


def size_of(folder: Path, pattern: str) -> int:
    """Bytes in the files of a pattern."""
    return sum(path.stat().st_size for path in folder.glob(pattern))


def measure(reports: int) -> None:
    """Prints the figures of an archive of a world with at least so many reports."""
    world = build_world(districts=3, issuers=min(6, max(1, reports // 15)), years=range(2019, 2024))
    given = list(answers(world))
    fetched = sum(len(body) for _, _, body in given)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = Archive(folder)
        for what, step in (("written", write), ("repeated as revisits", repeat)):
            before, began = size_of(folder, "segments/*"), time.perf_counter()
            step(archive, given)
            seconds, written = time.perf_counter() - began, size_of(folder, "segments/*") - before
            print(
                f"{len(given):,} answers {what}: {len(given) / seconds:,.0f} records/s, each on disk;"
                f" {written / fetched:.3f} B per byte fetched ({written:,} of {fetched:,})"
            )
        for what, action in (("rebuild", archive.rebuild), ("verify", lambda: verify_archive(folder))):
            began = time.perf_counter()
            action()
            print(f"{what}: {2 * len(given) / (time.perf_counter() - began):,.0f} captures/s")
        archive.close()


def ask(captures: int) -> None:
    """Prints how long an index of so many captures takes to answer."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "index.sqlite"
        index, began = Index(path), time.perf_counter()
        plain = Capture(
            "", "", "district-column", "page", START, 200, "text/html; charset=utf-8", "", segment="s"
        )
        for start in range(0, captures, 10_000):
            rows = [
                replace(
                    plain,
                    capture_id=f"urn:uuid:{os.urandom(16).hex()}",
                    url=f"http://www.district{n % 997}.gov.cn/zwgk/fdzdgknr/{n // 3}/t20240131_{n // 3}.html",
                    fetched_at=START + timedelta(seconds=n),
                    payload_sha256=os.urandom(32).hex(),
                    offset=n,
                )
                for n in range(start, min(start + 10_000, captures))
            ]
            index.add(f"s{start}", captures, [(row, "") for row in rows])
        print(f"{captures:,} rows added: {captures / (time.perf_counter() - began):,.0f}/s,", end=" ")
        print(f"{path.stat().st_size / captures:.0f} B each")
        last = rows[-1]
        questions = {
            "last_ok": lambda: index.last_ok(last.url),
            "same_payload": lambda: index.same_payload(last.payload_sha256),
            "get": lambda: index.get(last.capture_id),
        }
        for what, question in questions.items():
            began = time.perf_counter()
            for _ in range(1000):
                if question() is None:
                    raise SystemExit(f"{what} does not find what was added")
            print(f"{what}: {(time.perf_counter() - began) * 1000:.0f} µs")
        index.close()


def main() -> None:
    """Measures both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=90)
    parser.add_argument("--captures", type=int, default=1_000_000)
    chosen = parser.parse_args()
    measure(chosen.reports)
    if chosen.captures:
        ask(chosen.captures)


if __name__ == "__main__":
    main()
