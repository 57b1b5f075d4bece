"""`nianbao alerts`: list, look, test."""

from __future__ import annotations

import sys

import click

from nianbao.cli.common import JSON, Examples, leave, settings_or_exit


@click.group(invoke_without_command=True)
@JSON
@click.pass_context
def alerts(context: click.Context, as_json: bool) -> None:
    """Show which alerts are open and which were resolved last; look after them now; test the channels.

    Times are those of China. docs/alerts.md tells what is an alert and how channels are set.
    """
    if context.invoked_subcommand is None:
        from nianbao.commands import alerts as command

        leave(command.alerts(settings_or_exit(), as_json, sys.stdout, sys.stderr))


@alerts.command(cls=Examples, examples=("nianbao alerts look",))
def look() -> None:
    """Look at the home now, and tell what became wrong and what is well again.

    For a timer: it needs no Prefect server and no refresh to run. Exits with 1 if a channel did not take it.
    """
    from nianbao.commands import alerts as command

    leave(command.look(settings_or_exit(), sys.stdout, sys.stderr))


@alerts.command("test", cls=Examples, examples=("nianbao alerts test",))
def try_out() -> None:
    """Send a test to every channel, and say which took it."""
    from nianbao.commands import alerts as command

    leave(command.try_out(settings_or_exit(), sys.stdout, sys.stderr))
