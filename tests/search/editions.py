"""Editions for tests, and indexes of them."""

from pathlib import Path

from nianbao.search import Index, open_index
from nianbao.search.entries import Edition, Figure, Reference, Section
from nianbao.search.writing import Writer

TEXT = """索引号：沪松0032021
松溪区司法局2021年法治政府建设情况报告
一、总体情况
全年办理行政复议案件１２３件，“办结”率９８.５％。
（一）行政应诉
行政诉讼应诉案件45件，负责人出庭应诉率100%。
二、存在问题
基层执法力量不足。依据《行政复议法》，沪府〔2021〕5号。
"""


def edition(name: str = "e1", text: str = TEXT, **changed) -> Edition:
    """An edition; the sections, figures and references of TEXT are those that its lines have."""
    places = {
        "总体情况": (0, None, "overview", "一、"),
        "行政应诉": (1, 0, "measures", "（一）"),
        "存在问题": (2, None, "problems", "二、"),
    }
    sections = [
        Section(ordinal, parent, kind, heading, text.index(mark + heading))
        for heading, (ordinal, parent, kind, mark) in places.items()
        if mark + heading in text
    ]
    figures = []
    if "45件" in text:
        at = text.index("45件")
        sentence = "行政诉讼应诉案件45件，负责人出庭应诉率100%。"
        figures = [Figure(at, at + 3, "45件", "lawsuits", "行政应诉案件数", 1, sentence)]
    references = []
    if "《行政复议法》" in text:
        at = text.index("《行政复议法》")
        references = [Reference(at, at + 7, "《行政复议法》", "中华人民共和国行政复议法")]
    facts = {
        "edition_id": name,
        "report_id": f"songxi-justice-{name}/rule_of_law/2021",
        "issuer_id": f"songxi-justice-{name}",
        "issuer_name": "松溪区司法局",
        "region_code": "990101",
        "report_kind": "rule_of_law",
        "year": 2021,
        "title": "松溪区司法局2021年法治政府建设情况报告",
        "doc_number": "松司〔2022〕9号",
        "text": text,
        "sections": sections,
        "figures": figures,
        "references": references,
    }
    return Edition(**facts | changed)


def index_of(folder: Path, *editions: Edition) -> Index:
    """An index of editions, open for reading."""
    with Writer(folder) as writer:
        for each in editions:
            writer.add(each, "f")
        writer.finish()
    return open_index(folder)
