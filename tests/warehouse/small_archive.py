"""An archive of a few reports whose figures have different units, and a lake that follows the rules over it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import duckdb

from nianbao.archive import Archive
from nianbao.extraction import Extractor
from nianbao.model import Indicator, Issuer, Registry, Source
from nianbao.sandbox import BoundedReader
from nianbao.warehouse.ingest import ingest, pending, readable
from nianbao.warehouse.keep import keep
from nianbao.warehouse.lake import Lake
from nianbao.warehouse.load import load
from nianbao.warehouse.rules import rules_of
from nianbao.warehouse.schema import PIECES

SENTENCES = (
    "全年召开党组会议{n}次，专题研究法治建设{m}次。",
    "审查合同{n}份，其中重大合同{m}份。",
    "组织执法人员培训{n}期，培训{m}人次。",
    "制定规范性文件{n}件，清理{m}件。",
    "办理行政复议案件{n}件，同比增长{m}%。",
    "现有公职律师{n}名，聘请法律顾问{m}名。",
    "开展普法宣传活动{n}场，发放资料{m}份。",
    "调解矛盾纠纷{n}起，调解成功率{m}%。",
)
BODIES = ("putuo-first", "putuo-second")


def with_two_bodies(registry: Registry) -> Registry:
    """The registry with two bodies of one city and two sources; what stands in their columns does not say whose it is."""
    return replace(
        registry,
        regions=tuple(region for region in registry.regions if region.code.startswith("31")),
        issuers=tuple(
            Issuer(i, f"上海市普陀区{name}局", "310107", "county", "other")
            for i, name in zip(BODIES, ("新设", "增设"), strict=True)
        ),
        sources=tuple(
            Source(f"column-{i}", "310107", "rule_of_law", (f"http://{i}.test/",), issuer_id=BODIES[0])
            for i in range(2)
        ),
    )


def small_archive(folder: Path, reports: int = 12) -> Archive:
    """Reports that each hold some of the sentences, by themselves or from one of two columns; and one other page."""
    dice = random.Random(7)
    archive = Archive(folder)
    with archive.writer("b1") as writer:
        for number in range(reports):
            sentences = dice.sample(SENTENCES, dice.randint(0, 3))
            body = "".join(s.format(n=dice.randint(2, 400), m=dice.randint(2, 99)) for s in sentences)
            owner = "青禾区财政局" if number % 3 == 0 else ""
            text = (
                f"{owner}{2020 + number % 5}年度法治政府建设情况报告\n{2020 + number % 5}年，我局扎实推进法治政府建设。\n"
                f"一、主要举措和成效\n{body}编号{'甲' * number}。\n二、存在的不足\n执法力量有待充实。\n"
            )
            _add(writer, number, text if number else "一则通知，不是报告。")
    return archive


def _add(writer, number, text):
    writer.add_resource(
        url=f"http://column-{number % 2}.test/{number}.txt",
        body=text.encode(),
        media_type="text/plain",
        fetched_at=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=number),
        source_id=f"column-{number % 2}",
        role="file",
    )


def extractor_of(registry: Registry) -> Extractor:
    return Extractor(registry)


@dataclass(frozen=True)
class Advanced:
    """A lake brought up to the rules: its rows, and the addresses that had to be read for it."""

    lake: Lake
    read: frozenset[str]


def advance(archive: Archive, folder: Path, registry: Registry, *, code: str | None = None) -> Advanced:
    """Brings the lake in `folder` up to a registry as a refresh does. code: another fingerprint of the code."""
    rules = rules_of(registry)
    if code:
        rules = replace(rules, components={**rules.components, "code": code})
    lake = Lake(folder, rules.version)
    keep(lake, rules, readable(archive))
    captures = pending(archive, lake)
    if captures:
        with BoundedReader() as reader:
            ingest(captures, archive, lake, extractor_of(registry), registry, reader)
    return Advanced(lake, frozenset(capture.url for capture in captures))


def loaded(folder: Path, lake: Lake, registry: Registry) -> dict[str, list[tuple[object, ...]]]:
    """The raw rows of every lake table as load makes them, without the mark of the rules that made them."""
    path = folder / f"{lake.rules_version}-{len(list(folder.glob('*.duckdb')))}.duckdb"
    load(path, lake, registry)
    with duckdb.connect(str(path), read_only=True) as connection:
        return {
            name: connection.execute(
                f"select columns(lambda c: c not in ('rules_version', 'batch')) from raw.{name} order by all"
            ).fetchall()
            for name in ("capture", *PIECES, "text")
        }


def changed_indicator(registry: Registry, indicator_id: str, **rules: object) -> Registry:
    """The registry with other rules of one indicator."""
    return replace(
        registry,
        indicators=tuple(
            _with_rules(i, rules) if i.indicator_id == indicator_id else i for i in registry.indicators
        ),
    )


def _with_rules(indicator: Indicator, rules: Mapping[str, object]) -> Indicator:
    return replace(indicator, rules=MappingProxyType({**indicator.rules, **rules}))
