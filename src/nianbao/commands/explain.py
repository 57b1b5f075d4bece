"""`nianbao extract --explain`: the text with what was read marked in it, and the rule behind each number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console
from rich.text import Text

from nianbao.extraction.marks import marks_of, pieces
from nianbao.extraction.rule_words import words
from nianbao.model import Figure, Rejection, Report

from .tables import print_table

_STYLES = {
    "shortcoming": "red",
    "commitment": "green",
    "heading": "bold",
    "reference": "italic blue",
    "rejected": "dim strike",
    "figure": "bold black on yellow",
}
_SMALL = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Explained:
    """One document to show: its name, text, what was read, and the numbers turned down."""

    name: str
    text: str
    report: Report
    rejections: tuple[Rejection, ...]


def print_explained(document: Explained, out: TextIO) -> None:
    """Prints what the report says about itself, the marked text, and tables of its figures and of rejected numbers.

    Without colours (piped output) marks are spelled: [figure]³, {turned down}, and headings begin with #.
    """
    console = Console(file=out, width=None if out.isatty() else 10_000, highlight=False, soft_wrap=True)
    console.print(Text(document.name, style="bold"))
    _print_metadata(document.report, out)
    console.print(_marked(document, spelled=not console.is_terminal))
    console.print()
    _print_figures(document.report, out)
    _print_rejections(document.text, document.rejections, out)


def _print_metadata(report: Report, out: TextIO) -> None:
    found = report.metadata
    rows: list[tuple[object, ...]] = [
        (
            "report",
            found.kind if found.is_report else "no annual report of a known kind",
            None,
            None,
            None,
        )
    ]
    for field in (
        *("title", "report_year", "issuer", "region", "doc_number", "signer", "signed_date"),
        *("published_date", "source", "recipient"),
    ):
        value = getattr(found, field)
        if value is None:
            continue
        evidence = found.evidence.get(field)
        where = None
        if evidence is not None:
            span = f" {evidence.start}–{evidence.end}" if evidence.start is not None else ""
            where = evidence.place + span
        rows.append(
            (
                field,
                str(value),
                where,
                evidence.rule if evidence else None,
                evidence.confidence if evidence else None,
            )
        )
    if report.missing_parts:
        rows.append(("missing parts", ", ".join(report.missing_parts), None, None, None))
    print_table(("", "value", "read in", "rule", "how sure"), rows, out)


def _marked(document: Explained, *, spelled: bool) -> Text:
    """The text with styles; numbers behind figures are those of the table below."""
    result, text = Text(), document.text
    for start, end, covering in pieces(len(text), marks_of(document.report, document.rejections)):
        style = " ".join(_STYLES[mark.kind] for mark in covering)
        before, behind = "", ""
        for mark in covering:
            if mark.kind == "figure":
                before += "[" if spelled and mark.start == start else ""
                number = str(mark.index + 1).translate(_SMALL)
                behind += ("]" if spelled else "") + number if mark.end == end else ""
            elif spelled and mark.kind == "rejected":
                before += "{" if mark.start == start else ""
                behind += "}" if mark.end == end else ""
            elif spelled and mark.kind == "heading":
                before += "# " if mark.start == start else ""
        result.append(before + _printable(text[start:end]) + behind, style=style)
    return result


def _printable(text: str) -> str:
    """Texts come from websites: what steers a terminal is shown as a blank."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)


def _print_figures(report: Report, out: TextIO) -> None:
    rows = [
        (
            number,
            figure.text,
            value_of(figure),
            figure.unit,
            figure.qualifier,
            figure.measure,
            figure.indicator,
            _place(report, figure),
            _when(figure),
            _links(figure),
            words(figure.rule),
        )
        for number, figure in enumerate(report.figures, 1)
    ]
    columns = (
        "#",
        "text",
        "value",
        "unit",
        "qualifier",
        "measure",
        "indicator",
        "section",
        "period",
        "links",
    )
    if rows:
        print_table((*columns, "accepted as"), rows, out, title=f"{len(rows)} figures")
    else:
        print("no figures", file=out)


def _print_rejections(text: str, rejections: tuple[Rejection, ...], out: TextIO) -> None:
    rows = [
        (item.text, f"{item.start}–{item.end}", _around(text, item), item.rule, words(item.rule))
        for item in rejections
    ]
    if rows:
        title = f"{len(rows)} numbers that look like figures and are none"
        print_table(("text", "at", "context", "rule", "because it"), rows, out, title=title)


def _around(text: str, item: Rejection) -> str:
    return text[max(0, item.start - 10) : item.end + 10].replace("\n", " ")


def value_of(figure: Figure) -> str:
    """5,000 or 1–2 for a range."""
    upper = f"–{figure.value_max.normalize():,f}" if figure.value_max is not None else ""
    return f"{figure.value.normalize():,f}{upper}"


def _place(report: Report, figure: Figure) -> str | None:
    if figure.section is None:
        return None
    section = report.sections[figure.section]
    return f"{section.kind}{'/' + section.subkind if section.subkind else ''} · {figure.scope}"


def _when(figure: Figure) -> str | None:
    said = [figure.period_text or "", str(figure.fact_year or ""), "target" if figure.is_target else ""]
    return " · ".join(part for part in said if part) or None


def _links(figure: Figure) -> str | None:
    links: Mapping[str, int | None] = {
        "part of": figure.parent,
        "rate of": figure.rate_of,
        figure.direction or "change": figure.yoy_of,
    }
    said = [f"{name} {index + 1}" for name, index in links.items() if index is not None]
    if figure.direction and figure.yoy_of is None:
        said.append(figure.direction)
    return ", ".join(said) or None
