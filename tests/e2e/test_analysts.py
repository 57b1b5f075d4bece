"""What analysts are given, on a release of simulated districts: every block of docs/analysts.md and every notebook runs, SQL
and data frame give the same rows, views hold what they say, and a citation leads back to the archived copy."""

import math
import os
import re
from datetime import date, datetime
from decimal import Decimal

import duckdb
import nbformat
import pytest
from nbclient import NotebookClient
from support import ROOT, Command, serving

from nianbao.commands.querying import open_locked, release_of
from nianbao.export import cite_figure, label_of
from nianbao.settings import Settings
from nianbao.simulation import build_world
from nianbao.warehouse.release.lineage import trace

PAGE = (ROOT / "docs" / "analysts.md").read_text(encoding="utf-8")
QUESTION = re.compile(r"^### (\d+)\. (.*?)$(.*?)(?=^###? |\Z)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(\w+)( setup)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def questions():
    cases = []
    for number, title, body in QUESTION.findall(PAGE):
        blocks = {language: code for language, _, code in BLOCK.findall(body)}
        cases.append(pytest.param(blocks["sql"], blocks["python"], id=f"{number} {title}"))
    return cases


def plain(value):
    """A value without the types that databases and data frames give it."""
    if isinstance(value, list | tuple) or (hasattr(value, "tolist") and getattr(value, "ndim", 0)):
        return tuple(plain(each) for each in value)
    if hasattr(value, "item"):
        value = value.item()
    if value is None or value != value:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, bool | date | str):
        return value
    assert isinstance(value, int | float | Decimal), value
    return None if math.isnan(value) else round(float(value), 6)


def comparable(rows):
    return sorted((tuple(map(plain, row)) for row in rows), key=repr)


@pytest.fixture(scope="module")
def analysts_home(tmp_path_factory, prefect_api):
    folder = tmp_path_factory.mktemp("analysts")
    command = Command(folder / "home", PREFECT_API_URL=prefect_api)
    world = build_world(districts=3, issuers=4, years=range(2021, 2025))
    with serving(world, folder / "registry") as (_, settings):
        command("refresh", **settings)
    return command.home


@pytest.fixture(scope="module")
def opened(analysts_home):
    with open_locked(release_of(Settings(home=analysts_home), "current")) as connection:
        yield connection


def test_there_are_fifteen_questions():
    assert [number for number, _, _ in QUESTION.findall(PAGE)] == [str(n) for n in range(1, 16)]


@pytest.mark.parametrize(("sql", "python"), questions())
def test_sql_and_data_frame_answer_alike(sql, python, opened, analysts_home, tmp_path, monkeypatch):
    (tmp_path / "var").symlink_to(analysts_home, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    cursor = opened.execute(sql)
    columns, expected = [column[0] for column in cursor.description], cursor.fetchall()
    assert expected

    (setup,) = (code for _, told, code in BLOCK.findall(PAGE) if told)
    names = {}
    exec(setup, names)
    try:
        exec(python, names)
    finally:
        names["nianbao"].close()
    answer = names["answer"]
    assert list(answer.columns) == columns
    rows = answer.rows() if hasattr(answer, "rows") else answer.itertuples(index=False, name=None)
    assert comparable(rows) == comparable(expected)


@pytest.mark.parametrize("name", ["first_steps", "year_over_year"])
def test_notebooks_run_and_are_kept_without_outputs(name, analysts_home):
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell for cell in cells if cell.outputs or cell.execution_count] == []
    surroundings = os.environ | {"NIANBAO_HOME": str(analysts_home)}
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute(cwd=str(ROOT), env=surroundings)
    # The first cell ends with the release; each other one shows something.
    assert analysts_home.joinpath("current").resolve().name in cells[0].outputs[0]["data"]["text/plain"]
    assert [cell.source for cell in cells if not cell.outputs] == []


def test_a_figure_is_cited_with_the_copy_that_the_archive_holds(opened, analysts_home):
    release = release_of(Settings(home=analysts_home), "current")
    figure_id, value, unit, sentence = opened.execute(
        "select figure_id, value, unit, sentence from indicator_values inner join figures using (figure_id, value, unit)"
        " where is_exact order by figure_id limit 1"
    ).fetchone()
    cited = cite_figure(opened, release, figure_id)
    assert (cited.value, cited.unit, cited.sentence) == (value, unit, sentence)
    text = opened.execute(
        "select text from edition_text where edition_id = ?", [cited.edition_id]
    ).fetchone()[0]
    assert text[cited.start : cited.end] == cited.words
    sha256, url = opened.execute(
        "select payload_sha256, url from raw.capture where capture_id = ?", [cited.capture_id]
    ).fetchone()
    assert (cited.payload_sha256, cited.url) == (sha256, url)
    held = next(origin for origin in trace(opened, release, figure_id).origins)
    assert held.section == cited.section
    assert held.section
    cell = opened.execute(
        "select issuer_id || '/' || indicator_id || '/' || fact_year from indicator_values where figure_id = ? and"
        " scope = 'own'",
        [figure_id],
    ).fetchone()
    if cell:
        assert cite_figure(opened, release, cell[0]) == cited


def test_views_have_the_rows_of_their_marts_and_say_what_they_hold(opened):
    marts = {
        "reports": "fct_report",
        "figures": "fct_figure where is_current",
        "indicators": "dim_indicator",
        "indicator_values": "fct_indicator_year",
        "changes": "fct_indicator_yoy",
        "coverage": "fct_coverage",
        "peers": "mart_peer_comparison",
        "promises": "fct_commitment_followup",
        "problems": "fct_shortcoming_recurrence",
        "copied_texts": "fct_text_reuse",
        "laws_cited": "fct_reference where is_current",
        "sources_state": "raw.source",
    }
    views = {
        row[0]: row[1]
        for row in opened.execute(
            "select view_name, comment from duckdb_views() where schema_name = 'main' and not internal and not temporary"
        ).fetchall()
    }
    assert set(views) == set(marts)
    assert all(views.values())
    for view, mart in marts.items():
        counts = opened.execute(
            f"select (select count(*) from {view}), (select count(*) from {mart})"
        ).fetchone()
        assert counts[0] == counts[1] > 0, view
        named = opened.execute(f"select * from {view} limit 0").description
        assert len({column[0] for column in named}) == len(named)
    undescribed = opened.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'main' and not internal"
        " and database_name = current_database() and coalesce(comment, '') = '' and list_contains(?, table_name)",
        [list(views)],
    ).fetchall()
    assert undescribed == []


def test_every_column_has_a_chinese_label(opened):
    names = opened.execute(
        "select distinct column_name from duckdb_columns() where schema_name = 'main' and not internal"
        " and database_name = current_database()"
    ).fetchall()
    assert [name for (name,) in names if label_of(name) == name] == []


def test_views_hold_when_the_file_is_attached_under_another_name(analysts_home):
    path = (analysts_home / "current").resolve() / "nianbao.duckdb"
    with duckdb.connect() as own:
        own.execute(f"attach '{path}' as elsewhere (read_only)")
        for view in ("reports", "figures", "changes", "sources_state"):
            assert own.execute(f"select count(*) from elsewhere.{view}").fetchone()[0] > 0
