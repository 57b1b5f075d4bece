"""The lake: what extraction delivered, as Parquet, one folder per batch, written once and never changed.

    lake/rules=<rules version>/batch=<batch id>/<table>.parquet

A batch appears by one rename, so a killed refresh leaves whole batches or none, and the next one redoes only what is
missing. Batches of an older rules version stay beside the new ones and may be deleted; load reads one version.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from nianbao.warehouse.schema import LAKE_TABLES

Row = Mapping[str, object]
_REMEDY = "delete this batch folder; the next refresh makes it anew from the archive"


class ContractError(Exception):
    """A Parquet file that does not keep the contract of schema.py; says file, column, expected and found."""


class Lake:
    """The batches of one rules version under the lake's folder."""

    def __init__(self, folder: Path, rules_version: str) -> None:
        self.rules_version = rules_version
        self._folder = folder / f"rules={rules_version}"

    def batch_id(self, capture_ids: Iterable[str]) -> str:
        """The name of the batch of these captures: the same captures under the same rules are the same batch."""
        joined = "\n".join([self.rules_version, *sorted(capture_ids)])
        return hashlib.sha256(joined.encode()).hexdigest()[:16]

    def batches(self) -> list[Path]:
        """Folders of all finished batches, in a stable order."""
        return sorted(self._folder.glob("batch=*"))

    def write(self, batch_id: str, tables: Mapping[str, Sequence[Row]]) -> Path:
        """Writes one batch; a batch that is already there is left as it is. Returns its folder."""
        final = self._folder / f"batch={batch_id}"
        if final.exists():
            return final
        partial = self._folder / f".partial-{batch_id}-{os.getpid()}"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        for name, schema in LAKE_TABLES.items():
            table = pa.Table.from_pylist([dict(row) for row in tables.get(name, ())], schema=schema)
            pq.write_table(table, partial / f"{name}.parquet", compression="zstd")
        partial.replace(final)
        return final

    def finished_captures(self) -> set[str]:
        """Ids of the captures that finished batches hold."""
        done: set[str] = set()
        for path in self.files("capture"):
            try:
                done.update(pq.read_table(path, columns=["capture_id"]).column(0).to_pylist())
            except (OSError, pa.ArrowException) as error:
                raise ContractError(f"{path}: is damaged ({error}); {_REMEDY}") from error
        return done

    def files(self, table: str) -> list[Path]:
        """The Parquet files of one table, each checked against the contract.

        Raises ContractError for a file whose columns or types differ, or that has nulls where none may be.
        """
        paths = [batch / f"{table}.parquet" for batch in self.batches()]
        for path in paths:
            _check(path, LAKE_TABLES[table])
        return paths

    def fingerprint(self) -> str:
        """Changes exactly when a batch comes or goes."""
        joined = "\n".join([self.rules_version, *(batch.name for batch in self.batches())])
        return hashlib.sha256(joined.encode()).hexdigest()

    def sweep(self) -> None:
        """Removes what a killed refresh left half written."""
        for partial in self._folder.glob(".partial-*"):
            shutil.rmtree(partial, ignore_errors=True)


def _check(path: Path, expected: pa.Schema) -> None:
    remedy = _REMEDY
    try:
        metadata = pq.ParquetFile(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise ContractError(f"{path}: cannot be read as Parquet ({error}); {remedy}") from error
    found = metadata.schema_arrow
    for field in expected:
        index = found.get_field_index(field.name)
        if index < 0:
            raise ContractError(f"{path}: column {field.name} ({field.type}) is missing; {remedy}")
        if found.field(index).type != field.type:
            raise ContractError(
                f"{path}: column {field.name} is {found.field(index).type}, expected {field.type}; {remedy}"
            )
    surplus = sorted(set(found.names) - set(expected.names))
    if surplus:
        raise ContractError(f"{path}: columns {', '.join(surplus)} are not in the contract; {remedy}")
    required = {field.name for field in expected if not field.nullable}
    for group in range(metadata.metadata.num_row_groups):
        for index in range(metadata.metadata.num_columns):
            column = metadata.metadata.row_group(group).column(index)
            statistics = column.statistics
            if column.path_in_schema in required and statistics is not None and statistics.null_count:
                raise ContractError(
                    f"{path}: column {column.path_in_schema} has {statistics.null_count} nulls and may have none; {remedy}"
                )
