"""A world wide enough for shares to mean something: twelve issuers, five years each, twelve figures in a report."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
from candidate import World, figure
from small_world import ROOT

from nianbao.warehouse.transform import transform

AS_OF = date(2025, 5, 1)
YEARS = range(2020, 2025)
SECTIONS = ("measures", "problems", "responsibility", "plan")


def wide_world() -> World:
    world = World()
    for number in range(12):
        issuer = f"songxi-{number:02d}"
        world.rows["issuer"].append(
            {
                "issuer_id": issuer,
                "issuer_name": f"清河市松溪区第{number}局",
                "region_code": "990101",
                "level": "county",
                "department_type": "department",
                "aliases": "[]",
                "predecessors": "[]",
            }
        )
        world.expect(issuer, YEARS[0])
        for year in YEARS:
            edition = world.report(
                issuer, year, _figures(number, year), doc_number=f"松法〔{year}〕{number}号"
            )
            capture = world.rows["edition"][-1]["capture_id"]
            world.rows["section"] += [
                {
                    "edition_id": edition,
                    "capture_id": capture,
                    "ordinal": ordinal,
                    "level": 1,
                    "kind": kind,
                    "subkind": "",
                    "heading": kind,
                    "start_offset": ordinal,
                    "end_offset": ordinal + 1,
                    "body_end_offset": ordinal + 1,
                }
                for ordinal, kind in enumerate(SECTIONS)
            ]
    return world


def _figures(number: int, year: int) -> list[dict[str, object]]:
    grown = number * 3 + (year - 2019) * 2
    whole, claim = 40 + grown, f"{100 * 2 / max(14 + grown - 2, 1):.1f}"
    told = [
        figure(f"{10 + grown}次", 10 + grown, "training_sessions", unit="次", lead="举办培训班"),
        figure(f"{14 + grown}份", 14 + grown, "contracts_reviewed", unit="份", lead="审查合同"),
        figure(f"{claim}%", claim, unit="%", direction="increase", lead="合同审查同比增长"),
        figure(f"{whole}件", whole, "hotline_cases", lead="受理热线工单"),
        figure(f"{whole - 9}件", whole - 9, parent=3, lead="其中咨询"),
        figure("9件", 9, parent=3, lead="其中投诉"),
        figure(f"{3 + grown}件", 3 + grown, "normative_docs", lead="制发规范性文件"),
        figure(f"{5 + grown}名", 5 + grown, "public_lawyers", unit="名", lead="现有公职律师"),
        figure(f"{80 + number}%", 80 + number, "mediation_success_rate", unit="%", lead="调解成功率"),
    ]
    told += [figure(f"{n * 100 + grown}人", n * 100 + grown, unit="人", lead="组织人员") for n in (1, 2, 3)]
    return told


def build_wide(folder: Path, world: World | None = None, name: str = "released") -> Path:
    """A world, the wide one if none is given, as a built candidate, with each claim linked to its figure.

    Raises AssertionError with the sentences of dbt's tests that failed.
    """
    world = world or wide_world()
    figures = world.rows["figure"]
    for row in figures:
        if row["text"].endswith("%") and row.get("direction"):
            row["yoy_of_figure_id"] = next(
                other["figure_id"]
                for other in figures
                if other["edition_id"] == row["edition_id"]
                and other.get("indicator_id") == "contracts_reviewed"
            )
    path = world.write(folder / f"{name}.duckdb")
    result = transform(
        path, as_of=AS_OF, work=folder / "work" / name, project=ROOT / "dbt_project", full_tests=False
    )
    if result.failures:
        raise AssertionError([check.sentence for check in result.failures])
    with duckdb.connect(str(path)) as connection:
        connection.execute("checkpoint")
    return path
