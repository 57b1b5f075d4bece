"""What tests of all areas share: places, commands run as their user would run them, worlds served over HTTP."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import duckdb

from nianbao.settings import project_dir
from nianbao.simulation import SimulatedSites, write_registry

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


class Command:
    """Runs `nianbao` in a process of its own, with a home of its own."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(("NIANBAO_", "PREFECT_"))}
        self.environment |= {"NIANBAO_HOME": str(home), "NIANBAO_RETRY_WAIT": "0"} | environment

    def __call__(self, *arguments, exit_code=0, cwd=None, **environment):
        # Output goes through files: a server that outlives a killed command would keep a pipe open.
        self.home.parent.mkdir(parents=True, exist_ok=True)
        out, err = self.home.parent / "stdout.txt", self.home.parent / "stderr.txt"
        with out.open("w") as stdout, err.open("w") as stderr:
            code = subprocess.call(
                [sys.executable, "-m", "nianbao.cli", *map(str, arguments)],
                stdout=stdout,
                stderr=stderr,
                env=self.environment | environment,
                cwd=cwd or self.home.parent,
                timeout=300,
            )
        self.code, self.out, self.err = code, out.read_text(), err.read_text()
        if exit_code is not None:
            assert code == exit_code, f"exit code {code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"
        return self.out

    def rows(self, query):
        """The rows of a query on the current release, as dicts."""
        with duckdb.connect(
            str((self.home / "current").resolve() / "nianbao.duckdb"), read_only=True
        ) as connection:
            cursor = connection.execute(query)
            columns = [column[0] for column in cursor.description]
            return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]

    @property
    def current(self):
        """The id of the current release, None before the first."""
        link = self.home / "current"
        return link.resolve().name if link.is_symlink() else None


@contextmanager
def serving(world, folder):
    """A simulated world over HTTP: yields (sites, the settings that lead a refresh there)."""
    write_registry(world, folder, project_dir("data"))
    with SimulatedSites(world.sites).serve() as sites:
        yield sites, {"NIANBAO_DATA": str(folder), "NIANBAO_RESOLVE": sites.resolve}
