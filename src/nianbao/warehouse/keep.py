"""Which captures need not be read again under other rules: those whose rows of an earlier version hold as they are."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from nianbao.model import Capture
from nianbao.warehouse.lake import ContractError, Lake, checked
from nianbao.warehouse.rules import Change, Rules, compare

log = logging.getLogger("nianbao.ingest")


def keep(lake: Lake, rules: Rules, captures: Iterable[Capture]) -> int:
    """Notes in the lake of `rules` which of these captures keep the rows of an earlier version.

    A capture keeps them if nothing that changed between that version and these rules touches it. Returns how many
    captures were noted. What an earlier version cannot give, damaged or deleted, is read again instead.
    """
    lake.remember(rules)
    done = lake.finished_captures()
    missing = {capture.capture_id: capture for capture in captures if capture.capture_id not in done}
    kept: dict[str, Path] = {}
    for former in lake.others():
        if not missing.keys() - kept.keys():
            break
        known = former.rules()
        change = compare(known, rules) if known else None
        if change is None or change.touches_all:
            continue
        try:
            holdings = former.holdings()
            candidates = {i: holdings[i] for i in missing.keys() - kept.keys() if i in holdings}
            touched = touched_captures(change, missing, candidates)
        except ContractError as error:
            log.warning("the rows of rules %s are not used again: %s", former.rules_version, error)
            continue
        kept |= {i: batch for i, batch in candidates.items() if i not in touched}
    if kept:
        lake.keep(kept)
    return len(kept)


def touched_captures(
    change: Change, captures: Mapping[str, Capture], holdings: Mapping[str, Path]
) -> set[str]:
    """Which of the held captures may have other rows after a change that does not touch all.

    holdings: capture id → the batch with its rows from before the change. Raises ContractError for a damaged batch.
    """
    touched = {i for i in holdings if captures[i].source_id in change.sources}
    if change.units:
        for batch in sorted(set(holdings.values())):
            path = checked(batch, "figure")
            try:
                found = pq.read_table(
                    path, columns=["capture_id"], filters=[("unit", "in", sorted(change.units))]
                )
            except (OSError, pa.ArrowException) as error:
                raise ContractError(f"{path}: is damaged ({error})") from error
            touched.update(i for i in found.column(0).to_pylist() if holdings.get(i) == batch)
    return touched
