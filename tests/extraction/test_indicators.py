"""The rules of data/indicators.yml do what their own examples say."""

from __future__ import annotations

import pytest

from .conftest import indicator_entries

EXAMPLES = [
    (entry["id"], example["text"], example["value"])
    for entry in indicator_entries()
    for example in entry["examples"]
]


@pytest.mark.parametrize(("indicator", "text", "value"), EXAMPLES)
def test_an_example_maps_to_its_indicator(extractor, indicator, text, value):
    report = extractor.extract(text, report_year=2024, section_kind="measures")
    assert (indicator, pytest.approx(value)) in [(f.indicator, float(f.value)) for f in report.figures]


def test_every_indicator_has_an_example_and_a_unique_id():
    entries = indicator_entries()
    assert len({entry["id"] for entry in entries}) == len(entries) >= 130
    assert all(entry["examples"] and entry["rules"].get("triggers") for entry in entries)
    assert {entry["kind"] for entry in entries} <= {"sum", "stock", "rate", "count"}


def test_a_breakdown_by_place_is_not_the_total(extractor):
    report = extractor.extract(
        "甲镇调解14件、乙镇调解6件、丙镇调解11件,合计31件。", report_year=2024, section_kind="measures"
    )
    assert [f.indicator for f in report.figures] == [None, None, None, "mediation_cases"]
