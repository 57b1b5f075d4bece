"""The lake: what extraction delivered, as Parquet, one folder per batch, written once and never changed.

    lake/rules=<rules version>/rules.json                      what these rules are made of (rules.py)
    lake/rules=<rules version>/batch=<batch id>/<table>.parquet
    lake/rules=<rules version>/kept-<id>.parquet               captures whose rows of other rules hold (keep.py)

A batch appears by one rename, so a killed refresh leaves whole batches or none, and the next one redoes only what is
missing. A version's rows are those of its own batches and those that it keeps, which stay where they were made. A folder
that is deleted, kept from or not, costs reading its captures again and nothing else.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from nianbao.warehouse.rules import Rules
from nianbao.warehouse.schema import KEPT_SCHEMA, LAKE_TABLES

Row = Mapping[str, object]
_REMEDY = "delete this batch folder; the next refresh makes it anew from the archive"
_KEPT_REMEDY = "delete this file; the next refresh makes it anew"
_PREFIX = "rules="
_RULES = "rules.json"


class ContractError(Exception):
    """A Parquet file that does not keep the contract of schema.py; says file, column, expected and found."""


class Lake:
    """The rows of one rules version under the lake's folder."""

    def __init__(self, folder: Path, rules_version: str) -> None:
        self.rules_version = rules_version
        self.root = folder
        self._folder = folder / f"{_PREFIX}{rules_version}"
        self._captures: dict[
            str, tuple[str, ...]
        ] = {}  # of the batches that were looked into; they do not change

    # --- the rules ---

    def remember(self, rules: Rules) -> None:
        """Writes down what these rules are made of, so that later ones can be compared with them."""
        path = self._folder / _RULES
        if self.rules() != rules:
            self._folder.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(f".partial-{_RULES}-{os.getpid()}")
            partial.write_text(rules.to_json() + "\n", encoding="utf-8")
            partial.replace(path)

    def rules(self) -> Rules | None:
        """What these rules are made of; None where nobody wrote it down, or it cannot be read."""
        try:
            return Rules.from_json((self._folder / _RULES).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def others(self) -> list[Lake]:
        """The lakes of all other rules versions, the newest first."""
        folders = [path for path in self.root.glob(f"{_PREFIX}*") if path != self._folder]
        folders.sort(key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
        return [Lake(self.root, path.name.removeprefix(_PREFIX)) for path in folders]

    # --- its own batches ---

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

    def files(self, table: str) -> list[Path]:
        """The Parquet files of one table in the batches of this version, each checked against the contract.

        Raises ContractError for a file whose columns or types differ, or that has nulls where none may be.
        """
        return [checked(batch, table) for batch in self.batches()]

    # --- what it keeps of other versions ---

    def keep(self, batches: Mapping[str, Path]) -> None:
        """Notes that the rows which some captures have in batches of other versions hold under these rules."""
        rows = [
            {
                "capture_id": capture_id,
                "rules_version": batch.parent.name.removeprefix(_PREFIX),
                "batch_id": batch.name.removeprefix("batch="),
            }
            for capture_id, batch in sorted(batches.items())
        ]
        name = hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
        self._folder.mkdir(parents=True, exist_ok=True)
        partial = self._folder / f".partial-{name}-{os.getpid()}"
        pq.write_table(pa.Table.from_pylist(rows, schema=KEPT_SCHEMA), partial, compression="zstd")
        partial.replace(self._folder / f"kept-{name}.parquet")

    def kept(self) -> dict[str, Path]:
        """Capture id → the batch of another version that holds its rows, for captures that no own batch holds."""
        own = self._own()
        return {capture_id: batch for capture_id, batch in self.noted().items() if capture_id not in own}

    def holdings(self) -> dict[str, Path]:
        """Capture id → the batch that holds its rows under these rules, made by them or kept."""
        return self.noted() | self._own()

    def finished_captures(self) -> set[str]:
        """Ids of the captures whose rows under these rules are there."""
        return set(self.holdings())

    def _own(self) -> dict[str, Path]:
        return {capture_id: batch for batch in self.batches() for capture_id in self._captures_of(batch)}

    def _captures_of(self, batch: Path) -> tuple[str, ...]:
        if batch.name not in self._captures:
            rows = _read(checked(batch, "capture"), ["capture_id"], _REMEDY)
            self._captures[batch.name] = tuple(row["capture_id"] for row in rows)
        return self._captures[batch.name]

    def noted(self) -> dict[str, Path]:
        """Capture id → batch, for every capture that is noted to keep the rows of another version, if they are there."""
        found = {
            row["capture_id"]: self.root / f"{_PREFIX}{row['rules_version']}" / f"batch={row['batch_id']}"
            for path in sorted(self._folder.glob("kept-*.parquet"))
            for row in _read(path, KEPT_SCHEMA.names, _KEPT_REMEDY)
        }
        there = {batch for batch in set(found.values()) if batch.is_dir()}
        return {capture_id: batch for capture_id, batch in found.items() if batch in there}

    def fingerprint(self) -> str:
        """Changes exactly when a batch, own or kept, comes or goes."""
        kept = sorted({f"{batch.parent.name}/{batch.name}" for batch in self.noted().values()})
        names = [*(path.name for path in sorted(self._folder.glob("kept-*.parquet"))), *kept]
        joined = "\n".join([self.rules_version, *(batch.name for batch in self.batches()), *names])
        return hashlib.sha256(joined.encode()).hexdigest()

    def sweep(self) -> None:
        """Removes what a killed refresh left half written."""
        for partial in self._folder.glob(".partial-*"):
            if partial.is_dir():
                shutil.rmtree(partial, ignore_errors=True)
            else:
                partial.unlink(missing_ok=True)


def checked(batch: Path, table: str) -> Path:
    """The Parquet file of one table of a batch. Raises ContractError if it does not keep the contract."""
    path = batch / f"{table}.parquet"
    _check(path, LAKE_TABLES[table])
    return path


def _read(path: Path, columns: Sequence[str], remedy: str) -> list[dict[str, str]]:
    try:
        # Without the machinery of data sets, which takes longer than a small file.
        with pq.ParquetFile(path) as file:
            rows: list[dict[str, str]] = file.read(columns=list(columns)).select(list(columns)).to_pylist()
    except (OSError, KeyError, pa.ArrowException) as error:
        raise ContractError(f"{path}: is damaged ({error}); {remedy}") from error
    return rows


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
