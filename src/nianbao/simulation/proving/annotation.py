"""The truth about a proving report in the format of the gold files: one object, spans as str indices into the text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ..places import MUNICIPALITY, MUNICIPALITY_CODE, PROVING_DISTRICTS, district
from ..texts import load
from .blocks import Block
from .report import ProvingReport
from .template import FigureMark

_TITLE = re.compile(r"《[^《》]+》")


def text_of(report: ProvingReport) -> str:
    """The whole text: blocks joined by line feeds."""
    return "\n".join(block.text for block in report.blocks) + "\n"


def annotation_of(report: ProvingReport) -> dict[str, Any]:
    """The gold object of a report. Keys whose value would be null are left out of the figures."""
    text = text_of(report)
    metrics: list[dict[str, Any]] = []
    negatives: list[dict[str, Any]] = []
    sections: list[dict[str, Any]] = []
    statements: dict[str, list[dict[str, int]]] = {"shortcoming": [], "commitment": []}
    offset, kind = 0, ""
    for block in report.blocks:
        if block.heading:
            sections.append(_section(block, offset))
            kind = block.heading.kind
        first = len(metrics)
        metrics += [
            _metric(figure, text, offset, first, report.year, kind == "plan") for figure in block.figures
        ]
        for mark in block.negatives:
            start, end = mark.start + offset, mark.end + offset
            negatives.append(
                _span(start, end) | {"text": text[start:end], "reason": mark.reason, "tags": [mark.tag]}
            )
        for start, end, statement in block.statements:
            statements[statement].append(_span(start + offset, end + offset))
        offset += len(block.text) + 1
    return {
        "doc": report.doc_id,
        "n_chars": len(text),
        "document": _document(report),
        "document_accept": _accepted(report),
        "sections": sections,
        "metrics": metrics,
        "hard_negatives": negatives,
        "laws": [
            _span(*match.span()) | {"kind": _title_kind(match.group())} for match in _TITLE.finditer(text)
        ],
        "shortcomings": statements["shortcoming"],
        "plans": statements["commitment"],
    }


def to_json(annotation: Mapping[str, Any]) -> str:
    """JSON with one line per key and per item of a list, so that changes can be read."""
    rows = []
    for key, value in annotation.items():
        if isinstance(value, list):
            items = ",\n  ".join(_dumped(item) for item in value)
            rows.append(f' "{key}": [\n  {items}\n ]' if value else f' "{key}": []')
        else:
            rows.append(f' "{key}": {_dumped(value)}')
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _span(start: int, end: int) -> dict[str, Any]:
    return {"char_start": start, "char_end": end}


def _metric(figure: FigureMark, text: str, offset: int, first: int, year: int, plan: bool) -> dict[str, Any]:
    start, end = figure.start + offset, figure.end + offset
    quantity = figure.quantity
    row = _span(start, end) | {
        "text": text[start:end], "value": _number(quantity.value), "unit": quantity.unit,
        "qualifier": quantity.qualifier, "measure": figure.measure, "indicator": figure.indicator,
        "fact_year": year + (int(plan) if figure.year_shift is None else figure.year_shift), "is_target": plan,
        "tags": list(figure.tags),
    }  # fmt: skip
    rare = {
        "value_max": None if quantity.value_max is None else _number(quantity.value_max),
        "period_text": figure.period,
        "direction": figure.direction,
        "parent": None if figure.parent is None else figure.parent + first,
        "yoy_of": None if figure.yoy_of is None else figure.yoy_of + first,
        "scope": figure.scope,
    }
    return row | {key: value for key, value in rare.items() if value is not None}


def _number(value: Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)


def _section(block: Block, offset: int) -> dict[str, Any]:
    heading = block.heading
    if heading is None:
        raise ValueError("the block has no heading")
    return {
        "heading": block.text[heading.label : heading.length] or None,
        "number_label": block.text[: heading.label] or None,
        "level": heading.level,
        "kind": heading.kind,
        **_span(offset, offset + heading.length),
        "line_start": offset,
        "inline": heading.inline,
    }


def _document(report: ProvingReport) -> dict[str, Any]:
    return {
        "title": report.title,
        "report_year": report.year,
        "issuer": report.office.name,
        "region": report.office.district.full_name,
        "doc_number": report.doc_number,
        "signer": None,
        "signed_date": report.signed.isoformat() if report.signed else None,
        "published_date": report.published.isoformat() if report.published else None,
        "source": report.source,
        "recipient": report.recipient,
    }


def _accepted(report: ProvingReport) -> dict[str, Sequence[str]]:
    office = report.office
    return {"issuer": [office.short, *office.aliases[:2]], "region": [office.district.name]}


def _title_kind(title: str) -> str:
    """What a cited work is, by the longest known part of its title."""
    known = [
        (len(part), kind) for kind, parts in load("proving_titles").items() for part in parts if part in title
    ]
    if not known:
        raise ValueError(f"{title} has no line in texts/proving_titles.yml")
    return max(known)[1]


def region_rows() -> list[tuple[str, str, str, str, str, str, str]]:
    """The fictional regions as rows of regions.csv."""
    city = (MUNICIPALITY_CODE, MUNICIPALITY, MUNICIPALITY, "", "province", "", "")
    places = [district(index) for index in range(PROVING_DISTRICTS)]
    return [
        city,
        *((each.code, each.name, each.full_name, MUNICIPALITY_CODE, "county", "", "") for each in places),
    ]
