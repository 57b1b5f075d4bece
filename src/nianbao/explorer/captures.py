"""The archived bytes of a capture, offered as a download and never as a page.

What a website sent is somebody else's: a browser that opened it here would run it under our name.
"""

from __future__ import annotations

import re

from starlette.responses import Response

from nianbao.archive import Archive, ArchiveError
from nianbao.explorer.asked import Asked
from nianbao.explorer.opened import Opened
from nianbao.explorer.views.answer import NotThereError
from nianbao.settings import Settings

_ENDINGS = {
    "text/html": "html",
    "application/pdf": "pdf",
    "application/json": "json",
    "text/plain": "txt",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-cache",
}


def capture_download(settings: Settings, asked: Asked, opened: Opened, capture_id: str) -> Response:
    """The payload of a capture that the release rests on. Raises NotThereError if release or archive lack it."""
    told = opened.one(
        "select capture_id, payload_sha256, media_type from raw.capture where capture_id = $id",
        {"id": capture_id},
    )
    if told is None:
        raise NotThereError(asked.say("这一发布里没有采集 {name}", name=capture_id))
    archive = Archive(settings.archive)
    try:
        capture = archive.get(capture_id)
        if capture is None:
            raise NotThereError(asked.say("存档里没有采集 {name}；请从备份恢复后重建索引", name=capture_id))
        body = archive.read(capture)
    except (ArchiveError, OSError) as error:
        raise NotThereError(
            asked.say("存档里的采集 {name} 读不出来：{why}", name=capture_id, why=error)
        ) from error
    finally:
        archive.close()
    ending = _ENDINGS.get(str(told["media_type"] or "").partition(";")[0].strip().lower(), "bin")
    name = re.sub(r"[^0-9A-Za-z-]", "", capture_id.removeprefix("urn:uuid:"))[:64] or "capture"
    headers = _HEADERS | {
        "Content-Disposition": f'attachment; filename="{name}.{ending}"',
        "X-Payload-SHA256": str(told["payload_sha256"] or ""),
    }
    return Response(body, media_type="application/octet-stream", headers=headers)
