"""The proving reports: what they claim about their own text holds, and every phenomenon is there often enough."""

from __future__ import annotations

import importlib.util
import itertools
import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from nianbao.simulation.proving import proving_gold
from nianbao.simulation.texts import load

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ROOT / "tests" / "gold" / "generated"
_FULL_TO_HALF = str.maketrans("０１２３４５６７８９．％，", "0123456789.%,")
_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_NUMBER = re.compile(r"(?P<digits>[\d.]+)(?P<scale>[百千万亿]?)[余多]?(?P<unit>\D*)")
# words that hold of the first figure behind them, and of the one right before them
_BEFORE = {
    "approx_over": ("超过", "逾", "超", "突破", "高于"),
    "approx_under": ("近", "不足"),
    "about": ("约",),
    "at_least": ("不少于", "不低于", "至少"),
    "at_most": ("不超过", "不高于", "至多", "控制在"),
}
_AFTER = {"approx_over": ("以上", "有余"), "about": ("左右", "上下"), "at_most": ("以内", "以下")}
Gold = list[tuple[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def gold() -> Gold:
    return [
        ((GENERATED / f"{path.stem}.txt").read_text("utf-8"), json.loads(path.read_text("utf-8")))
        for path in sorted(GENERATED.glob("*.json"))
    ]


def test_the_committed_gold_is_what_the_code_writes(tmp_path: Path) -> None:
    place = ROOT / "tests" / "gold" / "write_generated.py"
    spec = importlib.util.spec_from_file_location("write_generated", place)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.write(tmp_path)
    wanted = {path.name: path.read_bytes() for path in GENERATED.iterdir()}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == wanted, "run: make gold"
    assert sum(map(len, wanted.values())) < 3_000_000


def test_another_seed_gives_other_reports() -> None:
    (one, _), (other, _) = next(proving_gold(1, 1)), next(proving_gold(2, 1))
    assert one != other


def test_every_phenomenon_and_every_kind_of_no_figure_is_there_fifty_times(gold: Gold) -> None:
    found = Counter(tag for _, each in gold for row in each["metrics"] for tag in row["tags"])
    kinds = Counter(tag for _, each in gold for row in each["hard_negatives"] for tag in row["tags"])
    assert min(found[tag] for tag in load("phenomena")) >= 50
    assert min(kinds[tag] for tag in load("no_figures")) >= 50


def test_every_wording_of_every_phenomenon_is_used(gold: Gold) -> None:
    """A sentence that is never drawn proves nothing; its first literal words must stand in some report."""
    texts = re.sub(r"\s", "", "".join(text for text, _ in gold)).translate(
        str.maketrans(",:;()", "，：；（）")
    )
    for name in ("phenomena", "no_figures"):
        for tag, entry in load(name).items():
            for template in entry["say"]:
                literal = max(re.split(r"\[[A-Z]\d? [^\]]+\]|\{[^}]+\}|[‹›⟨⟩]|[a-z_]+\|", template), key=len)
                assert re.sub(r"\s", "", literal) in texts, (tag, template)


def test_every_digit_is_in_a_figure_or_in_a_listed_no_figure(gold: Gold) -> None:
    for text, each in gold:
        covered = {
            at
            for row in (*each["metrics"], *each["hard_negatives"])
            for at in range(row["char_start"], row["char_end"])
        }
        stray = [m.start() for m in re.finditer(r"\d", text) if m.start() not in covered]
        assert not stray, [text[max(0, at - 12) : at + 8] for at in stray]


def test_figures_stand_where_they_should_and_say_their_value(gold: Gold) -> None:
    read = 0
    for text, each in gold:
        spans = sorted((row["char_start"], row["char_end"]) for row in each["metrics"])
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
        for row in each["metrics"]:
            assert text[row["char_start"] : row["char_end"]] == row["text"]
            plain = re.sub(r"[\s,]", "", row["text"].translate(_FULL_TO_HALF)).removesuffix("个百分点")
            match = _NUMBER.fullmatch(plain.replace("个工作日", "工作日"))
            if not match or "table_unit" in row["tags"]:
                continue
            value = Decimal(match["digits"]) * _SCALES[match["scale"]]
            assert value == Decimal(str(row["value"])), row
            assert match["unit"] in (row["unit"], ""), row
            read += 1
    assert read > 3500


def test_qualifiers_agree_with_the_words_around(gold: Gold) -> None:
    for text, each in gold:
        for row in each["metrics"]:
            before, after = text[: row["char_start"]].rstrip(" "), text[row["char_end"] :].lstrip(" ")
            not_above = before.endswith(("不超过", "不高于"))
            said = {"at_most"} if not_above else {q for q, w in _BEFORE.items() if before.endswith(w)}
            said |= {q for q, words in _AFTER.items() if after.startswith(words)}
            said |= {"approx_over"} if re.search(r"[余多]", row["text"]) else set()
            if "range_in_results" not in row["tags"]:  # 两三名 is about without any word
                assert said == ({row["qualifier"]} - {"exact"}), (row, before[-6:], after[:4])


def test_targets_are_the_figures_of_the_plan(gold: Gold) -> None:
    for _, each in gold:
        starts = [(row["char_start"], row["kind"]) for row in each["sections"]]
        year = each["document"]["report_year"]
        for row in each["metrics"]:
            kind = [kind for start, kind in starts if start <= row["char_start"]][-1]
            assert row["is_target"] == (kind == "plan")
            if row["is_target"]:
                assert row["fact_year"] == year + 1


def test_links_and_periods_point_at_what_stands_in_the_text(gold: Gold) -> None:
    sums = 0
    for text, each in gold:
        figures = each["metrics"]
        for row in figures:
            if "parent" in row:
                whole = figures[row["parent"]]
                assert whole["unit"] == row["unit"] and whole["value"] >= row["value"]
            if "yoy_of" in row:
                assert row["direction"] in ("increase", "decrease")
                assert figures[row["yoy_of"]]["char_start"] < row["char_start"]
            if "period_text" in row:
                before = re.sub(r"\s", "", text[: row["char_start"]])
                sentence = re.split(r"[。]", before)[-1]
                assert row["period_text"] in sentence
        for number, whole in enumerate(figures):
            parts = [row["value"] for row in figures if row.get("parent") == number]
            if parts and "breakdown_exhaustive" in whole["tags"]:
                assert sum(parts) == whole["value"]
                sums += 1
    assert sums >= 50


def test_indicators_of_the_proving_reports_are_in_the_registry(gold: Gold) -> None:
    known = set(re.findall(r"(?m)^\s*- id: (\w+)", (ROOT / "data" / "indicators.yml").read_text("utf-8")))
    used = {row["indicator"] for _, each in gold for row in each["metrics"]} - {None}
    assert used <= known and len(used) > 25
