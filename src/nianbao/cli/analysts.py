"""`nianbao sql`, `export`, `cite`: for those who work with what is published."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from nianbao.cli.common import JSON, Examples, leave, settings_or_exit

RELEASE = click.option(
    "--release",
    "release_name",
    default="current",
    show_default=True,
    help="An id, the beginning of one, or `previous`.",
)
OUTPUT = click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="PATH", help="Write to this file instead."
)
FORCE = click.option("--force", is_flag=True, help="Replace what has this name.")


@click.command(
    cls=Examples,
    examples=(
        'nianbao sql "select issuer_name, report_year, n_figures from reports order by all"',
        'nianbao sql "from changes" --format csv > changes.csv',
        'nianbao sql "from figures" -o figures.parquet',
        'nianbao sql --known-on 2026-03-31 "select report_id, title from fct_report"',
        'nianbao sql --release previous --json "from coverage"',
        "nianbao sql                 (without a query: lists the tables)",
        "nianbao sql -i              (asks for queries, until Ctrl-D)",
    ),
)
@click.argument("query", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "parquet"]),
    help="Default: table, or what the name of the file says.",
)
@RELEASE
@click.option(
    "--known-on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Show the editions known on that day: fct_report, fct_edition and the pieces of editions.",
)
@click.option("-i", "--interactive", is_flag=True, help="Ask for queries, with completion and history.")
@click.option(
    "--safe",
    is_flag=True,
    help="In CSV, put an apostrophe before texts that a spreadsheet takes for formulas.",
)
@OUTPUT
@FORCE
@JSON
def sql(
    query: str | None,
    form: Any,
    release_name: str,
    known_on: datetime | None,
    interactive: bool,
    safe: bool,
    output: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Query a release, read-only. Besides its tables there is edition_text, the full text of each edition."""
    from nianbao.commands import sql as command

    day = known_on.date() if known_on else None
    if interactive:
        if query or form or output or as_json:
            raise click.UsageError(
                "-i asks for queries and shows tables; give nothing else than a release or a day"
            )
        leave(command.interact(settings_or_exit(), release_name, day, sys.stderr))
    told = output.suffix.removeprefix(".").lower() if output else ""
    chosen = "json" if as_json else form or (told if told in ("csv", "json", "parquet") else "table")
    wish = command.Wish(chosen, output, force, safe, day)
    leave(command.run(settings_or_exit(), query, release_name, wish, sys.stdout, sys.stderr))


@click.command(
    cls=Examples,
    examples=(
        "nianbao export indicator_values --region 990101 --years 2021-2024 -o values.xlsx",
        "nianbao export changes --indicator admin_reconsideration_cases -o changes.csv",
        "nianbao export --query \"select title, sentence from figures where unit = '件'\" -o cases.parquet",
        "nianbao export --whole -o releases-for-my-archive/",
        "nianbao export --whole --release 20260301 -o release.zip",
    ),
)
@click.argument("table", required=False)
@click.option("--query", help="Export the rows of this query instead of a table.")
@click.option(
    "--whole", is_flag=True, help="Export the whole release: into a folder, or a file that ends in .zip."
)
@click.option(
    "--region", "regions", multiple=True, metavar="CODE|NAME", help="Only this region and all in it."
)
@click.option("--issuer", "issuers", multiple=True, metavar="ID|NAME", help="Only this body.")
@click.option("--years", default="", metavar="YEAR|A-B", help="Only these years.")
@click.option("--indicator", "indicators", multiple=True, metavar="ID|NAME", help="Only this indicator.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "xlsx", "parquet"]),
    help="Default: what the name of the file says.",
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Of headings.")
@click.option("--no-bom", is_flag=True, help="Write CSV without the mark by which Excel knows UTF-8.")
@RELEASE
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="PATH", required=True, help="Where to write."
)
@FORCE
@JSON
def export(
    table: str | None,
    query: str | None,
    whole: bool,
    regions: tuple[str, ...],
    issuers: tuple[str, ...],
    years: str,
    indicators: tuple[str, ...],
    form: Any,
    lang: Any,
    no_bom: bool,
    release_name: str,
    output: Path,
    force: bool,
    as_json: bool,
) -> None:
    """Write a table (or view) of a release to a file, with its citation; or copy a whole release.

    Texts that a spreadsheet would take for formulas are guarded. A file appears whole or not at all, and is never
    replaced without --force. `nianbao sql` lists the tables; docs/analysts.md tells what each form holds.
    """
    from nianbao.commands import export as command
    from nianbao.export.selection import Wanted

    if [bool(table), bool(query), whole].count(True) != 1:
        raise click.UsageError("name a table, or give --query, or --whole: one of them")
    wanted = Wanted(regions, issuers, years, indicators)
    if not table and wanted != Wanted((), (), "", ()):
        raise click.UsageError("--region, --issuer, --years and --indicator narrow a table, nothing else")
    settings = settings_or_exit()
    if whole:
        leave(command.whole(settings, output, release_name, force, as_json, sys.stdout, sys.stderr))
    order = command.Order(output, table, query, wanted, form, lang, force, not no_bom)
    leave(command.table(settings, order, release_name, as_json, sys.stdout, sys.stderr))


@click.command(
    cls=Examples,
    examples=(
        "nianbao cite 3f2a…:120-125",
        "nianbao cite songxi-justice/contracts_reviewed/2024 --lang en",
        "nianbao cite current --format bibtex",
        "nianbao cite indicator_values --release 20260301 --format json",
    ),
)
@click.argument("key", metavar="FIGURE|ISSUER/INDICATOR/YEAR|TABLE|RELEASE")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "bibtex"]), default="text", show_default=True
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Of the text.")
@RELEASE
def cite(key: str, form: str, lang: Any, release_name: str) -> None:
    """Say how a figure, a table or a release is cited: in the manner of GB/T 7714, as CSL-JSON or BibTeX.

    A figure is cited with its sentence, the report, its address, and the hash of the archived copy that proves it.
    """
    from nianbao.commands import cite as command

    leave(command.run(settings_or_exit(), key, form, lang, release_name, sys.stdout, sys.stderr))
