"""ZIP archives with one fixed time for all members, so that the same content gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_TIME = (2020, 1, 1, 0, 0, 0)


def archive(members: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive of these members, in this order."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return target.getvalue()


def same_times(body: bytes) -> bytes:
    """The archive with that one time: writers of office files stamp the clock's."""
    with zipfile.ZipFile(io.BytesIO(body)) as old:
        return archive({item.filename: old.read(item.filename) for item in old.infolist()})
