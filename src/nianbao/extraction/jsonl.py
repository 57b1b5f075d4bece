"""A report as the JSON object that evaluation and exchange use: ISO dates, plain numbers, str indices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ..model import Figure, Report, Section

_DOCUMENT = (
    "title",
    "report_year",
    "issuer",
    "issuer_id",
    "region",
    "region_code",
    "doc_number",
    "signer",
    "signed_date",
    "published_date",
    "source",
    "recipient",
    "is_report",
    "kind",
)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def _metric(figure: Figure) -> dict[str, object]:
    same = (
        "text",
        "unit",
        "qualifier",
        "measure",
        "scope",
        "fact_year",
        "is_target",
        "indicator",
        "direction",
    )
    links = ("parent", "yoy_of", "rate_of", "period_text", "section", "rule")
    row: dict[str, object] = {"char_start": figure.start, "char_end": figure.end}
    row |= {"value": _plain(figure.value), "value_max": _plain(figure.value_max)}
    row |= {name: getattr(figure, name) for name in (*same, *links)}
    row |= {"period_start": _plain(figure.period_start), "period_end": _plain(figure.period_end)}
    return row


def _section(section: Section) -> dict[str, object]:
    return {
        "char_start": section.start,
        "char_end": section.end,
        "heading": section.heading or None,
        "kind": section.kind,
        "level": section.level,
        "subkind": section.subkind or None,
        "inline": section.inline,
        "parent": section.parent,
        "body_end": section.body_end,
    }


def to_prediction(doc_id: str, text: str, report: Report) -> dict[str, object]:
    """The object of one document; `text` is the text the report was read from."""
    spans = {"shortcoming": "shortcomings", "commitment": "plans"}
    result: dict[str, object] = {
        "doc": doc_id,
        "n_chars": len(text),
        "metrics": [_metric(figure) for figure in report.figures],
        "sections": [_section(section) for section in report.sections],
        "missing_parts": list(report.missing_parts),
        "document": {name: _plain(getattr(report.metadata, name)) for name in _DOCUMENT}
        | {"co_issuers": list(report.metadata.co_issuers)},
        "laws": [
            {"char_start": r.start, "char_end": r.end, "text": r.text, "kind": r.kind}
            for r in report.references
        ],
    }
    for kind, name in spans.items():
        result[name] = [
            {"char_start": s.start, "char_end": s.end, "text": s.text}
            for s in report.statements
            if s.kind == kind
        ]
    return result
