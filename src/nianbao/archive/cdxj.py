"""The CDXJ of a sealed segment: one line per capture, sorted by address, in the form of pywb and cdxj-indexer.

    cn,gov,shpt)/fz/t1.html 20260301023000 {"url": …, "mime": …, "status": …, "digest": …, "length": …, "offset": …, …}

It lets other software find a record, and its presence says that the segment is sealed. It is derived from the segment.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes, urlsplit

from nianbao.archive.fields import digest_of_hex, target_uri
from nianbao.archive.segments import sync_folder
from nianbao.model import Capture

SEGMENT_SUFFIX, CDXJ_SUFFIX = ".warc.gz", ".cdxj"
_WWW = re.compile(r"www\d{0,9}\.")
_DEFAULT_PORTS = {"http": 80, "https": 443}
# What stays as it is in a key's path; everything else is percent-encoded.
_PATH_SAFE = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
_MIME_END = re.compile(r"[;\s]")


def cdxj_path(segment: Path) -> Path:
    """Where the CDXJ of a segment lies."""
    return segment.with_name(segment.name.removesuffix(SEGMENT_SUFFIX) + CDXJ_SUFFIX)


def cdxj_line(capture: Capture, refers_to: str) -> str:
    """The line of a capture, without its end. refers_to: id of the capture that holds a revisit's body, else ''."""
    uri = target_uri(capture.url)
    value = {
        "url": uri,
        "mime": "warc/revisit" if refers_to else _MIME_END.split(capture.media_type, maxsplit=1)[0],
        "status": str(capture.status) if capture.status else "",
        "digest": digest_of_hex(capture.payload_sha256),
        "length": str(capture.length),
        "offset": str(capture.offset),
        "filename": capture.segment,
    }
    kept = {name: text for name, text in value.items() if text}
    return f"{surt_key(uri)} {capture.fetched_at.strftime('%Y%m%d%H%M%S')} {json.dumps(kept)}"


def write_cdxj(segment: Path, lines: Iterable[str]) -> None:
    """Writes the CDXJ of a segment at once or not at all, sorted as bytes."""
    target = cdxj_path(segment)
    part = target.with_name(target.name + ".part")
    with part.open("wb") as file:
        file.write(cdxj_bytes(lines))
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)
    sync_folder(target.parent)


def cdxj_bytes(lines: Iterable[str]) -> bytes:
    """The content of a CDXJ file with these lines."""
    return b"".join(sorted(f"{line}\n".encode() for line in lines))


def surt_key(uri: str) -> str:
    """An address as sort key: host names reversed, without www and default port, path and query in lower case.

    Addresses without a host (file:, urn:) are their own key, in lower case.
    """
    try:
        parts = urlsplit(uri)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return uri
    if not host or parts.scheme not in _DEFAULT_PORTS:
        return uri.lower()
    host = _ascii_host(_WWW.sub("", host, count=1) if _WWW.match(host) else host)
    key = ",".join(reversed(host.split(".")))
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        key += f":{port}"
    query = "&".join(sorted(parts.query.lower().split("&"), key=lambda pair: pair.split("=", 1)))
    return f"{key}){_path(parts.path)}" + (f"?{query}" if query else "")


def _ascii_host(host: str) -> str:
    plain = unquote_to_bytes(host).decode("utf-8", "replace")
    with suppress(UnicodeError):  # raised for names that cannot exist
        plain = plain.encode("idna").decode()
    return quote(plain, safe=".-_:")


def _path(path: str) -> str:
    """A path in lower case without needless escapes, empty and dot segments, and the slash at its end."""
    plain = quote(unquote_to_bytes(path), safe=_PATH_SAFE).lower()
    kept: list[str] = []
    for part in plain.split("/"):
        if part == "..":
            del kept[-1:]
        elif part not in ("", "."):
            kept.append(part)
    return "/" + "/".join(kept)
