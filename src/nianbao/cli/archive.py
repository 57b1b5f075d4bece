"""`nianbao archive`: verify, rebuild, list, show."""

from __future__ import annotations

import sys

import click

from nianbao.cli.common import JSON, Examples, leave, settings_or_exit, show_progress


@click.group("archive")
def archive() -> None:
    """Look into the archive: list and show what it holds, verify it, make its index anew."""


@archive.command(
    cls=Examples,
    examples=("nianbao archive verify", "nianbao archive verify --segment 20260301T023000Z-putuo --json"),
)
@click.option("--segment", metavar="NAME", help="Only this segment.")
@JSON
def verify(segment: str | None, as_json: bool) -> None:
    """Read every record and compare digests, CDXJ files and the index. Exits with 1 on damage."""
    from nianbao.commands import archive as command

    leave(command.verify(settings_or_exit(), segment, as_json, sys.stdout, sys.stderr))


@archive.command(cls=Examples, examples=("nianbao archive rebuild",))
@JSON
def rebuild(as_json: bool) -> None:
    """Make the index, and each CDXJ that is missing or wrong, anew from the segments."""
    from nianbao.commands import archive as command

    show_progress()
    leave(command.rebuild(settings_or_exit(), as_json, sys.stdout, sys.stderr))


@archive.command(
    "list",
    cls=Examples,
    examples=("nianbao archive list https://www.shpt.gov.cn/", "nianbao archive list --limit 0 --json"),
)
@click.argument("prefix", default="", metavar="[URL-PREFIX]")
@click.option(
    "--limit", type=click.IntRange(min=0), default=200, show_default=True, help="Captures shown; 0 for all."
)
@JSON
def list_(prefix: str, limit: int, as_json: bool) -> None:
    """List the captures of the addresses that begin with a prefix."""
    from nianbao.commands import archive as command

    leave(command.list_captures(settings_or_exit(), prefix, limit, as_json, sys.stdout, sys.stderr))


@archive.command(
    cls=Examples,
    examples=(
        "nianbao archive show https://www.shpt.gov.cn/fz/t1.html > t1.html",
        "nianbao archive show urn:uuid:8f2c… --headers",
    ),
)
@click.argument("wanted", metavar="CAPTURE_ID|URL")
@click.option("--headers", is_flag=True, help="The record's fields and HTTP headers instead of the body.")
@JSON
def show(wanted: str, headers: bool, as_json: bool) -> None:
    """Write the body of a capture, or of the newest capture of an address, to the output."""
    from nianbao.commands import archive as command

    leave(
        command.show(settings_or_exit(), wanted, headers, as_json, sys.stdout, sys.stdout.buffer, sys.stderr)
    )
