"""Reading without losing place: whatever is cleaned away, offsets lead back to the raw text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.extraction.text.cleaning import clean, fold, lines_of


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("⼀、⽂件⻓效⺠生", "一、文件长效民生"),
        ("１２３４５热线％", "12345热线%"),
        ("审查\u200b合\u00ad同\ufeff3\ufe0f5 份", "审查合同35份"),
        ("普法\ue0045场", "普法5场"),
        ("见\uf9d4理", "见倫理"),
        ("调解&nbsp;12&#160;件", "调解12件"),
        ("&ldquo;放管服&rdquo;改革", "“放管服”改革"),
        ("办理<span style='x'>7</span>件", "办理7件"),
        ("**一是**开展培训", "一是开展培训"),
        ("检查企业，\n- 3 -\n督促整改", "检查企业,督促整改"),
        ("检查企业，\n第 3 页 共 9 页\n督促整改", "检查企业,督促整改"),
        ("检查企业，\n—12—\n督促整改", "检查企业,督促整改"),
        ("检查\n1\n企业并\n2\n督促整改", "检查企业并督促整改"),
    ],
)
def test_noise_disappears(raw, read):
    assert clean(raw).text == read


def test_a_lone_number_may_be_a_figure():
    assert clean("全年检查企业\n35\n家次").text == "全年检查企业35家次"


def test_no_page_number_hides_inside_a_figure(extractor):
    text = "某区2023年法治政府建设报告\n现将某区2023年法治政府建设情况报告如下：\n一、主要举措和成效\n全年检查企业35\n- 2 -\n家次，培训6\n期。\n"
    figures = [figure.text for figure in extractor.extract(text).figures]
    assert "6\n期" in figures
    assert all("-" not in words for words in figures)


def test_a_header_on_every_page_is_left_out():
    page = "街道深入学习贯彻习近平法治思想并认真落\n某街道法治政府建设报告\n实各项工作部署要求。\n"
    assert "建设报告" not in clean(page * 3).text
    heading = "工作扎实开展，取得明显成效。\n普法宣传工作\n开展活动。\n"
    assert clean(heading * 3).text.count("普法宣传工作") == 3


RAW = st.text(
    st.sampled_from("一、（）&;nbsp<>/p*# \n-—123第页共\u200b\ue004⼀，。件《》|") | st.characters(),
    max_size=80,
)


@settings(max_examples=200, deadline=None)
@given(RAW)
def test_folding_keeps_every_offset(raw):
    folded = fold(raw)
    assert len(folded) == len(raw)
    assert fold(folded) == folded
    view = clean(raw)
    offsets = [view.raw(position) for position in range(len(view.text))]
    assert offsets == sorted(set(offsets))
    assert all(0 <= offset < max(1, len(raw)) for offset in offsets)
    assert [view.position(offset) for offset in offsets] == [*range(len(offsets))]
    for line in lines_of(raw):
        assert len(line.text) == line.end - line.start


@pytest.mark.parametrize("piece", ["<a ", "&lt", "2\n", "- 1 -\n", "*", "\u3000", "第1页\n", "某某报告\n"])
def test_work_grows_with_the_length_only(piece):
    def once(text: str) -> float:
        fold.cache_clear()
        begin = time.process_time()
        clean(text)
        lines_of(text)
        return time.process_time() - begin

    def seconds(length: int) -> float:
        """The better of two: what else the machine does is not the text's fault."""
        text = piece * (length // len(piece))
        return min(once(text), once(text))

    seconds(10_000)
    assert seconds(400_000) < 40 * max(seconds(40_000), 0.005)
