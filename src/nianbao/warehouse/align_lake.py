"""Where the results of alignment lie: one folder per batch of units, written once and never changed.

    lake/alignment=<alignment version>/batch=<batch id>/<table>.parquet

A batch appears by one rename. Rows of units whose editions have changed since stay and are not asked for any more: what
holds are the rows of the unit keys of today (align.py).
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from nianbao.warehouse.lake import ContractError, Row
from nianbao.warehouse.schema import ALIGNED_UNIT_SCHEMA, ALIGNMENT_TABLES

_TABLES = ALIGNMENT_TABLES | {"unit": ALIGNED_UNIT_SCHEMA}
_REMEDY = "delete this batch folder; the next refresh makes it anew"


class AlignmentLake:
    """The rows of one alignment version under the lake's folder."""

    def __init__(self, folder: Path, version: str) -> None:
        self.version = version
        self._folder = folder / f"alignment={version}"

    def batches(self) -> list[Path]:
        """Folders of all finished batches, in a stable order."""
        return sorted(self._folder.glob("batch=*"))

    def files(self, table: str) -> list[Path]:
        """The Parquet files of one table. Raises ContractError for one that cannot be read or has other columns."""
        return [_checked(batch / f"{table}.parquet", _TABLES[table]) for batch in self.batches()]

    def finished_units(self) -> set[str]:
        """Keys of the units whose rows are there. Raises ContractError for a damaged file."""
        return {
            key
            for path in self.files("unit")
            for key in pq.read_table(path, columns=["unit_key"])[0].to_pylist()
        }

    def write(self, tables: Mapping[str, Sequence[Row]]) -> Path:
        """Writes the rows of some units as one batch; one that is there is left as it is. Returns its folder."""
        keys = "\n".join(sorted(str(row["unit_key"]) for row in tables["unit"]))
        batch_id = hashlib.sha256(f"{self.version}\n{keys}".encode()).hexdigest()[:16]
        final = self._folder / f"batch={batch_id}"
        if final.exists():
            return final
        partial = self._folder / f".partial-{batch_id}-{os.getpid()}"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        for name, schema in _TABLES.items():
            rows = pa.Table.from_pylist([dict(row) for row in tables.get(name, ())], schema=schema)
            pq.write_table(rows, partial / f"{name}.parquet", compression="zstd")
        partial.replace(final)
        return final

    def sweep(self) -> None:
        """Removes what a killed refresh left half written."""
        for partial in self._folder.glob(".partial-*"):
            shutil.rmtree(partial, ignore_errors=True)


def _checked(path: Path, expected: pa.Schema) -> Path:
    try:
        found = pq.read_schema(path)
    except (OSError, pa.ArrowException) as error:
        raise ContractError(f"{path}: cannot be read as Parquet ({error}); {_REMEDY}") from error
    if found.names != expected.names or found.types != expected.types:
        raise ContractError(
            f"{path}: has the columns {found.names} ({[str(t) for t in found.types]}), expected {expected.names} "
            f"({[str(t) for t in expected.types]}); {_REMEDY}"
        )
    return path
