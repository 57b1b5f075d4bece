"""`nianbao sources`: list the sources of the registry, probe an address for a new one."""

from __future__ import annotations

import sys

import click

from nianbao.cli.common import JSON, Examples, leave, settings_or_exit


@click.group("sources")
def sources() -> None:
    """Look at where reports are looked for, and find out how a new website publishes."""


@sources.command("list", cls=Examples, examples=("nianbao sources list", "nianbao sources list --json"))
@JSON
def list_(as_json: bool) -> None:
    """List the sources of the registry: family, district, who is expected, when a person last saw it work."""
    from nianbao.commands import sources as command

    leave(command.list_sources(settings_or_exit(), as_json, sys.stdout, sys.stderr))


@sources.command(
    cls=Examples,
    examples=(
        "nianbao sources probe https://www.tjjn.gov.cn/zwgk/fzzfjsndbg/fzzfjsndbgqj/",
        "nianbao sources probe 'http://127.0.0.1:8000/list?page={page}' --simulated --pages 1",
    ),
)
@click.argument("url")
@click.option(
    "--pages", type=click.IntRange(1, 20), default=2, show_default=True, help="Pages of the listing to read."
)
@click.option("--simulated", is_flag=True, help="The site may lie on a loopback or private address.")
@click.option(
    "--article",
    default="",
    metavar="ADDRESS",
    help="Where the text of an article is, with {id}, for a list whose entries have ids and no addresses.",
)
@JSON
def probe(url: str, pages: int, simulated: bool, article: str, as_json: bool) -> None:
    """Look at a listing: which family of sites it is, what would be fetched, and the YAML to add.

    Nothing is archived; robots.txt is obeyed. Exits with 1 when the address gives nothing to fetch.
    """
    from nianbao.commands import sources as command

    leave(command.probe(settings_or_exit(), url, pages, simulated, as_json, sys.stdout, sys.stderr, article))
