"""Any text at all yields a result: no exception, no endless search, spans that hold, the same result every time."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.extraction import Extractor, to_prediction
from nianbao.model import Report

from .fuzz_corpus import RECIPES

# Linear work on a text of this length takes a fraction of a second; quadratic work would take hours.
LENGTH = 100_000
_HANGS_AFTER = 120


@contextmanager
def _no_hang() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise AssertionError(
            f"still at it after {_HANGS_AFTER} s: the work does not grow with the length alone"
        )

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(_HANGS_AFTER)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _check(text: str, report: Report) -> None:
    for items in (report.figures, report.references, report.statements):
        for item in items:
            assert text[item.start : item.end] == item.text != ""
        assert [item.start for item in items] == sorted(item.start for item in items)
    for section in report.sections:
        assert 0 <= section.start <= section.end <= section.body_end <= len(text)
        assert section.parent is None or section.parent < len(report.sections)
    for index, figure in enumerate(report.figures):
        for link in (figure.parent, figure.yoy_of, figure.rate_of):
            assert link is None or (0 <= link < len(report.figures) and link != index)
        assert figure.section is None or figure.section < len(report.sections)
        assert figure.value_max is None or figure.value_max >= figure.value
        assert figure.sentence_start <= figure.start < figure.end <= figure.sentence_end
    for evidence in report.metadata.evidence.values():
        assert evidence.start is None or text[evidence.start : evidence.end]


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_a_strange_text_yields_a_result_in_linear_time(extractor: Extractor, name: str) -> None:
    text = RECIPES[name](LENGTH)
    with _no_hang():
        report = extractor.extract(text)
    _check(text, report)


def test_a_line_of_a_million_digits(extractor: Extractor) -> None:
    text = f"全年办理案件{'7' * 1_000_000}件，其中简易案件3件。"
    with _no_hang():
        report = extractor.extract(text)
    assert [figure.text for figure in report.figures] == ["3件"]


_words = st.sampled_from(
    [
        *"一二三四五六七八九十百千万亿零两半〇0123456789０９.,，。；：、“”《》〈〉()（）〔〕-—～~至到%％‰/*+ \n\u3000\r\t",
        *(
            "件",
            "次",
            "名",
            "余",
            "多",
            "以上",
            "左右",
            "其中",
            "包括",
            "分别",
            "各",
            "均",
            "同比",
            "增长",
            "下降",
            "较上年",
        ),
        *(
            "由",
            "增至",
            "占",
            "率",
            "全年",
            "截至",
            "11月底",
            "2024年",
            "去年",
            "百分之",
            "分之",
            "翻",
            "番",
            "成",
            "个百分点",
        ),
        *(
            "一、",
            "（一）",
            "1.",
            "一是",
            "主要举措和成效",
            "存在的不足",
            "下一步工作安排",
            "第一责任人",
            "法治政府建设情况报告",
        ),
        *(
            "区政府：",
            "发布日期：",
            "来源：",
            "索引号",
            "某区司法局",
            "上海市普陀区",
            "我局",
            "开展",
            "办理",
            "会议",
            "案件",
            "的",
            "每",
        ),
        *(
            "\ud800",
            "\udfff",
            "\u202e",
            "\u200b",
            "\x00",
            "\x1b",
            "⼀",
            "①",
            "㎡",
            "é",
            "e\u0301",
            "👍",
            "<b>",
            "&nbsp;",
            "**",
            "|",
        ),
    ]
)
_texts = st.lists(st.one_of(_words, st.text(max_size=3)), max_size=60).map("".join)


@given(_texts)
def test_any_text_yields_a_report_whose_spans_hold(extractor: Extractor, text: str) -> None:
    report = extractor.extract(text)
    _check(text, report)
    assert extractor.extract(text) == report
    to_prediction("any", text, report)


_probes = Path(__file__).resolve().parents[1] / "gold" / "probes" / "probes.jsonl"
_clauses = sorted(
    {
        clause
        for line in _probes.read_text(encoding="utf-8").splitlines()
        for clause in re.findall(r"[^,，。；、]{1,16}[,，。；、]", json.loads(line)["text"])
    }
)
_cuts = st.tuples(st.sampled_from(_clauses), st.integers(0, 4), st.integers(1, 17)).map(
    lambda cut: cut[0][cut[1] : cut[1] + cut[2]]
)


@settings(max_examples=300)
@given(st.lists(_cuts, min_size=1, max_size=9).map("".join))
def test_clauses_cut_and_joined_in_any_way_yield_a_report(extractor: Extractor, text: str) -> None:
    for report in (extractor.extract(text), extractor.extract(text, section_kind="measures")):
        _check(text, report)


@given(_texts, _texts, _texts)
def test_what_a_page_says_about_a_text_is_any_text_too(
    extractor: Extractor, text: str, title: str, value: str
) -> None:
    report = extractor.extract(
        text, url=title, link_title=value, page_title=title, meta={"ContentSource": value, "PubDate": title}
    )
    _check(text, report)


@given(_texts, st.sampled_from(["measures", "plan", "problems", "other"]))
def test_a_lone_sentence_may_be_any_text(extractor: Extractor, text: str, kind: str) -> None:
    _check(text, extractor.extract(text, section_kind=kind, report_year=2024))


@given(_texts)
def test_numbers_turned_down_are_no_figures(extractor: Extractor, text: str) -> None:
    report, rejections = extractor.explain(text)
    assert report == extractor.extract(text)
    figures = {(figure.start, figure.end) for figure in report.figures}
    for item in rejections:
        assert text[item.start : item.end] == item.text
        assert (item.start, item.end) not in figures
