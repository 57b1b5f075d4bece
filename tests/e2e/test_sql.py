"""Queries read one release and nothing else, and a mistake gets a hint."""

import csv
import io
import json

import duckdb
import pytest
from support import Command

from nianbao.warehouse.release import DATABASE, publish


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    home = tmp_path_factory.mktemp("sql") / "home"
    candidate = home / "builds" / "r" / DATABASE
    candidate.parent.mkdir(parents=True)
    with duckdb.connect(str(candidate)) as connection:
        connection.execute(
            "create table toy as select '青禾区' as district, 35.5::decimal(9, 3) as n, null as x"
        )
    publish(candidate, home / "releases", home / "current", refresh_id="r", inputs={}, checks=[])
    return Command(home)


def test_the_three_forms_say_the_same(command):
    assert "青禾区" in command("sql", "from toy")
    (row,) = csv.DictReader(io.StringIO(command("sql", "from toy", "--format", "csv")))
    assert row == {"district": "青禾区", "n": "35.5", "x": ""}
    assert json.loads(command("sql", "from toy", "--json")) == [{"district": "青禾区", "n": 35.5, "x": None}]


def test_without_a_query_the_tables_are_listed(command):
    assert "toy" in command("sql")


@pytest.mark.parametrize(
    "query",
    [
        "delete from toy",
        "drop table toy",
        "create table x as select 1",
        "copy toy to 'stolen.csv'",
        "attach 'other.duckdb'",
        "install httpfs",
        "set enable_external_access = true",
        "select 1; select 2",
        "pragma database_list; drop table toy",
    ],
)
def test_whatever_writes_or_leads_elsewhere_is_refused(command, query, tmp_path):
    command("sql", query, exit_code=2, cwd=tmp_path)
    assert "only one reading query" in command.err
    assert list(tmp_path.glob("*.csv")) == []


def test_no_other_file_can_be_read(command):
    command("sql", "select * from read_csv('/etc/passwd')", exit_code=1)
    assert "disabled" in command.err


def test_a_wrong_table_gets_a_suggestion(command):
    command("sql", "from toys", exit_code=1)
    assert "did you mean toy?" in command.err


def test_a_wrong_query_gets_one_sentence_and_no_traceback(command):
    command("sql", "selct 1", exit_code=1)
    assert "syntax error" in command.err
    assert "Traceback" not in command.err


def test_a_home_without_a_release_says_how_to_get_one(tmp_path):
    command = Command(tmp_path / "home")
    command("sql", "select 1", exit_code=2)
    assert "nianbao refresh" in command.err


def test_releases_are_listed_shown_and_verified(command):
    (row,) = json.loads(command("releases", "list", "--json"))
    assert row["current"] is True
    assert row["release"] in command("releases", "show")
    assert json.loads(command("releases", "show", "--json"))["tables"] == {"toy": 1}
    assert json.loads(command("releases", "verify", "--json")) == [
        {"release": row["release"], "problems": []}
    ]
    command("releases", "rollback", "current", exit_code=1)
    assert "current release already" in command.err
    command("releases", "rollback", "2001", exit_code=2)
    assert "no release 2001" in command.err
    (kept,) = json.loads(command("releases", "gc", "--json"))["releases"]
    assert (kept["kept"], kept["reason"]) == (True, "current")


def test_json_is_json_whatever_the_values(command):
    query = "select 'nan'::double as a, [1.5, null] as b, {'k': '值'} as c, interval 1 day as d, 2::decimal(5, 2) as e"
    assert json.loads(command("sql", query, "--json")) == [
        {"a": None, "b": [1.5, None], "c": {"k": "值"}, "d": "1 day, 0:00:00", "e": 2}
    ]
    command("sql", "select 1 as a, 2 as a", "--json", exit_code=1)
    assert "same name" in command.err
