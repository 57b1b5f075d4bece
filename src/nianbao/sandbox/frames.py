"""What parent and worker say to each other: frames of JSON and bytes, and a Document as JSON. Nothing is unpickled."""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

from nianbao.model import Block, Document

_HEAD = struct.Struct("<II")
# A document is text; an answer beyond this comes from a worker that went mad.
_ANSWER_BYTES = 1_000_000_000


def write_frame(stream: BinaryIO, message: dict[str, Any], body: bytes = b"") -> None:
    """One message with the bytes that belong to it. Raises OSError if the other side is gone."""
    head = json.dumps(message).encode()  # ASCII, so that lone surrogates in a text survive
    stream.write(_HEAD.pack(len(head), len(body)))
    stream.write(head)
    stream.write(body)
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next message, None if the other side is gone. Raises ValueError for what is no message."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    message_size, body_size = _HEAD.unpack(head)
    if message_size + body_size > _ANSWER_BYTES:
        raise ValueError(f"a message of {message_size + body_size} bytes")
    raw, body = stream.read(message_size), stream.read(body_size)
    if len(raw) < message_size or len(body) < body_size:
        return None
    message = json.loads(raw)
    if not isinstance(message, dict):
        raise ValueError("a message that is no object")
    return message, body


def packed(document: Document) -> dict[str, Any]:
    """A Document as plain values."""
    return {
        "text": document.text,
        "blocks": [[b.start, b.end, b.source_start, b.page] for b in document.blocks],
        "media_type": document.media_type,
        "encoding": document.encoding,
        "title": document.title,
        "meta": dict(document.meta),
        "attachments": [list(attachment) for attachment in document.attachments],
        "warnings": list(document.warnings),
        "ocr_confidence": document.ocr_confidence,
    }


def unpacked(values: dict[str, Any]) -> Document:
    """The Document of plain values. Raises ValueError, TypeError or KeyError for values that make none."""
    text = _string(values["text"])
    confidence = values["ocr_confidence"]
    return Document(
        text=text,
        blocks=tuple(_block(block, len(text)) for block in values["blocks"]),
        media_type=_string(values["media_type"]),
        encoding=_string(values["encoding"]),
        title=_string(values["title"]),
        meta={_string(name): _string(value) for name, value in values["meta"].items()},
        attachments=tuple((_string(url), _string(name)) for url, name in values["attachments"]),
        warnings=tuple(_string(warning) for warning in values["warnings"]),
        ocr_confidence=None if confidence is None else float(confidence),
    )


def _block(values: Any, length: int) -> Block:
    start, end, source_start, page = values
    if not 0 <= int(start) <= int(end) <= length:
        raise ValueError("a block beyond the text")
    return Block(
        int(start),
        int(end),
        None if source_start is None else int(source_start),
        None if page is None else int(page),
    )


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} instead of text")
    return value
