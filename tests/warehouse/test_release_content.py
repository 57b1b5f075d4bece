"""A release explains itself: data package, dictionary, keys; and shares with the release before it what did not change."""

import json

import duckdb
import frictionless
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small_world import small_world

from nianbao.warehouse.release import ReleaseError, publish, verify
from nianbao.warehouse.release.searching import index_of


@pytest.fixture
def publish_copy(copy_of, tmp_path):
    """Publishes a copy of the small world's candidate, changed by statements."""

    def published(*statements, texts=None, refresh_id="r1", project=None):
        return publish(
            copy_of(*statements),
            tmp_path / "releases",
            tmp_path / "current",
            refresh_id=refresh_id,
            inputs={"rules": "r1"},
            checks=[],
            texts=texts,
            project=project,
        )

    return published


@pytest.fixture
def by_year(tmp_path):
    """A dbt project whose large marts are written by years, as those of a million rows are."""
    project = tmp_path / "project"
    (project / "models").mkdir(parents=True)
    (project / "dbt_project.yml").write_text("vars: {schema_version: '7.3'}\n")
    (project / "models" / "m.yml").write_text(
        "models:\n  - name: fct_figure\n    config: {meta: {key: [figure_id], partition: report_year}}\n"
    )
    return project


def inodes(release):
    return {str(p.relative_to(release.folder)): p.stat().st_ino for p in release.folder.rglob("*.parquet")}


def test_the_data_package_is_valid_and_describes_what_is_there(publish_copy):
    release = publish_copy()
    descriptor = json.loads((release.folder / "datapackage.json").read_text())
    assert list(frictionless.Package.metadata_validate(descriptor)) == []
    package = frictionless.Package(str(release.folder / "datapackage.json"))
    assert {resource.path for resource in package.resources} == {
        name for name in release.files if name.startswith("parquet/")
    }
    for resource in descriptor["resources"]:
        found = pq.read_schema(release.folder / resource["path"])
        assert [field["name"] for field in resource["schema"]["fields"]] == found.names
        facts = release.files[resource["path"]]
        assert (resource["bytes"], resource["hash"]) == (facts["bytes"], f"sha256:{facts['sha256']}")
    report = package.get_resource("fct_report")
    assert report.schema.primary_key == ["report_id"]
    assert {"fields": ["issuer_id"], "reference": {"resource": "dim_issuer", "fields": ["issuer_id"]}} in (
        report.schema.foreign_keys
    )
    types = {field.name: field.type for field in report.schema.fields}
    assert (types["report_year"], types["signed_date"], types["last_seen_at"]) == (
        "integer",
        "date",
        "datetime",
    )
    assert package.get_resource("fct_figure.report_year.2023").schema.get_field("value").type == "number"


def test_rows_of_the_release_keep_the_schema_of_the_package(publish_copy):
    release = publish_copy()
    descriptor = json.loads((release.folder / "datapackage.json").read_text())
    for resource in descriptor["resources"]:
        key = resource["schema"].get("primaryKey", ())
        rows = pq.read_table(release.folder / resource["path"]).to_pylist()
        if key:
            assert len({tuple(str(row[name]) for name in key) for row in rows}) == len(rows), resource["name"]
        for field in resource["schema"]["fields"]:
            if field.get("constraints", {}).get("required"):
                assert all(row[field["name"]] is not None for row in rows), field


def test_the_dictionary_holds_every_column_with_its_meaning(publish_copy):
    release = publish_copy()
    page = (release.folder / "dictionary.html").read_text()
    text = (release.folder / "dictionary.md").read_text()
    with duckdb.connect(str(release.database), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name, comment from duckdb_columns() where schema_name = 'main' and not internal"
        ).fetchall()
    assert len(columns) > 100
    for table, column, comment in columns:
        assert f'id="{table}"' in page
        assert f"| {column} |" in text
        assert comment, f"{table}.{column} has no description"
        assert " ".join(comment.split()) in text


def test_an_unchanged_mart_is_a_second_name_of_the_former_file(publish_copy):
    first = publish_copy()
    second = publish_copy("update main.fct_report set title = 'x' where report_year = 2023", refresh_id="r2")
    shared = {name for name, inode in inodes(second).items() if inodes(first)[name] == inode}
    assert inodes(second).keys() - shared == {"parquet/fct_report.parquet"}
    assert verify(first) == verify(second) == []


def test_the_order_of_rows_is_no_change(publish_copy):
    first = publish_copy()
    second = publish_copy(
        "create table t as select * from main.fct_figure order by hash(figure_id)",
        "delete from main.fct_figure",
        "insert into main.fct_figure select * from t",
        "drop table t",
        refresh_id="r2",
    )
    assert inodes(first) == inodes(second)


def test_equal_rows_make_equal_bytes_whatever_their_order(publish_copy, tmp_path):
    first = publish_copy()
    (tmp_path / "current").unlink()
    second = publish_copy(
        "create table t as select * from main.fct_figure order by hash(figure_id)",
        "delete from main.fct_figure",
        "insert into main.fct_figure select * from t",
        "drop table t",
    )
    name = "parquet/fct_figure/report_year=2023.parquet"
    assert inodes(first)[name] != inodes(second)[name]
    assert first.files[name] == second.files[name]


def test_of_a_mart_by_years_only_the_touched_years_are_written(publish_copy, by_year):
    first = publish_copy(project=by_year)
    assert first.schema_version == "7.3"
    names = sorted(name for name in first.files if "fct_figure" in name)
    assert names[0] == "parquet/fct_figure/report_year=2022.parquet"
    assert len(names) > 1
    second = publish_copy(
        "update main.fct_figure set rule = 'other' where report_year = 2022", refresh_id="r2", project=by_year
    )
    written = {name for name, inode in inodes(second).items() if inodes(first)[name] != inode}
    assert written == {names[0]}
    pattern = str(second.folder / "parquet" / "fct_figure" / "*.parquet")
    with duckdb.connect(str(second.database), read_only=True) as connection:
        assert (
            connection.execute(f"(from main.fct_figure except all from read_parquet('{pattern}'))").fetchall()
            == []
        )
        assert connection.execute(f"select count(*) from read_parquet('{pattern}')").fetchall() == [
            (second.row_counts["fct_figure"],)
        ]
    descriptor = json.loads((second.folder / "datapackage.json").read_text())
    assert list(frictionless.Package.metadata_validate(descriptor)) == []
    assert "fct_figure.report_year.2022" in {resource["name"] for resource in descriptor["resources"]}


def test_a_former_file_that_is_gone_is_written_again(publish_copy):
    first = publish_copy()
    (first.folder / "parquet" / "fct_report.parquet").unlink()
    assert verify(publish_copy(refresh_id="r2")) == []


def test_texts_are_second_names_of_the_lakes_files(publish_copy, tmp_path):
    lake = tmp_path / "lake" / "text.parquet"
    lake.parent.mkdir()
    pq.write_table(pa.table({"edition_id": ["e"], "capture_id": ["c"], "text": ["全文"]}), lake)
    first = publish_copy(texts={"r1-b1": lake})
    second = publish_copy(texts={"r1-b1": lake}, refresh_id="r2")
    for release in (first, second):
        assert (release.folder / "texts" / "r1-b1.parquet").samefile(lake)
    assert lake.stat().st_nlink == 3
    assert verify(second) == []


def test_a_key_that_is_no_column_stops_the_publication(publish_copy, by_year):
    (by_year / "models" / "m.yml").write_text(
        "models:\n  - name: fct_figure\n    config: {meta: {key: [figure]}}\n"
    )
    with pytest.raises(ReleaseError, match="fct_figure has no column figure"):
        publish_copy(project=by_year)


def test_a_database_whose_rows_are_others_than_the_manifest_counts_is_found(publish_copy):
    release = publish_copy()
    release.database.chmod(0o644)
    with duckdb.connect(str(release.database)) as connection:
        connection.execute("delete from main.fct_coverage")
    problems = " · ".join(verify(release))
    assert "0 rows in fct_coverage" in problems


def test_the_search_index_is_made_of_the_marts_as_they_are(publish_copy, tmp_path):
    text = next(row for row in small_world().rows["text"] if "举办培训班12次" in row["text"])
    lake = tmp_path / "lake" / "text.parquet"
    lake.parent.mkdir()
    pq.write_table(pa.table({name: [text[name]] for name in ("edition_id", "capture_id", "text")}), lake)
    release = publish_copy(texts={"r1-b1": lake})
    index = index_of(release)
    assert index.search("较上年举办培训班", kinds=["report"]).hits[0].edition_id == text["edition_id"]
    (figure,) = index.search("举办培训班12次", kinds=["figure"]).hits
    with duckdb.connect(str(release.database), read_only=True) as connection:
        assert connection.execute(
            "select text, indicator_id, report_id, issuer_id from fct_figure where figure_id = ?",
            [figure.figure_id],
        ).fetchall() == [(figure.said, figure.indicator_id, figure.report_id, figure.issuer_id)]
        (current,) = connection.execute("select count(*) from fct_edition where is_current").fetchone()
    assert release.manifest["search"]["editions"] == current
    assert verify(release) == []
