"""A small registry folder."""

from __future__ import annotations

from pathlib import Path

import pytest

REGIONS = """code,name,full_name,parent_code,level,valid_from,valid_to
310000,上海市,上海市,,province,,
310107,普陀区,上海市普陀区,310000,county,,
"""
ISSUERS = """- id: putuo-government
  name: 上海市普陀区人民政府
  region: 310107
  aliases: [区政府]
- id: putuo-office
  name: 上海市普陀区人民政府办公室
  region: "310107"
- id: putuo-street
  name: 上海市普陀区某某街道办事处
  region: 310107
"""
SOURCES = """- id: putuo
  region: 310107
  listing: https://www.putuo.test/fzzf/
  issuer: putuo-government
"""
INDICATORS = """version: 1
indicators:
  - {id: meetings, label: 会议次数, label_en: meetings, unit: 次, kind: sum, rules: {triggers: [会议]}, examples: [会议【3次】]}
"""
KIND = "id: rule_of_law\nlabel: 法治政府建设年度报告\nlabel_en: annual rule-of-law report\nrules: {title_patterns: [法治政府]}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in {
        "regions.csv": REGIONS,
        "issuers/shanghai/putuo.yml": ISSUERS,
        "sources/shanghai/putuo.yml": SOURCES,
        "indicators.yml": INDICATORS,
        "report_kinds/rule_of_law.yml": KIND,
    }.items():
        path = tmp_path / "world" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path / "world"
