"""A release of one table, made as a refresh makes it."""

import duckdb

from nianbao.warehouse.release import DATABASE, publish

ROWS = "select '青禾区' as region_name, 35.5::decimal(28, 6) as value, 2023 as report_year"


def toy_release(home, rows=ROWS, name="r", more=()):
    candidate = home / "builds" / name / DATABASE
    candidate.parent.mkdir(parents=True)
    with duckdb.connect(str(candidate)) as connection:
        for statement in (f"create table toy as {rows}", *more):
            connection.execute(statement)
    return publish(candidate, home / "releases", home / "current", refresh_id=name, inputs={}, checks=[])
