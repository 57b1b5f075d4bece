"""`nianbao releases`: list, show, verify, diff, rollback, gc."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from nianbao.cli.common import JSON, Examples, leave, settings_or_exit


@click.group("releases")
def releases() -> None:
    """Look at what was published, verify it, go back, clear away what nobody needs.

    RELEASE is an id, the beginning of one, or `current` or `previous`.
    """


@releases.command("list", cls=Examples, examples=("nianbao releases list", "nianbao releases list --json"))
@JSON
def list_(as_json: bool) -> None:
    """List the releases, newest first."""
    from nianbao.commands import releases as command

    leave(command.listed(settings_or_exit(), as_json, sys.stdout, sys.stderr))


@releases.command(
    cls=Examples, examples=("nianbao releases show", "nianbao releases show 20260301 --json | jq .inputs")
)
@click.argument("release", default="current")
@JSON
def show(release: str, as_json: bool) -> None:
    """Show what a release was made from and what it holds; with --json its manifest."""
    from nianbao.commands import releases as command

    leave(command.show(settings_or_exit(), release, as_json, sys.stdout, sys.stderr))


@releases.command(
    cls=Examples, examples=("nianbao releases verify", "nianbao releases verify current --json")
)
@click.argument("release", default="")
@JSON
def verify(release: str, as_json: bool) -> None:
    """Compare every file of a release, or of all, with its hash, and count its rows. Exits with 1 on damage."""
    from nianbao.commands import releases as command

    leave(command.verified(settings_or_exit(), release, as_json, sys.stdout, sys.stderr))


@releases.command(
    cls=Examples,
    examples=(
        "nianbao releases diff previous current",
        "nianbao releases diff 20260301 20260302 --mart fct_indicator_yoy",
        "nianbao releases diff previous current --rows changes.parquet",
    ),
)
@click.argument("former")
@click.argument("later")
@click.option("--mart", default="", help="Show the rows of this mart that differ.")
@click.option(
    "--rows",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT",
    help="Write every row that differs to a Parquet file: mart, key, change, fields, cause, reports.",
)
@JSON
def diff(former: str, later: str, mart: str, rows: Path | None, as_json: bool) -> None:
    """Say which rows of each mart were added, changed or are gone between two releases, and why."""
    from nianbao.commands import releases as command

    leave(command.differing(settings_or_exit(), former, later, mart, rows, as_json, sys.stdout, sys.stderr))


@releases.command(cls=Examples, examples=("nianbao releases rollback previous",))
@click.argument("release")
@JSON
def rollback(release: str, as_json: bool) -> None:
    """Make an earlier release the current one. Readers who hold the other one keep it.

    A refresh that would only make the same release again publishes nothing; one with anything new does.
    """
    from nianbao.commands import releases as command

    leave(command.rolled_back(settings_or_exit(), release, as_json, sys.stdout, sys.stderr))


@releases.command(
    cls=Examples,
    examples=("nianbao releases gc --dry-run", "NIANBAO_KEEP_RELEASES=7 nianbao releases gc"),
)
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@JSON
def gc(dry_run: bool, as_json: bool) -> None:
    """Remove releases past retention, and what killed runs left behind. Never the current one, nor one in use."""
    from nianbao.commands import releases as command

    leave(command.collected(settings_or_exit(), dry_run, as_json, sys.stdout, sys.stderr))
