"""`nianbao explore`."""

from __future__ import annotations

import sys

import click

from nianbao.cli.common import Examples, leave, settings_or_exit


@click.command(
    cls=Examples, examples=("nianbao explore", "nianbao explore --open", "nianbao explore --port 8090")
)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="Of the pages.")
@click.option("--open", "show", is_flag=True, help="Open the first page in the browser.")
def explore(host: str, port: int, show: bool) -> None:
    """Look at what is published: the web pages of the releases, until Ctrl-C.

    `nianbao serve` shows the same pages beside the nightly schedule. Nobody is asked who they are.
    """
    settings = settings_or_exit()
    from nianbao.commands import explore as command

    leave(command.run(settings, host, port, show, sys.stdout, sys.stderr))
