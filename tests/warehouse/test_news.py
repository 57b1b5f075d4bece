"""What is told of new reports beside the current release: edited, late, under a second address, and nothing else."""

from datetime import UTC, date, datetime

import duckdb
import pytest
from candidate import World, figure

from nianbao.settings import project_dir
from nianbao.warehouse.news import news

JUSTICE, GOVERNMENT = "songxi-justice", "songxi-gov"
PROJECT = project_dir("dbt_project")
FIGURES = [figure("10次", 10, "training_sessions", unit="次")]


def world():
    made = World()
    made.report(JUSTICE, 2022, FIGURES)
    made.report(GOVERNMENT, 2022, FIGURES)
    return made


@pytest.fixture
def told(tmp_path):
    """(outcome, address) of all news of a world that has grown, beside the world before it."""

    def compare(grown, before=None):
        published = None
        if before is not None:
            published = tmp_path / "published.duckdb"
            before.write(published)
            with duckdb.connect(str(published)) as connection:
                connection.execute(
                    "create table main.fct_report as select distinct report_id from raw.edition"
                )
        grown.write(tmp_path / "candidate.duckdb")
        return news(tmp_path / "candidate.duckdb", published, PROJECT)

    return compare


def capture_of(made, edition):
    return next(row for row in made.rows["capture"] if row["edition_id"] == edition)


def test_what_the_release_holds_is_no_news(told):
    assert told(world(), world()) == []


def test_a_new_text_at_the_same_address_is_an_edit(told):
    grown = world()
    edition = grown.report(
        JUSTICE, 2022, FIGURES, version="（修订）", fetched_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    capture_of(grown, edition)["url"] = grown.rows["capture"][0]["url"]
    [row] = told(grown, world())
    assert (row.stage, row.outcome, row.capture_id) == (
        "compare",
        "edited",
        capture_of(grown, edition)["capture_id"],
    )
    assert "2022" in row.sentence and grown.rows["capture"][0]["capture_id"] in row.sentence


def test_a_report_that_came_out_after_the_legal_date_is_late(told):
    grown = world()
    grown.report(JUSTICE, 2023, FIGURES, published_date=date(2024, 4, 11))
    grown.report(GOVERNMENT, 2023, FIGURES, published_date=date(2024, 3, 31))
    [row] = told(grown, world())
    assert row.outcome == "late" and "11 days late" in row.sentence and row.url in row.sentence


def test_days_are_those_of_china(told, monkeypatch):
    """Where no day is stated, the day of the first look counts: 1 April in China is still 31 March elsewhere."""
    monkeypatch.setenv("TZ", "America/New_York")
    grown = world()
    seen = datetime(2024, 3, 31, 16, 30, tzinfo=UTC)
    grown.report(JUSTICE, 2023, FIGURES, published_date=None, fetched_at=seen)
    [row] = told(grown, world())
    assert row.outcome == "late" and "came out on 2024-04-01, 1 days late" in row.sentence


def test_what_an_archive_begins_with_is_not_late(told):
    grown = world()
    grown.report(JUSTICE, 2023, FIGURES, published_date=date(2024, 9, 1))
    assert told(grown) == []


@pytest.mark.parametrize("first_release", [True, False])
def test_the_same_text_at_a_second_address_is_a_duplicate(told, first_release):
    grown = world()
    first = grown.rows["capture"][0]
    grown.rows["capture"].append(
        first
        | {"capture_id": "urn:uuid:second", "url": "https://www.songxi.test/copy.html",
           "fetched_at": datetime(2027, 1, 1, tzinfo=UTC)}
    )  # fmt: skip
    [row] = told(grown, None if first_release else world())
    assert (row.outcome, row.url) == ("duplicate", "https://www.songxi.test/copy.html")
    assert first["url"] in row.sentence


def test_the_files_are_only_read(told, tmp_path):
    told(world(), world())
    with duckdb.connect(str(tmp_path / "candidate.duckdb")) as connection:
        assert connection.execute("select count(*) from raw.capture").fetchone() == (2,)
