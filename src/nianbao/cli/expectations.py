"""`nianbao expectations`: what the gate expects, learned from the home's own releases."""

from __future__ import annotations

import sys

import click

from nianbao.cli.common import JSON, Examples, leave, settings_or_exit


@click.group("expectations")
def expectations() -> None:
    """Look at what the gate expects of a candidate."""


@expectations.command(
    cls=Examples,
    examples=("nianbao expectations suggest", "nianbao expectations suggest --write"),
)
@click.option(
    "--write", is_flag=True, help="Keep the suggested bands in the home, for the refreshes to come."
)
@JSON
def suggest(write: bool, as_json: bool) -> None:
    """Suggest bands for measures and yearly changes from the releases that are kept, and name idle checks.

    Exits with 1 when there is no release to learn from.
    """
    from nianbao.commands import expectations as command

    leave(command.suggest(settings_or_exit(), write, as_json, sys.stdout, sys.stderr))
