"""Scores of small hand-made cases, and of the real annotations against the scorer they came with."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from support import SHARED

from nianbao.commands.evaluate import _extractor
from nianbao.evaluation import (
    GoldDocument,
    GoldError,
    GoldSet,
    Layer,
    SetResult,
    Target,
    TargetsError,
    load_sets,
    read_targets,
    score,
)
from nianbao.evaluation.targets import short_of
from nianbao.extraction import to_prediction
from nianbao.settings import Settings

TEXT = "全年办理许可120余件，其中线上30件；好评率98%。实施3.0版方案。"


def figure(text: str, value: float, unit: str, measure: str, **more: Any) -> dict[str, Any]:
    start = TEXT.index(text)
    row = {"char_start": start, "char_end": start + len(text), "text": text, "value": value, "unit": unit}
    return row | {"qualifier": "exact", "measure": measure, "indicator": None, "fact_year": 2024} | more


def gold() -> dict[str, Any]:
    version = TEXT.index("3.0版")
    return {
        "metrics": [
            figure("120余件", 120, "件", "许可", qualifier="approx_over", period_text="全年", tags=["over"]),
            figure("30件", 30, "件", "线上许可", parent=0, period_text="全年", tags=["breakdown"]),
            figure("98%", 98, "%", "好评率", indicator="gov_service_positive_rate", tags=["rate"]),
        ],
        "hard_negatives": [
            {"char_start": version, "char_end": version + 4, "text": "3.0版", "reason": "version"}
        ],
        "tags": ["mixed"],
    }


def scored(predicted: dict[str, Any], annotation: dict[str, Any] | None = None) -> SetResult:
    document = GoldDocument("one", TEXT, annotation or gold(), {})
    return score(GoldSet("set", "probes", (document,)), lambda _: predicted)


def layer(result: SetResult, name: str) -> Layer:
    return next(each for each in result.layers if each.name == name)


def test_gold_as_prediction_is_perfect() -> None:
    result = scored(gold())
    assert not result.misses
    assert all(each.f1 in (None, 1.0) and each.share in (None, 1.0) for each in result.layers)
    assert layer(result, "parent").gold == 1


def change(index: int, **values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda predicted: predicted["metrics"][index].update(values)


@pytest.mark.parametrize(
    ("damage", "hurt"),
    [
        (change(0, value=1200), {"value+unit"}),
        (change(0, unit="次"), {"value+unit"}),
        (change(0, char_end=TEXT.index("120余件") + 4), {"span exact"}),
        (change(0, qualifier="exact"), {"qualifier"}),
        (change(0, is_target=True), {"is_target"}),
        (change(0, direction="increase"), {"direction"}),
        (change(2, indicator=None), {"indicator"}),
        (change(1, parent=None), {"parent"}),
        (change(1, parent=2), {"parent"}),
        (change(1, yoy_of=0), {"yoy_of"}),
        (change(1, period_text=None), {"period"}),
        (change(1, fact_year=2023), {"fact_year"}),
        (change(1, measure="许可"), {"measure"}),
    ],
)
def test_each_damage_lowers_its_layer_and_no_other(
    damage: Callable[[dict[str, Any]], None], hurt: set[str]
) -> None:
    predicted = copy.deepcopy(gold())
    damage(predicted)
    result = scored(predicted)
    lowered = {
        each.name for each in result.layers if min(v for v in (each.f1, each.share, 1.0) if v is not None) < 1
    }
    assert lowered == hurt
    assert {miss.layer for miss in result.misses} == {name.replace("span exact", "span") for name in hurt}


def test_a_missed_figure_counts_against_recall_and_its_phenomenon() -> None:
    predicted = gold()
    del predicted["metrics"][2]
    result = scored(predicted)
    exact = layer(result, "span exact")
    assert (exact.precision, exact.recall) == (1.0, pytest.approx(2 / 3))
    rows = {row.tag: row for row in result.tags}
    assert (rows["rate"].share("span"), rows["over"].share("span")) == (0.0, 1.0)
    assert rows["mixed"].gold == 3 and rows["mixed"].right["span"] == 2


def test_a_false_figure_counts_against_precision_and_its_kind() -> None:
    predicted = gold()
    version = TEXT.index("3.0版")
    predicted["metrics"].append({"char_start": version, "char_end": version + 4, "value": 3, "unit": "版"})
    predicted["metrics"].append({"char_start": 0, "char_end": 1, "value": 1, "unit": "年"})
    result = scored(predicted)
    assert layer(result, "span overlap").precision == pytest.approx(3 / 5)
    assert {row.tag: (row.listed, row.taken) for row in result.negatives} == {
        "version": (1, 1),
        "(not listed)": (0, 1),
    }


def test_ids_the_annotators_could_not_choose_are_left_out_of_one_layer() -> None:
    predicted = gold()
    predicted["metrics"][0]["indicator"] = "an_id_of_a_wider_list"
    listed = frozenset({"gov_service_positive_rate"})
    document = GoldDocument("one", TEXT, gold(), {})
    result = score(GoldSet("set", "probes", (document,), listed), lambda _: predicted)
    assert layer(result, "indicator").precision == 0.5
    assert layer(result, "indicator in the gold's list").f1 == 1.0


REPORT = "某区2024年报告\n一、主要做法\n落实《行政复议法》。\n二、不足\n一是经验少。\n"


def report_gold() -> dict[str, Any]:
    def section(heading: str, kind: str) -> dict[str, Any]:
        start = REPORT.index(heading)
        span = {"char_start": start, "char_end": start + len(heading), "line_start": start}
        return span | {"kind": kind, "level": 1}

    cited, deficit = REPORT.index("《"), REPORT.index("经验少")
    return {
        "metrics": [],
        "sections": [section("一、主要做法", "measures"), section("二、不足", "problems")],
        "document": {"title": "某区2024年报告", "report_year": 2024, "issuer": "某省某区", "region": None},
        "document_accept": {"issuer": ["某区"]},
        "laws": [{"char_start": cited, "char_end": cited + 7, "kind": "law"}],
        "shortcomings": [{"char_start": deficit, "char_end": deficit + 3}],
        "plans": [],
    }


def report_layers(predicted: Mapping[str, Any]) -> dict[str, Layer]:
    document = GoldDocument("one", REPORT, report_gold(), {})
    result = score(GoldSet("set", "reports", (document,)), lambda _: predicted)
    return {each.name: each for each in result.layers}


def test_sections_metadata_references_and_statements() -> None:
    perfect = report_layers(report_gold())
    assert all(each.f1 in (None, 1.0) and each.share in (None, 1.0) for each in perfect.values())
    predicted = copy.deepcopy(report_gold())
    predicted["sections"][1]["kind"] = "plan"
    predicted["document"] |= {"issuer": "某区", "title": None, "signer": "某人"}
    predicted["laws"][0]["kind"] = "work"
    predicted["plans"] = [{"char_start": 0, "char_end": 3}]
    layers = report_layers(predicted)
    assert layers["sections"].f1 == 1.0 and layers["section kind"].right == 1
    assert layers["text under the right kind"].share == pytest.approx(
        1 - len("二、不足\n一是经验少。\n") / len(REPORT)
    )
    assert layers["issuer"].f1 == 1.0
    assert (layers["title"].recall, layers["title"].share) == (0.0, 0.0)
    assert layers["signer"].precision == 0.0
    assert layers["references"].f1 == 1.0 and layers["references"].share == 0.0
    assert layers["shortcomings"].f1 == 1.0 and layers["commitments"].precision == 0.0


def test_targets_are_read_and_compared(tmp_path: Path) -> None:
    file = tmp_path / "targets.yml"
    file.write_text("probes:\n  span exact: {recall: 0.9}\n  rate: {f1: 1}\nheads:\n  span exact: {f1: 1}\n")
    targets = read_targets(file)
    assert targets[0] == Target("probes", "span exact", "recall", 0.9)
    predicted = gold()
    assert short_of(scored(predicted), targets) == ()
    predicted["metrics"].pop()
    assert short_of(scored(predicted), targets) == targets[:1]
    file.write_text("probes:\n  span exact: {recal: 0.9}\n")
    with pytest.raises(TargetsError, match="'recal' is no figure"):
        read_targets(file)


def test_gold_that_does_not_fit_its_text_is_refused(tmp_path: Path) -> None:
    annotation = gold() | {"doc": "one", "document": {}, "sections": []}
    (tmp_path / "one.json").write_text(json.dumps(annotation), encoding="utf-8")
    with pytest.raises(GoldError, match="name its folder with --texts"):
        load_sets(tmp_path)
    (tmp_path / "one.txt").write_text("今年" + TEXT, encoding="utf-8")
    with pytest.raises(GoldError, match="do not belong together"):
        load_sets(tmp_path)
    (tmp_path / "one.txt").write_text(TEXT, encoding="utf-8")
    line = gold() | {"id": "p1", "text": TEXT, "section_kind": "plan"}
    (tmp_path / "probes.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    reports, probes = load_sets(tmp_path)
    assert (reports.kind, probes.kind) == ("reports", "probes")
    assert probes.documents[0].hints == {"section_kind": "plan"}


# --- against the scorers that come with the real annotations ----------------------------------------------------


def shared_or_skip(*parts: str) -> Path:
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip("the real reports are not here (a folder `shared` beside the checkout)")
    return path


def predictions(part: GoldSet) -> dict[str, dict[str, Any]]:
    extractor = _extractor(Settings(), Path("there-are-no-more-regions.csv"))
    return {
        each.doc_id: to_prediction(each.doc_id, each.text, extractor.extract(each.text, **each.hints))
        for each in part.documents
    }


def written(rows: dict[str, dict[str, Any]], path: Path) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows.values()), "utf-8")
    return path


@pytest.mark.parametrize("name", ["gold", "traps"])
@pytest.mark.parametrize("spoil", [False, True])
def test_figures_equal_those_of_the_annotations_own_scorer(name: str, spoil: bool, tmp_path: Path) -> None:
    folder = shared_or_skip("gold")
    gold_path = folder if name == "gold" else folder / "traps.jsonl"
    part = load_sets(gold_path, SHARED / "reports")[0]
    rows = predictions(part)
    if spoil:  # differences of every kind, so that equality says something
        for number, row in enumerate(rows.values()):
            for index, metric in enumerate(row["metrics"]):
                metric["qualifier"] = "about" if index % 3 == 0 else metric["qualifier"]
                metric["char_end"] += index % 2
                metric["value"] += index % 5 == 1
                metric["parent"] = None if index % 2 else (0 if index > 1 else metric["parent"])
                metric["indicator"] = "legal_advisors" if index % 4 == 3 else metric["indicator"]
                metric["period_text"] = "全年" if index % 2 else None
            row["metrics"] = [m for i, m in enumerate(row["metrics"]) if (i + number) % 4 != 3]
            for metric in row["metrics"]:  # positions have moved: links would point past the end
                for link in ("parent", "yoy_of"):
                    if (metric[link] or 0) >= len(row["metrics"]):
                        metric[link] = None
    report = tmp_path / "score.json"
    command = [sys.executable, str(folder / "score.py"), str(written(rows, tmp_path / "p.jsonl")), "--quiet"]
    subprocess.run([*command, "--gold", str(gold_path), "--json", str(report)], check=True)
    theirs = json.loads(report.read_text(encoding="utf-8"))
    mine = score(part, lambda document: rows[document.doc_id])

    names = {"span exact": "span_exact", "span overlap": "span_overlap", "value+unit": "value_unit"}
    names |= {each: each for each in ("qualifier", "is_target", "indicator", "direction", "fact_year")}
    names |= {"period": "period_text", "parent": "parent", "yoy_of": "yoy_of"}
    for own, other in names.items():
        got, want = layer(mine, own), theirs[other]
        assert (got.right, got.predicted, got.gold) == (want["tp"], want["pred"], want["gold"]), own
        assert (got.precision, got.recall, got.f1) == pytest.approx((want["p"], want["r"], want["f1"])), own
        if "acc" in want:
            assert got.share == pytest.approx(want["acc"]), own
    assert layer(mine, "measure").share == pytest.approx(theirs["measure_char_f1"])
    if name == "gold":
        headings = theirs["sections"]["headings"]
        assert layer(mine, "sections").f1 == pytest.approx(headings["f1"])
        assert layer(mine, "section kind").recall == pytest.approx(theirs["sections"]["kind_acc_all"])
        for each, share in theirs["document"].items():
            assert layer(mine, each).share == pytest.approx(share), each
        for own, other in (
            ("references", "laws"),
            ("shortcomings", "shortcomings"),
            ("commitments", "plans"),
        ):
            assert layer(mine, own).f1 == pytest.approx(theirs[other]["f1"])


def test_heads_equal_those_of_their_own_scorer(tmp_path: Path) -> None:
    folder = shared_or_skip("heads")
    part = load_sets(folder / "heads.jsonl")[0]
    rows = predictions(part)
    command = [sys.executable, str(folder / "score_heads.py"), str(written(rows, tmp_path / "h.jsonl"))]
    out = subprocess.run([*command, str(folder / "heads.jsonl")], check=True, capture_output=True, text=True)
    mine = score(part, lambda document: rows[document.doc_id])
    for said in out.stdout.strip().split(" · "):
        name, value = said.split()[:2]
        got = layer(mine, name).f1 if name == "report" else layer(mine, name).recall
        assert f"{got:.3f}" == value, name
