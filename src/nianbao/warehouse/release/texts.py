"""Full texts: the lake's files under a second name, so that releases share them and none copies them.

texts/<rules>-<batch>.parquet, columns edition_id, capture_id, text
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from nianbao.warehouse.engine import DUCKDB_CONFIG
from nianbao.warehouse.release.store import Release

TEXTS = "texts"
_BATCHES = """
select distinct batch from raw.capture where edition_id is not null order by batch
"""
# The text as the capture had it that stands for the edition.
_VIEW = """
create temp view edition_text as
select text.edition_id, text.text
from {files} as text
inner join main.fct_edition as edition
    on text.edition_id = edition.edition_id and text.capture_id = edition.capture_id
"""


def texts_of(candidate: Path, lake: Path) -> dict[str, Path]:
    """Name in a release → the lake's file, for every batch that holds an edition of a closed candidate."""
    with duckdb.connect(str(candidate), read_only=True, config=DUCKDB_CONFIG) as connection:
        batches = [str(row[0]) for row in connection.execute(_BATCHES).fetchall()]
    return {Path(text_file(batch)).stem: lake / batch / "text.parquet" for batch in batches}


def offer_texts(connection: duckdb.DuckDBPyConnection, release: Release) -> None:
    """Makes the temp view edition_text(edition_id, text) in an open release; empty where it holds no texts."""
    files = sorted(str(path).replace("'", "''") for path in (release.folder / TEXTS).glob("*.parquet"))
    listed = ", ".join(f"'{path}'" for path in files)
    source = (
        f"read_parquet([{listed}])"
        if files
        else "(select '' as edition_id, '' as capture_id, '' as text where false)"
    )
    connection.execute(_VIEW.format(files=source))


def text_of(connection: duckdb.DuckDBPyConnection, release: Release, edition_id: str) -> str:
    """The text of one edition, from the one file that holds it; "" where the release holds no texts."""
    row = connection.execute(
        "select capture.batch, capture.capture_id from main.fct_edition as edition"
        " inner join raw.capture as capture on edition.capture_id = capture.capture_id where edition.edition_id = ?",
        [edition_id],
    ).fetchone()
    path = release.folder / TEXTS / text_file(str(row[0])) if row else None
    if row is None or path is None or not path.is_file():
        return ""
    text = connection.execute(
        "select text from read_parquet(?) where edition_id = ? and capture_id = ?",
        [str(path), edition_id, row[1]],
    ).fetchone()
    return str(text[0]) if text else ""


def text_file(batch: str) -> str:
    """The file in `texts/` that holds the texts of a batch: rules=<rules>/batch=<batch> as one word."""
    return "-".join(part.partition("=")[2] for part in batch.split("/")) + ".parquet"
