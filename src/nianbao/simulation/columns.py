"""The columns in which a site keeps its bodies' reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .pages import Column
from .places import GOVERNMENT, STREET, Office

_NAMES = {
    "jcms": ("fzjs", "法治政府建设"),
    "dayofyear": ("fzzfjsqkbg", "法治政府建设情况报告"),
    "content": ("fzzfjsndbg", "法治政府建设年度报告"),
}
_THREE = (("qzf", "区政府"), ("wbj", "委办局"), ("zjd", "街镇"))
_UNIT_LETTERS = "BCDEFGHKLM"


def columns_of(shape: str, offices: Sequence[Office], number: int) -> list[Column]:
    """The columns of a site of this shape, numbered from `number`: one, two, or three by the kind of body."""
    if shape == "trs" and len(offices) > 1:
        return [
            Column("qzf", "区政府法治政府建设报告", number),
            Column("bm", "部门镇街法治政府建设报告", number + 1),
        ]
    if shape == "website_content":
        kinds = {_kind(office) for office in offices}
        return [
            Column(f"fzzfjsqkndbg_{kind}", f"法治政府建设情况年度报告（{name}）", number + n)
            for n, (kind, name) in enumerate(_THREE)
            if kind in kinds
        ]
    slug, name = _NAMES.get(shape, ("fzzfjs", "法治政府建设"))
    return [Column(slug, name, number)]


def column_of(columns: Sequence[Column], office: Office) -> Column:
    """Where a body's reports are listed."""
    by_kind = [column for column in columns if column.slug.endswith(f"_{_kind(office)}")]
    return by_kind[0] if by_kind else columns[0 if office.body is GOVERNMENT else -1]


def with_unit(column: Column, office: Office) -> Column:
    """The column as an address spells it that has the department's code in it."""
    tens, ones = divmod(office.index, len(_UNIT_LETTERS))
    return replace(column, unit=f"J{_UNIT_LETTERS[ones]}{tens}")


def _kind(office: Office) -> str:
    if office.body is GOVERNMENT:
        return "qzf"
    return "zjd" if office.body is STREET else "wbj"
