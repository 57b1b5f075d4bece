"""A release of one table, made as a refresh makes it, and the command line on it, without a process of its own."""

import os
from contextlib import chdir

import duckdb
from click.testing import CliRunner

from nianbao.cli import main
from nianbao.warehouse.release import DATABASE, publish

ROWS = "select '青禾区' as region_name, 35.5::decimal(28, 6) as value, 2023 as report_year"


def toy_release(home, rows=ROWS, name="r", more=()):
    candidate = home / "builds" / name / DATABASE
    candidate.parent.mkdir(parents=True)
    with duckdb.connect(str(candidate)) as connection:
        for statement in (f"create table toy as {rows}", *more):
            connection.execute(statement)
    return publish(candidate, home / "releases", home / "current", refresh_id=name, inputs={}, checks=[])


class Inside:
    """`nianbao` with a home, run within the test: many calls cost little."""

    def __init__(self, home):
        self.home = home
        self.current = (home / "current").resolve().name

    def __call__(self, *arguments, exit_code=0, cwd=None):
        with chdir(cwd or self.home):
            result = CliRunner().invoke(
                main, [os.fspath(each) for each in arguments], env={"NIANBAO_HOME": str(self.home)}
            )
        self.code, self.out, self.err = result.exit_code, result.stdout, result.stderr
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        if exit_code is not None:
            assert self.code == exit_code, f"exit code {self.code}\n{self.out}\n{self.err}"
        return self.out
