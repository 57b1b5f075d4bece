"""The contract of the raw tables: what the lake's Parquet files hold and what schema `raw` of a candidate holds.

Offsets are str indices into `edition.text`, end exclusive. Every table is given as a pyarrow schema; `nullable=False`
is enforced on load, with a message that names file, column, what was expected and what was found.
"""

from __future__ import annotations

import pyarrow as pa

_TIME = pa.timestamp("us", tz="UTC")
_VALUE = pa.decimal128(28, 6)


def _table(**columns: pa.DataType | tuple[pa.DataType, bool]) -> pa.Schema:
    """A column given as (type, True) may be null; all others may not."""
    fields = []
    for name, spec in columns.items():
        kind, nullable = spec if isinstance(spec, tuple) else (spec, False)
        fields.append(pa.field(name, kind, nullable=nullable))
    return pa.schema(fields)


_S, _I, _B, _D = pa.string(), pa.int64(), pa.bool_(), pa.date32()

LAKE_TABLES: dict[str, pa.Schema] = {
    # One row per capture that was read, whatever came of it; edition_id is null unless it held a report.
    "capture": _table(
        capture_id=_S,
        edition_id=(_S, True),
        url=_S,
        source_id=_S,
        role=_S,
        link_title=_S,
        fetched_at=_TIME,
        status=_I,
        media_type=_S,
        payload_sha256=_S,
        segment=_S,
        record_offset=_I,
        record_length=_I,
        outcome=_S,
        sentence=_S,
        # What the link says this is, where it could not be read.
        told_issuer_id=(_S, True),
        told_report_kind=(_S, True),
        told_report_year=(_I, True),
        rules_version=_S,
    ),
    # One row per capture that held a report; load keeps the earliest capture of each edition.
    "edition": _table(
        edition_id=_S,
        capture_id=_S,
        report_id=_S,
        issuer_id=_S,
        issuer_name=_S,
        issuer_registered=_B,
        issuer_level=_S,
        department_type=_S,
        region_code=(_S, True),
        region_name=(_S, True),
        report_kind=_S,
        report_year=_I,
        title=(_S, True),
        doc_number=(_S, True),
        signer=(_S, True),
        signed_date=(_D, True),
        published_date=(_D, True),
        source_line=(_S, True),
        recipient=(_S, True),
        n_chars=_I,
        ocr_confidence=(pa.float64(), True),  # 0 to 1; null for text that was text
        evidence=_S,  # JSON object: field → {rule, place, confidence}
        rules_version=_S,
    ),
    # The text of every row of edition, by itself: releases share these files and never copy them.
    "text": _table(edition_id=_S, capture_id=_S, text=_S),
    "section": _table(
        edition_id=_S,
        capture_id=_S,
        ordinal=_I,
        parent_ordinal=(_I, True),
        level=_I,
        kind=_S,
        subkind=_S,
        heading=_S,
        start_offset=_I,
        end_offset=_I,
        body_end_offset=_I,
    ),
    "figure": _table(
        figure_id=_S,  # edition_id:start-end
        edition_id=_S,
        capture_id=_S,
        ordinal=_I,
        start_offset=_I,
        end_offset=_I,
        text=_S,
        value=_VALUE,
        value_max=(_VALUE, True),
        unit=_S,
        qualifier=_S,
        measure=_S,
        scope=_S,
        fact_year=(_I, True),
        is_target=_B,
        direction=(_S, True),
        period_text=(_S, True),
        period_start=(_D, True),
        period_end=(_D, True),
        indicator_id=(_S, True),
        parent_figure_id=(_S, True),
        parent_indicator_id=(_S, True),  # of the figure it is a part of
        yoy_of_figure_id=(_S, True),
        rate_of_figure_id=(_S, True),
        section_ordinal=(_I, True),
        section_kind=(_S, True),
        sentence=_S,
        rule=_S,
        rules_version=_S,
    ),
    "reference": _table(
        edition_id=_S,
        capture_id=_S,
        ordinal=_I,
        start_offset=_I,
        end_offset=_I,
        text=_S,
        kind=_S,
    ),
    "statement": _table(
        edition_id=_S,
        capture_id=_S,
        ordinal=_I,
        start_offset=_I,
        end_offset=_I,
        text=_S,
        kind=_S,
    ),
}

# Captures whose rows, made by other rules, hold under the version in whose folder this is noted.
KEPT_SCHEMA = _table(capture_id=_S, rules_version=_S, batch_id=_S)

REGISTRY_TABLES: dict[str, pa.Schema] = {
    "region": _table(
        region_code=_S,
        region_name=_S,
        full_name=_S,
        parent_code=(_S, True),
        level=_S,
        valid_from=(_S, True),
        valid_to=(_S, True),
    ),
    "issuer": _table(
        issuer_id=_S,
        issuer_name=_S,
        region_code=_S,
        level=_S,
        department_type=_S,
        aliases=_S,  # JSON array
        predecessors=_S,  # JSON array of issuer ids
        valid_from=(_D, True),
        valid_to=(_D, True),
    ),
    "indicator": _table(indicator_id=_S, label=_S, label_en=_S, unit=_S, kind=_S),
    # Years from which on an indicator means something else than before.
    "series_break": _table(indicator_id=_S, first_year=_I, reason=_S),
    "report_kind": _table(report_kind=_S, label=_S, label_en=_S),
    "source": _table(
        source_id=_S,
        region_code=_S,
        issuer_id=(_S, True),
        report_kind=_S,
        family=_S,
        listings=_S,  # JSON array
        simulated=_B,
        verified=(_S, True),
        seen=_S,
    ),
    # Which issuers owe a report of which kind from which year on, as the sources say.
    "expectation": _table(issuer_id=_S, report_kind=_S, first_year=_I),
    # Known errors in published reports; expect and value are text, whatever the field.
    "correction": _table(
        correction_id=_S,
        report_id=_S,
        figure_text=_S,
        sentence=_S,
        field=_S,
        expect=_S,
        value=_S,
        reason=_S,
        since=_D,
    ),
}

# Which rules made the rows of a candidate: one row per version, with the captures whose rows it made.
RULES_SCHEMA = _table(rules_version=_S, holds_under=_S, captures=_I)

# What only a candidate's own refresh knows: which addresses are withdrawn, which sources were read to their end, and the
# refreshes, outcomes and visits so far.
OPERATION_TABLES: dict[str, pa.Schema] = {
    "withdrawal": _table(url=_S, withdrawn_at=_TIME),
    "refresh": _table(
        refresh_id=_S,
        purpose=_S,
        started_at=_TIME,
        ended_at=(_TIME, True),
        state=_S,
        sentence=_S,
        release_id=(_S, True),
    ),
    "outcome": _table(
        refresh_id=_S,
        stage=_S,
        outcome=_S,
        sentence=_S,
        url=_S,
        source_id=_S,
        looked_at=_TIME,
        capture_id=(_S, True),
    ),
    # Stretches of time during which looking at an address ended in the same way, of all refreshes so far.
    "capture_state": _table(
        url=_S,
        stage=_S,
        outcome=_S,
        from_at=_TIME,
        to_at=_TIME,
        n_looks=_I,
        source_id=_S,
        sentence=_S,
        is_latest=_B,
    ),
    "source_visit": _table(
        refresh_id=_S,
        source_id=_S,
        began_at=_TIME,
        ended_at=_TIME,
        state=_S,
        sentence=_S,
        is_whole=_B,
        n_links=_I,
        n_new=_I,
        n_postponed=_I,
    ),
    # Which sources are to have an issuer's reports, and when each was first read to its end (exploration.py).
    "exploration": _table(source_id=_S, issuer_id=_S, report_kind=_S, explored_at=(_TIME, True)),
}

_F = pa.float64()
# What alignment found between the editions of one issuer, with the unit of work that a row came of (align.py).
ALIGNMENT_TABLES: dict[str, pa.Schema] = {
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
        unit_key=_S, edition_id=_S, ordinal=_I, other_edition_id=_S, other_ordinal=_I, score=_F
    ),
}
# One row per unit of work, an issuer's editions of one report kind, whatever came of it.
ALIGNED_UNIT_SCHEMA = _table(unit_key=_S, issuer_id=_S, report_kind=_S, editions=_I)

RAW_SCHEMA = "raw"
# raw.capture of a candidate also says which folder of the lake holds a capture's rows (rules=…/batch=…).
CAPTURE_SCHEMA = LAKE_TABLES["capture"].append(pa.field("batch", _S, nullable=False))
# Lake tables that a candidate has only while it is built: the marts hold all of their columns.
PIECES = ("edition", "section", "figure", "reference", "statement")
RAW_TABLES: dict[str, pa.Schema] = (
    REGISTRY_TABLES
    | {"rules": RULES_SCHEMA, "capture": CAPTURE_SCHEMA, "changed_issuer": _table(issuer_id=_S)}
    | OPERATION_TABLES
    | {name: LAKE_TABLES[name] for name in (*PIECES, "text")}
    | ALIGNMENT_TABLES
)

# Written by validate into the candidate, beside the marts.
CHECK_TABLE = "ops_check"
CHECK_SCHEMA = _table(
    check_id=_S,
    suite=_S,
    subject=_S,
    severity=_S,
    verdict=_S,
    value=_S,
    threshold=_S,
    sentence=_S,
    sample=_S,
    accepted_reason=_S,
)
