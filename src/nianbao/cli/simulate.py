"""`nianbao simulate`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from nianbao.cli.common import Examples, settings_or_exit


@click.command(
    cls=Examples,
    context_settings={"ignore_unknown_options": True},
    examples=(
        "nianbao simulate -- nianbao refresh",
        "nianbao simulate --port 8010                    (serves until Ctrl-C)",
        "nianbao simulate --later edited,withdrawn,late -- nianbao refresh",
        "nianbao simulate --districts 20 --issuers 6 --years 2020-2024 --formats all --quirks -- nianbao refresh",
        "nianbao simulate --districts 8 --faults 50 --truth truth.json -- nianbao refresh",
        "nianbao simulate --hazards -- nianbao refresh",
        "nianbao simulate --pages my-pages -- nianbao refresh",
        "nianbao simulate --truth truth.json -- true",
    ),
)
@click.option(
    "--districts", type=int, default=3, show_default=True, help="How many districts, each a website."
)
@click.option(
    "--issuers", type=int, default=4, show_default=True, help="How many bodies report per district."
)
@click.option("--years", default="", help="Report years: 2020-2024 or 2022,2024.  [default: 2021-2024]")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, another world.")
@click.option(
    "--formats",
    type=click.Choice(["plain", "all"]),
    default="plain",
    show_default=True,
    help="plain: HTML, PDF, DOCX. all: also DOC, WPS, OFD, spreadsheets, other encodings and wrong labels.",
)
@click.option(
    "--scans", is_flag=True, help="All formats and scanned PDFs; needs a font with Chinese characters."
)
@click.option(
    "--quirks", is_flag=True, help="Sites with manners of their own, and copies of reports in listings."
)
@click.option(
    "--breaks",
    is_flag=True,
    help="Years that cannot be compared, wrong claims, renamed bodies, unreadable files.",
)
@click.option("--hazards", is_flag=True, help="Serve the world in which every kind of fault occurs.")
@click.option(
    "--faults", type=click.IntRange(0), default=0, metavar="N", help="Inject N faults, chosen by the seed."
)
@click.option(
    "--later",
    default="",
    metavar="FATES",
    help="Serve the world some time later: edited, edited_files, refurnished, withdrawn, unlisted, soft_withdrawn, "
    "late, readdressed, duplicated, repaged; some of them by commas, several times by edited=3.",
)
@click.option("--revised", is_flag=True, help="The same as --later edited,withdrawn,late.")
@click.option("--moved", is_flag=True, help="The first district's site has moved to another host.")
@click.option(
    "--pages",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Serve this folder instead: one folder per host name, the pages below it.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port on 127.0.0.1; 0 takes a free one."
)
@click.option(
    "--truth",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what the world really holds as JSON.",
)
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def simulate(
    pages: Path | None, port: int, truth: Path | None, command: tuple[str, ...], revised: bool, **recipe: Any
) -> None:
    """Serve simulated district websites on loopback, alone or around a COMMAND.

    COMMAND runs with NIANBAO_RESOLVE (and, for the bundled districts, NIANBAO_DATA) set, and its exit code is
    returned. Without one, the settings to use elsewhere are printed and the sites are served until Ctrl-C.
    """
    settings = settings_or_exit()
    recipe["later"] = ",".join(filter(None, [recipe["later"], "edited,withdrawn,late" if revised else ""]))
    _check_simulated(pages, truth, recipe)
    from nianbao.commands import simulate as simulation

    try:
        with simulation.serve(
            settings, simulation.Recipe(**recipe), pages=pages, port=port, truth=truth
        ) as served:
            if command:
                sys.exit(_call(command, served.environment))
            for name, value in served.environment.items():
                click.echo(f"export {name}='{value}'")
            sys.stdout.flush()
            served.describe(sys.stderr)
            click.echo("serving until Ctrl-C", err=True)
            _wait_for_the_end()
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        place = f" ({error.filename})" if error.filename else "; try another --port"
        raise click.UsageError(f"the sites cannot be served: {error.strerror}{place}") from error


def _check_simulated(pages: Path | None, truth: Path | None, recipe: dict[str, Any]) -> None:
    """Options of which only one can be meant. Raises click.UsageError."""
    told = [name for name in ("quirks", "breaks", "scans", "faults", "later", "moved") if recipe[name]]
    if pages and (recipe["hazards"] or truth or told):
        others = "".join(f", --{name}" for name in told)
        raise click.UsageError(
            f"--pages serves a folder of yours; it goes with neither --hazards nor --truth{others}"
        )
    if recipe["hazards"] and told:
        raise click.UsageError(
            f"--hazards serves a world of its own; it does not go with --{told[0]}; leave one of them out"
        )


def _call(command: tuple[str, ...], environment: Mapping[str, str]) -> int:
    """The exit code of a command; 128 + the signal's number, as shells have it, when one ended it."""
    try:
        code = subprocess.call(command, env={**os.environ, **environment})
    except OSError as error:
        raise click.UsageError(f"{command[0]} cannot be started: {error.strerror}") from error
    return code if code >= 0 else 128 - code


def _wait_for_the_end() -> None:
    ends = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    signal.sigwait(ends)
