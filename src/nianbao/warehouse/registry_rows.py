"""The registry as rows of a candidate's raw tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from nianbao.model import Registry


def registry_rows(registry: Registry) -> Mapping[str, list[dict[str, object]]]:
    """Raw table → its rows, for every table of schema.REGISTRY_TABLES."""

    def array(values: tuple[str, ...]) -> str:
        return json.dumps(values, ensure_ascii=False)

    expectations: dict[tuple[str, str], int] = {}
    for source in registry.sources:
        if source.expected_since is None:
            continue
        owners = source.expected_issuers or ((source.issuer_id,) if source.issuer_id else ())
        for issuer_id in owners:
            key = (issuer_id, source.report_kind)
            expectations[key] = min(expectations.get(key, source.expected_since), source.expected_since)
    return {
        "region": [
            {
                "region_code": r.code,
                "region_name": r.name,
                "full_name": r.full_name,
                "parent_code": r.parent_code,
                "level": r.level,
                "valid_from": r.valid_from,
                "valid_to": r.valid_to,
            }
            for r in registry.regions
        ],
        "issuer": [
            {
                "issuer_id": i.issuer_id,
                "issuer_name": i.name,
                "region_code": i.region_code,
                "level": i.level,
                "department_type": i.department_type,
                "aliases": array(i.aliases),
                "predecessors": array(i.predecessors),
                "valid_from": _day(i.valid_from),
                "valid_to": _day(i.valid_to),
            }
            for i in registry.issuers
        ],
        "indicator": [
            {
                "indicator_id": i.indicator_id,
                "label": i.label,
                "label_en": i.label_en,
                "unit": i.unit,
                "kind": i.kind,
            }
            for i in registry.indicators
        ],
        "series_break": [
            {"indicator_id": i.indicator_id, "first_year": year, "reason": reason}
            for i in registry.indicators
            for year, reason in sorted(i.breaks.items())
        ],
        "report_kind": [
            {"report_kind": k.kind_id, "label": k.label, "label_en": k.label_en}
            for k in registry.report_kinds
        ],
        "source": [
            {
                "source_id": s.source_id,
                "region_code": s.region_code,
                "issuer_id": s.issuer_id,
                "report_kind": s.report_kind,
                "family": s.family,
                "listings": array(s.listings),
                "simulated": s.simulated,
                "verified": s.verified,
                "seen": s.seen,
            }
            for s in registry.sources
        ],
        "expectation": [
            {"issuer_id": issuer_id, "report_kind": kind, "first_year": year}
            for (issuer_id, kind), year in sorted(expectations.items())
        ],
        "correction": [
            asdict(correction) | {"since": _day(correction.since)} for correction in registry.corrections
        ],
    }


def _day(iso: str | None) -> date | None:
    return None if iso is None else date.fromisoformat(iso)
