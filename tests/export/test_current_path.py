"""The path `current` under readers: who has a release open keeps it, who comes later gets the new one."""

import subprocess
import sys

import duckdb
import pyarrow.parquet as pq
from toy import toy_release

# Reads once, says so, waits for a line, reads again through the same connection and through a new one.
READER = """
import duckdb, sys
path = sys.argv[1]
held = duckdb.connect(path, read_only=True)
print(held.execute("select value::int from toy").fetchone()[0], flush=True)
sys.stdin.readline()
print(held.execute("select value::int from toy").fetchone()[0], flush=True)
print(duckdb.connect(path, read_only=True).execute("select value::int from toy").fetchone()[0], flush=True)
"""


def test_an_open_reader_keeps_its_release_and_a_new_one_sees_the_next(tmp_path):
    toy_release(tmp_path, "select 1::decimal(28, 6) as value", "one")
    path = tmp_path / "current" / "nianbao.duckdb"
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout.readline() == "1\n"
    toy_release(tmp_path, "select 2::decimal(28, 6) as value", "two")
    with duckdb.connect(str(path), read_only=True) as late:
        assert late.execute("select value::int from toy").fetchone() == (2,)
    out, _ = reader.communicate("\n", timeout=60)
    assert out.split() == ["1", "2"]


def test_a_resolved_path_is_one_release_for_all_its_files(tmp_path):
    toy_release(tmp_path, "select 1::decimal(28, 6) as value", "one")
    release = (tmp_path / "current").resolve()
    toy_release(tmp_path, "select 2::decimal(28, 6) as value", "two")
    assert pq.read_table(release / "parquet" / "toy.parquet")["value"].to_pylist() == [1]
    assert pq.read_table(tmp_path / "current" / "parquet" / "toy.parquet")["value"].to_pylist() == [2]
    with duckdb.connect() as own:
        own.execute(f"attach '{release / 'nianbao.duckdb'}' as nianbao (read_only)")
        assert own.execute("select value::int from nianbao.toy").fetchone() == (1,)
