"""Which sources were ever read to their end: until then nobody knows what is missing there.

A source is explored once a visit has read its listings to their end, found report links there, and asked for everything
they lead to. A report that no explored source has is late or missing; one that a source not yet explored may hold is
neither.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import pyarrow as pa

from nianbao.model import Source, SourceVisit

_TABLE = "exploration"


def explored_sources(
    visits: Iterable[SourceVisit], remembered: Mapping[str, datetime] | None = None
) -> dict[str, datetime]:
    """source_id → when a visit to it first ended that was whole and found reports.

    remembered: the last whole visit as the harvest's memory has it. It counts where it came before all of `visits`: homes
    of earlier versions have no other.
    """
    found: dict[str, datetime] = {}
    began: dict[str, datetime] = {}
    for visit in visits:
        began[visit.source_id] = min(began.get(visit.source_id, visit.began_at), visit.began_at)
        if visit.whole and visit.links:
            found[visit.source_id] = min(found.get(visit.source_id, visit.ended_at), visit.ended_at)
    before = {
        source_id: ended
        for source_id, ended in (remembered or {}).items()
        if source_id not in began or ended < began[source_id]
    }
    return found | before


def exploration_rows(
    sources: Iterable[Source], explored: Mapping[str, datetime], former: Mapping[str, datetime]
) -> list[dict[str, object]]:
    """The rows of raw.exploration: one per source and issuer whose reports it is to have.

    former: source_id → explored_at as the release before has it, so that nothing is unexplored again because the harvest
    forgot about it.
    """
    rows: list[dict[str, object]] = []
    for source in sources:
        known = [found[source.source_id] for found in (explored, former) if source.source_id in found]
        owners = source.expected_issuers or ((source.issuer_id,) if source.issuer_id else ())
        rows += [
            {
                "source_id": source.source_id,
                "issuer_id": issuer_id,
                "report_kind": source.report_kind,
                "explored_at": min(known).astimezone(UTC) if known else None,
            }
            for issuer_id in dict.fromkeys(owners)
        ]
    return rows


def exploration_fingerprint(tables: Mapping[str, pa.Table]) -> str:
    """Changes exactly when another source is explored, or is to be."""
    rows = tables[_TABLE].to_pylist()
    unexplored = sorted({row["source_id"] for row in rows if row["explored_at"] is None})
    return hashlib.sha256("\n".join(unexplored).encode()).hexdigest()
