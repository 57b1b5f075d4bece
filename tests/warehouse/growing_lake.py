"""A lake that grows, shrinks and is read anew, event by event, and both ways of building the marts over it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from nianbao.model import Indicator, Issuer, Region, Registry, ReportKind, Source
from nianbao.warehouse.align import align, alignment_version, lake_texts, load_alignment
from nianbao.warehouse.align_lake import AlignmentLake
from nianbao.warehouse.lake import Lake
from nianbao.warehouse.load import finish, load
from nianbao.warehouse.schema import OPERATION_TABLES
from nianbao.warehouse.transform import Dbt, dbt_surroundings

AS_OF = date(2025, 3, 15)
ISSUERS = ("songxi-gov", "songxi-justice", "songxi-merged")
INDICATORS = ("training_sessions", "contracts_reviewed", "mediation_success_rate")
REGISTRY = Registry(
    regions=(Region("990101", "松溪区", "云岭省清河市松溪区", None, "county"),),
    issuers=(
        Issuer(ISSUERS[0], "清河市松溪区人民政府", "990101", "county", "government"),
        Issuer(ISSUERS[1], "清河市松溪区司法局", "990101", "county", "justice"),
        Issuer(
            ISSUERS[2],
            "清河市松溪区综合局",
            "990101",
            "county",
            "justice",
            predecessors=(ISSUERS[1],),
            valid_from="2023-07-01",
        ),
    ),
    sources=(
        Source(
            "songxi",
            "990101",
            "rule_of_law",
            ("http://a.test/",),
            expected_issuers=ISSUERS,
            expected_since=2021,
        ),
    ),
    indicators=tuple(
        Indicator(i, i, i, unit, kind)
        for i, unit, kind in zip(INDICATORS, ("次", "份", "%"), ("sum", "sum", "rate"), strict=True)
    ),
    report_kinds=(ReportKind("rule_of_law", "年度报告", "Annual report"),),
    fingerprint="fixed",
)


_PARAGRAPHS = (
    "建立重大行政决策事项目录，向社会公开并逐项落实合法性审查。",
    "加强行政执法队伍建设，组织执法人员参加业务培训和法律知识考试。",
)


@dataclass(frozen=True)
class Page:
    """One capture as it would be read: which report, which of its texts, what that says."""

    issuer: int
    year: int
    text: int
    url: int = 0
    hour: int = 0
    unreadable: bool = False


@dataclass
class GrowingLake:
    """Pages that are in the lake now, each in a batch of its own, and addresses that are withdrawn."""

    folder: Path
    rules: int = 1
    pages: dict[str, Page] = field(default_factory=dict)
    withdrawn: dict[str, datetime] = field(default_factory=dict)
    unexplored: set[int] = field(default_factory=set)  # issuers whose sources were not read to their end
    clock: int = 0

    def add(self, page: Page) -> str:
        self.clock += 1
        capture_id = f"urn:uuid:{self.clock:06d}"
        self.pages[capture_id] = replace(page, hour=page.hour or self.clock * 10)
        self._write(capture_id)
        return capture_id

    def remove(self, capture_id: str) -> None:
        """The capture's rows are gone: its batch was deleted."""
        del self.pages[capture_id]
        shutil.rmtree(self._batch(capture_id))

    def withdraw(self, url: str) -> None:
        self.clock += 1
        self.withdrawn[url] = _at(self.clock * 10)

    def read_anew(self, again: Iterable[str]) -> None:
        """Other rules: some pages are read anew, the others keep their rows."""
        before = self.lake
        kept = {capture: self._folder_of(capture, before.rules_version) for capture in self.pages}
        kept |= {c: b for c, b in before.noted().items() if c in self.pages and not kept[c].is_dir()}
        self.rules += 1
        for capture_id in again:
            self._write(capture_id)
        keep = {c: b for c, b in kept.items() if c not in set(again) and b.is_dir()}
        if keep:
            self.lake.keep(keep)

    @property
    def lake(self) -> Lake:
        return Lake(self.folder, f"r{self.rules}")

    def operation(self) -> dict[str, pa.Table]:
        rows = [{"url": url, "withdrawn_at": at} for url, at in sorted(self.withdrawn.items())]
        sources = [
            {
                "source_id": "songxi",
                "issuer_id": issuer_id,
                "report_kind": "rule_of_law",
                "explored_at": None if issuer in self.unexplored else _at(0),
            }
            for issuer, issuer_id in enumerate(ISSUERS)
        ]
        return {
            name: pa.Table.from_pylist(told, schema=OPERATION_TABLES[name])
            for name, told in (("withdrawal", rows), ("exploration", sources))
        }

    def _folder_of(self, capture_id: str, rules: str) -> Path:
        lake = Lake(self.folder, rules)
        return self.folder / f"rules={rules}" / f"batch={lake.batch_id([capture_id])}"

    def _batch(self, capture_id: str) -> Path:
        return (
            self.lake.holdings()[capture_id]
            if capture_id in self.lake.holdings()
            else self._folder_of(capture_id, self.lake.rules_version)
        )

    def _write(self, capture_id: str) -> None:
        lake = self.lake
        lake.write(lake.batch_id([capture_id]), rows_of(capture_id, self.pages[capture_id], self.rules))


def url_of(page: Page) -> str:
    return f"http://a.test/{page.issuer}/{page.year}-{page.url}.html"


def rows_of(capture_id: str, page: Page, rules: int) -> dict[str, list[dict[str, Any]]]:
    """The lake rows of a page. What rules change is the indicator of the third figure."""
    issuer, year = ISSUERS[page.issuer], page.year
    edition = f"e-{page.issuer}-{year}-{page.text}"
    key = {"edition_id": edition, "capture_id": capture_id}
    capture = {
        "capture_id": capture_id,
        "edition_id": None if page.unreadable else edition,
        "url": url_of(page),
        "source_id": "songxi",
        "role": "page",
        "link_title": "",
        "fetched_at": _at(page.hour),
        "status": 200,
        "media_type": "text/html",
        "payload_sha256": "00",
        "segment": "s.warc.gz",
        "record_offset": page.hour,
        "record_length": 10,
        "outcome": "unreadable" if page.unreadable else "report",
        "sentence": "",
        "told_issuer_id": issuer if page.unreadable else None,
        "told_report_kind": "rule_of_law" if page.unreadable else None,
        "told_report_year": year if page.unreadable else None,
        "rules_version": f"r{rules}",
    }
    if page.unreadable:
        return {"capture": [capture]}
    base = 10 + page.issuer + year % 7 + page.text
    counted_in = "场" if page.text == 4 else "次"
    told = [  # words, value, unit, indicator, what else
        (f"{base}{counted_in}", base, counted_in, INDICATORS[0], {}),
        (f"{base - 3}次", base - 3, "次", INDICATORS[0], {"fact_year": year - 1}),
        (
            f"{base + 2}份",
            base + 2,
            "份",
            INDICATORS[rules % 2],
            {"qualifier": "about" if page.text % 3 == 2 else "exact"},
        ),
        ("4份", 4, "份", None, {"parent": 2}),
        (f"{page.text + 10}%", page.text + 10, "%", None, {"direction": "increase", "yoy_of": 0}),
        (f"{80 + page.text}%", 80 + page.text, "%", INDICATORS[2], {}),
        ("30次", 30, "次", INDICATORS[0], {"is_target": True, "fact_year": year + 1}),
    ]
    text, figures = f"{year}年报告{page.text}。", []
    for ordinal, (words, value, unit, indicator, more) in enumerate(told):
        start = len(text) + 2
        sentence = f"完成{words}。"
        text += sentence
        figures.append(
            {
                **key,
                "figure_id": f"{edition}:{start}-{start + len(words)}",
                "ordinal": ordinal,
                "start_offset": start,
                "end_offset": start + len(words),
                "text": words,
                "value": Decimal(value),
                "unit": unit,
                "qualifier": "exact",
                "measure": "事项",
                "scope": "own",
                "fact_year": year,
                "is_target": False,
                "indicator_id": indicator,
                "section_kind": "measures",
                "sentence": sentence,
                "rule": "count",
                "rules_version": f"r{rules}",
            }
            | {k: v for k, v in more.items() if k not in ("parent", "yoy_of")}
        )
        for link in ("parent", "yoy_of"):
            if link in more:
                figures[-1][f"{link}_figure_id"] = figures[more[link]]["figure_id"]
        if "parent" in more:
            figures[-1]["parent_indicator_id"] = figures[more["parent"]]["indicator_id"]
    text += f"\n持续推进依法行政，完善重大行政决策程序，加强规范性文件的管理与审查。\n{_PARAGRAPHS[page.text % 2]}\n"
    span = {"start_offset": 0, "end_offset": 4}
    return {
        "capture": [capture],
        "edition": [
            {
                **key,
                "report_id": f"{issuer}/rule_of_law/{year}",
                "issuer_id": issuer,
                "issuer_name": issuer,
                "issuer_registered": True,
                "issuer_level": "county",
                "department_type": "",
                "region_code": "990101",
                "report_kind": "rule_of_law",
                "report_year": year,
                "title": f"{year}年报告",
                "published_date": date(year + 1, 3, 28 + page.text % 3),
                "n_chars": len(text),
                "evidence": "{}",
                "rules_version": f"r{rules}",
            }
        ],
        "text": [{**key, "text": text}],
        "section": [
            {
                **key,
                **span,
                "ordinal": 0,
                "level": 1,
                "kind": kind,
                "subkind": "",
                "heading": "标题",
                "body_end_offset": 90,
            }
            for kind in ("measures",)
        ],
        "figure": figures,
        "reference": [{**key, **span, "ordinal": 0, "text": f"《办法{page.text % 2}》", "kind": "policy"}],
        "statement": [
            {
                **key,
                **span,
                "ordinal": 0,
                "text": f"执法力量不足，{_PARAGRAPHS[page.text % 2]}",
                "kind": "shortcoming",
            },
            {**key, **span, "ordinal": 1, "text": _PARAGRAPHS[page.text // 2 % 2], "kind": "commitment"},
        ],
    }


def _at(hour: int) -> datetime:
    return datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=hour)


class Builder:
    """Builds candidates; dbt reads its project once for all of them."""

    def __init__(self, project: Path, work: Path) -> None:
        self._work = work
        # dbt writes down the name of the database, so all candidates have the same.
        with dbt_surroundings(work / "candidate.duckdb"):
            self._runs = {
                only: Dbt(project, work / str(only), {"as_of_date": AS_OF.isoformat(), "changed_only": only})
                for only in (False, True)
            }

    def build(self, grown: GrowingLake, folder: Path, former: Path | None = None) -> Path:
        target = folder / "candidate.duckdb"
        target.unlink(missing_ok=True)
        load(target, grown.lake, REGISTRY, operation=grown.operation(), former=former)
        with duckdb.connect(str(target)) as connection:
            lake = AlignmentLake(grown.folder, alignment_version())
            aligned = align(connection, lake, lake_texts(connection, grown.folder))
            load_alignment(connection, lake, aligned)
        with dbt_surroundings(target):
            results = self._runs[former is not None].results(
                "build",
                "--exclude-resource-type",
                "unit_test",
                *(("--exclude-resource-type", "test") if former is None else ()),
            )
        failed = [f"{r.node.name}: {r.message}" for r in results if str(r.status) not in ("success", "pass")]
        assert not failed, failed
        finish(target)
        return target


def rows_of_marts(path: Path) -> Mapping[str, list[tuple[Any, ...]]]:
    """Every row of every mart and of the views on them, in a stable order."""
    with duckdb.connect(str(path), read_only=True) as connection:
        names = [
            row[0]
            for row in connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'main' union all"
                " select view_name from duckdb_views() where schema_name = 'main' and not internal"
            ).fetchall()
        ]
        return {
            name: connection.execute(f"select * from main.{name} order by all").fetchall()
            for name in sorted(names)
        }
