"""`nianbao evaluate` as its user runs it, and what extraction has reached on the project's own gold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from nianbao.cli import main
from nianbao.commands.evaluate import default_gold, default_targets

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "tests" / "gold"


@pytest.mark.parametrize("folder", sorted({path.parent.name for path in GOLD.glob("*/*.json*")}))
def test_what_was_reached_is_not_lost(folder: str) -> None:
    floors = GOLD / f"floors-{folder}.yml"
    assert floors.is_file(), f"write what extraction reaches on tests/gold/{folder} to {floors.name}"
    arguments = ["evaluate", "--gold", str(GOLD / folder), "--targets", str(floors), "--json"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    for each in json.loads(result.stdout):
        lost = [(t["layer"], t["figure"], t["least"]) for t in each["targets"] if not t["reached"]]
        assert not lost, {name: each["layers"][name] for name, _, _ in lost}


def test_without_arguments_the_own_gold_is_evaluated_with_its_targets() -> None:
    paths = [source.path for source in default_gold()]
    assert GOLD / "generated" in paths
    assert default_targets() == GOLD / "targets.yml"
    assert all(bool(source.note) != source.path.is_relative_to(GOLD) for source in default_gold())


def small_gold(folder: Path) -> Path:
    text = "全年召开党组会议12次。"
    metric = {
        "char_start": 8,
        "char_end": 11,
        "text": "12次",
        "value": 12,
        "unit": "次",
        "measure": "党组会议",
    }
    metric |= {
        "qualifier": "exact",
        "indicator": "party_group_meetings",
        "fact_year": 2024,
        "period_text": "全年",
    }
    row = {"id": "p1", "text": text, "report_year": 2024, "section_kind": "measures", "tags": ["plain"]}
    path = folder / "probes.jsonl"
    path.write_text(json.dumps(row | {"metrics": [metric], "hard_negatives": []}) + "\n", encoding="utf-8")
    return path


def run(*arguments: object, exit_code: int = 0) -> str:
    result = CliRunner().invoke(main, ["evaluate", *map(str, arguments)])
    assert result.exit_code == exit_code, result.output
    return result.output


def test_tables_show_layers_phenomena_targets_and_misses(tmp_path: Path) -> None:
    gold = small_gold(tmp_path)
    said = run("--gold", gold)
    assert "probes: 1 probe sentences, 12 characters" in said
    assert "span exact" in said and "f1 ≥" in said and "plain" in said
    gold.write_text(gold.read_text("utf-8").replace('"value": 12', '"value": 13'), encoding="utf-8")
    said = run("--gold", gold)
    assert "short" in said and "1 of 1 misses" in said and "13 次 党组会议" in said
    assert "misses" not in run("--gold", gold, "--misses", 0)
    assert run("--gold", gold, "--format", "markdown").count("\n### ") == 3


def test_require_makes_targets_binding(tmp_path: Path) -> None:
    gold, targets = small_gold(tmp_path), tmp_path / "targets.yml"
    targets.write_text("probes: {value+unit: {f1: 1.0}}\n")
    run("--gold", gold, "--targets", targets, "--require")
    gold.write_text(gold.read_text("utf-8").replace('"value": 12', '"value": 13'), encoding="utf-8")
    run("--gold", gold, "--targets", targets)
    run("--gold", gold, "--targets", targets, "--require", exit_code=1)


def test_what_cannot_be_used_is_said_in_a_sentence(tmp_path: Path) -> None:
    assert "holds no gold" in run("--gold", tmp_path, exit_code=2)
    assert "give both" in run("--texts", tmp_path, exit_code=2)
    (tmp_path / "broken.jsonl").write_text("{\n")
    assert "broken.jsonl:1: is no JSON" in run("--gold", tmp_path, exit_code=2)
    wrong = tmp_path / "wrong.yml"
    wrong.write_text("probes: [1]\n")
    assert "must hold kind: layer: figure: number" in run(
        "--gold", small_gold(tmp_path), "--targets", wrong, exit_code=2
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"\xff", "probes.jsonl: cannot be read"),
        (b'{"id": "a", "text": "3\xe6\xac\xa1"}', ":1: `metrics`: field required"),
        (b'{"id": "a", "text": "3", "metrics": null}', ":1: `metrics`: input should be a valid list"),
        (b'{"id": "a", "text": "3", "metrics": [{"char_start": 0}]}', "`metrics.0.char_end`: field required"),
        (
            b'{"id": "a", "text": "3", "metrics": [], "hard_negatives": [{}]}',
            "`hard_negatives.0.char_start`: field required",
        ),
        (
            b'{"id": "a", "text": "3", "metrics": [{"char_start": 0, "char_end": 1, "text": "3", "value": 3, '
            b'"unit": "", "parent": 7}]}',
            "has the parent 7; it is a position among 1 metrics",
        ),
        (b'{"id": "a", "text": "3", "gold": {}}', "`gold.is_annual_rule_of_law_report`: field required"),
    ],
)
def test_a_wrong_annotation_is_told_with_its_place(tmp_path: Path, line: bytes, says: str) -> None:
    gold = tmp_path / "probes.jsonl"
    gold.write_bytes(line + b"\n")
    assert says in run("--gold", gold, exit_code=2)
