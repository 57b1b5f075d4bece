"""Values of record fields: one line each, ASCII where the standard asks for it, and back again."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import quote, unquote

Headers = Iterable[tuple[str, str]]
_UNSAFE = re.compile(r"[%\x00-\x1f\x7f\x85\u2028\u2029]")
_URI_SAFE = "!#$%&'()*+,/:;=?@[]~"


def clean(headers: Headers) -> list[tuple[str, str]]:
    """Headers on one line each; what a server sends in other charsets is percent-encoded as UTF-8."""
    return [(ascii_line(name), ascii_line(value)) for name, value in headers]


def one_line(text: str) -> str:
    """The text with every run of blanks and line ends as one blank."""
    return " ".join(text.split())


def ascii_line(text: str) -> str:
    """The text on one line, with what is not ASCII percent-encoded as UTF-8."""
    line = one_line(text)
    return line if line.isascii() else quote(line, safe=" " + _URI_SAFE + '"<>\\^`{|}', errors="replace")


def target_uri(url: str) -> str:
    """The address as WARC-Target-URI holds it: percent-encoded ASCII."""
    return quote(url, safe=_URI_SAFE, errors="replace")


def encode(text: str) -> str:
    """A field value as readable UTF-8: only what would break the line, and %, is percent-encoded."""
    safe = text.strip().encode("utf-8", "replace").decode("utf-8")
    return _UNSAFE.sub(lambda match: quote(match[0], safe=""), safe)


def decode(text: str | None) -> str:
    """What `encode` was given; '' for a field that is not there."""
    return unquote(text) if text else ""


def warc_date(at: datetime) -> str:
    """An aware time as WARC 1.1 writes it, in UTC, with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest_of_hex(sha256: str) -> str:
    """A hex SHA-256 as digest fields hold it: sha256: and Base32."""
    return "sha256:" + base64.b32encode(bytes.fromhex(sha256)).decode()


def hex_of_digest(digest: str) -> str:
    """The hex SHA-256 in a digest field. Raises ValueError for another digest."""
    return base64.b32decode(digest.removeprefix("sha256:")).hex()
