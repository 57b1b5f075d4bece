"""Tables in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], out: TextIO, title: str = ""
) -> None:
    """Prints rows under their headings; numbers to the right, nulls as a dash. Piped output is not cut to a width."""
    table = Table(
        box=SIMPLE_HEAD, title=title or None, title_justify="left", title_style="bold", pad_edge=False
    )
    content = [list(row) for row in rows]
    for index, column in enumerate(columns):
        numeric = any(isinstance(row[index], int | float | Decimal) for row in content)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in content:
        # Texts come from websites: they are shown, never interpreted as markup.
        table.add_row(*(Text(_shown(value)) for value in row))
    console = Console(file=out, width=None if out.isatty() else 10_000, highlight=False)
    console.print(table)


def _shown(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    if isinstance(value, float):
        return f"{value:,.6g}"
    return "".join(c if c.isprintable() else " " for c in str(value))
