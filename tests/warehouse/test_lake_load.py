"""Batches appear whole or not at all, keep their contract, and load without doubles."""

from datetime import UTC, datetime

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rows import batch

from nianbao.model import Registry
from nianbao.warehouse.lake import ContractError, Lake
from nianbao.warehouse.load import load

EMPTY = Registry((), (), (), (), (), "none")


def test_a_batch_is_named_by_its_captures_and_rules_whatever_their_order(tmp_path):
    lake = Lake(tmp_path, "r1")
    assert lake.batch_id(["b", "a"]) == lake.batch_id(["a", "b"])
    assert lake.batch_id(["a"]) != Lake(tmp_path, "r2").batch_id(["a"])


def test_a_half_written_batch_is_neither_read_nor_kept(tmp_path):
    lake = Lake(tmp_path, "r1")
    lake.write("one", batch())
    partial = tmp_path / "rules=r1" / ".partial-two-1"
    partial.mkdir()
    (partial / "capture.parquet").write_bytes(b"PAR1")
    assert lake.finished_captures() == {"urn:uuid:1"}
    lake.sweep()
    assert not partial.exists()


def test_other_rules_see_none_of_the_batches(tmp_path):
    Lake(tmp_path, "r1").write("one", batch())
    assert Lake(tmp_path, "r2").finished_captures() == set()


def test_the_fingerprint_changes_with_the_batches_only(tmp_path):
    lake = Lake(tmp_path, "r1")
    lake.write("one", batch())
    before = lake.fingerprint()
    lake.write("one", batch())
    assert lake.fingerprint() == before
    lake.write("two", batch(capture="urn:uuid:2", edition="e2"))
    assert lake.fingerprint() != before


def test_the_earliest_reading_of_an_edition_is_loaded_with_its_own_rows(tmp_path):
    lake = Lake(tmp_path / "lake", "r1")
    lake.write("late", batch(capture="urn:uuid:late", value="99", fetched=datetime(2026, 4, 1, tzinfo=UTC)))
    lake.write("early", batch(capture="urn:uuid:early", value="35", fetched=datetime(2026, 3, 1, tzinfo=UTC)))
    assert load(tmp_path / "candidate.duckdb", lake, EMPTY).captures == 2
    with duckdb.connect(str(tmp_path / "candidate.duckdb"), read_only=True) as connection:
        assert connection.execute("select capture_id, value::int from raw.figure").fetchall() == [
            ("urn:uuid:early", 35)
        ]
        assert connection.execute("select capture_id from raw.edition").fetchall() == [("urn:uuid:early",)]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda t: t.drop_columns(["unit"]), r"figure.parquet: column unit \(string\) is missing"),
        (lambda t: t.append_column("extra", pa.array(["x"])), "columns extra are not in the contract"),
        (
            lambda t: t.set_column(t.schema.get_field_index("value"), "value", pa.array(["35"])),
            r"column value is string, expected decimal128\(28, 6\)",
        ),
        (
            lambda t: t.set_column(t.schema.get_field_index("unit"), "unit", pa.array([None], pa.string())),
            "column unit has 1 nulls and may have none",
        ),
    ],
)
def test_a_file_that_breaks_the_contract_is_named_with_what_was_found(tmp_path, damage, message):
    lake = Lake(tmp_path / "lake", "r1")
    path = lake.write("one", batch()) / "figure.parquet"
    table = pq.read_table(path)
    pq.write_table(damage(pa.table(table.columns, names=table.column_names)), path)
    with pytest.raises(ContractError, match=message):
        load(tmp_path / "candidate.duckdb", lake, EMPTY)


def test_a_truncated_file_is_named(tmp_path):
    lake = Lake(tmp_path / "lake", "r1")
    path = lake.write("one", batch()) / "edition.parquet"
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(
        ContractError, match=r"edition.parquet: cannot be read as Parquet .* delete this batch folder"
    ):
        load(tmp_path / "candidate.duckdb", lake, EMPTY)
