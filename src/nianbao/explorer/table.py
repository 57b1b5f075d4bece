"""Tables that readers sort, filter, page through and take away, all by the address.

A view declares a table once: a query with values bound to it, and its columns. `name.sort=-value`, `name.q=text`,
`name.page=2` and `name.<column>=value` in an address are about the table of that name; `format=csv&table=name` takes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nianbao.explorer.asked import Asked
from nianbao.explorer.opened import Opened

_MOST_CHOICES = 100


@dataclass(frozen=True, slots=True)
class Column:
    """A column. name: of the query. label: a message. shown: how a cell is drawn (see table.html), with `link` or `term`.

    choices: readers may choose one of its values. hidden: only for links and for taking away.
    """

    name: str
    label: str
    shown: str = "text"
    term: str = ""
    choices: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class TableQuery:
    """What a view declares. sql: any query, values: bound to it by name. order: columns, a minus before descending ones.

    searched: columns in which the filter of text looks. rows: on one page.
    """

    name: str
    title: str
    sql: str
    columns: Sequence[Column]
    values: Mapping[str, object] = field(default_factory=dict)
    order: Sequence[str] = ()
    searched: Sequence[str] = ()
    rows: int = 20


@dataclass(frozen=True, slots=True)
class TablePage:
    """A page of a table's rows, with all that its controls show. total: rows after filtering; page: from 1."""

    query: TableQuery
    rows: Sequence[Mapping[str, Any]]
    total: int
    page: int
    pages: int
    sort: str
    text: str
    chosen: Mapping[str, str]
    choices: Mapping[str, Sequence[str]]

    @property
    def columns(self) -> list[Column]:
        """Those that are drawn."""
        return [column for column in self.query.columns if not column.hidden]

    @property
    def own(self) -> set[str]:
        """Parameters that the controls of this table set anew."""
        return {self.key("q"), self.key("page")} | {self.key(name) for name in self.choices}

    def key(self, part: str) -> str:
        """The name of a parameter about this table."""
        return f"{self.query.name}.{part}"


def table_page(asked: Asked, opened: Opened, query: TableQuery) -> TablePage:
    """The rows of a table that an address asks for."""
    where, values, chosen = _filtered(asked, query)
    sort, order = _ordered(asked, query)
    total, choices = _counted(opened, query, where, values)
    pages = max(1, -(-total // query.rows))
    at = asked.number(f"{query.name}.page", 1, 1, pages)
    rows = opened.rows(
        f"select * from ({query.sql}) where {where}{order} limit {query.rows} offset {(at - 1) * query.rows}",
        values,
    )
    return TablePage(query, rows, total, at, pages, sort, asked.text(f"{query.name}.q"), chosen, choices)


def _counted(
    opened: Opened, query: TableQuery, where: str, values: Mapping[str, object]
) -> tuple[int, dict[str, list[str]]]:
    """How many rows there are after filtering, and what may be chosen before it; the query runs once for both."""
    names = [column.name for column in query.columns if column.choices]
    lists = "".join(f', list_sort(list(distinct "{name}")) as "{name}"' for name in names)
    counted = (
        opened.one(f"select count(*) filter (where {where}) as _n{lists} from ({query.sql})", values) or {}
    )
    return int(counted["_n"]), {
        name: [str(value) for value in counted[name] or () if value is not None][:_MOST_CHOICES]
        for name in names
    }


def whole(asked: Asked, query: TableQuery) -> tuple[str, dict[str, object]]:
    """The query and its values that give all rows of a table, filtered and ordered as the address says."""
    where, values, _ = _filtered(asked, query)
    names = ", ".join(f'"{column.name}"' for column in query.columns)
    return f"select {names} from ({query.sql}) where {where}{_ordered(asked, query)[1]}", values


def _filtered(asked: Asked, query: TableQuery) -> tuple[str, dict[str, object], dict[str, str]]:
    values: dict[str, object] = dict(query.values)
    conditions = []
    chosen = {}
    text = asked.text(f"{query.name}.q")
    if text and query.searched:
        values["searched_text"] = text
        conditions.append(
            "("
            + " or ".join(
                f'contains(lower(cast("{name}" as varchar)), lower($searched_text))'
                for name in query.searched
            )
            + ")"
        )
    for column in query.columns:
        value = asked.text(f"{query.name}.{column.name}")
        if column.choices and value:
            chosen[column.name] = value
            values[f"chosen_{column.name}"] = value
            conditions.append(f'cast("{column.name}" as varchar) = $chosen_{column.name}')
    return " and ".join(conditions) or "true", values, chosen


def _ordered(asked: Asked, query: TableQuery) -> tuple[str, str]:
    """(how it is sorted, the order clause); columns that are not of the table are no columns to sort by."""
    names = {column.name for column in query.columns}
    asked_for = asked.text(f"{query.name}.sort")
    sort = asked_for if asked_for.removeprefix("-") in names else ""
    keys = [sort, *query.order] if sort else list(query.order)
    clauses = [
        f'"{key.removeprefix("-")}" {"desc" if key.startswith("-") else "asc"} nulls last' for key in keys
    ]
    return sort or (
        query.order[0] if query.order else ""
    ), f" order by {', '.join(clauses)}" if clauses else ""
