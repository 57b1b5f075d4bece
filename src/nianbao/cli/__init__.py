"""The command line. Heavy imports stay inside the commands, so that help answers at once.

Exit codes: 0 published or nothing new, 1 failed, 2 wrong use, 3 refused by the gate; 130 and 143 for a run that Ctrl-C or
SIGTERM stopped.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from nianbao import __version__
from nianbao.cli.alerts import alerts
from nianbao.cli.analysts import cite, export, sql
from nianbao.cli.archive import archive
from nianbao.cli.backfill import backfill
from nianbao.cli.common import (
    JSON,
    WAIT,
    Examples,
    leave,
    readable,
    settings_or_exit,
    show_progress,
)
from nianbao.cli.expectations import expectations
from nianbao.cli.explore import explore
from nianbao.cli.releases import releases
from nianbao.cli.search import search
from nianbao.cli.serve import serve
from nianbao.cli.simulate import simulate
from nianbao.cli.sources import sources
from nianbao.cli.storage import storage
from nianbao.cli.warehouse import warehouse


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="nianbao")
def main() -> None:
    """Annual rule-of-law reports of China's district governments, as year-over-year facts that lead back to
    their source.

    What runs produce lies under NIANBAO_HOME; NIANBAO_DATA names another registry than the bundled one;
    docs/settings.md lists all settings.

    Exit codes: 0 published or nothing new · 1 failed · 2 wrong use · 3 refused by the gate · 130 stopped by
    Ctrl-C · 143 stopped by SIGTERM.
    """


@main.command(
    cls=Examples,
    examples=(
        "nianbao refresh",
        "nianbao refresh --due",
        "nianbao refresh --only district=普陀区 --only source=xiamen-city",
        "NIANBAO_DATA=my-districts nianbao refresh --json",
    ),
)
@click.option(
    "--due",
    is_flag=True,
    help="Visit only the sources that are due by the registry's visits.yml, as every night does.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="WAY=NAME",
    help="Visit only these: district=NAME or CODE, issuer=ID, source=ID; may be given several times.",
)
@click.option(
    "--fresh",
    is_flag=True,
    help="Start over: walk all listings to their end and build everything, instead of going on where a refresh was "
    "broken off.",
)
@WAIT
@JSON
def refresh(due: bool, only: tuple[str, ...], fresh: bool, wait: float, as_json: bool) -> None:
    """Visit all sources of the registry, and publish a release if anything is new.

    A refresh that was broken off is gone on with: what it had archived and read is not asked for or read again.
    """
    _run_refresh({"due_only": due, "only": only, "fresh": fresh, "wait": wait}, as_json)


@main.command(
    "import",
    cls=Examples,
    examples=(
        "nianbao import reports/*.txt",
        "nianbao import a-folder/ one-more.pdf",
        "nianbao import recorded.warc.gz",
    ),
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=str))
@WAIT
@JSON
def import_(paths: tuple[str, ...], wait: float, as_json: bool) -> None:
    """Take reports that arrived as files (text, HTML, PDF, Word) through the same stages as fetched ones.

    Of a WARC or ARC file that other software recorded, the documents on hosts of the registry are taken.
    """
    _run_refresh({"paths": tuple(str(Path(path).resolve()) for path in paths), "wait": wait}, as_json)


@main.command(
    cls=Examples,
    examples=(
        "nianbao reextract",
        "NIANBAO_DATA=changed-registry nianbao reextract --json > difference.json",
        "nianbao reextract --publish",
    ),
)
@click.option("--publish", is_flag=True, help="Publish the new rows, if the gate lets them pass.")
@WAIT
@JSON
def reextract(publish: bool, wait: float, as_json: bool) -> None:
    """Read again, from the archive, what changed rules touch, and show what differs from the current release.

    Without --publish nothing that readers see changes; the next refresh with the same rules would publish it.
    """
    settings = settings_or_exit()
    show_progress()
    from nianbao.commands import reextract as command

    with readable(settings):
        leave(command.run(settings, {"publish": publish, "wait": wait}, as_json, sys.stdout, sys.stderr))


@main.command(
    cls=Examples,
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
    settings = settings_or_exit()
    if explain or html:
        leave(command.explain_files(settings, files, html, explain, sys.stdout, sys.stderr))
    if jsonl_in:
        leave(command.extract_lines(settings, jsonl_in, sys.stdout, sys.stderr))
    leave(command.extract_files(settings, files, jsonl, sys.stdout, sys.stderr))


@main.command(
    cls=Examples,
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
@JSON
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
    leave(
        command.run(
            settings_or_exit(),
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
    cls=Examples,
    examples=(
        "nianbao why 3f2a…:120-125",
        "nianbao why songxi-justice/contracts_reviewed/2024",
        "nianbao why fct_coverage:songxi-justice/rule_of_law/2024",
        """nianbao why 'fct_report:{"report_id": "songxi-justice/rule_of_law/2024"}' --json""",
    ),
)
@click.argument("key", metavar="FIGURE|ISSUER/INDICATOR/YEAR|MART:KEY")
@click.option(
    "--release",
    "release_name",
    default="current",
    show_default=True,
    help="An id, the beginning of one, or `previous`.",
)
@JSON
def why(key: str, release_name: str, as_json: bool) -> None:
    """Show where a number comes from: figure, sentence, section, edition, report, capture, archived record.

    Exits with 1 if the archive no longer holds what was read.
    """
    from nianbao.commands import why as command

    leave(command.run(settings_or_exit(), key, release_name, as_json, sys.stdout, sys.stderr))


@main.command(cls=Examples, examples=("nianbao status", "nianbao status --json"))
@click.option("--refresh", "refresh_id", help="The refresh to tell about instead of the latest.")
@JSON
def status(refresh_id: str | None, as_json: bool) -> None:
    """Say what the last refresh did, what is current, and what needs a hand."""
    from nianbao.commands import status as command

    settings = settings_or_exit()
    with readable(settings):
        leave(command.status(settings, refresh_id, as_json, sys.stdout, sys.stderr))


@main.command(
    cls=Examples,
    examples=("nianbao metrics", "nianbao metrics > /var/lib/node_exporter/textfile/nianbao.prom"),
)
def metrics() -> None:
    """Print how the home is in the Prometheus text format; `nianbao serve` answers the same at /metrics."""
    from nianbao.commands import metrics as command

    settings = settings_or_exit()
    with readable(settings):
        leave(command.metrics(settings, sys.stdout, sys.stderr))


def _run_refresh(parameters: dict[str, Any], as_json: bool) -> NoReturn:
    from nianbao.commands.for_good import for_good

    with for_good("nianbao.commands.refresh"):
        settings = settings_or_exit()
        from nianbao.commands import refresh as command

    show_progress()
    with readable(settings):
        leave(command.run(settings, parameters, as_json, sys.stdout, sys.stderr))


for command in (
    alerts,
    archive,
    backfill,
    cite,
    expectations,
    explore,
    export,
    releases,
    search,
    serve,
    simulate,
    sources,
    storage,
    warehouse,
    sql,
):
    main.add_command(command)
