"""Whole texts: metadata, outline, references, statements; look-alikes; any text at all."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.extraction import Extractor, looks_like_report_title, to_prediction

from .conftest import registry

REPORT = """上海市普陀区民政局文件
普民发〔2024〕31号
签发人：某某

普陀区民政局2024年度法治政府
建设情况报告

区政府：

2024年，区民政局认真贯彻落实《法治政府建设实施纲要（2021-2025年）》。现将有关情况报告如下：

一、2024年推进法治政府建设的主要举措和成效

（一）强化学法用法。党组理论学习中心组集体学法4次，全年召开30次党组会议。

（二）规范执法行为

1.开展养老机构检查120家次。2.办理行政处罚案件3件，罚没款2.4万元。

二、存在的不足和原因

一是普法形式较为单一。面向机构的宣传不多。二是执法力量有待加强。

三、主要负责人履行推进法治建设第一责任人职责情况

主要负责人带头学习《中华人民共和国行政处罚法》。

四、2025年主要安排

（一）持续加强学习。全年组织培训不少于2次。推进普法进社区。

上海市普陀区民政局

2024年12月5日
"""


def test_a_report_is_read_whole(extractor):
    meta = extractor.extract(REPORT).metadata
    assert (meta.is_report, meta.kind, meta.report_year) == (True, "rule_of_law", 2024)
    assert (meta.issuer, meta.issuer_id) == ("上海市普陀区民政局", "shanghai-putuo-civil-affairs")
    assert (meta.region, meta.region_code) == ("上海市普陀区", "310107")
    assert meta.title is not None
    assert "".join(meta.title.split()) == "普陀区民政局2024年度法治政府建设情况报告"
    assert (meta.doc_number, meta.recipient) == ("普民发〔2024〕31号", "区政府")
    assert meta.signed_date == date(2024, 12, 5)
    for name in ("title", "issuer", "report_year", "doc_number", "signed_date"):
        assert name in meta.evidence
    number = meta.evidence["doc_number"]
    assert REPORT[number.start : number.end] == "普民发〔2024〕31号"


def test_the_issuer_needs_no_registry():
    bare = Extractor(registry(()))
    meta = bare.extract(REPORT).metadata
    assert (meta.issuer, meta.issuer_id, meta.region_code) == ("上海市普陀区民政局", None, "310107")


def test_outline_kinds_levels_and_run_in_headings(extractor):
    sections = extractor.extract(REPORT).sections
    assert [(s.kind, s.level) for s in sections if s.level == 1] == [
        ("preamble", 1),
        ("measures", 1),
        ("problems", 1),
        ("responsibility", 1),
        ("plan", 1),
    ]
    first = next(s for s in sections if s.heading == "强化学法用法")
    assert first.inline
    assert sections[first.parent].heading == "2024年推进法治政府建设的主要举措和成效"
    for section in sections:
        assert section.start <= section.end <= section.body_end <= len(REPORT)


def test_headings_without_numbers_are_found(extractor):
    text = (
        "普陀区民政局2023年法治政府建设工作报告\n2023年，区民政局依法履职。现将情况报告如下：\n主要举措和成效\n"
        "（一）抓学习\n集体学法5次。\n存在不足\n宣传精准性有待增强，执法力量较为薄弱。\n四、下一步工作计划\n深化普法工作。\n"
    )
    report = extractor.extract(text)
    assert [s.kind for s in report.sections if s.level == 1] == ["preamble", "measures", "problems", "plan"]
    assert [s.text for s in report.statements] == ["宣传精准性有待增强", "执法力量较为薄弱", "深化普法工作"]


def test_statements_and_references(extractor):
    report = extractor.extract(REPORT)
    shortcomings = [s.text for s in report.statements if s.kind == "shortcoming"]
    assert shortcomings == ["普法形式较为单一。面向机构的宣传不多", "执法力量有待加强"]
    assert [s.text for s in report.statements if s.kind == "commitment"] == [
        "全年组织培训不少于2次",
        "推进普法进社区",
    ]
    assert [(r.text, r.kind) for r in report.references] == [
        ("《法治政府建设实施纲要（2021-2025年）》", "policy_doc"),
        ("《中华人民共和国行政处罚法》", "law"),
    ]


def test_plan_figures_are_targets(extractor):
    figures = {f.text: f for f in extractor.extract(REPORT).figures}
    assert figures["2次"].is_target
    assert figures["2次"].fact_year == 2025
    assert not figures["30次"].is_target
    assert figures["30次"].indicator == "party_group_meetings"


def test_a_short_name_is_completed_from_the_byline(extractor):
    text = (
        "区商务委2023年度法治政府建设情况报告\n来源：上海市闵行区商务委员会  发布时间：2024年1月8日\n"
        "2023年，我委依法履职。现将法治政府建设情况报告如下：\n一、主要举措和成效\n学法3次。\n"
    )
    meta = extractor.extract(text).metadata
    assert (meta.issuer, meta.region_code, meta.published_date) == (
        "上海市闵行区商务委员会",
        "310112",
        date(2024, 1, 8),
    )


def test_namesakes_are_told_apart_by_their_parents(extractor):
    text = "普陀区人民政府2023年法治政府建设情况报告\n2023年，舟山市普陀区依法行政。现将有关情况报告如下：\n一、主要举措\n学法3次。"
    assert extractor.extract(text).metadata.region_code == "330903"


def test_an_inner_heading_never_sets_the_year(extractor):
    text = "桐庐县教育局2025年法治政府建设年度报告\n现将情况报告如下：\n一、2024年法治政府建设基本情况\n学法3次。\n"
    assert extractor.extract(text).metadata.report_year == 2025


def test_a_date_in_the_address_is_weak_evidence(extractor):
    meta = extractor.extract(REPORT, url="https://www.example.gov.cn/fz/202501/t20250117_12.html").metadata
    assert meta.published_date == date(2025, 1, 17)
    assert (meta.evidence["published_date"].place, meta.evidence["published_date"].confidence) == (
        "url",
        "weak",
    )


@pytest.mark.parametrize(
    "title",
    [
        "某局2024年法治政府建设工作要点",
        "2024年法治政府建设实施方案",
        "关于印发法治政府建设工作计划的通知",
        "某区政府信息公开工作年度报告",
        "《2023年法治政府建设年度报告》政策解读",
        "法治政府建设情况报告范文",
        "某区五年法治政府建设工作情况报告",
        "2024年政府工作报告",
        "法治政府建设动态",
    ],
)
def test_look_alikes_are_turned_down(rule_of_law, title):
    assert not looks_like_report_title(title, rule_of_law)


@pytest.mark.parametrize(
    "title",
    [
        "某区2024年法治政府建设情况报告",
        "某局关于2023年度法治政府建设工作情况的报告",
        "2022年度推进依法治区工作报告",
        "某街道 2021年法治政府建设年度报告.pdf",
        "某委２０２４年依法行政工作总结",
        "2022年度县推进依法治政府建设工作报告",
    ],
)
def test_wordings_of_the_title_are_accepted(rule_of_law, title):
    assert looks_like_report_title(title, rule_of_law)


def test_a_plan_with_the_same_matter_is_no_report(extractor):
    text = "某区2024年法治政府建设实施方案\n为推进法治政府建设，制定本方案。\n一、主要任务\n开展检查20次。\n"
    assert not extractor.extract(text).metadata.is_report


def test_a_prediction_is_plain_json(extractor):
    row = to_prediction("x", REPORT, extractor.extract(REPORT))
    again = json.loads(json.dumps(row, ensure_ascii=False))
    assert again["document"]["signed_date"] == "2024-12-05"
    assert all(REPORT[m["char_start"] : m["char_end"]] == m["text"] for m in again["metrics"])


CHARS = st.text(
    st.sampled_from(
        "一二三十百千万亿两余多件次%个年月日第每其中《》“”（）()、，。；：\n 0123456789.-—至分之同比增长法治政府建设报告区局\ud800\u200b１２"
    )
    | st.characters(),
    max_size=120,
)


@settings(max_examples=150, deadline=None)
@given(CHARS)
def test_any_text_gives_a_report_with_true_spans(text):
    report = SHARED.extract(text)
    for figure in report.figures:
        assert text[figure.start : figure.end] == figure.text
        assert 0 <= figure.sentence_start <= figure.start < figure.end <= figure.sentence_end <= len(text)
    for item in (*report.references, *report.statements):
        assert text[item.start : item.end] == item.text
    assert report == SHARED.extract(text)


SHARED = Extractor(registry(()))


@pytest.mark.parametrize(
    "piece",
    ["1", "一", "1,", "百分之", "1至", "《", "“", "3件、", "其中3件", "2024年", "一、", "A", " ", "\n"],
)
def test_long_runs_of_one_piece_are_read_to_their_end(piece):
    """A rule whose work grows with the square of the length would not come back from these in a test's time."""
    text = piece * 20_000
    for figure in SHARED.extract(text).figures:
        assert text[figure.start : figure.end] == figure.text


def test_whose_number_it_is_holds_to_the_end_of_a_long_sentence(bundled: Extractor):
    text = (
        "全区办理行政处罚案件8732件、罚没金额1436.28万元，行政许可12.4万件，行政检查21356次，"
        "开展执法监督87次，发出监督意见书12份，行政强制76件。"
    )
    assert {figure.scope for figure in bundled.extract(text, section_kind="measures").figures} == {"region"}


def test_an_ageing_staff_is_a_shortcoming(bundled: Extractor):
    text = (
        "甲县2021年法治政府建设情况报告\n一、存在的问题\n执法装备落后；执法人员老龄化严重，平均年龄偏大。\n"
    )
    told = [each.text for each in bundled.extract(text).statements if each.kind == "shortcoming"]
    assert "执法人员老龄化严重" in told
