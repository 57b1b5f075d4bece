"""The search index of a release: its folder `search/`, made of the current editions and their texts (docs/search.md).

It is gone on from the release before: its files get a second name, editions whose rows differ are taken out and put in anew.
Whether rows differ is told by the sum of their hashes, so telling reads all rows once; texts are read only of what is put in.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from nianbao.search import Index, SearchError, open_index
from nianbao.search.entries import Edition, Figure, Reference, Section
from nianbao.search.writing import Writer, fingerprints
from nianbao.warehouse.chunks import take_out
from nianbao.warehouse.engine import DUCKDB_CONFIG
from nianbao.warehouse.release.files import link_or_copy
from nianbao.warehouse.release.store import Release, ReleaseError
from nianbao.warehouse.release.texts import TEXTS, text_file

log = logging.getLogger("nianbao.search")

SEARCH = "search"
# Editions that are read at once.
_AT_ONCE = 1_000
# tantivy writes these again; everything else it writes once.
_REWRITTEN = (".json", ".parquet")

_FINGERPRINTS = """
with section as (
    select edition_id, sum(hash(ordinal, parent_ordinal, kind, heading, start_offset)) as pieces
    from main.fct_section where is_current group by edition_id
),
figure as (
    select edition_id, sum(hash(start_offset, end_offset, text, figure.indicator_id, label, section_ordinal, sentence)) as pieces
    from main.fct_figure as figure
    left join main.dim_indicator as indicator on figure.indicator_id = indicator.indicator_id
    where is_current group by edition_id
),
reference as (
    select edition_id, sum(hash(start_offset, end_offset, text, instrument)) as pieces
    from main.fct_reference where is_current group by edition_id
)
select
    edition.edition_id, edition.batch,
    md5(concat_ws(
        ' ', $engine,
        hash(capture_id, report_id, issuer_id, issuer_name, region_code, report_kind, report_year, title, doc_number),
        coalesce(section.pieces, 0), coalesce(figure.pieces, 0), coalesce(reference.pieces, 0)
    )) as fingerprint
from main.fct_edition as edition
left join section on edition.edition_id = section.edition_id
left join figure on edition.edition_id = figure.edition_id
left join reference on edition.edition_id = reference.edition_id
where edition.is_current
order by edition.batch, edition.edition_id
"""
# Taken out once for all chunks: the marts lie by issuer, and looking for the rows of one chunk would read all of them.
_TAKEN = (
    """
    create or replace temp table wanted_section as
    select chunk, piece.edition_id, ordinal, parent_ordinal, coalesce(kind, '') as kind, coalesce(heading, '') as heading,
        start_offset
    from main.fct_section as piece inner join chunked on piece.edition_id = chunked.edition_id
    order by chunk
    """,
    """
    create or replace temp table wanted_figure as
    select chunk, piece.edition_id, start_offset, end_offset, text, coalesce(piece.indicator_id, '') as indicator_id,
        coalesce(label, '') as label, section_ordinal, coalesce(sentence, '') as sentence
    from main.fct_figure as piece
    inner join chunked on piece.edition_id = chunked.edition_id
    left join main.dim_indicator as indicator on piece.indicator_id = indicator.indicator_id
    order by chunk
    """,
    """
    create or replace temp table wanted_reference as
    select chunk, piece.edition_id, start_offset, end_offset, text, coalesce(instrument, '') as instrument
    from main.fct_reference as piece inner join chunked on piece.edition_id = chunked.edition_id
    order by chunk
    """,
    """
    create or replace temp table wanted_edition as
    select chunk, edition.edition_id, report_id, issuer_id, coalesce(issuer_name, '') as issuer_name,
        coalesce(region_code, '') as region_code, report_kind, report_year, coalesce(title, '') as title,
        coalesce(doc_number, '') as doc_number, capture_id
    from main.fct_edition as edition inner join chunked on edition.edition_id = chunked.edition_id
    order by chunk
    """,
)
_EDITIONS = """
select edition.* exclude (chunk, capture_id), coalesce(told.text, '')
from wanted_edition as edition
left join {texts} as told on edition.edition_id = told.edition_id and edition.capture_id = told.capture_id
where chunk = $chunk order by edition.edition_id
"""
_SECTIONS = "select * exclude (chunk) from wanted_section where chunk = $chunk order by edition_id, ordinal"
_FIGURES = (
    "select * exclude (chunk) from wanted_figure where chunk = $chunk order by edition_id, start_offset"
)
_REFERENCES = (
    "select * exclude (chunk) from wanted_reference where chunk = $chunk order by edition_id, start_offset"
)


@dataclass(frozen=True, slots=True)
class Indexed:
    """What making an index took: entries in it, editions in it, those put in and taken out, whether all was made anew."""

    entries: int
    editions: int
    added: int
    removed: int
    whole: bool


@dataclass(frozen=True, slots=True)
class _Row:
    edition_id: str
    batch: str
    fingerprint: str


def index_of(release: Release) -> Index:
    """Opens the search index of a release. Raises ReleaseError if it has none, or none that can be read."""
    try:
        return open_index(release.folder / SEARCH)
    except SearchError as error:
        raise ReleaseError(str(error)) from error


def make_index(candidate: Path, staged: Path, previous: Release | None, *, whole: bool) -> Indexed | None:
    """Makes the folder `search` of a release that is being made; None, and no folder, where that has no texts.

    candidate: a closed DuckDB file. staged: the release's folder, with its texts. previous: the release to go on from; one
    whose index is missing, damaged or of another version is not. whole: make all anew. Raises ReleaseError if the
    index cannot be written.
    """
    if not any((staged / TEXTS).glob("*.parquet")):
        return None
    folder = staged / SEARCH
    with duckdb.connect(str(candidate), read_only=True, config=DUCKDB_CONFIG) as connection:
        rows = [
            _Row(*row) for row in connection.execute(_FINGERPRINTS, {"engine": duckdb.__version__}).fetchall()
        ]
        if previous is not None and not whole and (previous.folder / SEARCH).is_dir():
            try:
                return _gone_on(connection, staged, previous, rows)
            except SearchError as error:
                log.warning("the search index is made anew: %s", error)
                shutil.rmtree(folder)
        try:
            with Writer(folder) as writer:
                _put_in(writer, connection, staged, rows)
                return Indexed(writer.finish(), len(rows), len(rows), 0, True)
        except SearchError as error:
            raise ReleaseError(f"{error}; see that there is room on the disk, and refresh again") from error


def _gone_on(
    connection: duckdb.DuckDBPyConnection, staged: Path, previous: Release, rows: Sequence[_Row]
) -> Indexed:
    folder, former = staged / SEARCH, previous.folder / SEARCH
    folder.mkdir()
    known = fingerprints(former)
    for path in former.iterdir():
        if path.suffix in _REWRITTEN:
            (folder / path.name).write_bytes(path.read_bytes())
        else:
            link_or_copy(path, folder / path.name)
    wanted = {row.edition_id: row.fingerprint for row in rows}
    gone = [edition_id for edition_id in known if edition_id not in wanted]
    changed = [row for row in rows if known.get(row.edition_id) != row.fingerprint]
    if not gone and not changed:
        about = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        return Indexed(about["entries"], len(rows), 0, 0, False)
    with Writer(folder, go_on=True) as writer:
        for edition_id in gone:
            writer.remove(edition_id)
        _put_in(writer, connection, staged, changed)
        return Indexed(writer.finish(), len(rows), len(changed), len(gone), False)


def _put_in(
    writer: Writer, connection: duckdb.DuckDBPyConnection, staged: Path, rows: Sequence[_Row]
) -> None:
    told = {row.edition_id: row.fingerprint for row in rows}
    chunks = [rows[first : first + _AT_ONCE] for first in range(0, len(rows), _AT_ONCE)]
    take_out(connection, [[row.edition_id for row in chunk] for chunk in chunks], _TAKEN)
    for number, chunk in enumerate(chunks):
        texts = [staged / TEXTS / text_file(batch) for batch in sorted({row.batch for row in chunk})]
        for edition in _read(connection, [path for path in texts if path.is_file()], number):
            writer.add(edition, told[edition.edition_id])


def _read(connection: duckdb.DuckDBPyConnection, texts: Sequence[Path], chunk: int) -> Iterator[Edition]:
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in texts)
    source = (
        f"read_parquet([{listed}])"
        if texts
        else "(select '' as edition_id, '' as capture_id, '' as text where false)"
    )
    sections = _by_edition(connection, _SECTIONS, chunk)
    figures = _by_edition(connection, _FIGURES, chunk)
    references = _by_edition(connection, _REFERENCES, chunk)
    for row in connection.execute(_EDITIONS.format(texts=source), {"chunk": chunk}).fetchall():
        yield replace(
            Edition(*row),
            sections=[Section(*piece) for piece in sections.get(row[0], ())],
            figures=[Figure(*piece) for piece in figures.get(row[0], ())],
            references=[Reference(*piece) for piece in references.get(row[0], ())],
        )


def _by_edition(
    connection: duckdb.DuckDBPyConnection, query: str, chunk: int
) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for edition_id, *piece in connection.execute(query, {"chunk": chunk}).fetchall():
        found.setdefault(edition_id, []).append(tuple(piece))
    return found
