"""`nianbao search`."""

from __future__ import annotations

import sys

import click

from nianbao.cli.common import JSON, Examples, leave, settings_or_exit


@click.command(
    "search",
    cls=Examples,
    examples=(
        "nianbao search 行政复议 应诉",
        """nianbao search '"重大行政决策" -听证' --region 31 --since 2021""",
        "nianbao search 信访 --kind figure --indicator petitions --json",
        "nianbao search --release previous 依法治区 --section plan --limit 50",
    ),
)
@click.argument("words", nargs=-1, required=True, metavar="QUERY…")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="KIND",
    help="Only these hits: report, section, figure, reference; may be given several times, as all filters.",
)
@click.option(
    "--region", "regions", multiple=True, metavar="CODE", help="Only this region, or what lies in it."
)
@click.option("--issuer", "issuers", multiple=True, metavar="ID", help="Only reports of this issuer.")
@click.option("--since", type=int, metavar="YEAR", help="Only reports on this year or later ones.")
@click.option("--until", type=int, metavar="YEAR", help="Only reports on this year or earlier ones.")
@click.option("--section", "sections", multiple=True, metavar="KIND", help="Only in sections of this kind.")
@click.option(
    "--indicator", "indicators", multiple=True, metavar="ID", help="Only figures of this indicator."
)
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="Hits shown.")
@click.option("--offset", type=click.IntRange(0), default=0, help="Hits left out before those.")
@click.option(
    "--release",
    "release_name",
    default="current",
    show_default=True,
    help="An id, the beginning of one, or `previous`.",
)
@JSON
def search(
    words: tuple[str, ...],
    kinds: tuple[str, ...],
    regions: tuple[str, ...],
    issuers: tuple[str, ...],
    since: int | None,
    until: int | None,
    sections: tuple[str, ...],
    indicators: tuple[str, ...],
    limit: int,
    offset: int,
    release_name: str,
    as_json: bool,
) -> None:
    """Search the texts of a release: reports, sections, figures, references.

    Words with blanks between them must all stand in a hit, each as it is written; "…" keeps words with blanks in them
    together; -word leaves out hits with it (quote the whole query, or write -- before it).
    """
    from nianbao.commands import search as command

    filters = {
        "kinds": kinds,
        "regions": regions,
        "issuers": issuers,
        "years": (since, until),
        "sections": sections,
        "indicators": indicators,
        "limit": limit,
        "offset": offset,
    }
    settings = settings_or_exit()
    leave(command.run(settings, " ".join(words), filters, release_name, as_json, sys.stdout, sys.stderr))
