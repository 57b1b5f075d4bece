from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from nianbao.archive import Archive
from nianbao.model import Capture

from .records import T0, respond


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
