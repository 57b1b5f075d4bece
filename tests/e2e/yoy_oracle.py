"""The rules of docs/warehouse.md in plain Python: from stated figures to the value of a year, the comparison of two years,
the verdict on stated changes, and who has published. Shares nothing with the dbt models but the rules themselves."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

SCOPES = ("own", "region", "system")
POINTS = {"%": "percentage points", "‰": "per mille points"}


class Cell(NamedTuple):
    """What a value is of."""

    issuer_id: str
    indicator: str
    year: int
    scope: str


@dataclass(frozen=True)
class Fact:
    """A stated figure. key: whatever names it. covers_from, covers_to: None for the whole year; of a level only the last
    day counts. base: key of the figure whose change it states."""

    key: tuple
    issuer_id: str
    report_year: int
    position: int
    value: Decimal
    value_max: Decimal | None
    unit: str
    qualifier: str
    indicator: str | None
    year: int | None
    scope: str
    is_target: bool
    direction: str | None
    parent_indicator: str | None = None
    covers_from: date | None = None
    covers_to: date | None = None
    base: tuple | None = None

    @property
    def cell(self):
        return Cell(self.issuer_id, self.indicator, self.year, self.scope)

    @property
    def exact(self):
        return self.qualifier == "exact" and self.value_max is None

    @property
    def stated(self):
        return self.value, self.value_max, self.unit


@dataclass(frozen=True)
class Body:
    """An issuer, as far as comparisons ask for it."""

    predecessors: tuple = ()
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Rules:
    """kinds: of indicators. bodies: by issuer id. breaks: years from which on an indicator counts something else."""

    kinds: dict
    bodies: dict = field(default_factory=dict)
    breaks: dict = field(default_factory=dict)

    def days(self, fact):
        """First and last day covered, as (month, day)."""
        last = fact.covers_to or date(fact.year, 12, 31)
        first = (
            last if self.kinds.get(fact.indicator) == "stock" else fact.covers_from or date(fact.year, 1, 1)
        )
        return first, last

    def whole(self, fact):
        first, last = self.days(fact)
        stock = self.kinds.get(fact.indicator) == "stock"
        return (last.month, last.day) == (12, 31) and (stock or (first.month, first.day) == (1, 1))

    def stands(self, fact):
        """True if the figure can stand for the value of its year."""
        if fact.indicator is None or fact.year is None or fact.is_target or fact.direction:
            return False
        within = all(day.year == fact.year for day in self.days(fact))
        return within and fact.parent_indicator != fact.indicator

    def rate(self, indicator, unit):
        return unit in POINTS or self.kinds.get(indicator) == "rate"


@dataclass(frozen=True)
class YearValue:
    """The value of a cell. best: what all candidates say that only their place tells apart."""

    chosen: Fact
    candidates: tuple
    best: frozenset


@dataclass(frozen=True)
class Comparison:
    """A cell beside the year before."""

    value: Decimal
    prior_value: Decimal | None
    change: Decimal | None
    change_unit: str | None
    change_percent: Decimal | None
    comparability: str
    reason: str | None
    cause: str | None


def year_values(facts, rules):
    """The value of every cell that a figure can stand for."""
    cells = defaultdict(list)
    for fact in facts:
        if rules.stands(fact):
            cells[fact.cell].append(fact)
    return {cell: _chosen(found, rules) for cell, found in cells.items()}


def _chosen(found, rules):
    def worth(fact):
        late = fact.report_year - fact.year
        return (late if late >= 0 else 1000 - late, not fact.exact, not rules.whole(fact))

    ranked = sorted(found, key=lambda fact: (*worth(fact), fact.position))
    best = frozenset(fact.stated for fact in ranked if worth(fact) == worth(ranked[0]))
    return YearValue(ranked[0], tuple(ranked), best)


def comparisons(facts, rules, values=None):
    """Every cell with a value beside the year before."""
    values = year_values(facts, rules) if values is None else values
    planned = {fact.cell for fact in facts if fact.is_target and fact.indicator and fact.direction is None}
    return {cell: _compared(cell, value, values, planned, rules) for cell, value in values.items()}


def _compared(cell, value, values, planned, rules):
    before = cell._replace(year=cell.year - 1)
    prior = values.get(before)
    this = value.chosen
    if prior is None:
        reason = _why_missing(before, values, planned, rules)
    else:
        reason = _why_not(cell, value, prior, rules)
    change = percent = unit = None
    if reason is None:
        change = this.value - prior.chosen.value
        unit = POINTS.get(this.unit, this.unit)
        if not rules.rate(cell.indicator, this.unit) and prior.chosen.value:
            percent = (100 * change / prior.chosen.value).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)
    return Comparison(
        value=this.value,
        prior_value=None if prior is None else prior.chosen.value,
        change=change,
        change_unit=unit,
        change_percent=percent,
        comparability="not_comparable" if reason else "comparable",
        reason=reason,
        cause=_cause(cell, prior, reason, change, rules),
    )


def _why_missing(before, values, planned, rules):
    if any(before._replace(scope=scope) in values for scope in SCOPES):
        return "scope"
    if before in planned:
        return "target"
    body = rules.bodies.get(before.issuer_id, Body())
    inherited = any(before._replace(issuer_id=issuer) in values for issuer in body.predecessors)
    return "issuer_reorganised" if inherited else "prior_missing"


def _why_not(cell, value, prior, rules):
    this, other = value.chosen, prior.chosen
    here, there = (tuple((day.month, day.day) for day in rules.days(fact)) for fact in (this, other))
    since = rules.bodies.get(cell.issuer_id, Body()).valid_from or date.min
    reasons = {
        # The body was not there for the whole year before.
        "issuer_reorganised": date(cell.year - 1, 1, 1) < since <= rules.days(this)[1],
        "several_values": len(value.best) > 1 or len(prior.best) > 1,
        "unit": this.unit != other.unit,
        "definition": cell.year in rules.breaks.get(cell.indicator, ()),
        "partial_period": here != there,
        "approximate": not this.exact or not other.exact,
    }
    return next((reason for reason, applies in reasons.items() if applies), None)


def _cause(cell, prior, reason, change, rules):
    if reason in ("unit", "definition"):
        return "definition"
    if reason in ("scope", "partial_period", "issuer_reorganised"):
        return "coverage"
    if reason is None and _restated(cell, prior, rules):
        return "restated"
    return "real" if change else None


def _restated(cell, prior, rules):
    """True if the year's own report states another value of the year before, of the same days and in the same unit."""
    chosen = prior.chosen
    later = [
        fact.value
        for fact in prior.candidates
        if fact.report_year == cell.year
        and fact.exact
        and fact.unit == chosen.unit
        and rules.days(fact) == rules.days(chosen)
    ]
    return bool(later) and later[0] != chosen.value


def verdicts(facts, rules, values=None, compared=None):
    """The verdict on every stated change, by its key: confirmed, contradicted or uncheckable."""
    values = year_values(facts, rules) if values is None else values
    compared = comparisons(facts, rules, values) if compared is None else compared
    by_key = {fact.key: fact for fact in facts}
    return {
        fact.key: _verdict(fact, by_key.get(fact.base), values, compared, rules)
        for fact in facts
        if fact.direction and not fact.is_target
    }


def _verdict(claim, base, values, compared, rules):
    value = values.get(base.cell) if base is not None and rules.stands(base) else None
    if value is None or base.stated != value.chosen.stated:
        return "uncheckable"
    row = compared[base.cell]
    if row.comparability != "comparable":
        return "uncheckable"
    points = claim.unit in ("百分点", "个百分点", "千分点")
    if rules.rate(base.indicator, base.unit):
        computed = row.change if points or claim.unit == base.unit else None
    elif claim.unit == "%":
        computed = row.change_percent
    else:
        computed = row.change if claim.unit == base.unit else None
    if computed is None:
        return "uncheckable"
    return "confirmed" if _agree(claim, computed) else "contradicted"


def _agree(claim, computed):
    """True if the claim says what was computed, in its own precision."""
    rises = computed >= 0 if claim.direction == "increase" else computed <= 0
    if not rises:
        return False
    size, said = abs(computed), claim.value
    if claim.qualifier in ("approx_over", "at_least"):
        return size >= said
    if claim.qualifier in ("approx_under", "at_most"):
        return size <= said
    if claim.qualifier == "about":
        return abs(size - said) <= said / 10
    decimals = max(0, -said.normalize().as_tuple().exponent)
    return size.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP) == said


def coverage_state(year, as_of, *, published=False, unreadable=False, withdrawn=False):
    """What is known on a day of a report that is expected about a year."""
    if published and not withdrawn:
        return "published"
    if withdrawn:
        return "withdrawn"
    if unreadable:
        return "unreadable"
    if as_of < date(year + 1, 3, 1):
        return "not_due"
    if as_of < date(year + 1, 4, 1):
        return "due"
    return "late" if as_of < date(year + 2, 1, 1) else "missing"
