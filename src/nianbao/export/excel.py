"""Writes rows as an Excel file that people can read: headings in both languages, formats, a sheet that explains it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, islice
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import pyarrow as pa
import xlsxwriter

from nianbao.export.cells import cell_of
from nianbao.export.compilations import TableCitation
from nianbao.export.explanation import explain
from nianbao.export.forms import Lang
from nianbao.export.headings import Columns

_HEADINGS = 2
_MOST_ROWS = 1_048_576 - _HEADINGS
_MOST_COLUMNS = 16_384
_MOST_TEXT = 32_767  # characters of a cell
_MOST_DIGITS = 10**15  # beyond, Excel rounds
_FIRST_DATE = date(1900, 3, 1)  # before, Excel counts a day that never was
_SAMPLE = 500  # rows that decide how wide columns are
_NARROWEST, _WIDEST = 8, 60
_NO_QUANTITY = re.compile(r"(?:^|_)(?:year|ordinal|offset|level|code|start|end)$")
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class TableError(Exception):
    """A table cannot be written in a form; the message says why and what to do."""


def write_excel(
    schema: pa.Schema,
    rows: Iterator[Sequence[object]],
    out: BinaryIO,
    columns: Columns,
    citation: TableCitation,
    lang: Lang,
) -> tuple[int, int]:
    """Writes a workbook with the rows and a sheet about them; returns the rows, and how many texts were cut.

    Raises TableError where there are more rows or columns than a sheet holds.
    """
    if len(schema) > _MOST_COLUMNS:
        raise TableError(f"Excel holds {_MOST_COLUMNS:,} columns, not {len(schema):,}; choose CSV or Parquet")
    with TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(out, _OPTIONS | {"tmpdir": folder})
        # Not the time of writing: the same rows of the same release make the same file.
        made = datetime.combine(citation.release.created, time())
        book.set_properties({"title": citation.title, "comments": citation.text(lang), "created": made})
        sheet = _Sheet(book, schema, columns, lang)
        sheet.write_rows(rows)
        explain(book, schema.names, columns, citation, lang, sheet.rows, sheet.cut)
        book.close()
    return sheet.rows, sheet.cut


class _Sheet:
    """The sheet with the rows."""

    def __init__(self, book: Any, schema: pa.Schema, columns: Columns, lang: Lang) -> None:
        self.rows = self.cut = 0
        self._names: list[str] = list(schema.names)
        self._labels = [columns.get(name, (name, ""))[0] or name for name in self._names]
        self._sheet = book.add_worksheet("数据" if lang == "zh" else "Data")
        self._formats = _formats(book)
        self._counts = [bool(_NO_QUANTITY.search(name)) for name in self._names]

    def write_rows(self, rows: Iterator[Sequence[object]]) -> None:
        """Writes headings and rows."""
        self._head()
        first = [[cell_of(value) for value in row] for row in islice(rows, _SAMPLE)]
        self._widths(first)
        for row in chain(first, ([cell_of(value) for value in row] for row in rows)):
            if self.rows == _MOST_ROWS:
                raise TableError(
                    f"Excel holds {_MOST_ROWS:,} rows under its headings, and there are more; narrow the table, or choose "
                    "CSV or Parquet"
                )
            for index, cell in enumerate(row):
                self._write(self.rows + _HEADINGS, index, cell)
            self.rows += 1
        if self._names:
            self._sheet.autofilter(_HEADINGS - 1, 0, self.rows + _HEADINGS - 1, len(self._names) - 1)

    def _head(self) -> None:
        self._sheet.freeze_panes(_HEADINGS, 0)
        for index, label in enumerate(self._labels):
            self._sheet.write_string(0, index, label[:_MOST_TEXT], self._formats["label"])
        for index, name in enumerate(self._names):
            self._sheet.write_string(1, index, name[:_MOST_TEXT], self._formats["name"])

    def _widths(self, sample: Sequence[Sequence[object]]) -> None:
        for index, (name, label) in enumerate(zip(self._names, self._labels, strict=True)):
            texts = [name, label, *(_shown(row[index]) for row in sample)]
            widest = max(sum(_width(c) for c in text[:_WIDEST]) for text in texts)
            self._sheet.set_column(index, index, min(max(widest + 3, _NARROWEST), _WIDEST))

    def _write(self, row: int, index: int, cell: object) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, bool):
            self._sheet.write_boolean(row, index, cell)
        elif isinstance(cell, int | float | Decimal) and -_MOST_DIGITS < cell < _MOST_DIGITS:
            plain = "plain" if self._counts[index] else "whole"
            chosen = plain if cell == int(cell) else "parts"
            self._sheet.write_number(row, index, float(cell), self._formats[chosen])
        elif isinstance(cell, datetime) and cell.date() >= _FIRST_DATE:
            # A spreadsheet knows no time zones; the other sheet says that times are China's.
            self._sheet.write_datetime(row, index, cell.replace(tzinfo=None), self._formats["moment"])
        elif isinstance(cell, date) and not isinstance(cell, datetime) and cell >= _FIRST_DATE:
            self._sheet.write_datetime(row, index, cell, self._formats["day"])
        else:
            self._text(row, index, str(cell))

    def _text(self, row: int, index: int, text: str) -> None:
        if len(text) > _MOST_TEXT:
            text = text[: _MOST_TEXT - 1] + "…"
            self.cut += 1
        self._sheet.write_string(row, index, text)


def _formats(book: Any) -> Mapping[str, Any]:
    heading = {"bold": True, "valign": "vcenter", "bg_color": "#E8EEF4"}
    return {
        "label": book.add_format(heading),
        "name": book.add_format(heading | {"bottom": 1, "bold": False, "font_color": "#555555"}),
        "whole": book.add_format({"num_format": "#,##0"}),
        "plain": book.add_format({"num_format": "0"}),
        "parts": book.add_format({"num_format": "#,##0.0#####"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }


def _shown(cell: object) -> str:
    if isinstance(cell, bool | str):
        return str(cell)
    return f"{cell:,}" if isinstance(cell, int | float) else str(cell or "")


def _width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
