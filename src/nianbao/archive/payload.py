"""HTTP bodies as they were sent → the payload: chunks joined, gzip and deflate undone, never more than a limit."""

from __future__ import annotations

import zlib
from io import BytesIO

from warcio.bufferedreaders import ChunkedDataReader

_GZIP = frozenset({"gzip", "x-gzip"})
# What servers write and what means nothing.
_NONE = frozenset({"", "identity", "none", "utf-8", "utf8", "gbk", "gb2312", "binary"})
_WBITS = {"gzip": (zlib.MAX_WBITS + 16,), "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS)}


class PayloadError(Exception):
    """A body cannot be decoded; says why."""


class CodingError(PayloadError):
    """A body is coded in a way that is not read."""


def decode_payload(body: bytes, transfer: str, coding: str, limit: int) -> bytes | None:
    """The payload of a body under its Transfer-Encoding and Content-Encoding headers, None if longer than `limit`.

    A body that is not coded as its headers say stays as it is: recorders that decode often keep the headers.
    Raises CodingError for a coding that is not read, PayloadError for a packed body that is cut off or damaged.
    """
    if "chunked" in transfer.lower():
        body = ChunkedDataReader(BytesIO(body)).read()
    for name in reversed([part.strip().lower() for part in coding.split(",")]):
        if name in _NONE:
            continue
        kind = "gzip" if name in _GZIP else name
        if kind not in _WBITS:
            raise CodingError(f"its coding '{name[:20]}' is not read")
        unpacked = _inflate(body, _WBITS[kind], limit)
        if unpacked is None:
            return None
        body = unpacked
    return body if len(body) <= limit else None


def _inflate(body: bytes, ways: tuple[int, ...], limit: int) -> bytes | None:
    if not body:
        return body
    for wbits in ways:
        inflater = zlib.decompressobj(wbits)
        try:
            plain = inflater.decompress(body, limit + 1)
        except zlib.error as error:
            if wbits > zlib.MAX_WBITS and body.startswith(b"\x1f\x8b"):
                raise PayloadError(f"it cannot be unpacked ({error})") from error
            continue
        if len(plain) > limit:
            return None
        if not inflater.eof:
            raise PayloadError("it is cut off")
        return plain
    return body
