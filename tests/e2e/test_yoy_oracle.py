"""The oracle of the warehouse's comparisons, on small truths made by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from yoy_oracle import Body, Cell, Fact, Rules, comparisons, coverage_state, verdicts, year_values

RULES = Rules({"cases": "sum", "people": "stock", "share": "rate"})
CELL = Cell("body", "cases", 2023, "own")


def fact(report_year, value, position=0, **more):
    known = {
        "key": (report_year, position),
        "issuer_id": "body",
        "report_year": report_year,
        "position": position,
        "value": Decimal(str(value)),
        "value_max": None,
        "unit": "件",
        "qualifier": "exact",
        "indicator": "cases",
        "year": report_year,
        "scope": "own",
        "is_target": False,
        "direction": None,
    }
    return Fact(**known | more)


def compared(*facts, rules=RULES):
    return comparisons(facts, rules)[CELL]


def test_two_plain_years_are_compared():
    row = compared(fact(2022, 80), fact(2023, 100))
    assert (row.change, row.change_unit, row.change_percent) == (20, "件", 25)
    assert (row.comparability, row.reason, row.cause) == ("comparable", None, "real")


def test_no_change_has_no_cause():
    assert compared(fact(2022, 80), fact(2023, 80)).cause is None


@pytest.mark.parametrize(
    ("reason", "cause", "prior"),
    [
        ("prior_missing", None, []),
        ("scope", "coverage", [fact(2022, 80, scope="region")]),
        ("target", None, [fact(2021, 80, is_target=True, year=2022)]),
        ("unit", "definition", [fact(2022, 80, unit="份")]),
        ("several_values", None, [fact(2022, 80), fact(2022, 81, 1)]),
        ("partial_period", "coverage", [fact(2022, 80, covers_to=date(2022, 11, 30))]),
        ("approximate", None, [fact(2022, 80, qualifier="approx_over")]),
    ],
)
def test_each_reason_not_to_compare(reason, cause, prior):
    row = compared(*prior, fact(2023, 100))
    assert (row.reason, row.cause, row.change, row.change_percent) == (reason, cause, None, None)


def test_a_break_of_the_indicator_is_one_of_definition():
    rules = replace(RULES, breaks={"cases": (2023,)})
    row = compared(fact(2022, 80), fact(2023, 100), rules=rules)
    assert (row.reason, row.cause) == ("definition", "definition")


def test_who_took_over_from_others_is_not_compared_with_nobody():
    rules = replace(RULES, bodies={"body": Body(("former",), date(2023, 3, 15))})
    row = compared(fact(2022, 80, issuer_id="former"), fact(2023, 100), rules=rules)
    assert (row.reason, row.cause) == ("issuer_reorganised", "coverage")


@pytest.mark.parametrize(
    ("since", "reason"), [(date(2022, 3, 15), "issuer_reorganised"), (date(2022, 1, 1), None)]
)
def test_a_year_in_which_a_body_began_is_whole_only_from_its_first_day(since, reason):
    rules = replace(RULES, bodies={"body": Body((), since)})
    assert compared(fact(2022, 80), fact(2023, 100), rules=rules).reason == reason


def test_the_report_of_the_year_comes_before_one_that_looks_back_and_that_one_restates():
    row = compared(fact(2022, 80), fact(2023, 100), fact(2023, 83, 1, year=2022))
    assert (row.prior_value, row.change, row.cause) == (80, 20, "restated")


def test_a_look_back_at_the_whole_year_restates_no_part_of_it():
    november = {"covers_to": date(2022, 11, 30)}, {"covers_to": date(2023, 11, 30)}
    row = compared(
        fact(2022, 80, **november[0]), fact(2023, 100, **november[1]), fact(2023, 90, 1, year=2022)
    )
    assert (row.reason, row.change, row.cause) == (None, 20, "real")


def test_exact_comes_before_round_and_whole_years_before_parts():
    rounded, part = fact(2023, 90, qualifier="about"), fact(2023, 95, 1, covers_to=date(2023, 11, 30))
    value = year_values([rounded, part, fact(2023, 100, 2)], RULES)[CELL]
    assert (value.chosen.value, len(value.best)) == (100, 1)


def test_rates_change_in_points():
    rate = {"indicator": "share", "unit": "%"}
    row = comparisons([fact(2022, "90.5", **rate), fact(2023, "92.0", **rate)], RULES)[
        CELL._replace(indicator="share")
    ]
    assert (row.change, row.change_unit, row.change_percent) == (Decimal("1.5"), "percentage points", None)


@pytest.mark.parametrize(
    ("unit", "said", "direction", "verdict"),
    [
        ("%", "25", "increase", "confirmed"),
        ("%", "25.0", "increase", "confirmed"),
        ("%", "26", "increase", "contradicted"),
        ("%", "25", "decrease", "contradicted"),
        ("件", "20", "increase", "confirmed"),
        ("件", "19", "increase", "contradicted"),
        ("份", "20", "increase", "uncheckable"),
    ],
)
def test_a_stated_change_is_checked(unit, said, direction, verdict):
    now = fact(2023, 100)
    claim = fact(2023, said, 1, unit=unit, direction=direction, indicator=None, base=now.key)
    assert verdicts([fact(2022, 80), now, claim], RULES) == {claim.key: verdict}


def test_what_cannot_be_compared_cannot_be_checked():
    now = fact(2023, 100)
    claim = fact(2023, 25, 1, unit="%", direction="increase", indicator=None, base=now.key)
    assert verdicts([fact(2022, 80, unit="份"), now, claim], RULES) == {claim.key: "uncheckable"}


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2024, 2, 29), "not_due"),
        (date(2024, 3, 1), "due"),
        (date(2024, 4, 1), "late"),
        (date(2025, 1, 1), "missing"),
    ],
)
def test_the_calendar_says_what_an_absent_report_is(day, state):
    assert coverage_state(2023, day) == state
