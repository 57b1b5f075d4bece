"""What figures count: a table of sentences as the genre writes them, and the rules one by one."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from nianbao.extraction.measures.chain import Chain
from nianbao.extraction.measures.measures import measures
from nianbao.extraction.measures.phrases import LONGEST, read_left

TABLE = Path(__file__).with_name("measures.tsv")
FLOOR = 0.94  # mean character F1 of the table; a wrong noun costs about 0.005


def table():
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            sentence, *expected = line.split("\t")
            yield sentence, expected


def character_f1(one, other):
    """Agreement of two measures as bags of characters, 0 to 1."""
    left, right = Counter(one), Counter(other)
    return 2 * sum((left & right).values()) / max(1, sum(left.values()) + sum(right.values()))


def read(extractor, text, kind="measures"):
    return [f.measure for f in extractor.extract(text, report_year=2024, section_kind=kind).figures]


def test_measures_of_the_table_agree_with_what_a_reader_would_write(extractor):
    scores, misses = [], []
    for sentence, expected in table():
        got = read(extractor, sentence)
        assert len(got) == len(expected), sentence
        for want, have in zip(expected, got, strict=True):
            score = character_f1(want, have)
            scores.append(score)
            if score < 0.8:
                misses.append(f"{score:.2f} {want} ≠ {have or '∅'}: {sentence}")
    mean = sum(scores) / len(scores)
    assert len(scores) > 300
    assert mean >= FLOOR, f"mean {mean:.3f} of {len(scores)}\n" + "\n".join(misses)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # in front of the number, behind it, on both sides
        ("全年召开办公会议14次。", ["办公会议"]),
        ("全年召开14次办公会议。", ["办公会议"]),
        ("审查83份采购合同。", ["审查采购合同"]),
        ("对21项重点议题进行集体讨论。", ["集体讨论重点议题"]),
        ("选派4名骨干担任村级顾问。", ["担任村级顾问的骨干"]),
        # bodies, means and time are not what is counted
        ("今年以来,区水务局依托巡查平台共发现排污隐患17处。", ["发现排污隐患"]),
        ("全年参与论坛、展会、路演等招商活动9次。", ["参与招商活动"]),
        # what is left out comes from the figure or the clause before
        ("收到群众建议42件,采纳30件,采纳率71.4%。", ["群众建议", "采纳群众建议", "群众建议采纳率"]),
        ("对新订合同一律开展审查,共审查58份。", ["审查新订合同"]),
        ("办理政协提案主办件6件、会办件5件。", ["政协提案主办件", "政协提案会办件"]),
        ("受理信访件20件,初访、重访分别为15件和5件。", ["信访件", "初访信访件", "重访信访件"]),
        ("甲镇调解14件、乙镇调解6件、丙镇调解11件,合计31件。", ["甲镇调解", "乙镇调解", "丙镇调解", "调解"]),
        ("全年受理860件。", ["受理量"]),
        # changes, rates, shares
        ("审批时限由9天缩短至3天。", ["审批时限", "审批时限"]),
        ("办结信访件90件,同比减少12件。", ["办结信访件", "信访件同比减少"]),
        ("新收诉讼案件50件,同比增长25%。", ["新收诉讼案件", "诉讼案件同比增幅"]),
        ("工单量是去年同期的1.4倍。", ["工单量为去年同期倍数"]),
        ("超过80%的村庄设立了调解室。", ["设立调解室的村庄占比"]),
        ("举办开放日活动3场,线上观看2.1万人次。", ["开放日活动", "开放日线上观看"]),
        ("拍摄普法短片《甲说法,乙听法》2部。", ["普法短片"]),
    ],
)
def test_a_rule(extractor, text, expected):
    assert read(extractor, text) == expected


@pytest.mark.parametrize(
    "piece", ["各部门", "达了", "镇街镇", "检查并", "对各部门", "组织", "局累计", "“", "(", "等的"]
)
def test_any_words_are_read_in_short_time(piece):
    begun = time.perf_counter()
    phrase = read_left(piece * 40)
    assert time.perf_counter() - begun < 0.05
    assert len(phrase.words) <= LONGEST


def test_no_figures_have_no_measures():
    assert measures("", [], [], []) == []
    assert Chain("", [], [], []).results == []
