from __future__ import annotations

from pathlib import Path

import pytest

from nianbao.model import Family
from nianbao.registry import load_registry
from nianbao.simulation import World, build_world, write_registry

_HEAD = "code,name,full_name,parent_code,level,valid_from,valid_to\n"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = tmp_path / "base"
    folder.mkdir()
    (folder / "regions.csv").write_text(
        _HEAD + "310000,上海市,上海市,,province,,\n310107,普陀区,上海市普陀区,310000,county,,\n",
        encoding="utf-8",
    )
    (folder / "indicators.yml").write_text(
        "version: 1\nindicators:\n- {id: trainings, label: 培训, label_en: trainings, unit: 次, kind: sum, rules: {triggers: [培训]}}\n",
        encoding="utf-8",
    )
    (folder / "report_kinds").mkdir()
    (folder / "report_kinds" / "rule_of_law.yml").write_text(
        "id: rule_of_law\nlabel: 法治政府建设年度报告\nlabel_en: rule of law\nrules: {title_patterns: [法治政府]}\n",
        encoding="utf-8",
    )
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_registry_loads_and_says_what_the_truth_says(world: World, base: Path, tmp_path: Path) -> None:
    write_registry(world, tmp_path / "r", base)
    registry = load_registry(tmp_path / "r", base)
    assert {region.code for region in registry.regions} == {"310000", "310107"} | {
        r.code for r in world.regions
    }
    assert {issuer.issuer_id: issuer.name for issuer in registry.issuers} == {
        issuer.issuer_id: issuer.name for issuer in world.issuers
    }
    sources = {source.source_id: source for source in registry.sources}
    for truth in world.sources:
        source = sources[truth.source_id]
        assert source.simulated and source.delay_seconds == 0
        assert source.listings == truth.listings
        assert source.family is truth.family and truth.family is not Family.GENERIC
        assert source.expected_issuers == truth.expected_issuers
        assert source.expected_since == 2021


def test_hazards_have_a_registry_too(hazards: World, base: Path, tmp_path: Path) -> None:
    write_registry(hazards, tmp_path / "r", base)
    registry = load_registry(tmp_path / "r", base)
    assert {source.source_id for source in registry.sources} == {
        source.source_id for source in hazards.sources
    }


def test_files_are_stable_and_a_smaller_world_leaves_nothing_behind(
    world: World, base: Path, tmp_path: Path
) -> None:
    write_registry(world, tmp_path / "a", base)
    first = content(tmp_path / "a")
    write_registry(build_world(districts=5), tmp_path / "a", base)
    assert len(content(tmp_path / "a")) > len(first)
    write_registry(world, tmp_path / "a", base)
    assert content(tmp_path / "a") == first


def test_a_base_without_regions_is_refused_with_a_sentence(world: World, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"regions\.csv is missing"):
        write_registry(world, tmp_path / "r", tmp_path)
    (tmp_path / "regions.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ValueError, match="the columns must be"):
        write_registry(world, tmp_path / "r", tmp_path)
