"""`export`, `cite` and `sql` as their user runs them: files whole or not at all, mistakes in a sentence."""

import csv
import json
import os
import zipfile

import pyarrow.parquet as pq
import pytest
from toy import Inside, toy_release

from nianbao.warehouse.release import read_release, verify
from nianbao.warehouse.release.files import sha256_of

ROWS = """
select * from (values
    ('qinghe', '990101', 2022, 'contracts', 7.5::decimal(28, 6), '=1+1'),
    ('qinghe', '990101', 2023, 'contracts', 8, '-'),
    ('lan', '990200', 2023, 'lawyers', 9, '好')
) as t(issuer_id, region_code, report_year, indicator_id, value, text)
"""
DIMENSIONS = (
    "create table dim_region as select * from (values ('990100', '澜川市', '澜川市'), ('990101', '澜川市青禾区', '青禾区'),"
    " ('990200', '望舒市', '望舒市'), ('990201', '望舒市青禾区', '青禾区')) as t(region_code, full_name, region_name)",
    "create table dim_issuer as select 'qinghe' as issuer_id, '青禾区司法局' as issuer_name, ['司法局'] as aliases",
    "create table dim_indicator as select 'contracts' as indicator_id, '审查合同份数' as label, 'Contracts' as label_en",
    "create view plain as select * from toy",
)


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    home = tmp_path_factory.mktemp("commands") / "home"
    toy_release(home, ROWS, more=DIMENSIONS)
    return Inside(home)


# Goes wrong when some rows are written already.
LATE = ("--query", "select cast(if(range < 90000, '1', 'later') as int) from range(100000)")


def read(path):
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_a_table_is_narrowed_written_and_cited(command, tmp_path):
    path = tmp_path / "toy.csv"
    told = json.loads(
        command("export", "plain", "--region", "澜川市", "--years", "2023-2024", "--issuer", "司法局",
                "--indicator", "审查合同份数", "-o", path, "--json")
    )  # fmt: skip
    assert read(path)[1:] == [["qinghe", "990101", "2023", "contracts", "8", "'-"]]
    assert told["sha256"] == sha256_of(path)
    assert told["filters"] == {
        "region": "990100", "issuer": "qinghe", "years": "2023-2024", "indicator": "contracts"
    }  # fmt: skip
    beside = json.loads((tmp_path / "toy.csv-metadata.json").read_text())
    assert told["sha256"] in beside["dc:bibliographicCitation"][0]["@value"]
    assert [column["name"] for column in beside["tableSchema"]["columns"]][:2] == ["issuer_id", "region_code"]
    # What is cited gives the same rows again.
    assert [row["text"] for row in json.loads(command("sql", told["query"], "--json"))] == ["-"]


@pytest.mark.parametrize("name", ["toy.xlsx", "toy.parquet", "toy.csv"])
def test_nothing_is_replaced_unasked(command, tmp_path, name):
    path = tmp_path / name
    path.write_text("mine")
    command("export", "toy", "-o", path, exit_code=1)
    assert "--force" in command.err
    assert path.read_text() == "mine"
    command("export", "toy", "-o", path, "--force")
    assert path.stat().st_size > 20
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nothing", "-o", "a.csv"], "there is no table or view nothing"),
        (["toy", "-o", "a.csv", "--region", "青禾区"], "name of 2 regions"),
        (["toy", "-o", "a.csv", "--region", "x'); drop"], "there is no region"),
        (["toy", "-o", "a.csv", "--issuer", "青禾区司法"], "did you mean 青禾区司法局"),
        (["toy", "-o", "a.csv", "--years", "2024-2023"], "write 2023 or 2021-2024"),
        (["dim_region", "-o", "a.csv", "--years", "2023"], "has no column report_year"),
        (["--query", "copy toy to 'b.csv'", "-o", "a.csv"], "only one reading query"),
        (["--query", "from read_csv('/etc/passwd')", "-o", "a.csv"], "disabled"),
        (["--query", "select 1 as a, 2 as a", "-o", "a.parquet"], "same name"),
        ([*LATE, "-o", "a.csv"], "later"),
        ([*LATE, "-o", "a.xlsx"], "later"),
        (["toy", "-o", "a.txt"], "end it in .csv"),
        (["toy", "-o", "no/such/a.csv"], "cannot be written"),
        (["toy", "--whole", "-o", "a"], "one of them"),
    ],
)
def test_a_mistake_gets_a_sentence_and_leaves_nothing(command, tmp_path, arguments, told):
    command("export", *arguments, exit_code=None, cwd=tmp_path)
    assert command.code in (1, 2)
    assert told in command.err
    assert "Traceback" not in command.err
    assert list(tmp_path.iterdir()) == []


def test_a_whole_release_is_copied_and_stands_alone(command, tmp_path):
    command("export", "--whole", "-o", tmp_path / "out")
    copy = tmp_path / "out" / command.current
    assert verify(read_release(copy)) == []
    assert not os.access(copy / "manifest.json", os.W_OK) or os.geteuid() == 0
    command("export", "--whole", "-o", tmp_path / "out", exit_code=1)
    assert "--force" in command.err
    command("export", "--whole", "-o", tmp_path / "out", "--force")
    command("export", "--whole", "-o", tmp_path / "r.zip")
    with zipfile.ZipFile(tmp_path / "r.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    assert verify(read_release(tmp_path / "unpacked" / command.current)) == []


def test_a_damaged_release_is_not_handed_on(tmp_path):
    release = toy_release(tmp_path / "home")
    command = Inside(tmp_path / "home")
    damaged = release.folder / "parquet" / "toy.parquet"
    content = bytearray(damaged.read_bytes())
    content[10] ^= 1
    damaged.chmod(0o644)
    damaged.write_bytes(content)
    for target in (tmp_path / "out", tmp_path / "r.zip"):
        command("export", "--whole", "-o", target, exit_code=1)
        assert "parquet/toy.parquet is not what was published" in command.err
    assert not (tmp_path / "r.zip").exists()
    assert [path for path in tmp_path.rglob("*") if "out" in path.parts and path.is_file()] == []


def test_sql_writes_files_and_guards_only_when_asked(command, tmp_path):
    query = "select text, value from toy order by report_year, issuer_id"
    command("sql", query, "-o", tmp_path / "a.csv")
    assert read(tmp_path / "a.csv")[1] == ["=1+1", "7.5"]
    command("sql", query, "-o", tmp_path / "b.csv", "--safe")
    assert read(tmp_path / "b.csv")[1] == ["'=1+1", "7.5"]
    command("sql", query, "-o", tmp_path / "a.parquet")
    assert pq.read_table(tmp_path / "a.parquet")["text"].to_pylist() == ["=1+1", "好", "-"]
    command("sql", query, "-o", tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text())[0] == {"text": "=1+1", "value": 7.5}
    command("sql", query, "-o", tmp_path / "a.json", exit_code=1)
    assert "--force" in command.err
    command("sql", query, "--format", "parquet", exit_code=2)
    assert "-o" in command.err


def test_views_are_listed_before_tables(command):
    out = command("sql")
    assert out.index("plain") < out.index("dim_region")


def test_releases_and_tables_are_cited(command):
    assert command.current in command("cite", "current")
    assert json.loads(command("cite", "toy", "--format", "json"))[0]["version"] == command.current
    assert command("cite", command.current[:12], "--format", "bibtex").startswith("@misc{")
    command("cite", "nothing", exit_code=2)
    assert "no release nothing" in command.err
