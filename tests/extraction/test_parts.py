"""Which prescribed part a heading names, over the wordings of the genre, and what a measures heading is about."""

from __future__ import annotations

import pytest

from nianbao.extraction.outline.parts import part, subkind

KINDS = {
    "measures": """
        2024年推进法治政府建设的主要举措和成效|主要做法及成效|工作开展情况|工作进展情况及亮点|主要措施和成效|2024年重点工作完成情况
        主要工作及特色亮点|法治政府建设工作总结|上年度工作回顾|2024年法治政府建设主要工作情况|推进法治政府建设的基本做法|基本情况及主要做法
        加强组织领导，压实主体责任|化解矛盾纠纷，解决群众突出问题|落实年度工作计划|聚焦短板弱项，提升执法水平|问题整改情况|依法全面履行政府职能
        健全行政执法工作体系|2024年工作要点落实情况|取得的成效|主要成效和存在问题|2023年工作总结及2025年工作计划|工作情况
        2025年推进法治政府建设的主要举措和成效
    """,
    "responsibility": """
        主要负责人履行推进法治建设第一责任人职责情况|党政主要负责人履职情况|第一责任人职责履行情况|履行第一责任人职责情况
        主要负责人履行推进法治建设第一责任人职责，加强法治政府建设的有关情况|党政主要负责人切实履行推进法治建设第一责任人职责的情况
        主要领导履行法治建设职责情况|党组织和主要负责人履行法治建设第一责任人职责情况|党政主要负责人述法情况
    """,
    "problems": """
        存在的不足和原因|存在的主要问题|存在问题|存在不足|面临的困难和问题|问题与不足|不足之处|薄弱环节|工作中存在的短板|主要问题
        法治政府建设存在的问题及原因分析|2024年推进法治政府建设存在的不足和原因|存在的问题和改进措施|存在问题及下一步打算|差距和不足|原因分析
        当前存在的突出问题和薄弱环节|短板弱项
    """,
    "plan": """
        下一步工作计划|下步工作打算|2025年主要安排|2025年推进法治政府建设的主要安排|下一年度工作安排|2025年重点工作|今后努力方向|工作打算
        明年工作思路|下一阶段工作重点|2025年工作谋划|改进措施|2025年推进法治政府建设的工作举措|下一步工作打算及建议|工作计划和措施|未来展望
        2025年度法治政府建设工作思路和主要任务
    """,
    "overview": "总体情况|基本情况|工作概况|整体情况|总体概述|前言",
    "other": "其他需要报告的情况|其他需要报告的事项|其他事项|其它情况|需要说明的问题|有关建议|其他",
}
CASES = [
    (words.strip(), kind)
    for kind, text in KINDS.items()
    for line in text.split("\n")
    for words in line.split("|")
]


@pytest.mark.parametrize(("heading", "kind"), [case for case in CASES if case[0]])
def test_kind_of_a_heading(heading, kind):
    assert part(heading, 2024) == kind


@pytest.mark.parametrize(
    ("heading", "about"),
    [
        ("深入学习贯彻习近平法治思想", "study"),
        ("压紧压实法治建设责任", "leadership"),
        ("持续优化法治化营商环境", "functions"),
        ("完善依法行政制度体系", "rulemaking"),
        ("提升重大行政决策质量", "decision"),
        ("严格规范公正文明执法", "enforcement"),
        ("提高突发事件应对能力", "emergency"),
        ("发挥行政复议主渠道作用", "disputes"),
        ("强化行政权力制约监督", "supervision"),
        ("加快数字法治政府建设", "digital"),
        ("落实普法责任制", "publicity"),
        ("加强执法人员教育培训", "enforcement"),
        ("强化法治人才保障", "capacity"),
        ("推进老旧小区加装电梯", "sector"),
    ],
)
def test_what_a_heading_is_about(heading, about):
    assert subkind(heading, is_part=False) == about
    assert subkind(heading, is_part=True) == ""
