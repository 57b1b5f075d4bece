"""The command line. Heavy imports stay inside the commands, so that help answers at once.

Exit codes: 0 published or nothing new, 1 failed, 2 wrong use, 3 refused by the gate.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from nianbao import __version__

if TYPE_CHECKING:
    from nianbao.settings import Settings

FAILED, WRONG_USE, REFUSED = 1, 2, 3

_JSON = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON for programs instead of text for people."
)


class _Examples(click.Command):
    """A command whose examples are shown at the end of its help, one per line, as given."""

    def __init__(self, *args: Any, examples: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Examples"):
            for example in self._examples:
                # As given: an example that is wrapped cannot be copied.
                formatter.write(f"{'':>{formatter.current_indent}}{example}\n")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="nianbao")
def main() -> None:
    """Annual rule-of-law reports of China's district governments, as year-over-year facts that lead back to
    their source.

    What runs produce lies under NIANBAO_HOME; NIANBAO_DATA names another registry than the bundled one;
    docs/settings.md lists all settings.

    Exit codes: 0 published or nothing new · 1 failed · 2 wrong use · 3 refused by the gate.
    """


@main.command(
    cls=_Examples,
    examples=("nianbao refresh", "NIANBAO_DATA=my-districts nianbao refresh --json"),
)
@_JSON
def refresh(as_json: bool) -> None:
    """Look at all sources of the registry, and publish a release if anything is new."""
    _run_refresh((), as_json)


@main.command(
    "import",
    cls=_Examples,
    examples=(
        "nianbao import reports/*.txt",
        "nianbao import a-folder/ one-more.pdf",
        "nianbao import recorded.warc.gz",
    ),
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=str))
@_JSON
def import_(paths: tuple[str, ...], as_json: bool) -> None:
    """Take reports that arrived as files (text, HTML, PDF, Word) through the same stages as fetched ones.

    Of a WARC or ARC file that other software recorded, the documents on hosts of the registry are taken.
    """
    _run_refresh(paths, as_json)


@main.command(
    cls=_Examples,
    examples=(
        "nianbao reextract",
        "NIANBAO_DATA=changed-registry nianbao reextract --json > difference.json",
        "nianbao reextract --publish",
    ),
)
@click.option("--publish", is_flag=True, help="Publish the new rows, if the gate lets them pass.")
@_JSON
def reextract(publish: bool, as_json: bool) -> None:
    """Read again, from the archive, what changed rules touch, and show what differs from the current release.

    Without --publish nothing that readers see changes; the next refresh with the same rules would publish it.
    """
    settings = _settings()
    _show_progress()
    from nianbao.commands import reextract as command

    _exit(command.run(settings, publish, as_json, sys.stdout, sys.stderr))


@main.command(
    cls=_Examples,
    examples=(
        "nianbao extract report.pdf",
        "nianbao extract reports/*.txt --jsonl > predictions.jsonl",
        "nianbao extract --jsonl-in sentences.jsonl",
        "nianbao extract report.txt --explain | less -R",
        "nianbao extract reports/*.txt --html explained.html",
    ),
)
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--jsonl", is_flag=True, help="One JSON object per file: document, sections, metrics, laws, …")
@click.option(
    "--jsonl-in",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read lines of {id, text, url?, report_year?, section_kind?} and print one JSON object for each.",
)
@click.option(
    "--explain",
    is_flag=True,
    help="Show the text with what was read marked in it, and the rule behind each number.",
)
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT",
    help="Write the same as one page that stands alone in a file.",
)
def extract(
    files: tuple[Path, ...], jsonl: bool, jsonl_in: Path | None, explain: bool, html: Path | None
) -> None:
    """Read reports out of files, without any warehouse: what they are, what they say, every figure."""
    from nianbao.commands import extract as command

    if bool(files) == bool(jsonl_in):
        raise click.UsageError("name files, or one file with --jsonl-in")
    if (explain or html) and (jsonl or jsonl_in):
        raise click.UsageError(
            "--explain and --html are for people, --jsonl and --jsonl-in for programs: choose"
        )
    settings = _settings()
    if explain or html:
        _exit(command.explain_files(settings, files, html, explain, sys.stdout, sys.stderr))
    if jsonl_in:
        _exit(command.extract_lines(settings, jsonl_in, sys.stdout, sys.stderr))
    _exit(command.extract_files(settings, files, jsonl, sys.stdout, sys.stderr))


@main.command(
    cls=_Examples,
    examples=(
        "nianbao evaluate",
        "nianbao evaluate --gold my-gold --texts my-texts --misses 50",
        "nianbao evaluate --gold probes.jsonl --json",
    ),
)
@click.option(
    "--gold",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="A folder of annotated reports, or a .jsonl of probe sentences. Default: the checkout's tests/gold, and "
    "../shared where there is one.",
)
@click.option(
    "--texts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the texts of --gold lie, if not beside the annotations.",
)
@click.option(
    "--heads",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A .jsonl of page beginnings with their metadata.",
)
@click.option(
    "--targets",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Targets to show beside the figures. Default: tests/gold/targets.yml.",
)
@click.option("--misses", type=int, default=20, show_default=True, help="Misses shown per set; -1 for all.")
@click.option("--require", is_flag=True, help="Exit with 1 if a target is not reached.")
@click.option(
    "--format", "form", type=click.Choice(["table", "markdown", "json"]), default="table", show_default=True
)
@_JSON
def evaluate(
    gold: tuple[Path, ...],
    texts: Path | None,
    heads: tuple[Path, ...],
    targets: Path | None,
    misses: int,
    require: bool,
    form: str,
    as_json: bool,
) -> None:
    """Measure extraction on annotated texts: precision, recall and F1 per layer, with the misses."""
    from nianbao.commands import evaluate as command

    if texts and not gold:
        raise click.UsageError("--texts says where the texts of --gold lie; give both")
    named = [(path, texts) for path in gold] + [(path, None) for path in heads]
    chosen = [command.GoldSource(*each) for each in named] or command.default_gold()
    if not chosen:
        raise click.UsageError("there is no gold here (tests/gold of a checkout); name some with --gold")
    _exit(
        command.run(
            _settings(),
            chosen,
            targets or command.default_targets(),
            misses=misses,
            require=require,
            form="json" if as_json else form,
            out=sys.stdout,
            err=sys.stderr,
        )
    )


@main.command(
    cls=_Examples,
    examples=(
        'nianbao sql "select issuer_name, report_year, n_figures from fct_report order by all"',
        'nianbao sql "from fct_indicator_yoy" --format csv > yoy.csv',
        "nianbao sql                 (without a query: lists the tables)",
    ),
)
@click.argument("query", required=False)
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True
)
@click.option("--release", "release_id", help="A release id instead of the current one.")
@_JSON
def sql(query: str | None, form: str, release_id: str | None, as_json: bool) -> None:
    """Query a release, read-only."""
    from nianbao.commands import sql as command

    settings = _settings()
    _exit(command.run(settings, query, "json" if as_json else form, release_id, sys.stdout, sys.stderr))


@main.command(cls=_Examples, examples=("nianbao status", "nianbao status --json"))
@click.option("--refresh", "refresh_id", help="The refresh to tell about instead of the latest.")
@_JSON
def status(refresh_id: str | None, as_json: bool) -> None:
    """Say what the last refresh did, what is current, and what needs a hand."""
    from nianbao.commands import status as command

    _exit(command.status(_settings(), refresh_id, as_json, sys.stdout, sys.stderr))


@main.command(
    cls=_Examples,
    examples=("nianbao releases", "nianbao releases --verify", "nianbao releases --json"),
)
@click.option("--verify", is_flag=True, help="Compare every file with the hash in its release's manifest.")
@_JSON
def releases(verify: bool, as_json: bool) -> None:
    """List the releases, newest first."""
    from nianbao.commands import status as command

    _exit(command.releases(_settings(), verify, as_json, sys.stdout))


@main.command(
    cls=_Examples,
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
    settings = _settings()
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


@main.group("archive")
def archive() -> None:
    """Look into the archive: list and show what it holds, verify it, make its index anew."""


@archive.command(
    cls=_Examples,
    examples=("nianbao archive verify", "nianbao archive verify --segment 20260301T023000Z-putuo --json"),
)
@click.option("--segment", metavar="NAME", help="Only this segment.")
@_JSON
def verify(segment: str | None, as_json: bool) -> None:
    """Read every record and compare digests, CDXJ files and the index. Exits with 1 on damage."""
    from nianbao.commands import archive as command

    _exit(command.verify(_settings(), segment, as_json, sys.stdout, sys.stderr))


@archive.command(cls=_Examples, examples=("nianbao archive rebuild",))
@_JSON
def rebuild(as_json: bool) -> None:
    """Make the index, and each CDXJ that is missing or wrong, anew from the segments."""
    from nianbao.commands import archive as command

    _show_progress()
    _exit(command.rebuild(_settings(), as_json, sys.stdout, sys.stderr))


@archive.command(
    "list",
    cls=_Examples,
    examples=("nianbao archive list https://www.shpt.gov.cn/", "nianbao archive list --limit 0 --json"),
)
@click.argument("prefix", default="", metavar="[URL-PREFIX]")
@click.option(
    "--limit", type=click.IntRange(min=0), default=200, show_default=True, help="Captures shown; 0 for all."
)
@_JSON
def list_(prefix: str, limit: int, as_json: bool) -> None:
    """List the captures of the addresses that begin with a prefix."""
    from nianbao.commands import archive as command

    _exit(command.list_captures(_settings(), prefix, limit, as_json, sys.stdout, sys.stderr))


@archive.command(
    cls=_Examples,
    examples=(
        "nianbao archive show https://www.shpt.gov.cn/fz/t1.html > t1.html",
        "nianbao archive show urn:uuid:8f2c… --headers",
    ),
)
@click.argument("wanted", metavar="CAPTURE_ID|URL")
@click.option("--headers", is_flag=True, help="The record's fields and HTTP headers instead of the body.")
@_JSON
def show(wanted: str, headers: bool, as_json: bool) -> None:
    """Write the body of a capture, or of the newest capture of an address, to the output."""
    from nianbao.commands import archive as command

    _exit(command.show(_settings(), wanted, headers, as_json, sys.stdout, sys.stdout.buffer, sys.stderr))


def _check_simulated(pages: Path | None, truth: Path | None, recipe: dict[str, Any]) -> None:
    """Options of which only one can be meant. Raises click.UsageError."""
    told = [name for name in ("quirks", "scans", "faults", "later", "moved") if recipe[name]]
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


def _run_refresh(paths: tuple[str, ...], as_json: bool) -> NoReturn:
    settings = _settings()
    _show_progress()
    from nianbao.commands import refresh as command

    _exit(command.run(settings, paths, as_json, sys.stdout, sys.stderr))


def _settings() -> Settings:
    from pydantic import ValidationError

    from nianbao.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        for problem in error.errors():
            name = f"NIANBAO_{'_'.join(str(part) for part in problem['loc']).upper()}"
            click.echo(f"{name}: {problem['msg'].removeprefix('Value error, ')}", err=True)
        sys.exit(WRONG_USE)


def _show_progress() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%H:%M:%S"))
    logger = logging.getLogger("nianbao")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False


def _exit(code: int) -> NoReturn:
    sys.stdout.flush()
    sys.exit(code)


if __name__ == "__main__":
    main()
