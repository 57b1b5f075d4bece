"""What a release says was known on a day is what a release of that day said."""

from datetime import UTC, date, datetime

import duckdb
import pytest
from small_world import AS_OF, GOVERNMENT, ROOT, small_world

from nianbao.warehouse.release import DATABASE, Release, ReleaseError
from nianbao.warehouse.release.known import FILTERED, open_as_of
from nianbao.warehouse.transform import transform

DAY = date(2025, 3, 6)
UNTIL = datetime(2025, 3, 6, 16, tzinfo=UTC)  # the day ends then in China
REPORT = f"{GOVERNMENT}/rule_of_law/2024"


@pytest.fixture(scope="module")
def then(tmp_path_factory):
    """The marts as they were built on that day: without any capture that came later."""
    world = small_world()
    captures = [row for row in world.rows["capture"] if row["fetched_at"] < UNTIL]
    editions = {row["edition_id"] for row in captures}
    world.rows["capture"] = captures
    for name in ("edition", "text", "section", "figure", "reference", "statement"):
        world.rows[name] = [row for row in world.rows[name] if row["edition_id"] in editions]
    folder = tmp_path_factory.mktemp("then")
    path = world.write(folder / "candidate.duckdb")
    transform(path, as_of=AS_OF, work=folder / "work", project=ROOT / "dbt_project", full_tests=False)
    return path


def opened(path, day=None):
    if day is None:
        return duckdb.connect(str(path), read_only=True)
    folder = path.parent
    if not (folder / DATABASE).exists():
        (folder / DATABASE).hardlink_to(path)
    with duckdb.connect(str(folder / DATABASE), read_only=True) as connection:
        names = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'main'"
        ).fetchall()
    return open_as_of(Release("r", folder, {"tables": {name: 0 for (name,) in names}}), day)


def rows(connection, table):
    cursor = connection.execute(f"from {table} order by all")
    return [column[0] for column in cursor.description], cursor.fetchall()


@pytest.mark.parametrize("table", FILTERED)
def test_the_filtered_marts_are_those_of_that_day(then, copy_of, table):
    later = copy_of(
        "insert into raw.withdrawal values"
        f" ('https://www.songxi.test/{GOVERNMENT}/2024.html', timestamptz '2025-03-12 00:00:00Z')"
    )
    with opened(then) as built, opened(later) as today, opened(later, DAY) as filtered:
        assert rows(filtered, table) == rows(built, table)
        if table in ("fct_report", "fct_edition"):
            assert rows(today, table) != rows(built, table)


def test_days_before_between_and_after(copy_of):
    path = copy_of(
        "insert into raw.withdrawal values"
        f" ('https://www.songxi.test/{GOVERNMENT}/2024.html', timestamptz '2025-03-12 00:00:00Z')"
    )
    said = {}
    for day in (1, 2, 4, 5, 9, 10, 12):
        with opened(path, date(2025, 3, day)) as connection:
            found = connection.execute(
                f"select n_editions, title like '%修订%', is_withdrawn from fct_report where report_id = '{REPORT}'"
            ).fetchall()
            said[day] = found[0] if found else None
    assert said == {
        1: None,
        2: (1, False, False),
        4: (1, False, False),
        5: (2, True, False),
        9: (2, True, False),
        10: (2, False, False),
        12: (2, False, True),
    }


def test_what_is_not_filtered_has_no_name(copy_of):
    with opened(copy_of(), DAY) as connection:
        for table in ("fct_indicator_yoy", "main.fct_coverage", "raw.capture"):
            with pytest.raises(duckdb.CatalogException):
                connection.execute(f"from {table}")
        (named,) = connection.execute(
            "select count(*) from main.fct_figure join dim_indicator using (indicator_id)"
        ).fetchall()
        assert named[0] > 0


def test_a_release_that_cannot_say_is_told(copy_of):
    with pytest.raises(ReleaseError, match="made before releases said"):
        open_as_of(Release("old", copy_of().parent, {"tables": {"fct_report": 1}}), DAY)
