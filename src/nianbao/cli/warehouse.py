"""`nianbao warehouse`: list, attach, share."""

from __future__ import annotations

import sys

import click

from nianbao.cli.common import JSON, Examples, leave, settings_or_exit


@click.group("warehouse")
def warehouse() -> None:
    """Look at the warehouse on DuckLake that NIANBAO_WAREHOUSE names, and reach it as an analyst.

    Without that setting the warehouse is a DuckDB file in each release.
    """


@warehouse.command("list", cls=Examples, examples=("nianbao warehouse list", "nianbao warehouse list --json"))
@JSON
def list_(as_json: bool) -> None:
    """List the releases that it holds, newest first, with their snapshots."""
    from nianbao.commands import warehouse as command

    leave(command.listed(settings_or_exit(), as_json, sys.stdout, sys.stderr))


@warehouse.command(
    cls=Examples, examples=("nianbao warehouse attach", "nianbao warehouse attach 20260301 > attach.sql")
)
@click.argument("release", default="current")
def attach(release: str) -> None:
    """Print the SQL by which any DuckDB reads a release there."""
    from nianbao.commands import warehouse as command

    leave(command.attachment(settings_or_exit(), release, sys.stdout, sys.stderr))


@warehouse.command(cls=Examples, examples=("nianbao warehouse share",))
def share() -> None:
    """Make the current release of this home the newest one there, as each refresh does at its end."""
    from nianbao.commands import warehouse as command

    leave(command.shared(settings_or_exit(), sys.stdout, sys.stderr))
