"""`nianbao sql -i`: asks for queries on one release, with completion, history and a pager."""

from __future__ import annotations

import io
import os
import re
import shutil
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import click
import duckdb
from prompt_toolkit import PromptSession, print_formatted_text
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.lexers import PygmentsLexer
from pygments.lexers.sql import SqlLexer
from rich.cells import cell_len

from nianbao.commands.querying import explained, list_tables, reading
from nianbao.commands.tables import print_table
from nianbao.warehouse.release import Release, ReleaseError

_MOST_ROWS = 1_000
_PATIENCE = 0.2  # seconds after which it looks whether Ctrl-C was pressed
_HELP = """A query ends with ; and may have several lines.
  \\d         the tables and views
  \\d NAME    the columns of one, and what they mean
  \\x         rows one below the other, or side by side again
  \\?         this help
  \\q         leave (or Ctrl-D)
Tab completes tables, columns and keywords; the arrow keys go through what was asked before."""
_WORD = re.compile(r"[\w.]*$")
_BEFORE_TABLE = re.compile(r"\b(?:from|join|describe|summarize|\\d)\s+[\w.]*$", re.IGNORECASE)


def history_file() -> Path:
    """Where the queries asked so far are kept: in the user's folder for state."""
    state = os.environ.get("XDG_STATE_HOME", "")
    folder = Path(state) if state.startswith("/") else Path.home() / ".local" / "state"
    return folder / "nianbao" / "sql_history"


class Shell:
    """Asks for queries on a release that was opened for reading, until it is told to leave."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, release: Release, known_on: date | None = None
    ) -> None:
        self._connection = connection
        self._release = release
        self._known_on = known_on
        self._expanded = False

    def run(self) -> None:
        """Asks and answers. A mistake gets a sentence, Ctrl-C drops what is written or running, Ctrl-D leaves."""
        session: PromptSession[str] = PromptSession(
            history=_history(),
            completer=Names(self._connection),
            lexer=PygmentsLexer(SqlLexer),
            multiline=Condition(lambda: not _is_whole(session.default_buffer.text)),
            prompt_continuation="    … ",
            enable_history_search=True,
        )
        day = f", as known on {self._known_on}" if self._known_on else ""
        print_formatted_text(f"Release {self._release.release_id}{day}; read-only. \\? helps, Ctrl-D leaves.")
        while True:
            try:
                text = session.prompt("nianbao> ").strip()
            except KeyboardInterrupt:
                continue
            except EOFError:
                return
            if text in ("\\q", "exit", "quit", "exit;", "quit;"):
                return
            if text.strip(";"):
                self._show(text)

    def _show(self, text: str) -> None:
        try:
            shown = self._answer(text)
        except (duckdb.InterruptException, KeyboardInterrupt):
            shown = "interrupted"
        except duckdb.Error as error:
            shown = explained(self._connection, error, self._known_on)
        except ReleaseError as error:
            shown = str(error)
        _page(shown)

    def _answer(self, text: str) -> str:
        name, _, rest = text.partition(" ")
        if name == "\\d":
            return self._described(rest.strip(" ;")) if rest.strip(" ;") else self._tables()
        if name == "\\x":
            self._expanded = not self._expanded
            return "rows one below the other" if self._expanded else "rows side by side"
        if name.startswith("\\"):
            return _HELP
        with closing(self._connection.cursor()) as cursor:
            columns, rows = _interruptible(cursor, reading(self._connection, text))
        more = len(rows) > _MOST_ROWS
        told = (
            f"the first {_MOST_ROWS:,} rows; `nianbao sql QUERY -o FILE` writes all"
            if more
            else f"{len(rows):,} rows"
        )
        return f"{self._drawn(columns, rows[:_MOST_ROWS])}{told}"

    def _tables(self) -> str:
        cursor = list_tables(self._connection, self._release, self._known_on)
        return _table([str(column[0]) for column in cursor.description or ()], cursor.fetchall())

    def _described(self, table: str) -> str:
        rows = self._connection.execute(
            "select column_name, lower(data_type), coalesce(comment, '') from duckdb_columns()"
            " where table_name = $1 and not internal order by column_index",
            [table],
        ).fetchall()
        if not rows:
            return f"there is no table {table}; \\d lists those there are"
        return _table(["column", "type", "means"], rows)

    def _drawn(self, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
        if not self._expanded:
            return _table(columns, rows)
        pieces = [
            _table([f"row {number}", ""], list(zip(columns, row, strict=True)))
            for number, row in enumerate(rows, 1)
        ]
        return "".join(pieces)


class Names(Completer):
    """Completes names of tables and columns, and keywords."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        columns = connection.execute(
            "select distinct table_name, column_name from duckdb_columns()"
            " where not internal and (schema_name = 'main' or table_name = 'edition_text')"
        ).fetchall()
        keywords = connection.execute(
            "select keyword_name from duckdb_keywords() where keyword_category = 'reserved'"
        ).fetchall()
        self._tables = sorted({str(table) for table, _ in columns})
        self._words = [
            *self._tables,
            *sorted({str(column) for _, column in columns} - set(self._tables)),
            *sorted(str(row[0]) for row in keywords),
        ]

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """What the word before the cursor may go on to; after `from` and `join` only tables."""
        before = document.text_before_cursor
        found = _WORD.search(before)
        word = found[0].rpartition(".")[2].lower() if found else ""
        names = self._tables if _BEFORE_TABLE.search(before) else self._words
        for name in names:
            if word and name.lower().startswith(word) and name != word:
                yield Completion(name, start_position=-len(word))


def _interruptible(
    cursor: duckdb.DuckDBPyConnection, statement: duckdb.Statement
) -> tuple[list[str], list[tuple[object, ...]]]:
    """Columns and first rows of a statement. It runs in a thread of its own, so that Ctrl-C can reach it at any point."""

    def work() -> tuple[list[str], list[tuple[object, ...]]]:
        cursor.execute(statement)
        return [str(column[0]) for column in cursor.description or ()], cursor.fetchmany(_MOST_ROWS + 1)

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(work)
        stopped = False
        while True:
            try:
                return answer.result(timeout=_PATIENCE)
            except TimeoutError:
                # Asked to stop before it has begun, the engine forgets it: it is asked until it stops.
                if stopped:
                    cursor.interrupt()
            except KeyboardInterrupt:
                stopped = True
                cursor.interrupt()


def _history() -> History:
    path = history_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
    except OSError as error:
        print_formatted_text(f"{path} cannot be written ({error.strerror}): queries are not remembered")
        return InMemoryHistory()
    return FileHistory(str(path))


def _is_whole(text: str) -> bool:
    """Whether Enter ends the query: a command, nothing at all, or a ; that is not within quotes."""
    stripped = text.strip()
    if not stripped or stripped.startswith("\\") or stripped in ("exit", "quit"):
        return True
    return stripped.endswith(";") and stripped.count("'") % 2 == 0 and stripped.count('"') % 2 == 0


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    print_table(columns, rows, text)
    return text.getvalue()


def _page(text: str) -> None:
    """Shows a text; what is too long or wide for the terminal in the user's pager."""
    width, height = shutil.get_terminal_size()
    lines = text.splitlines()
    if len(lines) < height and all(cell_len(line) <= width for line in lines):
        click.echo(text)
        return
    os.environ.setdefault("LESS", "-FRSX")  # lines are not wrapped: the arrow keys move sideways
    click.echo_via_pager(text)
