"""Every block of docs/analysts.md runs, gives rows, and SQL and data frame give the same ones."""

import math
import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from support import ROOT

from nianbao.commands.querying import open_locked, release_of
from nianbao.settings import Settings

PAGE = (ROOT / "docs" / "analysts.md").read_text(encoding="utf-8")
QUESTION = re.compile(r"^### (\d+)\. (.*?)$(.*?)(?=^###? |\Z)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(\w+)( setup)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def questions():
    for number, title, body in QUESTION.findall(PAGE):
        blocks = {language: code for language, _, code in BLOCK.findall(body)}
        yield pytest.param(blocks["sql"], blocks["python"], id=f"{number} {title}")


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
