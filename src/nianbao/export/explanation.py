"""The sheet of an Excel file that says what the other one holds, of which release, and how to cite it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nianbao.export.compilations import TableCitation
from nianbao.export.forms import Lang, one_line
from nianbao.export.headings import Columns

_WORDS = {
    "zh": {
        "sheet": "说明",
        "title": "表",
        "cite": "引用格式",
        "release": "数据发布",
        "created": "发布日期",
        "filters": "筛选条件",
        "query": "查询",
        "rows": "行数",
        "cut": "截短的文本",
        "cut_why": "个单元格超过Excel的32,767字上限，全文见CSV或Parquet",
        "times": "时间",
        "times_are": "均为北京时间；列表和结构以JSON文本给出；空单元格表示报告没有说明，不是0",
        "columns": ("列", "名称", "说明"),
    },
    "en": {
        "sheet": "About",
        "title": "Table",
        "cite": "Cite as",
        "release": "Release",
        "created": "Made on",
        "filters": "Filters",
        "query": "Query",
        "rows": "Rows",
        "cut": "Texts cut",
        "cut_why": "cells were longer than the 32,767 characters that Excel holds; CSV and Parquet have them whole",
        "times": "Values",
        "times_are": "Times are China's; lists and structures are JSON; an empty cell means not stated, never 0",
        "columns": ("Column", "Name", "Means"),
    },
}
_WIDTHS = (24, 30, 100)
_MOST_TEXT = 32_767


def explain(
    book: Any,
    names: Sequence[str],
    columns: Columns,
    citation: TableCitation,
    lang: Lang,
    rows: int,
    cut: int,
) -> None:
    """Adds the sheet to a workbook. rows, cut: how many rows the other sheet has, and how many texts of it were cut."""
    words: dict[str, Any] = _WORDS[lang]
    sheet = book.add_worksheet(words["sheet"])
    bold = book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for index, width in enumerate(_WIDTHS):
        sheet.set_column(index, index, width)
    facts = [
        (words["title"], one_line(citation.title)),
        (words["cite"], citation.text(lang)),
        (words["release"], citation.release.release_id),
        (words["created"], citation.release.created.isoformat()),
        (words["filters"], one_line(citation.narrowed())),
        (words["query"], citation.query),
        (words["rows"], f"{rows:,}"),
        (words["cut"], f"{cut:,} {words['cut_why']}" if cut else ""),
        (words["times"], words["times_are"]),
    ]
    line = 0
    for name, value in facts:
        if value:
            sheet.write_string(line, 0, name, bold)
            sheet.write_string(line, 1, value[:_MOST_TEXT])
            line += 1
    line += 1
    for index, heading in enumerate(words["columns"]):
        sheet.write_string(line, index, heading, bold)
    for row, name in enumerate(names, line + 1):
        label, description = columns.get(name, (name, ""))
        for index, text in enumerate((label, name, description)):
            sheet.write_string(row, index, text[:_MOST_TEXT], wrapped)
