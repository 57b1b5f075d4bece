"""Tables arrive whole in each form, and no text of a website becomes a formula, a link or a number."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.export import TableError, columns_of, excel, write_table
from nianbao.export.compilations import ReleaseCitation, TableCitation

CITATION = TableCitation(
    ReleaseCitation("20260301T000000Z-abcd1234", date(2026, 3, 1), "2.2", "ff"),
    "figures",
    "select * from figures",
    {"region": "990101"},
)
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    '=HYPERLINK("http://a.test","点")',
]
TABLE = pa.table(
    {
        "issuer_name": ["青禾区司法局", '他说："好", 对'],
        "value": pa.array([Decimal("-1300.500000"), Decimal("35")], pa.decimal128(28, 6)),
        "report_year": pa.array([2023, None], pa.int64()),
        "is_exact": [True, False],
        "published_date": [date(2024, 3, 1), None],
        "first_seen_at": pa.array([datetime(2024, 3, 1, 17, tzinfo=UTC), None], pa.timestamp("us", "UTC")),
        "parts_missing": pa.array([["plan", "other"], []], pa.list_(pa.string())),
        "median": [float("nan"), 0.25],
    }
)
COLUMNS = {"value": ("数值", "The value, fully scaled."), "issuer_name": ("发文机关", "Name.")}


def written(table, form, **options):
    out = io.BytesIO()
    told = write_table(table, form, out, columns=COLUMNS, citation=CITATION, **options)
    return told, out.getvalue()


def csv_rows(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheet_rows(content, sheet=0):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[cell.value for cell in row] for row in book.worksheets[sheet].iter_rows()]


def test_csv_has_plain_values_and_the_mark_for_excel():
    told, content = written(TABLE, "csv")
    assert told.rows == 2
    assert content.startswith(b"\xef\xbb\xbf")
    assert csv_rows(content)[1:] == [
        [
            "青禾区司法局",
            "-1300.5",
            "2023",
            "true",
            "2024-03-01",
            "2024-03-02T01:00:00+08:00",
            '["plan", "other"]',
            "",
        ],
        ['他说："好", 对', "35", "", "false", "", "", "[]", "0.25"],
    ]
    assert not written(TABLE, "csv", bom=False)[1].startswith(b"\xef\xbb\xbf")


def test_excel_shows_labels_names_formats_and_says_how_to_cite():
    told, content = written(TABLE, "xlsx")
    assert told.rows == 2
    book = openpyxl.load_workbook(io.BytesIO(content))
    data, about = book.worksheets
    assert [cell.value for cell in data[1]][:2] == ["发文机关", "数值"]
    assert [cell.value for cell in data[2]][:2] == ["issuer_name", "value"]
    assert data.freeze_panes == "A3"
    assert data.auto_filter.ref == "A2:H4"
    assert data["A1"].font.bold
    assert (data["B3"].value, data["B3"].number_format) == (-1300.5, "#,##0.0#####")
    assert (data["C3"].value, data["C3"].number_format) == (2023, "0")
    assert data["D3"].value is True
    assert str(data["E3"].value) == "2024-03-01 00:00:00"
    assert str(data["F3"].value) == "2024-03-02 01:00:00"
    assert data["H3"].value is None
    text = "\n".join(str(cell.value) for row in about.iter_rows() for cell in row if cell.value)
    for part in (
        "20260301T000000Z-abcd1234",
        "region: 990101",
        "select * from figures",
        "The value, fully scaled.",
    ):
        assert part in text
    assert CITATION.text("zh") in text


def test_parquet_keeps_types_and_carries_the_citation():
    told, content = written(TABLE, "parquet")
    assert told.rows == 2
    table = pq.read_table(io.BytesIO(content))
    assert table.schema.equals(TABLE.schema)
    assert table.drop(["median"]).equals(TABLE.drop(["median"]))
    assert table.schema.metadata[b"nianbao.citation.zh"].decode() == CITATION.text("zh")
    assert table.schema.field("value").metadata[b"label"].decode() == "数值"


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_that_look_like_formulas_stay_texts(text):
    table = pa.table({"=evil": [text], "n": [-5]})
    header, row = csv_rows(written(table, "csv")[1])
    assert header[0] == "'=evil"
    assert row == ["'" + text, "-5"]
    content = written(table, "xlsx")[1]
    cells = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert (cells["A3"].data_type, cells["A1"].data_type) == ("s", "s")
    assert cells["B3"].value == -5
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_addresses_and_digits_stay_texts_in_excel():
    table = pa.table({"a": ["http://a.test/", "00123", "1e5", "{=1}", "javascript:alert(1)"]})
    assert [row[0] for row in sheet_rows(written(table, "xlsx")[1])[2:]] == table["a"].to_pylist()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=30), min_size=1, max_size=8))
def test_no_text_is_lost_or_becomes_active(texts):
    table = pa.table({"t": texts, "n": list(range(len(texts)))})
    rows = csv_rows(written(table, "csv")[1])[1:]
    assert [row[1] for row in rows] == [str(n) for n in range(len(texts))]
    for (found, _), text in zip(rows, texts, strict=True):
        assert found in (text, "'" + text)
        assert not found.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert [row[0] for row in csv_rows(written(table, "csv", safe=False)[1])[1:]] == texts


def test_what_excel_cannot_hold_is_said(monkeypatch):
    assert excel._MOST_ROWS == 1_048_574
    monkeypatch.setattr(excel, "_MOST_ROWS", 1_000)
    assert written(pa.table({"a": ["x"] * 1_000}), "xlsx")[0].rows == 1_000
    with pytest.raises(TableError, match=r"Excel holds 1,000 rows .* CSV or Parquet"):
        written(pa.table({"a": ["x"] * 1_001}), "xlsx")
    told, content = written(pa.table({"a": ["长" * 40_000]}), "xlsx")
    assert told.cut == 1
    assert len(sheet_rows(content)[2][0]) == 32_767
    assert any("CSV" in str(cell) for row in sheet_rows(content, 1) for cell in row)
    assert sheet_rows(written(pa.table({"n": [2**60]}), "xlsx")[1])[2] == [str(2**60)]


def test_the_same_rows_make_the_same_bytes():
    for form in ("csv", "xlsx", "parquet"):
        assert written(TABLE, form) == written(TABLE, form)


def test_a_stream_is_written_as_it_comes():
    with duckdb.connect() as connection:
        rows = connection.execute("select i, i / 7 as x from range(130_000) as t(i)").to_arrow_reader(10_000)
        out = io.BytesIO()
        assert write_table(rows, "parquet", out, columns={}, citation=CITATION).rows == 130_000
    groups = pq.ParquetFile(out).metadata
    assert groups.num_rows == 130_000
    assert groups.num_row_groups == 2


def test_columns_are_described_by_their_comments():
    with duckdb.connect() as connection:
        connection.execute("create table a (value int, unit int); create table b (value int)")
        connection.execute("comment on column a.value is 'one'; comment on column b.value is 'another'")
        connection.execute("comment on column a.unit is 'of it'")
        assert columns_of(connection, ["value"], "a") == {"value": ("数值", "one")}
        # A query does not say which of two is meant.
        assert columns_of(connection, ["value", "unit", "mine"]) == {
            "value": ("数值", ""),
            "unit": ("单位", "of it"),
            "mine": ("mine", ""),
        }
