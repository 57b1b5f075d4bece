"""What counts as a figure, what it is worth, and how figures belong together."""

from __future__ import annotations

from decimal import Decimal

import pytest


def figures(extractor, text, kind="measures"):
    report = extractor.extract(text, report_year=2024, section_kind=kind)
    for figure in report.figures:
        assert text[figure.start : figure.end] == figure.text
        assert text[figure.sentence_start : figure.sentence_end].find(figure.text) >= 0
    return report.figures


@pytest.mark.parametrize(
    ("text", "span", "value", "unit", "qualifier"),
    [
        ("共召开会议２８次。", "２８次", "28", "次", "exact"),
        ("接待群众1 024 人次。", "1 024 人次", "1024", "人次", "exact"),
        ("线上参与6.3\n万余人次。", "6.3\n万余人次", "63000", "人次", "approx_over"),
        ("合格率98.\n\n4%。", "98.\n\n4%", "98.4", "%", "exact"),
        ("发放手册三万五千余册。", "三万五千余册", "35000", "册", "approx_over"),
        ("归集数据2，145，600条。", "2，145，600条", "2145600", "条", "exact"),
        ("罚没款近1.5亿元。", "1.5亿元", "150000000", "元", "approx_under"),
        ("满意率为百分之九十六点五。", "百分之九十六点五", "96.5", "%", "exact"),
        ("巡查企业8百余家。", "8百余家", "800", "家", "approx_over"),
        ("办理时间平均压缩至3个工作日。", "3个工作日", "3", "工作日", "exact"),
        ("检查不少于12次。", "12次", "12", "次", "at_least"),
        ("收到来信45件左右。", "45件", "45", "件", "about"),
        ("服务群众700人（次）。", "700人（次）", "700", "人次", "exact"),
        ("差错率降至3‰。", "3‰", "3", "‰", "exact"),
        ("走访企业两三家。", "两三家", "2", "家", "about"),
    ],
)
def test_a_quantity_has_its_span_value_unit_and_qualifier(extractor, text, span, value, unit, qualifier):
    (figure,) = figures(extractor, text)
    assert (figure.text, figure.value, figure.unit, figure.qualifier) == (
        span,
        Decimal(value),
        unit,
        qualifier,
    )


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("组织演练2至3次。", 2, 3), ("培训1.2万至2万人次。", 12000, 20000), ("回访率在95%—98%之间。", 95, 98)],
)
def test_a_range_is_one_figure(extractor, text, low, high):
    (figure,) = figures(extractor, text)
    assert (figure.value, figure.value_max) == (low, high)


@pytest.mark.parametrize(
    "text",
    [
        "2024年11月底前完成。",
        "落实《重点企业服务12条措施》。",
        "印发某政办〔2024〕35号文件。",
        "召开第十二次全体会议。",
        "在15个工作日内答复。",
        "对30万元以上的合同进行审查。",
        "每两周召开一次例会。",
        "每季度开展2次检查。",
        "推进“五个一”工程。",
        "形成一批经验,建立一套机制。",
        "实现零投诉、零差错。",
        "接听12345热线,推广3.0版平台。",
        "一是加强学习;二是强化监督。",
        "落实三项制度,做到两个维护。",
        "推行7×24小时服务和“1+3+N”模式。",
        "数十家单位参加,举办多次活动。",
        "十分重视普法工作。",
        "9" * 400 + "件",
    ],
)
def test_what_only_looks_like_a_figure_is_none(extractor, text):
    assert [f.text for f in figures(extractor, text)] == []


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


def test_a_number_that_is_no_figure_can_be_explained(extractor):
    text = "对5万元以上的支出集体研究，全年召开党组会议12次。"
    report, rejected = extractor.explain(text)
    assert [figure.text for figure in report.figures] == ["12次"]
    assert [(item.text, item.rule) for item in rejected] == [("5万元", "threshold")]
    assert all(text[item.start : item.end] == item.text for item in rejected)
