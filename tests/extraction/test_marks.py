"""What was read is laid over the text again without losing or doubling a character."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from nianbao.extraction.marks import KINDS, Mark, marks_of, pieces
from nianbao.extraction.rule_words import ACCEPTED, REJECTED

TEXT = (
    "2024年某区法治政府建设情况报告\n一、主要举措和成效\n依据《某区法治建设规划》，全年召开党组会议12次，对5万元以上的支出集体研究。\n"
    "二、存在的不足\n一是执法力量不足。\n三、2025年主要安排\n开展法治培训2次。\n"
)

_spans = st.tuples(st.integers(0, 40), st.integers(1, 20), st.sampled_from(KINDS))


@given(st.lists(_spans, max_size=12))
def test_pieces_cover_every_character_once_with_exactly_its_marks(spans):
    marks = sorted(
        (Mark(start, start + size, kind, i) for i, (start, size, kind) in enumerate(spans)),
        key=lambda mark: (mark.start, -mark.end),
    )
    position = 0
    for start, end, covering in pieces(60, marks):
        assert start == position < end
        for place in (start, end - 1):
            assert set(covering) == {mark for mark in marks if mark.start <= place < mark.end}
        position = end
    assert position == 60


def test_every_layer_of_a_report_is_marked(extractor):
    report, rejections = extractor.explain(TEXT)
    marks = marks_of(report, rejections)
    shown = {kind: [TEXT[m.start : m.end] for m in marks if m.kind == kind] for kind in KINDS}
    assert shown["figure"] == ["12次", "2次"]
    assert shown["rejected"] == ["2024", "5万元", "2025"]
    assert shown["reference"] == ["《某区法治建设规划》"]
    assert shown["shortcoming"] == ["执法力量不足"]
    assert shown["commitment"] == ["开展法治培训2次"]
    assert len(shown["heading"]) == 3


def test_missing_parts_are_reported(extractor):
    report = extractor.extract(TEXT)
    assert report.missing_parts == ("responsibility", "other")
    told = TEXT.replace("一是执法", "（一）主要负责人履行推进法治建设第一责任人职责情况\n一是执法")
    assert extractor.extract(told).missing_parts == ("other",)
    assert len(extractor.extract("").missing_parts) == 5


def test_every_rule_has_words_for_people(extractor):
    folder = Path(__file__).resolve().parents[1] / "gold" / "generated"
    accepted, rejected = set(), set()
    for path in sorted(folder.glob("*.txt"))[:40]:
        report, rejections = extractor.explain(path.read_text(encoding="utf-8"))
        accepted |= {figure.rule for figure in report.figures}
        rejected |= {item.rule for item in rejections}
    assert accepted <= ACCEPTED.keys()
    assert len(rejected) > 12 and rejected <= REJECTED.keys()
