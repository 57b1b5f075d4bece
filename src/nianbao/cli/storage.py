"""`nianbao storage`: push, pull, verify."""

from __future__ import annotations

import sys

import click

from nianbao.cli.common import Examples, leave, settings_or_exit


@click.group("storage")
def storage() -> None:
    """Archive, lake and releases at the address that NIANBAO_STORAGE names.

    Every refresh fetches at its beginning what other homes stored there, and stores at its end what is new; these
    commands do the same by hand.
    """


@storage.command(cls=Examples, examples=("nianbao storage push",))
def push() -> None:
    """Store what the storage lacks, and make this home's current release the newest one there."""
    from nianbao.commands import storage as command

    leave(command.pushed(settings_or_exit(), sys.stdout, sys.stderr))


@storage.command(cls=Examples, examples=("NIANBAO_STORAGE=s3://reports/nianbao nianbao storage pull",))
def pull() -> None:
    """Fetch what this home lacks: an empty one gets all of the archive, the lake, and the newest release."""
    from nianbao.commands import storage as command

    leave(command.pulled(settings_or_exit(), sys.stdout, sys.stderr))


@storage.command(cls=Examples, examples=("nianbao storage verify",))
def verify() -> None:
    """Read all that is stored and compare it with its hashes. Exits with 1 on damage."""
    from nianbao.commands import storage as command

    leave(command.verified(settings_or_exit(), sys.stdout, sys.stderr))
