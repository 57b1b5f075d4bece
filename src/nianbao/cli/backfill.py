"""`nianbao backfill`: sources that were added later are read to their end, in batches beside the nightly refresh."""

from __future__ import annotations

import sys

import click

from nianbao.cli.common import JSON, Examples, leave, readable, settings_or_exit, show_progress


@click.command(
    cls=Examples,
    examples=(
        "nianbao backfill",
        "nianbao backfill --only district=普陀区 --years 2019-2022",
        "nianbao backfill --batch 50 --batches 10",
        "nianbao backfill --status",
    ),
)
@click.option(
    "--only",
    multiple=True,
    metavar="WAY=NAME",
    help="Read only these: district=NAME or CODE, issuer=ID, source=ID; may be given several times.",
)
@click.option("--kind", default="", metavar="ID", help="Read only sources of this kind of report.")
@click.option(
    "--years",
    default="",
    metavar="YEARS",
    help="Leave pages whose link names other years, such as 2019-2022. The sources stay unexplored until a "
    "night, or a backfill without --years, has read the rest.",
)
@click.option("--again", is_flag=True, help="Read also sources that were read to their end before.")
@click.option(
    "--batch",
    type=click.IntRange(5),
    default=200,
    show_default=True,
    help="Requests to each host before the lock is given back.",
)
@click.option(
    "--batches",
    type=click.IntRange(1),
    default=None,
    help="Batches at most; the next backfill goes on.  [default: as many as it takes]",
)
@click.option(
    "--publish/--no-publish",
    default=True,
    show_default=True,
    help="Publish at the end, or leave that to the next refresh.",
)
@click.option(
    "--wait",
    type=click.FloatRange(0),
    default=6 * 3600,
    show_default=True,
    metavar="SECONDS",
    help="Wait so long for another writer of the home, before each batch.",
)
@click.option("--status", is_flag=True, help="Only say what is left to read.")
@JSON
def backfill(
    only: tuple[str, ...],
    kind: str,
    years: str,
    again: bool,
    batch: int,
    batches: int | None,
    publish: bool,
    wait: float,
    status: bool,
    as_json: bool,
) -> None:
    """Read the sources to their end that never were: those of districts and bodies that were added later.

    It works in batches, between which a refresh that waits comes in. Until a source is read to its end, the years of its
    issuers that are not in are `unexplored` in fct_coverage, not missing. A backfill that is killed goes on where it was.
    """
    settings = settings_or_exit()
    from nianbao.commands import backfill as command

    if status:
        with readable(settings):
            leave(command.status(settings, {"only": only, "kind": kind}, as_json, sys.stdout, sys.stderr))
    show_progress()
    parameters = {
        "only": only,
        "kind": kind,
        "years": years,
        "again": again,
        "batch": batch,
        "batches": batches or 0,
        "publish": publish,
        "wait": wait,
    }
    with readable(settings):
        leave(command.run(settings, parameters, as_json, sys.stdout, sys.stderr))
