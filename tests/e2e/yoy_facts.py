"""Figures for the oracle: those that a simulated world states, and those that a release holds."""

from collections import Counter
from decimal import Decimal

import yaml
from yoy_oracle import Body, Fact, Rules

from nianbao.settings import project_dir


def rules_of(world):
    """What the comparisons have to know of indicators and bodies."""
    text = (project_dir("data") / "indicators.yml").read_text(encoding="utf-8")
    indicators = yaml.load(text, Loader=yaml.CSafeLoader)["indicators"]
    return Rules(
        kinds={entry["id"]: entry["kind"] for entry in indicators},
        bodies={b.issuer_id: Body(b.predecessors, b.valid_from, b.valid_to) for b in world.issuers},
        breaks={each.indicator: {each.year} for each in world.redefinitions},
    )


def stated(reports):
    """All figures of the truth's reports."""
    return [fact for report in reports for fact in _of_report(report)]


def _of_report(report):
    keys = [(report.issuer_id, report.year, figure.char_start) for figure in report.figures]
    for key, figure in zip(keys, report.figures, strict=True):
        parent = None if figure.parent is None else report.figures[figure.parent].indicator
        yield Fact(
            key=key,
            issuer_id=report.issuer_id,
            report_year=report.year,
            position=figure.char_start,
            value=figure.value,
            value_max=figure.value_max,
            unit=figure.unit,
            qualifier=figure.qualifier,
            indicator=figure.indicator,
            year=figure.fact_year,
            scope=figure.scope,
            is_target=figure.is_target,
            direction=figure.direction,
            parent_indicator=parent,
            covers_to=figure.covers_to,
            base=None if figure.yoy_of is None else keys[figure.yoy_of],
        )


def held(rows):
    """The figures of current editions in a release: rows of fct_figure."""
    return [
        Fact(
            key=row["figure_id"],
            issuer_id=row["issuer_id"],
            report_year=row["report_year"],
            position=row["start_offset"],
            value=row["value"],
            value_max=row["value_max"],
            unit=row["unit"],
            qualifier=row["qualifier"],
            indicator=row["indicator_id"],
            year=row["fact_year"],
            scope=row["scope"],
            is_target=row["is_target"],
            direction=row["direction"],
            parent_indicator=row["parent_indicator_id"],
            covers_from=row["period_start"],
            covers_to=row["period_end"],
            base=row["yoy_of_figure_id"],
        )
        for row in rows
        if row["is_current"]
    ]


def read_alike(truth, release, rules):
    """The indicators whose figures were all read, and nothing else as theirs: of these the release can be held to the
    truth. How well the others are read is for docs/accuracy.md to say."""
    said, read = (_by_indicator(facts, rules) for facts in (truth, release))
    return {indicator for indicator in said if said[indicator] == read.get(indicator)}


def _by_indicator(facts, rules):
    found = {}
    for fact in facts:
        if fact.indicator and fact.direction is None and fact.parent_indicator != fact.indicator:
            last = None if fact.year is None or fact.is_target else rules.days(fact)[1]
            what = (fact.issuer_id, fact.report_year, *fact.stated, fact.qualifier, fact.year, fact.scope)
            found.setdefault(fact.indicator, Counter())[(*what, fact.is_target, last)] += 1
    return found


def same(wanted, found):
    """True for equal numbers; percentages to the last of their four decimals."""
    if wanted is None or found is None:
        return wanted is found
    return abs(Decimal(str(found)) - wanted) <= Decimal("0.0001")
