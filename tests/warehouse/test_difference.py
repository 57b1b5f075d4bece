"""The difference between a release and a candidate: every row that came, went or changed, and no other."""

from datetime import date

import duckdb
import pyarrow.parquet as pq
import pytest
from candidate import World, figure

from nianbao.warehouse.difference import captures_of, difference

JUSTICE, GOVERNMENT = "songxi-justice", "songxi-gov"
FIGURES = [
    figure("10次", 10, "training_sessions", unit="次", lead="举办培训班"),
    figure("20份", 20, "contracts_reviewed", unit="份", lead="审查合同"),
    figure("4份", 4, unit="份", lead="其中重大合同", parent=1),
]


@pytest.fixture
def sides(tmp_path):
    """Two files with the same rows, and what makes the difference of them after statements on the second."""
    for name in ("published", "candidate"):
        world = World()
        for issuer, year in ((JUSTICE, 2022), (JUSTICE, 2023), (GOVERNMENT, 2023)):
            world.report(issuer, year, [dict(f) for f in FIGURES])
        world.capture(None, GOVERNMENT, 2022)
        world.write(tmp_path / f"{name}.duckdb")

    def differ(*statements):
        with duckdb.connect(str(tmp_path / "candidate.duckdb")) as connection:
            for statement in statements:
                connection.execute(statement)
        return difference(
            tmp_path / "published.duckdb", tmp_path / "candidate.duckdb", tmp_path / "out" / "d.parquet"
        )

    return differ


def told(found):
    """What the rows of the file say, in short."""
    return [(r["subject"], r["change"], r["field"], r["before"], r["after"]) for r in found.rows()]


def test_equal_rows_are_no_difference(sides):
    found = sides("update raw.figure set rules_version = 'r2'", "update raw.edition set rules_version = 'r2'")
    assert (found.counts, found.indicators, found.samples, found.rows()) == ((), (), (), [])
    assert pq.read_table(found.path).num_rows == 0


def test_a_changed_field_is_a_row_with_before_and_after_and_the_way_back(sides):
    found = sides(
        "update raw.figure set value = 12.5 where text = '10次' and capture_id like '%0'",
        "update raw.figure set indicator_id = null where text = '20份' and capture_id like '%1'",
    )
    assert sorted(told(found)) == [
        ("figure", "changed", "indicator_id", "contracts_reviewed", None),
        ("figure", "changed", "value", "10", "12.5"),
    ]
    row = next(r for r in found.rows() if r["field"] == "value")
    assert row["report_id"] == f"{JUSTICE}/rule_of_law/2022"
    assert row["sentence"] == "举办培训班10次。"
    assert row["url"].endswith("/2022.html")
    assert [(c.subject, c.field, c.rows, c.reports) for c in found.counts] == [
        ("figure", "indicator_id", 1, 1),
        ("figure", "value", 1, 1),
    ]
    (count,) = found.indicators
    assert (count.indicator_id, count.before, count.after, count.gained, count.lost) == (
        "contracts_reviewed",
        3,
        2,
        0,
        1,
    )


def test_figures_that_come_and_go_are_told_by_their_text(sides):
    found = sides(
        "delete from raw.figure where text = '10次' and capture_id like '%0'",
        "insert into raw.figure by name select * replace (figure_id || 'x' as figure_id, 1 as start_offset,"
        " '7名' as text) from raw.figure where text = '10次' and capture_id like '%1'",
    )
    assert sorted(told(found)) == [
        ("figure", "added", "", None, "7名"),
        ("figure", "removed", "", "10次", None),
    ]
    (count,) = found.indicators
    assert (count.indicator_id, count.gained, count.lost) == ("training_sessions", 1, 1)


def test_a_figure_with_another_parent_is_told_by_the_parents_text(sides):
    found = sides(
        "update raw.figure child set parent_figure_id = other.figure_id from raw.figure other"
        " where child.text = '4份' and other.text = '10次' and child.edition_id = other.edition_id"
        " and child.capture_id like '%2'"
    )
    ((subject, change, field, before, after),) = told(found)
    assert (subject, change, field) == ("figure", "changed", "parent_figure_id")
    assert before.startswith("20份")
    assert after.startswith("10次")


def test_metadata_is_compared_field_by_field(sides):
    found = sides(
        "update raw.edition set title = '另一个标题', signed_date = date '2024-01-05' where capture_id like '%1'"
    )
    title = "清河市松溪区司法局2023年法治政府建设情况报告"
    assert sorted(told(found)) == [
        ("report", "changed", "signed_date", None, str(date(2024, 1, 5))),
        ("report", "changed", "title", title, "另一个标题"),
    ]


def test_a_lost_report_is_told_with_its_figures_and_what_became_of_its_capture(sides):
    found = sides(
        *(f"delete from raw.{t} where capture_id like '%0'" for t in ("edition", "figure")),
        "update raw.capture set edition_id = null, outcome = 'not_a_report' where capture_id like '%0'",
    )
    assert [(c.subject, c.change, c.field, c.rows, c.reports) for c in found.counts] == [
        ("report", "removed", "", 1, 1),
        ("capture", "changed", "outcome", 1, 1),
        ("figure", "removed", "", 3, 1),
    ]
    assert told(found)[0] == ("report", "removed", "", f"{JUSTICE}/rule_of_law/2022", None)


def test_a_report_of_a_capture_that_the_release_does_not_hold_is_no_difference(sides, tmp_path):
    with duckdb.connect(str(tmp_path / "published.duckdb")) as connection:
        for table in ("edition", "figure", "capture"):
            connection.execute(f"delete from raw.{table} where capture_id like '%2'")
    assert sides().rows() == []


def test_an_edition_that_is_read_anew_keeps_its_figures_apart_from_what_really_differs(sides):
    # Another text: another edition id and other places; one of the figures differs besides.
    found = sides(
        "update raw.edition set edition_id = 'again' where capture_id like '%0'",
        "update raw.capture set edition_id = 'again' where capture_id like '%0'",
        "update raw.figure set edition_id = 'again', figure_id = 'again:' || start_offset,"
        " parent_figure_id = case when parent_figure_id is not null then 'again:' || (select start_offset from raw.figure"
        " f where f.figure_id = figure.parent_figure_id) end, start_offset = start_offset + 2 where capture_id like '%0'",
        "update raw.figure set unit = '期' where edition_id = 'again' and text = '10次'",
    )
    assert told(found) == [("figure", "changed", "unit", "次", "期")]


def test_columns_that_an_older_release_lacks_are_not_compared(sides, tmp_path):
    with duckdb.connect(str(tmp_path / "published.duckdb")) as connection:
        connection.execute("alter table raw.figure drop column qualifier")
    assert sides("update raw.figure set qualifier = 'about'").rows() == []


def test_the_captures_of_a_release_are_those_it_was_made_from(sides, tmp_path):
    sides()
    assert len(captures_of(tmp_path / "published.duckdb")) == 4
