"""One small world: two issuers over three years, a body that nobody registered, one that owes its first report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
from candidate import World, figure

from nianbao.warehouse.transform import TransformResult

ROOT = Path(__file__).resolve().parents[2]
AS_OF = date(2025, 3, 15)
JUSTICE, GOVERNMENT, POLICE = "songxi-justice", "songxi-gov", "songxi-police"


@dataclass(frozen=True)
class Built:
    path: Path
    work: Path
    result: TransformResult

    def rows(self, query: str, *parameters: object) -> list[dict[str, Any]]:
        with duckdb.connect(str(self.path), read_only=True) as connection:
            reader = connection.execute(query, list(parameters))
            columns = [column[0] for column in reader.description or ()]
            return [dict(zip(columns, row, strict=True)) for row in reader.fetchall()]

    def row(self, query: str, *parameters: object) -> dict[str, Any]:
        rows = self.rows(query, *parameters)
        assert len(rows) == 1, rows
        return rows[0]


def small_world() -> World:
    world = World()
    world.rows["issuer"].append(
        {
            "issuer_id": POLICE,
            "issuer_name": "清河市公安局松溪分局",
            "region_code": "990101",
            "level": "county",
            "department_type": "police",
            "aliases": "[]",
            "predecessors": "[]",
        }
    )
    world.expect(JUSTICE, 2021)
    world.expect(GOVERNMENT, 2022)
    world.expect(POLICE, 2024)
    training, contracts, docs = "training_sessions", "contracts_reviewed", "normative_docs"
    rate, lawyers, hotline = "mediation_success_rate", "public_lawyers", "hotline_cases"
    world.report(
        JUSTICE,
        2022,
        [
            figure("10次", 10, training, unit="次", lead="举办培训班"),
            figure("约20份", 20, contracts, unit="份", qualifier="about", lead="审查合同"),
            figure("3件", 3, docs, lead="制发规范性文件"),
            figure("90%", 90, rate, unit="%", lead="调解成功率"),
            figure("2名", 2, lawyers, unit="名", lead="现有公职律师"),
            figure("500件", 500, hotline, scope="region", lead="全区受理热线工单"),
        ],
    )
    world.report(
        JUSTICE,
        2023,
        [
            figure("9次", 9, training, unit="次", fact_year=2022, lead="较上年举办培训班"),
            figure("约14次", 14, training, unit="次", qualifier="about", lead="组织培训班"),
            figure("12次", 12, training, unit="次", lead="举办培训班"),
            figure("5次", 5, training, unit="次", parent=2, lead="其中线上"),
            figure("24份", 24, contracts, unit="份", lead="审查合同"),
            figure("4部", 4, docs, unit="部", lead="制发规范性文件"),
            figure("87.5%", "87.5", rate, unit="%", lead="调解成功率"),
            figure(
                "3名", 3, lawyers, unit="名", period_start=date(2021, 1, 1), lead="2021年以来累计配备公职律师"
            ),
            figure("40件", 40, hotline, lead="我局办理热线工单"),
        ],
    )
    world.report(
        JUSTICE,
        2024,
        [
            figure("15次", 15, training, unit="次", lead="举办培训班"),
            figure("18次", 18, training, unit="次", lead="全年培训班"),
            figure(
                "30份", 30, contracts, unit="份", period_end=date(2024, 11, 30), lead="截至11月底审查合同"
            ),
            figure("6部", 6, docs, unit="部", lead="制发规范性文件"),
            figure("29.4%", "29.4", docs, unit="%", direction="increase", lead="规范性文件同比增长"),
            figure("20次", 20, training, unit="次", fact_year=2025, is_target=True, lead="计划举办培训班"),
        ],
    )
    world.report(
        GOVERNMENT,
        2022,
        [figure("8次", 8, training, unit="次", fact_year=2023, is_target=True, lead="计划举办培训班")],
    )
    told = [figure("9次", 9, training, unit="次", lead="举办培训班"), figure("0件", 0, docs, lead="废止文件")]
    first = world.report(GOVERNMENT, 2024, told, fetched_at=datetime(2025, 3, 2, tzinfo=UTC))
    world.report(GOVERNMENT, 2024, told[:1], version="（修订）", fetched_at=datetime(2025, 3, 5, tzinfo=UTC))
    world.capture(first, GOVERNMENT, 2024, fetched_at=datetime(2025, 3, 10, tzinfo=UTC))
    world.capture(None, GOVERNMENT, 2023)
    world.report(
        "unregistered-990102-0a1b2c3d",
        2023,
        [figure("7次", 7, training, unit="次", lead="举办培训班")],
        issuer_name="清河市柏岗区应急管理局",
        region_code="990102",
        region_name="云岭省清河市柏岗区",
    )
    return world
