"""What the archive's tests share: exchanges to archive, and where segments lie."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nianbao.archive import ArchiveWriter
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
