"""Tables to take away: the whole of what a table on a page shows a part of, with its citation."""

from __future__ import annotations

import hashlib
import tempfile
import threading
from collections.abc import Iterator
from typing import BinaryIO, cast

from starlette.background import BackgroundTask
from starlette.responses import Response, StreamingResponse

from nianbao.explorer.asked import Asked
from nianbao.explorer.opened import Opened
from nianbao.explorer.table import TableQuery, whole
from nianbao.export import FORMS, Columns, Form, TableError, cite_table, columns_of, write_table

_IN_MEMORY = 4_000_000  # bytes of a file that are held before it goes to disk
_PIECE = 1 << 16
_BATCH = 10_000
_TURN = threading.Lock()  # a large table needs the memory that the pages leave, once


class NotTakenError(Exception):
    """The table cannot be taken away like this; the message says why."""


def taken(asked: Asked, opened: Opened, query: TableQuery, form: str) -> Response:
    """A file with all rows of a table, filtered and ordered as the address says.

    form: one of export.FORMS. Raises NotTakenError for another one, or for more rows than Excel holds.
    """
    if form not in FORMS:
        raise NotTakenError(asked.say("没有 {form} 这种格式；可取 csv、xlsx、parquet", form=form))
    sql, values = whole(asked, query)
    title = asked.say(query.title)
    address = asked.here(release=opened.release.release_id, format=None)
    citation = cite_table(opened.release, title, address, filters=_filters(asked, query))
    out = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115  # closed when it is sent
    try:
        with _TURN, opened.cursor() as cursor:
            rows = cursor.execute(sql, values).to_arrow_reader(_BATCH)
            columns = _columns(asked, opened, query)
            write_table(
                rows, cast("Form", form), out, columns=columns, citation=citation, lang=asked.language
            )
    except TableError as error:
        out.close()
        raise NotTakenError(str(error)) from error
    except BaseException:
        out.close()
        raise
    name = f"{query.name}-{opened.release.release_id}.{form}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(out.tell()),
        "X-Content-SHA256": _sha256(out),
    }
    out.seek(0)
    return StreamingResponse(
        _pieces(out),
        media_type=FORMS[cast("Form", form)],
        headers=headers,
        background=BackgroundTask(out.close),
    )


def _filters(asked: Asked, query: TableQuery) -> dict[str, str]:
    filters = {
        asked.say(column.label): asked.text(f"{query.name}.{column.name}")
        for column in query.columns
        if column.choices and asked.text(f"{query.name}.{column.name}")
    }
    text = asked.text(f"{query.name}.q")
    return filters | ({asked.say("筛选"): text} if text else {})


def _columns(asked: Asked, opened: Opened, query: TableQuery) -> Columns:
    """What the page calls the columns, with what the warehouse says of those names."""
    with opened.cursor() as cursor:
        known = columns_of(cursor, [column.name for column in query.columns])
    return {column.name: (asked.say(column.label), known[column.name][1]) for column in query.columns}


def _sha256(out: BinaryIO) -> str:
    out.seek(0)
    digest = hashlib.sha256()
    for piece in _pieces(out):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(out: BinaryIO) -> Iterator[bytes]:
    while piece := out.read(_PIECE):
        yield piece
