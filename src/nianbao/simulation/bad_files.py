"""Files that harm whoever opens them without care, and one that is no text. Made when they are first asked for."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from itertools import chain, pairwise

from .composer import Line
from .dates import CHINA
from .formats.spreadsheet import spreadsheet
from .papers import MEDIA_TYPES, docx, pdf
from .phrases import Piece
from .site import XLSX

_PIECE = 1 << 16
_BOMB_BYTES = 200_000_000
_ENTITIES = 9
_BODY = "word/document.xml"
_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TAIL = "</w:t></w:r></w:p></w:body></w:document>"


def bad_file(name: str) -> tuple[bytes, str]:
    """The bytes and the media type of encrypted.pdf, bomb.docx, entities.docx or table.xlsx. Raises KeyError for
    another name."""
    makers = {
        "encrypted.pdf": _encrypted,
        "bomb.docx": _bomb,
        "entities.docx": _entities,
        "table.xlsx": _table,
    }
    return makers[name](), (MEDIA_TYPES | {"xlsx": XLSX})[name.rsplit(".", 1)[1]]


def zeros(size: int) -> Iterator[bytes]:
    """So many bytes of nothing, piece by piece."""
    piece = b"0" * _PIECE
    for start in range(0, size, _PIECE):
        yield piece[: min(_PIECE, size - start)]


@cache
def gzip_bomb(size: int) -> bytes:
    """A gzipped body that unpacks to `size` bytes and is a thousandth of it itself."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(piece) for piece in zeros(size)) + packer.flush()


def _lines() -> list[Line]:
    return [Line("text", Piece("本文件为内部材料。"))]


@cache
def _encrypted() -> bytes:
    """A PDF that asks for a password."""
    return pdf(_lines(), "内部材料", password="not told")  # noqa: S106 - nobody is to open it


@cache
def _table() -> bytes:
    """A spreadsheet."""
    return spreadsheet([["项目", "数量"], ["行政处罚", "31"]])


@cache
def _bomb() -> bytes:
    """A Word document whose text is two hundred megabytes of one digit."""
    head = f'<w:document xmlns:w="{_SPACE}"><w:body><w:p><w:r><w:t>'
    return _with_body(chain([head.encode()], zeros(_BOMB_BYTES), [_TAIL.encode()]))


@cache
def _entities() -> bytes:
    """A Word document whose text multiplies by entities until it fills any memory."""
    names = [f"e{n}" for n in range(_ENTITIES + 1)]
    declared = f'<!ENTITY {names[0]} "年报">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names)
    )
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE w:document [{declared}]>'
        f'<w:document xmlns:w="{_SPACE}"><w:body><w:p><w:r><w:t>&{names[-1]};{_TAIL}'
    )
    return _with_body(iter([text.encode()]))


def _with_body(pieces: Iterator[bytes]) -> bytes:
    """A Word document with another text part."""
    plain = docx(_lines(), "内部材料", datetime(2020, 1, 1, tzinfo=CHINA))
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            entry = zipfile.ZipInfo(item.filename, item.date_time)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with new.open(entry, "w", force_zip64=True) as member:
                for piece in pieces if item.filename == _BODY else [old.read(item.filename)]:
                    member.write(piece)
    return target.getvalue()
