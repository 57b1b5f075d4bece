"""Makes candidates by hand: rows with defaults, put into schema `raw` under its contract. Texts are invented."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from nianbao.warehouse.schema import RAW_SCHEMA, RAW_TABLES

Row = dict[str, Any]

REGIONS: list[Row] = [
    {"region_code": "990000", "region_name": "云岭省", "full_name": "云岭省", "level": "province"},
    {"region_code": "990100", "region_name": "清河市", "full_name": "云岭省清河市", "parent_code": "990000", "level": "city"},
    {"region_code": "990101", "region_name": "松溪区", "full_name": "云岭省清河市松溪区", "parent_code": "990100",
     "level": "county"},
]  # fmt: skip
ISSUERS: list[Row] = [
    {"issuer_id": "songxi-justice", "issuer_name": "清河市松溪区司法局", "region_code": "990101", "level": "county",
     "department_type": "justice", "aliases": '["松溪区司法局"]', "predecessors": "[]"},
    {"issuer_id": "songxi-gov", "issuer_name": "清河市松溪区人民政府", "region_code": "990101", "level": "county",
     "department_type": "government", "aliases": "[]", "predecessors": "[]"},
]  # fmt: skip
INDICATORS: list[Row] = [
    {"indicator_id": i, "label": label, "label_en": i, "unit": unit, "kind": kind}
    for i, label, unit, kind in (
        ("training_sessions", "培训班次数", "次", "sum"),
        ("contracts_reviewed", "审查合同份数", "份", "sum"),
        ("normative_docs", "规范性文件件数", "件", "sum"),
        ("mediation_success_rate", "调解成功率", "%", "rate"),
        ("public_lawyers", "公职律师人数", "名", "stock"),
        ("hotline_cases", "热线工单件数", "件", "sum"),
    )
]
KINDS: list[Row] = [
    {"report_kind": "rule_of_law", "label": "法治政府建设年度报告", "label_en": "Rule of law"}
]
SOURCES: list[Row] = [
    {"source_id": "songxi", "region_code": "990101", "report_kind": "rule_of_law", "family": "generic",
     "listings": '["https://www.songxi.test/fzzfjs/"]', "simulated": True},
]  # fmt: skip


class World:
    """Raw rows under construction. `report` adds an edition with its capture; figures are given as short rows."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {name: [] for name in RAW_TABLES}
        self.rows["region"] = [dict(r) for r in REGIONS]
        self.rows["issuer"] = [dict(r) for r in ISSUERS]
        self.rows["indicator"] = [dict(r) for r in INDICATORS]
        self.rows["report_kind"] = [dict(r) for r in KINDS]
        self.rows["source"] = [dict(r) for r in SOURCES]
        self.rows["rules"] = [{"rules_version": "r1", "holds_under": "r1", "captures": 0}]

    def expect(self, issuer_id: str, first_year: int, kind: str = "rule_of_law") -> None:
        self.rows["expectation"].append(
            {"issuer_id": issuer_id, "report_kind": kind, "first_year": first_year}
        )

    def report(
        self, issuer_id: str, year: int, figures: Iterable[Row] = (), *, version: str = "", **changed: Any
    ) -> str:
        """Adds an edition of a report and returns its id. Each figure becomes a sentence of the text."""
        issuer = next((r for r in self.rows["issuer"] if r["issuer_id"] == issuer_id), {})
        name = changed.pop("issuer_name", issuer.get("issuer_name", issuer_id))
        title = f"{name}{year}年法治政府建设情况报告{version}"
        text, placed = title + "\n", []
        for figure in figures:
            sentence = f"{figure.get('lead', '全年完成')}{figure['text']}。"
            start = len(text) + sentence.index(figure["text"])
            placed.append((start, start + len(figure["text"]), sentence, figure))
            text += sentence
        edition = hashlib.sha256(text.encode()).hexdigest()[:20]
        capture = self.capture(edition, issuer_id, year, fetched_at=changed.pop("fetched_at", None))
        self.rows["edition"].append(
            {
                "edition_id": edition,
                "capture_id": capture,
                "report_id": f"{issuer_id}/rule_of_law/{year}",
                "issuer_id": issuer_id,
                "issuer_name": name,
                "issuer_registered": bool(issuer),
                "issuer_level": issuer.get("level", ""),
                "department_type": issuer.get("department_type", ""),
                "region_code": issuer.get("region_code"),
                "region_name": "云岭省清河市松溪区",
                "report_kind": "rule_of_law",
                "report_year": year,
                "title": title,
                "published_date": date(year + 1, 3, 1),
                "n_chars": len(text),
                "evidence": "{}",
                "rules_version": "r1",
            }
            | changed
        )
        self.rows["text"].append({"edition_id": edition, "capture_id": capture, "text": text})
        ids = [f"{edition}:{start}-{end}" for start, end, _, _ in placed]
        for ordinal, (start, end, sentence, figure) in enumerate(placed):
            parent = figure.get("parent")
            self.rows["figure"].append(
                {
                    "figure_id": ids[ordinal],
                    "edition_id": edition,
                    "capture_id": capture,
                    "ordinal": ordinal,
                    "start_offset": start,
                    "end_offset": end,
                    "unit": "件",
                    "qualifier": "exact",
                    "measure": "事项",
                    "scope": "own",
                    "fact_year": year,
                    "is_target": False,
                    "section_kind": "measures",
                    "sentence": sentence,
                    "rule": "number_with_unit",
                    "rules_version": "r1",
                    "parent_figure_id": None if parent is None else ids[parent],
                    "parent_indicator_id": None if parent is None else placed[parent][3].get("indicator_id"),
                }
                | {k: v for k, v in figure.items() if k not in ("lead", "parent")}
            )
        return edition

    def capture(
        self, edition: str | None, issuer_id: str, year: int, fetched_at: datetime | None = None
    ) -> str:
        """Adds a capture (of an edition, or of a page that held none) and returns its id."""
        number = len(self.rows["capture"])
        capture_id = f"urn:uuid:00000000-0000-4000-8000-{number:012d}"
        self.rows["capture"].append(
            {
                "capture_id": capture_id,
                "edition_id": edition,
                "url": f"https://www.songxi.test/{issuer_id}/{year}.html",
                "source_id": "songxi",
                "role": "page",
                "link_title": "",
                "fetched_at": fetched_at or datetime(year + 1, 3, 2, 1, 0, tzinfo=UTC),
                "status": 200,
                "media_type": "text/html",
                "payload_sha256": hashlib.sha256(str(number).encode()).hexdigest(),
                "segment": "a.warc.gz",
                "record_offset": number * 1000,
                "record_length": 1000,
                "outcome": "report" if edition else "not_a_report",
                "sentence": "",
                "rules_version": "r1",
                "batch": "rules=r1/batch=b1",
            }
        )
        return capture_id

    def write(self, path: Path) -> Path:
        write_raw(path, self.rows)
        return path


def figure(text: str, value: str | int, indicator: str | None = None, **changed: Any) -> Row:
    """A figure row in short: its words in the text, its value, its indicator, and what differs from the defaults."""
    return {"text": text, "value": Decimal(value), "indicator_id": indicator} | changed


def write_raw(path: Path, rows: Mapping[str, list[Row]]) -> None:
    """Writes schema `raw` of a new DuckDB file under the contract of nianbao.warehouse.schema."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create schema {RAW_SCHEMA}")
        for name, schema in RAW_TABLES.items():
            complete = [{field.name: row.get(field.name) for field in schema} for row in rows.get(name, [])]
            connection.register("incoming", pa.Table.from_pylist(complete, schema=schema))
            connection.execute(f"create table {RAW_SCHEMA}.{name} as select * from incoming")
            connection.unregister("incoming")
