"""The rules of data/indicators.yml do what their own examples say, and how rules choose."""

from __future__ import annotations

import pytest

from nianbao.extraction import Extractor
from nianbao.model import Indicator, Registry

from .conftest import indicator_entries

ENTRIES = indicator_entries()
EXAMPLES = [(e["id"], text) for e in ENTRIES for text in e["examples"] if isinstance(text, str)]
NEAR_MISSES = [(e["id"], item["not"]) for e in ENTRIES for item in e["examples"] if isinstance(item, dict)]
RULE_KEYS = {"units", "triggers", "requires", "excludes", "not_part_of", "reach", "carries", "sections"}


def chosen(extractor: Extractor, text: str) -> list[tuple[str, str | None]]:
    report = extractor.extract(text, report_year=2024, section_kind="measures")
    return [(figure.text, figure.indicator) for figure in report.figures]


@pytest.mark.parametrize(("indicator", "text"), EXAMPLES)
def test_the_marked_number_of_an_example_and_no_other_is_the_indicator(extractor, indicator, text):
    before, _, rest = text.partition("【")
    number, _, behind = rest.partition("】")
    found = [pair for pair in chosen(extractor, before + number + behind) if pair[1] == indicator]
    assert found == [(number, indicator)]


@pytest.mark.parametrize(("indicator", "text"), NEAR_MISSES)
def test_no_number_of_a_near_miss_is_the_indicator(extractor, indicator, text):
    figures = chosen(extractor, text)
    assert figures, "a near miss without a figure proves nothing"
    assert indicator not in [found for _, found in figures]


def test_every_indicator_has_a_unique_id_five_examples_and_two_near_misses():
    assert len({entry["id"] for entry in ENTRIES}) == len(ENTRIES) >= 130
    for entry in ENTRIES:
        assert sum(indicator == entry["id"] for indicator, _ in EXAMPLES) >= 5, entry["id"]
        assert sum(indicator == entry["id"] for indicator, _ in NEAR_MISSES) >= 2, entry["id"]


def test_rules_hold_only_keys_that_are_read():
    for entry in ENTRIES:
        rules = dict(entry["rules"])
        alternatives = rules.pop("also", [])
        for rule in (rules, *alternatives):
            assert set(rule) <= RULE_KEYS, entry["id"]
            assert rule.get("reach", "clause") in ("clause", "sentence", "section", "around"), entry["id"]
        assert rules["triggers"], entry["id"]


@pytest.mark.parametrize(
    ("text", "indicators"),
    [
        (
            "甲镇调解14件、乙镇调解6件、丙镇调解11件,合计31件。",
            [None, None, None, "mediation_cases"],
        ),
        (
            "全年审查合同86份、规范性文件15件、重大行政决策3项。",
            ["contracts_reviewed", "normative_docs_legality_reviewed", "major_decisions_reviewed"],
        ),
        ("受理信访件50件,办结48件。", ["petition_cases", None]),
        ("上半年办理行政处罚案件50件,下半年办理48件。", ["admin_penalty_cases", "admin_penalty_cases"]),
        ("做好依申请公开工作,全年共受理23件。", ["gov_info_requests"]),
        ("认真承办建议提案。全年共办理23件。", ["npc_cppcc_proposals"]),
        ("行政败诉案件从2023年的6件降至2件。", ["admin_litigation_lost", "admin_litigation_lost"]),
        ("执法人员人均办理行政处罚案件5.5件。", [None]),
        ("办理行政处罚案件50件,同比增长12%。", ["admin_penalty_cases", None]),
        (
            "受理12345工单900件,办结率100%,满意率98%;承办建议提案30件,办结率100%。",
            [
                "hotline_12345_requests",
                "hotline_on_time_rate",
                "hotline_satisfaction_rate",
                "npc_cppcc_proposals",
                "proposals_completion_rate",
            ],
        ),
    ],
)
def test_what_a_number_belongs_to_is_read_from_its_neighbours(extractor, text, indicators):
    assert [indicator for _, indicator in chosen(extractor, text)] == indicators


def own_rules(**rules: dict) -> Extractor:
    indicators = tuple(Indicator(name, name, name, "件", "sum", rule) for name, rule in rules.items())
    return Extractor(Registry((), (), (), indicators, (), ""))


def test_the_longer_and_the_nearer_trigger_win():
    extractor = own_rules(
        any_review={"triggers": ["审查"]},
        contract_review={"triggers": ["合同审查"]},
        apple={"triggers": ["苹果"]},
        pear={"triggers": ["梨子"]},
    )
    assert chosen(extractor, "完成合同审查8件。") == [("8件", "contract_review")]
    assert chosen(extractor, "苹果梨子共8件。") == [("8件", "pear")]
    assert chosen(extractor, "梨子苹果共8件。") == [("8件", "apple")]


def test_a_gap_in_a_word_stays_within_the_clause():
    extractor = own_rules(gap={"triggers": ["领导…出庭"]})
    assert chosen(extractor, "领导班子成员出庭8件。") == [("8件", "gap")]
    assert chosen(extractor, "领导重视,出庭8件。") == [("8件", None)]


def test_reach_decides_how_far_required_words_may_stand():
    rule = {"triggers": ["办结"], "requires": [["甲类"]]}
    text = "推进甲类业务,认真负责,全部登记,按期办结8件。"
    assert chosen(own_rules(a=rule), text) == [("8件", None)]
    assert chosen(own_rules(a={**rule, "reach": "sentence"}), text) == [("8件", "a")]
    assert chosen(own_rules(a={**rule, "reach": "section"}), "推进甲类业务。按期办结8件。") == [("8件", "a")]
    assert chosen(own_rules(a={**rule, "reach": "around"}), "按期办结8件,都是甲类业务。") == [("8件", "a")]


def test_also_shares_units_and_triggers_but_not_requires_and_excludes():
    rule = {
        "units": ["件", "宗"],
        "triggers": ["受理"],
        "requires": [["甲类"]],
        "excludes": ["不予"],
        "also": [{"requires": [["乙类"]]}],
    }
    extractor = own_rules(a=rule)
    assert chosen(extractor, "受理甲类8宗。") == [("8宗", "a")]
    assert chosen(extractor, "不予受理甲类8宗。") == [("8宗", None)]
    assert chosen(extractor, "不予受理乙类8宗。") == [("8宗", "a")]


def test_a_part_of_what_a_rule_names_is_not_its_value():
    extractor = own_rules(a={"triggers": ["甲类"], "not_part_of": ["乙类"]})
    assert chosen(extractor, "办理丙类80件,其中甲类8件。")[1] == ("8件", "a")
    assert chosen(extractor, "办理乙类80件,其中甲类8件。")[1] == ("8件", None)
