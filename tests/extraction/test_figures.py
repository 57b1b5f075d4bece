"""What counts as a figure, what it is worth, and how figures belong together."""

from __future__ import annotations

import re
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from nianbao.extraction.figures.quantities import find
from nianbao.extraction.text.cleaning import clean

SENTENCES = Path(__file__).parent / "figure_sentences"
QUALIFIERS = {
    "": "exact",
    ">": "approx_over",
    "<": "approx_under",
    "~": "about",
    ">=": "at_least",
    "<=": "at_most",
}
MARK = re.compile(r"【([^【】|]*)(?:\|([^】]*))?】")
VALUE = re.compile(
    r"(?P<low>\d+(?:\.\d+)?)(?:\.\.(?P<high>\d+(?:\.\d+)?))?(?P<unit>[^\d<>~=]+)(?P<sign>>=|<=|[<>~])?"
)


def sentences(name: str) -> list[str]:
    lines = (SENTENCES / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def unmarked(line: str) -> tuple[str, str, list[dict[str, Any]]]:
    """(text, section kind, the figures it must have) of a marked sentence."""
    kind, line = ("plan", line[2:]) if line.startswith("P ") else ("measures", line)
    line = line.replace("\\n", "\n").replace("\\r", "\r").replace("␣", " ")
    text, expected, position = "", [], 0
    for mark in MARK.finditer(line):
        text += line[position : mark.start()]
        position = mark.end()
        expected.append({"start": len(text), "text": mark[1], **asked(mark[1], mark[2] or "")})
        text += mark[1]
    return text + line[position:], kind, expected


def asked(span: str, notes: str) -> dict[str, Any]:
    words = notes.split(" ")
    stated = VALUE.fullmatch(words[0])
    value = stated or VALUE.fullmatch(span)
    assert value is not None, (span, notes)
    result: dict[str, Any] = {
        "value": Decimal(value["low"]),
        "value_max": Decimal(value["high"]) if value["high"] else None,
        "unit": value["unit"],
        "qualifier": QUALIFIERS[value["sign"] or ""],
        "direction": None,
        "parent": None,
        "yoy_of": None,
    }
    for word in words[1:] if stated else words:
        if word.startswith("d"):
            result["direction"] = {"d+": "increase", "d-": "decrease"}[word]
        elif word.startswith("t:"):
            result["period_text"] = word[2:] or None
        elif word.startswith("fy"):
            result["fact_year"] = int(word[2:])
        elif word.startswith("s:"):
            result["scope"] = word[2:]
        elif word.startswith("D:"):
            result["days"] = word[2:]
        elif word:
            result[{"p": "parent", "y": "yoy_of", "r": "rate_of"}[word[0]]] = int(word[1:])
    return result


def read(figure, wanted: dict[str, Any]) -> dict[str, Any]:
    """What the figure says about everything that is asked, in the same form."""
    days = f"{figure.period_start}/{figure.period_end}"
    found = {name: days if name == "days" else getattr(figure, name) for name in wanted}
    found["value"] = round(figure.value, 4)
    return found


@pytest.mark.parametrize(
    "line", [line for path in sorted(SENTENCES.glob("*.txt")) for line in sentences(path.name)]
)
def test_marked_sentences(extractor, line):
    text, kind, expected = unmarked(line)
    found = figures(extractor, text, kind)
    assert [(f.start, f.text) for f in found] == [(e["start"], e["text"]) for e in expected]
    assert [read(figure, wanted) for figure, wanted in zip(found, expected, strict=True)] == expected


def figures(extractor, text, kind="measures"):
    report = extractor.extract(text, report_year=2024, section_kind=kind)
    for figure in report.figures:
        assert text[figure.start : figure.end] == figure.text
        assert text[figure.sentence_start : figure.sentence_end].find(figure.text) >= 0
    return report.figures


def test_a_lone_one_counts_behind_its_noun_only(extractor):
    assert [f.text for f in figures(extractor, "全年查处违法案件一起,办好一个来信推动理顺一类流程。")] == [
        "一起"
    ]


def test_parts_point_at_their_whole_and_nest(extractor):
    text = "办理建议提案20件,其中人大代表建议8件,其中主办3件,会办5件;政协提案12件。"
    whole, deputies, led, joint, council = figures(extractor, text)
    assert whole.parent is None
    assert [deputies.parent, led.parent, joint.parent, council.parent] == [0, 1, 1, 0]


def test_parts_before_their_sum(extractor):
    parts = figures(extractor, "甲镇调解14件、乙镇调解6件、丙镇调解11件,合计31件。")
    assert [f.parent for f in parts] == [3, 3, 3, None]


def test_a_change_is_no_level(extractor):
    base, change = figures(extractor, "受理复议申请40件,同比下降12.5%。")
    assert (change.direction, change.yoy_of, change.indicator) == ("decrease", 0, None)
    assert base.direction is None
    before, after = figures(extractor, "办结率由91%提升至97%。")
    assert (before.fact_year, after.fact_year) == (2023, 2024)
    assert after.direction is None


def test_period_year_and_target(extractor):
    (figure,) = figures(extractor, "截至11月底,办结信访事项52件。")
    assert (figure.period_text, str(figure.period_end)) == ("截至11月底", "2024-11-30")
    (other,) = figures(extractor, "2023年度35家企业通过年检。")
    assert other.fact_year == 2023
    (target,) = figures(extractor, "全年举办培训班3期。", kind="plan")
    assert target.is_target
    assert target.fact_year == 2025


def test_shared_heads_are_restored(extractor):
    *_, led, joint = figures(extractor, "办理政协提案9件,其中政协提案主办件4件、会办件5件。")
    assert led.measure == "政协提案主办件"
    assert joint.measure == "政协提案会办件"


def turned_down(text: str) -> list[tuple[str, str]]:
    """(number, rule) of everything that looks like a figure and is none."""
    view, rejected = clean(text), []
    find(view.text, rejected)
    spans = [(*view.raw_span(item.start, item.end), item.rule) for item in rejected]
    return [(text[start:end], rule) for start, end, rule in spans]


@pytest.mark.parametrize(
    ("text", "word", "rule"),
    [
        ("对5万元以上的支出集体研究。", "5万元", "threshold"),
        ("收到申请后15日内答复。", "15日", "deadline"),
        ("每季度开展2次检查。", "2次", "frequency"),
        ("推进“十四五”规划。", "十四五", "slogan"),
        ("落实《重点企业服务12条措施》。", "12", "title_numeral"),
        ("2024年11月底前完成。", "2024", "date"),
        ("印发某政办〔2024〕35号文件。", "2024", "doc_number"),
        ("出台稳增长33条措施。", "33条", "nickname"),
        ("形成一批经验。", "一批", "indefinite"),
        ("位列全区前3名。", "3名", "ordinal"),
        ("参与人员达数千人次。", "千人次", "vague"),
        ("编号为A/12件的材料。", "12件", "identifier"),
        ("组织为期3天的培训班。", "3天", "duration"),
        ("从5个方面着手。", "5个", "classification"),
    ],
)
def test_a_number_that_is_no_figure_says_why(text, word, rule):
    assert (word, rule) in turned_down(text)


def test_what_is_explained_lies_where_the_text_has_it():
    text = "（一）强化学习。对 5 万元以上的支出集体研究，\n全年召开党组会议12次。\n"
    assert ("5 万元", "threshold") in turned_down(text)


def test_what_cannot_be_stored_is_no_figure():
    assert ("9" * 24 + "件", "out_of_range") in turned_down("受理" + "9" * 24 + "件。")


@pytest.mark.parametrize(
    "piece",
    [
        "9",
        "1,",
        "一",
        "12件、",
        "其中12件,",
        "(12件",
        "由1件至",
        "分别1件、",
        "同比增长5%、",
        "“1",
        "百分之",
        "单位:件\n甲乙1\n",
        "9件(甲1,",
    ],
)
def test_time_grows_with_the_text_only(piece):
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        began = time.process_time()
        find(text)
        return time.process_time() - began

    seconds(1000)
    # ten times the text, and room for noise; quadratic rules take a hundred times as long
    assert seconds(200_000) < 30 * max(seconds(20_000), 0.02)


def test_a_number_that_is_no_figure_can_be_explained(extractor):
    text = "对5万元以上的支出集体研究，全年召开党组会议12次。"
    report, rejected = extractor.explain(text)
    assert [figure.text for figure in report.figures] == ["12次"]
    assert [(item.text, item.rule) for item in rejected] == [("5万元", "threshold")]
    assert all(text[item.start : item.end] == item.text for item in rejected)
