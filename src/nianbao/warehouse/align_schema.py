"""The contract of the alignment tables in the lake (align.py): pyarrow schemas, `nullable=False` where no null may be."""

from __future__ import annotations

import pyarrow as pa

_S, _I, _F = pa.string(), pa.int64(), pa.float64()


def _table(**columns: pa.DataType | tuple[pa.DataType, bool]) -> pa.Schema:
    """A column given as (type, True) may be null; all others may not."""
    fields = []
    for name, spec in columns.items():
        kind, nullable = spec if isinstance(spec, tuple) else (spec, False)
        fields.append(pa.field(name, kind, nullable=nullable))
    return pa.schema(fields)


ALIGNMENT_TABLES: dict[str, pa.Schema] = {
    # One row per unit of work, an issuer's editions of one report kind, whatever came of it.
    "unit": _table(unit_key=_S, issuer_id=_S, report_kind=_S, editions=_I),
    # A report of one year beside one of the next, every edition of both.
    "text_reuse": _table(
        unit_key=_S,
        earlier_edition_id=_S,
        later_edition_id=_S,
        n_paragraphs=_I,
        n_copied=_I,
        n_edited=_I,
        share_copied=_F,  # of characters, 0 to 1
        novelty=_F,  # 0 to 1
        passages=_S,  # JSON array of [earlier start, earlier end, later start, later end, score, manner]
    ),
    # A commitment beside a report of the next year; nulls where that says nothing about it.
    "commitment_followup": _table(
        unit_key=_S,
        edition_id=_S,
        ordinal=_I,  # of the statement
        later_edition_id=_S,
        score=(_F, True),  # 0 to 1
        passage=(_S, True),
        passage_start=(_I, True),
        passage_end=(_I, True),
    ),
    # Two shortcomings of different years that are the same problem; the one of the later year comes second.
    "shortcoming_recurrence": _table(
        unit_key=_S,
        edition_id=_S,
        ordinal=_I,
        other_edition_id=_S,
        other_ordinal=_I,
        score=_F,
    ),
}
