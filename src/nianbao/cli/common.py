"""What the commands of all groups share: settings or a sentence, progress on stderr, examples at the end of the help."""

from __future__ import annotations

import logging
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from nianbao.settings import Settings

WRONG_USE = 2

JSON = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON for programs instead of text for people."
)


WAIT = click.option(
    "--wait",
    type=click.FloatRange(0),
    default=0,
    metavar="SECONDS",
    help="Wait for another writer of the home to end, instead of saying who it is and giving up.",
)


class Examples(click.Command):
    """A command whose examples are shown at the end of its help, one per line, as given."""

    def __init__(self, *args: Any, examples: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the examples."""
        with formatter.section("Examples"):
            for example in self._examples:
                # As given: an example that is wrapped cannot be copied.
                formatter.write(f"{'':>{formatter.current_indent}}{example}\n")


def settings_or_exit() -> Settings:
    """The settings; values that cannot be right are told, and end the command."""
    from pydantic import ValidationError

    from nianbao.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        for problem in error.errors():
            name = f"NIANBAO_{'_'.join(str(part) for part in problem['loc']).upper()}"
            click.echo(f"{name}: {problem['msg'].removeprefix('Value error, ')}", err=True)
        sys.exit(WRONG_USE)


@contextmanager
def readable(settings: Settings) -> Iterator[None]:
    """Within it, a database of the home that cannot be read is told, and ends the command with exit code 1."""
    try:
        yield
    except sqlite3.Error as error:
        from nianbao.warehouse.surroundings import surroundings

        said = surroundings(error, settings.home) or (
            f"a database in {settings.home} cannot be read ({error}); bring ledger.sqlite back from a copy"
            ' (docs/operations.md, "Backup and restore"), or set it aside: the next refresh makes a new one'
        )
        click.echo(said, err=True)
        sys.exit(1)


def show_progress() -> None:
    """Sends what stages log to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%H:%M:%S"))
    logger = logging.getLogger("nianbao")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False


def leave(code: int) -> NoReturn:
    """Ends the command with an exit code."""
    sys.stdout.flush()
    sys.exit(code)
