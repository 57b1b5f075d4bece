"""`nianbao serve`."""

from __future__ import annotations

import sys

import click

from nianbao.cli.common import Examples, leave, settings_or_exit, show_progress

_PORT = click.IntRange(1, 65535)


@click.command(
    cls=Examples,
    examples=(
        "nianbao serve",
        "nianbao serve --port 4210 --web-port 8090",
        "NIANBAO_PREFECT_DATABASE=postgresql://nianbao@localhost/prefect nianbao serve",
        "PREFECT_API_URL=http://127.0.0.1:4200/api nianbao serve   # with a Prefect server that runs already",
        "nianbao serve --no-schedule                               # releases, status and metrics only",
    ),
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where both sides listen."
)
@click.option("--port", type=_PORT, default=4200, show_default=True, help="Of the Prefect server.")
@click.option("--web-port", type=_PORT, default=8080, show_default=True, help="Of the web side.")
@click.option(
    "--no-schedule",
    is_flag=True,
    help="Start no Prefect server and no refreshes: only the web side and the look after alerts.",
)
def serve(host: str, port: int, web_port: int, no_schedule: bool) -> None:
    """Refresh every night, show releases and status, tell when something is wrong: until Ctrl-C or SIGTERM.

    Nobody is asked who they are; docs/deployment.md shows how to put authentication in front.
    """
    settings = settings_or_exit()
    show_progress()
    from nianbao.commands import serve as command
    from nianbao.commands.serve_places import Places

    places = Places(host, port, web_port)
    leave(command.run(settings, places, not no_schedule, sys.stdout, sys.stderr))
