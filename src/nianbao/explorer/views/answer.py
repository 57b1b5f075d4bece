"""What every view has: its tables, its page, and its tables to take away."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from starlette.responses import Response

from nianbao.explorer.asked import Asked
from nianbao.explorer.opened import Opened
from nianbao.explorer.table import TablePage, TableQuery, table_page
from nianbao.explorer.taken import taken


class NotThereError(Exception):
    """The release holds no such thing; the message says what was asked for."""


class View(ABC):
    """A kind of page: its tables are queries, so that the page shows a part of each and the reader may take all of it."""

    @abstractmethod
    def tables(self, asked: Asked, opened: Opened) -> Sequence[TableQuery]:
        """The tables of the page, in its order. Raises NotThereError if the release holds no such thing."""

    @abstractmethod
    def page(self, asked: Asked, opened: Opened, tables: Sequence[TablePage]) -> Response:
        """The page, given its tables' rows."""

    def answer(self, asked: Asked, opened: Opened) -> Response:
        """The page, or the table that the address asks to take away."""
        queries = self.tables(asked, opened)
        form, name = asked.text("format"), asked.text("table")
        if form:
            chosen = next((query for query in queries if query.name == name), None)
            if chosen is None:
                raise NotThereError(asked.say("本页没有名为 {name} 的表", name=name or "?"))
            return taken(asked, opened, chosen, form)
        return self.page(asked, opened, [table_page(asked, opened, query) for query in queries])
