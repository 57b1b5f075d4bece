"""One report as rows of the lake's tables."""

from __future__ import annotations

import json
from collections.abc import Iterable

from nianbao.model import Capture, Document, Issuer, Reference, Report, Statement, edition_id
from nianbao.warehouse.lake import Row


def report_rows(
    capture: Capture, document: Document, report: Report, issuer: Issuer, rules: str
) -> dict[str, list[Row]]:
    """The lake rows of one report, except the capture's own."""
    found = report.metadata
    edition = edition_id(document.text)
    key: Row = {"edition_id": edition, "capture_id": capture.capture_id}
    ids = [f"{edition}:{figure.start}-{figure.end}" for figure in report.figures]

    def link(index: int | None) -> str | None:
        return None if index is None else ids[index]

    return {
        "edition": [
            {
                **key,
                "report_id": f"{issuer.issuer_id}/{found.kind}/{found.report_year}",
                "issuer_id": issuer.issuer_id,
                "issuer_name": issuer.name,
                "issuer_registered": issuer.registered,
                "issuer_level": issuer.level,
                "department_type": issuer.department_type,
                "region_code": issuer.region_code if issuer.registered else found.region_code,
                "region_name": found.region,
                "report_kind": found.kind,
                "report_year": found.report_year,
                "title": found.title,
                "doc_number": found.doc_number,
                "signer": found.signer,
                "signed_date": found.signed_date,
                "published_date": found.published_date,
                "source_line": found.source,
                "recipient": found.recipient,
                "n_chars": len(document.text),
                "ocr_confidence": document.ocr_confidence,
                "evidence": json.dumps(
                    {
                        name: {"rule": e.rule, "place": e.place, "confidence": e.confidence}
                        for name, e in sorted(found.evidence.items())
                    },
                    ensure_ascii=False,
                ),
                "rules_version": rules,
            }
        ],
        "text": [{**key, "text": document.text}],
        "section": [
            {
                **key,
                "ordinal": ordinal,
                "parent_ordinal": section.parent,
                "level": section.level,
                "kind": section.kind,
                "subkind": section.subkind,
                "heading": section.heading,
                "start_offset": section.start,
                "end_offset": section.end,
                "body_end_offset": section.body_end,
            }
            for ordinal, section in enumerate(report.sections)
        ],
        "figure": [
            {
                **key,
                "figure_id": ids[ordinal],
                "ordinal": ordinal,
                "start_offset": figure.start,
                "end_offset": figure.end,
                "text": figure.text,
                "value": figure.value,
                "value_max": figure.value_max,
                "unit": figure.unit,
                "qualifier": figure.qualifier,
                "measure": figure.measure,
                "scope": figure.scope,
                "fact_year": figure.fact_year,
                "is_target": figure.is_target,
                "direction": figure.direction,
                "period_text": figure.period_text,
                "period_start": figure.period_start,
                "period_end": figure.period_end,
                "indicator_id": figure.indicator,
                "parent_figure_id": link(figure.parent),
                "parent_indicator_id": None
                if figure.parent is None
                else report.figures[figure.parent].indicator,
                "yoy_of_figure_id": link(figure.yoy_of),
                "rate_of_figure_id": link(figure.rate_of),
                "section_ordinal": figure.section,
                "section_kind": None if figure.section is None else report.sections[figure.section].kind,
                "sentence": document.text[figure.sentence_start : figure.sentence_end],
                "rule": figure.rule,
                "rules_version": rules,
            }
            for ordinal, figure in enumerate(report.figures)
        ],
        "reference": _span_rows(key, report.references),
        "statement": _span_rows(key, report.statements),
    }


def _span_rows(key: Row, spans: Iterable[Reference | Statement]) -> list[Row]:
    return [
        {
            **key,
            "ordinal": ordinal,
            "start_offset": span.start,
            "end_offset": span.end,
            "text": span.text,
            "kind": span.kind,
        }
        for ordinal, span in enumerate(spans)
    ]
