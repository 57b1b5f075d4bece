"""Writes rows as CSV, Excel or Parquet, piece by piece: memory does not grow with their number.

What each form does with texts that look like formulas, with numbers, moments and lists is told in docs/analysts.md.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, BinaryIO, Literal, TextIO, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from nianbao.export.cells import cell_of, guarded
from nianbao.export.compilations import TableCitation
from nianbao.export.excel import TableError, write_excel
from nianbao.export.forms import Lang, plain_number
from nianbao.export.headings import Columns

__all__ = ["FORMS", "Form", "TableError", "Written", "write_table"]

Form = Literal["csv", "xlsx", "parquet"]
Rows: TypeAlias = Any  # pa.RecordBatchReader | pa.Table, which have no types

# Form → media type.
FORMS: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
_BATCH = 10_000  # rows that are held at a time
_ROW_GROUP = 122_880  # rows, as DuckDB writes them
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: rows, and how many texts were cut to what a cell can hold (Excel only)."""

    rows: int
    cut: int = 0


def write_table(
    rows: Rows,
    form: Form,
    out: BinaryIO,
    *,
    columns: Columns,
    citation: TableCitation,
    lang: Lang = "zh",
    bom: bool = True,
    safe: bool = True,
) -> Written:
    """Writes rows in a form to an open binary file; a file for Excel has to be seekable.

    columns: name → (label, description), of those that are known; lang: of the sheet that explains an Excel file.
    Of CSV alone: bom, the mark by which Excel knows UTF-8; safe, whether a text that looks like a formula gets an apostrophe
    before it (numbers never do). Raises TableError where the form cannot hold the table.
    """
    if form == "csv":
        return Written(_write_csv(rows, out, bom, safe))
    if form == "parquet":
        return Written(_write_parquet(rows, out, columns, citation))
    return Written(*write_excel(rows.schema, _values(rows), out, columns, citation, lang))


def _batches(rows: Rows) -> pa.RecordBatchReader:
    return rows.to_reader(max_chunksize=_BATCH) if isinstance(rows, pa.Table) else rows


def _values(rows: Rows) -> Iterator[tuple[object, ...]]:
    """Each row as a tuple of Python values."""
    for batch in _batches(rows):
        for start in range(0, batch.num_rows, _BATCH):
            piece = batch.slice(start, _BATCH)
            yield from zip(*(column.to_pylist() for column in piece.columns), strict=True)


def _write_csv(rows: Rows, out: BinaryIO, bom: bool, safe: bool) -> int:
    guard = guarded if safe else str
    if bom:
        out.write(_BOM)
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=False)
    writer = csv.writer(_Lines(text), lineterminator="\r\n")
    writer.writerow([guard(name) for name in rows.schema.names])
    count = 0
    for row in _values(rows):
        writer.writerow([_csv_cell(value, guard) for value in row])
        count += 1
    text.flush()
    text.detach()
    return count


class _Lines:
    """Ends lines with a line feed, as most programs like it. The writer itself has to know of both characters, or it leaves
    a carriage return within a text unquoted."""

    def __init__(self, text: TextIO) -> None:
        self._text = text

    def write(self, line: str) -> None:
        """Takes one line."""
        self._text.write(line.removesuffix("\r\n") + "\n")


def _csv_cell(value: object, guard: Callable[[str], str]) -> object:
    cell = cell_of(value)
    if isinstance(cell, str):
        return guard(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.isoformat()
    return plain_number(cell) if isinstance(cell, Decimal) else cell


def _write_parquet(rows: Rows, out: BinaryIO, columns: Columns, citation: TableCitation) -> int:
    if len(set(rows.schema.names)) < len(rows.schema.names):
        raise TableError("two columns have the same name; give them names with `as`")
    schema = _described(rows.schema, columns, citation)
    count = 0
    try:
        with pq.ParquetWriter(out, schema, compression="zstd") as writer:
            for group in _groups(rows):
                writer.write_table(group.cast(schema), row_group_size=_ROW_GROUP)
                count += group.num_rows
    except pa.ArrowNotImplementedError as error:
        raise TableError(f"Parquet cannot hold this table ({error}); cast the column to varchar") from error
    return count


def _groups(rows: Rows) -> Iterator[Any]:
    """The rows as tables of a row group each, the last one shorter."""
    held: list[Any] = []
    for batch in _batches(rows):
        held.append(batch)
        if sum(each.num_rows for each in held) >= _ROW_GROUP:
            yield pa.Table.from_batches(held)
            held = []
    if held:
        yield pa.Table.from_batches(held)


def _described(schema: pa.Schema, columns: Columns, citation: TableCitation) -> pa.Schema:
    """The schema with the citation as metadata of the file and label and description of each column."""
    fields = [
        field.with_metadata(dict(zip(("label", "description"), columns[field.name], strict=True)))
        if field.name in columns
        else field
        for field in schema
    ]
    told = {
        "nianbao.release": citation.release.release_id,
        "nianbao.citation.zh": citation.text("zh"),
        "nianbao.citation.en": citation.text("en"),
        "nianbao.citation.csl": json.dumps(citation.csl(), ensure_ascii=False),
    }
    return pa.schema(fields, metadata=told)
