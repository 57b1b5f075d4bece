"""Prepared homes for trouble, and what must hold of a home after it."""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path

import duckdb
import yaml
from support import ROOT, Command, serving

from nianbao.archive import Archive, ArchiveError
from nianbao.settings import project_dir
from nianbao.simulation import build_world
from nianbao.warehouse.ledger import Ledger, RefreshState
from nianbao.warehouse.release import current_release, verify

DRIVER = Path(__file__).with_name("driver.py")
# Ids that are drawn, places in the archive, and times of day differ from home to home: of these only counts whether
# they are there.
DRAWN = {
    "capture_id", "unreadable_capture_id", "batch", "archive_segment", "archive_offset", "first_seen_at", "last_seen_at",
    "known_from", "known_to", "withdrawn_at",
}  # fmt: skip
# What tells of the operation of this home (how its nights went), not of reports.
OF_THIS_HOME = ("ops_", "sources_state")


class Prepared:
    """A home with a release of three years, and the sites of the day when a fourth is out and an old one was edited.

    Made once; `copy` gives a home of one's own. changed: a registry with other rules; files: reports as files.
    """

    def __init__(self, folder: Path, prefect_api: str, *, districts: int = 1, issuers: int = 3) -> None:
        self.folder, self.prefect_api = folder, prefect_api
        self._stack = ExitStack()
        world = build_world(districts=districts, issuers=issuers, years=(2021, 2022, 2023))
        self.command = self.command_of("prepared")
        with serving(world, folder / "registry") as (_, settings):
            self.command("refresh", **settings)
        self.world = world.revised(edited=1, withdrawn=0, late=0).with_year(2024)
        self.changed = self._changed_registry()
        self.files = self._files()
        self.sites, self.settings = self._stack.enter_context(serving(self.world, folder / "registry"))
        self._undisturbed: dict[tuple[str, ...], dict[str, tuple[int, str]]] = {}

    def undisturbed(self, arguments: tuple[str, ...]) -> dict[str, tuple[int, str]]:
        """The marts after a run of a command that nothing disturbed."""
        if arguments not in self._undisturbed:
            command = self.copy("-".join(arguments).replace("/", "_"))
            command(*arguments, **self.settings_of(arguments))
            self._undisturbed[arguments] = marts(command)
            forget(command)
        return self._undisturbed[arguments]

    def settings_of(self, arguments: tuple[str, ...]) -> dict[str, str]:
        """The settings of a command: reextract is for changed rules."""
        return self.settings | ({"NIANBAO_DATA": str(self.changed)} if arguments[0] == "reextract" else {})

    def _changed_registry(self) -> Path:
        """A registry without the indicator that the fewest reports have, which is a change of the rules."""
        (row,) = self.command.rows(
            "select indicator_id, count(distinct report_id) as n from fct_figure where indicator_id is not null"
            " group by all order by n, indicator_id limit 1"
        )
        registry = self.folder / "changed"
        shutil.copytree(self.folder / "registry", registry)
        whole = yaml.safe_load((project_dir("data") / "indicators.yml").read_text(encoding="utf-8"))
        whole["indicators"] = [each for each in whole["indicators"] if each["id"] != row["indicator_id"]]
        (registry / "indicators.yml").write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
        return registry

    def _files(self) -> Path:
        """The texts of the reports of 2024, as somebody might send them."""
        folder = self.folder / "files"
        folder.mkdir()
        for number, report in enumerate(report for report in self.world.reports if report.year == 2024):
            (folder / f"{number}.txt").write_text(report.text, encoding="utf-8")
        return folder

    def command_of(self, name: str) -> Command:
        """A command whose home is yet to be filled."""
        return Command(self.folder / name / "home", PREFECT_API_URL=self.prefect_api)

    def copy(self, name: str) -> Command:
        """A command whose home is a copy of the prepared one."""
        command = self.command_of(name)
        copy_home(self.command.home, command.home)
        return command

    def close(self) -> None:
        """Ends the sites."""
        self._stack.close()


def copy_home(source: Path, target: Path) -> None:
    """Copies a home as it is, links and shared files included."""
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


def start(command: Command, plan: dict, *arguments: str, **environment: str) -> subprocess.Popen:
    """Starts `nianbao` with a plan of trouble; `said` gives its words."""
    with _words(command).open("w") as out:
        return subprocess.Popen(
            [sys.executable, str(DRIVER), json.dumps(plan), *arguments],
            env=command.environment | environment,
            cwd=ROOT,
            stdout=out,
            stderr=out,
        )


def said(command: Command) -> str:
    """What the disturbed run said."""
    return _words(command).read_text()


def _words(command: Command) -> Path:
    # Not beside the home, whose disk may be full.
    return command.home.parent.with_suffix(".txt")


def marts(command: Command) -> dict[str, tuple[int, str]]:
    """Mart → (rows, hash of its rows), of the current release, without what legitimately differs."""
    database = (command.home / "current").resolve() / "nianbao.duckdb"
    found = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute(
            "select table_name, list(column_name order by column_index) from duckdb_columns()"
            " where schema_name = 'main' and not internal group by all order by all"
        ).fetchall()
        for table, columns in tables:
            if not table.startswith(OF_THIS_HOME):
                looked_at = [f'"{each}"' + (" is null" if each in DRAWN else "") for each in columns]
                rows = connection.execute(
                    f'select {", ".join(looked_at)} from "{table}" order by all'
                ).fetchall()
                found[table] = (len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()[:16])
    return found


def captures(command: Command) -> dict[str, str]:
    """Id → hash of the body, of every capture in the archive; each is read, so that none is there in name only.

    Looks at a copy: opening an archive mends what a crash left, which is for the next refresh to do.
    """
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(command.home / "archive", Path(folder) / "archive")
        with closing(Archive(Path(folder) / "archive")) as archive:
            for capture in archive.below():
                try:
                    found[capture.capture_id] = hashlib.sha256(archive.read(capture)).hexdigest()
                except ArchiveError as error:
                    found[capture.capture_id] = f"lost: {error}"
    return found


def wrong_after(command: Command) -> list[str]:
    """What is wrong with what readers have after a disturbed run; empty when all is well."""
    try:
        release = current_release(command.home / "current")
    except Exception as error:  # whatever it is, it is the finding
        return [f"current does not open: {error}"]
    return ["current is gone"] if release is None else [f"current: {problem}" for problem in verify(release)]


def wrong_at_the_end(
    command: Command, undisturbed: dict[str, tuple[int, str]], before: dict[str, str]
) -> list[str]:
    """What is wrong once the next run has ended; before: the captures that were there when it began."""
    problems = wrong_after(command)
    now = marts(command)
    problems += [
        f"{name} differs: {now.get(name)} instead of {undisturbed.get(name)}"
        for name in sorted(set(now) | set(undisturbed))
        if now.get(name) != undisturbed.get(name)
    ]
    after = captures(command)
    lost = [each for each, body in before.items() if after.get(each) != body or body.startswith("lost")]
    if lost:
        problems.append(f"{len(lost)} captures are lost, such as {lost[0]}")
    running = [
        row for row in Ledger(command.home / "ledger.sqlite").refreshes() if row.state is RefreshState.RUNNING
    ]
    if running:
        problems.append(f"the ledger says that {running[0].refresh_id} still runs")
    return problems


def forget(command: Command) -> None:
    """Removes a home that is no longer needed."""
    subprocess.run(["chmod", "-R", "u+w", str(command.home)], check=False)
    shutil.rmtree(command.home.parent, ignore_errors=True)
