"""A release carries a search index of its current editions, gone on from the one before, as a whole build would make it."""

import logging
import shutil

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nianbao.warehouse.release import DATABASE, ReleaseError, list_releases, publish, verify
from nianbao.warehouse.release.searching import index_of

# The columns that the index is made of, as the marts have them.
TABLES = """
create table fct_edition (
    edition_id varchar, report_id varchar, issuer_id varchar, issuer_name varchar, region_code varchar, report_kind varchar,
    report_year bigint, title varchar, doc_number varchar, capture_id varchar, batch varchar, is_current boolean
);
create table fct_section (
    edition_id varchar, ordinal bigint, parent_ordinal bigint, kind varchar, heading varchar, start_offset bigint, is_current boolean
);
create table fct_figure (
    edition_id varchar, start_offset bigint, end_offset bigint, text varchar, indicator_id varchar, section_ordinal bigint,
    sentence varchar, is_current boolean
);
create table fct_reference (
    edition_id varchar, start_offset bigint, end_offset bigint, text varchar, instrument varchar, is_current boolean
);
create table dim_indicator (indicator_id varchar, label varchar);
insert into dim_indicator values ('reviews', '行政复议案件数'), ('training', '培训班次');
"""
QUERIES = ["复议", "办理 案件", "行政复议案件数", "培训", "中华人民共和国行政复议法", "改名", "重大", "2021"]


class Home:
    """Candidates of a few editions, and what is published of them."""

    def __init__(self, folder):
        self.folder = folder
        self.editions = {}
        (folder / "project" / "models").mkdir(parents=True)
        (folder / "project" / "dbt_project.yml").write_text("vars: {}\n")
        for number in range(12):
            self.put(f"e{number}", 2018 + number % 6, f"办理行政复议案件{number}件，依据《行政复议法》。")

    def put(self, edition_id, year, body, *, capture="c1", heading="总体情况", current=True):
        self.editions[edition_id] = (year, f"{year}年报告\n一、{heading}\n{body}", capture, heading, current)

    def publish(self, name="r", *, whole="", texts=True, statements=()):
        path = self.folder / "builds" / name / DATABASE
        path.parent.mkdir(parents=True)
        with duckdb.connect(str(path)) as connection:
            connection.execute(TABLES)
            for edition_id, row in self.editions.items():
                self._insert(connection, edition_id, *row)
            for statement in statements:
                connection.execute(statement)
        return publish(
            path,
            self.folder / "releases",
            self.folder / "current",
            refresh_id=name,
            inputs={},
            checks=[],
            texts=self._texts() if texts else None,
            built_whole_at=whole,
            project=self.folder / "project",
        )

    def _insert(self, connection, edition_id, year, text, capture, heading, current):
        at = text.index("《行政复议法》") if "《行政复议法》" in text else -1
        connection.execute(
            "insert into fct_edition values (?, ?, 'gov', '松溪区人民政府', '990101', 'rule', ?, ?, null, ?, ?, ?)",
            [edition_id, f"gov/rule/{edition_id}", year, f"{year}年报告", capture, _batch(year), current],
        )
        connection.execute(
            "insert into fct_section values (?, 0, null, 'overview', ?, ?, ?)",
            [edition_id, heading, text.index("一、"), current],
        )
        number = text.index("案件") + 2
        connection.execute(
            "insert into fct_figure values (?, ?, ?, ?, 'reviews', 0, ?, ?)",
            [edition_id, number, number + 2, text[number : number + 2], text.split("\n")[-1], current],
        )
        if at >= 0:
            connection.execute(
                "insert into fct_reference values (?, ?, ?, '《行政复议法》', '中华人民共和国行政复议法', ?)",
                [edition_id, at, at + 7, current],
            )

    def _texts(self):
        lake = {}
        for number, batch in enumerate({_batch(row[0]) for row in self.editions.values()}):
            rows = {key: row for key, row in self.editions.items() if _batch(row[0]) == batch}
            path = self.folder / "lake" / f"{len(list(self.folder.glob('lake/*')))}-{number}.parquet"
            path.parent.mkdir(exist_ok=True)
            columns = {
                "edition_id": list(rows),
                "capture_id": [row[2] for row in rows.values()],
                "text": [row[1] for row in rows.values()],
            }
            pq.write_table(pa.table(columns), path)
            lake[batch.replace("rules=", "").replace("/batch=", "-")] = path
        return lake


def _batch(year):
    return f"rules=r1/batch=b{year % 2}"


def answers(release):
    index = index_of(release)
    found = {query: index.search(query, limit=1000) for query in QUERIES}
    return {
        query: (
            each.total,
            each.facets,
            sorted((hit.kind, hit.edition_id, hit.start, hit.snippet.text) for hit in each.hits),
        )
        for query, each in found.items()
    }


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def changed(home):
    """An edition edited, one that came, one that went, one whose text is another under the same id, one renamed."""
    home.editions["e0"] = (*home.editions["e0"][:4], False)
    home.put("e0b", 2018, "办理行政复议案件99件，全部办结。")
    home.put("new", 2024, "举办培训，重大案件3件。")
    del home.editions["e5"]
    home.put("e7", 2019, "办理行政复议案件7件，依据《行政复议法》。", capture="c2")
    home.put("e9", 2021, "办理行政复议案件9件，依据《行政复议法》。", heading="改名情况")
    return ("update dim_indicator set label = '培训改名班次' where indicator_id = 'training'",)


def test_an_index_that_is_gone_on_from_answers_as_one_made_anew(home, tmp_path):
    first = home.publish("r1")
    assert first.manifest["search"]["whole"]
    before = answers(first)
    statements = changed(home)
    second = home.publish("r2", statements=statements)
    assert {k: second.manifest["search"][k] for k in ("added", "removed", "whole")} == {
        "added": 4,
        "removed": 2,
        "whole": False,
    }
    shutil.rmtree(tmp_path / "home" / "builds", ignore_errors=True)
    anew = home.publish("r3", whole="2026-01-01", statements=statements)
    assert anew.manifest["search"]["whole"]
    assert answers(second) == answers(anew) != before
    assert anew.manifest["search"]["entries"] == second.manifest["search"]["entries"]
    assert answers(first) == before
    assert [verify(release) for release in (first, second, anew)] == [[], [], []]


def test_nothing_new_shares_every_file_of_the_index(home):
    first, second = home.publish("r1"), home.publish("r2")
    shared = [
        name
        for name in first.files
        if name.startswith("search/") and not name.endswith((".json", ".parquet"))
    ]
    assert shared
    assert all((second.folder / name).samefile(first.folder / name) for name in shared)
    assert second.manifest["search"] == {
        "entries": 48,
        "editions": 12,
        "added": 0,
        "removed": 0,
        "whole": False,
    }
    assert answers(first) == answers(second)


def test_a_label_that_changed_changes_the_figures_under_it(home):
    home.publish("r1")
    second = home.publish(
        "r2", statements=["update dim_indicator set label = '改名' where indicator_id = 'reviews'"]
    )
    assert index_of(second).search("改名").total == 12
    assert second.manifest["search"]["added"] == 12


def test_files_of_the_index_are_sealed_and_searching_changes_nothing(home):
    made = home.publish("r1")
    files = list((made.folder / "search").iterdir())
    assert {path.stat().st_mode & 0o777 for path in files} == {0o444}
    assert {f"search/{path.name}" for path in files} <= set(made.files)
    index_of(made).search("复议")
    assert verify(made) == []


@pytest.mark.parametrize("name", ["index.json", "editions.parquet", "meta.json", "*.idx", "*.store"])
def test_a_damaged_index_is_made_anew(home, name, caplog):
    first = home.publish("r1")
    (path, *_) = (first.folder / "search").glob(name)
    path.unlink()
    home.put("new", 2024, "举办培训，重大案件3件。")
    with caplog.at_level(logging.WARNING, "nianbao.search"):
        second = home.publish("r2")
    assert "the search index is made anew" in caplog.text
    assert second.manifest["search"]["whole"]
    assert index_of(second).search("重大案件", kinds=["section"]).total == 1
    assert verify(second) == []


def test_a_release_without_texts_has_no_index_and_says_so(home):
    made = home.publish("r1", texts=False)
    assert not (made.folder / "search").exists()
    with pytest.raises(ReleaseError, match="this release has no search index"):
        index_of(made)
    assert list_releases(home.folder / "releases")[0].manifest["search"] is None
    assert home.publish("r2").manifest["search"]["whole"]
