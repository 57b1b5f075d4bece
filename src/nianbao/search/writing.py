"""Writes an index: a new one, or on from one whose files were put into the folder.

<segment>.*      tantivy's, written once; what is deleted later is a further file
meta.json        tantivy's list of its segments
editions.parquet each edition, the fingerprint of its rows, how many entries it has
index.json       of which version it is, and how many entries it holds
"""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq
import tantivy

from nianbao.search.entries import Edition, entries
from nianbao.search.found import SearchError
from nianbao.search.guard import damage_told
from nianbao.search.index import ABOUT, about
from nianbao.search.schema import ENGINE, VERSION, document, schema, teach

EDITIONS = "editions.parquet"
# Bytes of entries in memory before a segment is written; larger ones are fewer, and merging them costs less.
_MEMORY = 192_000_000
# One thread writes one segment a night; a second one makes nothing faster, since Python cannot feed two.
_THREADS = 1
_SCHEMA = pa.schema(
    [
        pa.field("edition_id", pa.string(), nullable=False),
        pa.field("fingerprint", pa.string(), nullable=False),
        pa.field("entries", pa.int64(), nullable=False),
    ]
)


def fingerprints(folder: Path) -> dict[str, str]:
    """Edition id → fingerprint of the rows that an index was made of. Raises SearchError if it cannot be gone on from."""
    return {edition_id: fingerprint for edition_id, (fingerprint, _) in _editions(folder).items()}


class Writer:
    """Writes an index into a folder. A context: leaving it frees the folder."""

    def __init__(self, folder: Path, *, go_on: bool = False) -> None:
        """go_on: from the index whose files lie in the folder; else the folder is to be empty or not there.

        Raises SearchError if there is nothing that can be gone on from.
        """
        self._folder = folder
        self._editions = _editions(folder) if go_on else {}
        folder.mkdir(parents=True, exist_ok=True)
        with damage_told(f"the search index {folder} cannot be gone on from"):
            index = tantivy.Index.open(str(folder)) if go_on else tantivy.Index(schema(), path=str(folder))
            self._index = teach(index)
            # Else a thread looks for commits, and lays a lock into the folder after it was left.
            self._index.config_reader("manual")
            self._writer = self._index.writer(_MEMORY, _THREADS)

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del self._writer, self._index  # ends their threads
        for lock in self._folder.glob(".*.lock"):
            lock.unlink()

    def remove(self, edition_id: str) -> None:
        """Takes an edition out; one that is not in it is nothing to take out."""
        if self._editions.pop(edition_id, None):
            self._writer.delete_documents_by_term("edition", edition_id)

    def add(self, edition: Edition, fingerprint: str) -> None:
        """Puts an edition in, in the place of what was there of it."""
        self.remove(edition.edition_id)
        count = 0
        with damage_told(f"the search index {self._folder} cannot be written"):
            for entry in entries(edition):
                self._writer.add_document(document(edition, entry))
                count += 1
        self._editions[edition.edition_id] = (fingerprint, count)

    def finish(self) -> int:
        """Writes everything, waits until segments are merged; returns how many entries there are.

        Raises SearchError if the index then holds others than it should: what it went on from was not whole.
        """
        expected = sum(count for _, count in self._editions.values())
        with damage_told(f"the search index {self._folder} cannot be written"):
            self._writer.commit()
            self._writer.wait_merging_threads()
            self._index.reload()
            found = self._index.searcher().num_docs
        if found != expected:
            raise SearchError(f"the search index {self._folder} holds {found} entries instead of {expected}")
        self._describe(expected)
        return expected

    def _describe(self, count: int) -> None:
        names = sorted(self._editions)
        rows = [self._editions[name] for name in names]
        columns = [names, [fingerprint for fingerprint, _ in rows], [number for _, number in rows]]
        (self._folder / EDITIONS).unlink(missing_ok=True)
        pq.write_table(pa.table(columns, schema=_SCHEMA), self._folder / EDITIONS, compression="zstd")
        (self._folder / ABOUT).unlink(missing_ok=True)
        said = {"version": VERSION, "engine": ENGINE, "editions": len(names), "entries": count}
        (self._folder / ABOUT).write_text(json.dumps(said) + "\n", encoding="utf-8")


def _editions(folder: Path) -> dict[str, tuple[str, int]]:
    about(folder)
    with damage_told(f"{folder / EDITIONS} is damaged"), pq.ParquetFile(folder / EDITIONS) as file:
        rows = file.read().select(_SCHEMA.names).to_pylist()
    return {row["edition_id"]: (row["fingerprint"], row["entries"]) for row in rows}
