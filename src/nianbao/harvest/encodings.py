"""Takes the content encoding off a body, piece by piece and never more than is asked for."""

from __future__ import annotations

import zlib

_KNOWN = frozenset({"gzip", "x-gzip", "deflate"})
_EITHER_HEADER = 32 + zlib.MAX_WBITS  # gzip or zlib, as the data says
_NO_HEADER = -zlib.MAX_WBITS  # what some servers call deflate


class EncodingError(Exception):
    """A body is not encoded as its headers say, or ends too early. The message is a sentence's middle part."""


def encoding_of(header: str) -> str:
    """The one encoding that a Content-Encoding header names, '' for none. Raises EncodingError for what is not read."""
    named = [
        name for part in header.lower().split(",") if (name := part.strip()) not in ("", "identity", "none")
    ]
    if not named:
        return ""
    if len(named) > 1 or named[0] not in _KNOWN:
        raise EncodingError(f"is encoded as '{header[:60]}', which was not asked for and is not read")
    return named[0]


class Decoder:
    """Decodes a body of one encoding ('' leaves it as it is)."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._inflater = zlib.decompressobj(_EITHER_HEADER)
        self._first = b""
        self._begun = self._over = False

    def decode(self, data: bytes, limit: int) -> bytes:
        """At most `limit` bytes of what `data` holds; the rest is dropped. Raises EncodingError."""
        if not self._encoding:
            return data[:limit]
        if not self._begun:
            self._first = data = self._first + data
            if len(data) < 2:
                return b""  # two bytes tell which header it is
        out = bytearray()
        while data and not self._over and len(out) < limit:
            out += self._inflate(data, limit - len(out))
            data = self._inflater.unconsumed_tail
            if self._inflater.eof:
                data = self._inflater.unused_data
                # A gzip body may have several members; anything else behind it is refuse.
                self._over = not data.startswith(b"\x1f\x8b")
                if not self._over:
                    self._inflater = zlib.decompressobj(_EITHER_HEADER)
        return bytes(out)

    def finish(self) -> None:
        """Raises EncodingError when the body ended before its encoding did."""
        if self._first and not self._inflater.eof:
            raise EncodingError(f"ended in the middle of its {self._encoding} encoding")

    def _inflate(self, data: bytes, limit: int) -> bytes:
        try:
            out = self._inflater.decompress(data, limit)
        except zlib.error as error:
            if self._begun or self._encoding != "deflate":
                raise EncodingError(f"is not the {self._encoding} that its headers name ({error})") from error
            self._inflater = zlib.decompressobj(_NO_HEADER)
            self._begun = True
            return self._inflate(data, limit)
        self._begun = True
        return out
