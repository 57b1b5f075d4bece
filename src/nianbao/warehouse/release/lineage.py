"""The way back from a row of a release: row → figures → sentence → section → edition → report → capture.

A key names a figure (`<edition>:<start>-<end>`), an indicator's cell (`issuer/indicator/year`, with `/scope` if not own)
or any row: `mart:value/value…` in the order of the mart's key, or `mart:{"column": value}`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from nianbao.warehouse.release.store import Release, ReleaseError
from nianbao.warehouse.release.texts import text_of

Row = dict[str, Any]
_FIGURE = re.compile(r"[0-9A-Za-z]{1,64}:\d{1,9}-\d{1,9}")
_CELL = re.compile(
    r"(?P<issuer>[^/:]{1,200})/(?P<indicator>[^/:]{1,100})/(?P<year>\d{4})(?:/(?P<scope>[a-z]{1,20}))?"
)
_AROUND = 60  # characters shown on each side of a span that has no sentence of its own
# The chosen one is among them, and it is the one that the row's value comes from.
_NOT_INPUTS = {"candidate_figure_ids"}


@dataclass(frozen=True, slots=True)
class Origin:
    """One thing that a row comes from. role: the column that leads there. Each step is a row of its mart, or empty.

    sentence: the words before the span, the span, the words after it. section: headings from the outermost inwards.
    """

    role: str
    figure: Row
    sentence: tuple[str, str, str]
    section: tuple[str, ...]
    edition: Row
    report: Row
    capture: Row


@dataclass(frozen=True, slots=True)
class Trace:
    """A row with all that it comes from."""

    mart: str
    row: Row
    origins: tuple[Origin, ...]


def trace(connection: duckdb.DuckDBPyConnection, release: Release, key: str) -> Trace:
    """The way back from the row that a key names. Raises ReleaseError if there is no such row."""
    if "fct_edition" not in release.row_counts:
        raise ReleaseError(
            f"{release.release_id} was made before releases held their editions; choose a newer one, or refresh"
        )
    mart, wanted = _parsed(release, key)
    rows = _rows(connection, mart, wanted)
    if not rows:
        named = ", ".join(f"{column} = {value}" for column, value in wanted.items())
        raise ReleaseError(f"{mart} of {release.release_id} has no row with {named}")
    return Trace(mart, rows[0], tuple(_Way(connection, release).origins(mart, rows[0])))


def _parsed(release: Release, key: str) -> tuple[str, Mapping[str, Any]]:
    if _FIGURE.fullmatch(key):
        return "fct_figure", {"figure_id": key}
    cell = _CELL.fullmatch(key)
    if cell:
        values = (cell["issuer"], cell["indicator"], int(cell["year"]), cell["scope"] or "own")
        return "fct_indicator_yoy", dict(
            zip(("issuer_id", "indicator_id", "fact_year", "scope"), values, strict=True)
        )
    mart, _, rest = key.partition(":")
    columns = release.marts.get(mart, {}).get("key", [])
    if not rest or not columns:
        raise ReleaseError(
            f"'{key}' is no figure id, no issuer/indicator/year, and no mart:key; `nianbao releases show` lists the marts"
            " with their keys"
        )
    if rest.startswith("{"):
        return mart, _named(mart, columns, rest)
    values_given = rest.split("/") if len(columns) > 1 else [rest]
    if len(values_given) != len(columns):
        raise ReleaseError(
            f"the key of {mart} is {', '.join(columns)}; write {mart}:{'/'.join(columns)}, or {mart}:"
            + "{…} as JSON where a value holds a slash"
        )
    return mart, dict(zip(columns, values_given, strict=True))


def _named(mart: str, columns: Sequence[str], text: str) -> Mapping[str, Any]:
    try:
        wanted = json.loads(text)
    except ValueError as error:
        raise ReleaseError(f"the key of {mart} is no JSON ({error})") from error
    if set(wanted) != set(columns):
        raise ReleaseError(f"the key of {mart} is {', '.join(columns)}")
    return {column: wanted[column] for column in columns}


def _rows(connection: duckdb.DuckDBPyConnection, table: str, wanted: Mapping[str, Any]) -> list[Row]:
    """Rows of a mart, or of another table given with its schema, whose columns read as wanted."""
    name = table if "." in table else f'main."{table}"'
    where = " and ".join(
        f'"{column}" is null' if value is None else f'"{column}"::varchar = ?'
        for column, value in wanted.items()
    )
    cursor = connection.execute(
        f"select * from {name} where {where} limit 20", [str(v) for v in wanted.values() if v is not None]
    )
    columns = [column[0] for column in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


class _Way:
    """Follows the links of rows within one release."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, release: Release) -> None:
        self._connection = connection
        self._release = release

    def origins(self, mart: str, row: Row) -> list[Origin]:
        """What a row comes from: its figures, else its piece of an edition, else its editions or reports."""
        if mart == "fct_figure":
            return [self._figure("figure_id", row)]
        figures = [
            (role, figure)
            for role, figure_id in _figure_ids(row)
            for figure in self._find("fct_figure", figure_id=figure_id)
        ]
        if figures:
            return [self._figure(role, figure) for role, figure in figures]
        if row.get("start_offset") is not None:
            return [self._piece("edition_id", row)]
        pieces = self._computed_from(row)
        if pieces:
            return pieces
        return self._editions(row)

    def _computed_from(self, row: Row) -> list[Origin]:
        """Of rows that name no figure: the cell that they are about, or the citations that they count."""
        cell = ("issuer_id", "indicator_id", "fact_year", "scope")
        if all(column in row for column in cell):
            found = self._find("fct_indicator_year", **{column: row[column] for column in cell})
            return [origin for each in found for origin in self.origins("fct_indicator_year", each)]
        if "instrument" in row:
            wanted = {column: row[column] for column in ("instrument", "region_code", "report_year")}
            return [
                self._piece("instrument", each)
                for each in self._find("fct_reference", **wanted, is_current="true")
            ]
        return []

    def _editions(self, row: Row) -> list[Origin]:
        columns = [name for name in row if name == "edition_id" or name.endswith("_edition_id")]
        found = [(name, row[name]) for name in columns if row[name]]
        if not found:
            reports = [name for name in row if name == "report_id" or name.endswith("_report_id")]
            found = [
                (name, report["edition_id"])
                for name in reports
                if row[name]
                for report in self._find("fct_report", report_id=row[name])
            ]
        return [self._origin(role, edition_id) for role, edition_id in found]

    def _figure(self, role: str, figure: Row) -> Origin:
        sentence, text = figure["sentence"], self._text(figure["edition_id"])
        start, end = figure["start_offset"], figure["end_offset"]
        # The sentence may hold the same words twice: where it stands in the text says which are meant.
        place = text.find(sentence, max(0, start - len(sentence)), end + len(sentence)) if text else -1
        first = start - place if place >= 0 else sentence.find(figure["text"])
        last = first + end - start
        marked = (
            (sentence[:first], sentence[first:last], sentence[last:]) if first >= 0 else (sentence, "", "")
        )
        return self._origin(role, figure["edition_id"], figure, marked, start)

    def _piece(self, role: str, piece: Row) -> Origin:
        text, start, end = self._text(piece["edition_id"]), piece["start_offset"], piece["end_offset"]
        marked = (text[max(0, start - _AROUND) : start], text[start:end], text[end : end + _AROUND])
        return self._origin(role, piece["edition_id"], {}, marked, start)

    def _origin(
        self,
        role: str,
        edition_id: str,
        figure: Row | None = None,
        sentence: tuple[str, str, str] = ("", "", ""),
        start: int | None = None,
    ) -> Origin:
        edition = next(iter(self._find("fct_edition", edition_id=edition_id)), {})
        report = next(iter(self._find("fct_report", report_id=edition.get("report_id"))), {})
        capture = next(iter(self._find("raw.capture", capture_id=edition.get("capture_id"))), {})
        section = self._headings(edition_id, start) if start is not None else ()
        return Origin(role, figure or {}, sentence, section, edition, report, capture)

    def _headings(self, edition_id: str, start: int) -> tuple[str, ...]:
        rows = self._connection.execute(
            "select heading from main.fct_section where edition_id = ? and start_offset <= ? and ? < body_end_offset"
            " order by level, ordinal",
            [edition_id, start, start],
        ).fetchall()
        return tuple(str(row[0]) for row in rows)

    def _text(self, edition_id: str) -> str:
        return text_of(self._connection, self._release, edition_id)

    def _find(self, table: str, **wanted: Any) -> list[Row]:
        return _rows(self._connection, table, wanted)


def _figure_ids(row: Row) -> list[tuple[str, str]]:
    """The figures that a row's columns name, each once, with the column that names it first."""
    found: dict[str, str] = {}
    for column, value in row.items():
        if column.endswith("figure_id") and value:
            found.setdefault(value, column)
        elif column.endswith("figure_ids") and column not in _NOT_INPUTS:
            for each in value or ():
                found.setdefault(each, column)
    return [(column, figure_id) for figure_id, column in found.items()]
