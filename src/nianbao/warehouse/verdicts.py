"""From what Great Expectations found to a check with its verdict, in words that people read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nianbao.model import Check, Verdict
from nianbao.warehouse.exceptions import AcceptedException
from nianbao.warehouse.gx_gate import SAMPLE_ROWS
from nianbao.warehouse.suites import SuiteCheck

# A table that the last release did not have, or there was none: 0, as in kwargs.
_UNKNOWN_BEFORE = re.compile(r"\{previous\.\w+\}")


@dataclass(frozen=True, slots=True)
class Plan:
    """A check before it runs. rows: of its table, None where there is no such table. not_due: why it is not, or ''."""

    check: SuiteCheck
    kwargs: Mapping[str, object]
    rows: int | None
    not_due: str
    accepted: tuple[AcceptedException, ...]

    @property
    def runs(self) -> bool:
        """True if Great Expectations is to be asked."""
        counts_rows = self.check.expect.startswith("expect_table")
        return not self.not_due and self.rows is not None and (self.rows > 0 or counts_rows)


def verdict_on(
    plan: Plan, result: Any, parameters: Mapping[str, object]
) -> tuple[Check, tuple[AcceptedException, ...]]:
    """The check with its verdict, and the accepted exceptions that some of its failing rows fit."""
    check = plan.check
    if plan.rows is None:
        missing = f"the candidate has no table {check.schema}.{check.table}"
        return _ended(plan, Verdict.FAIL, missing, severity="critical"), ()
    if plan.not_due:
        return _ended(plan, Verdict.NOT_DUE, f"{check.subject}: not due, {plan.not_due}"), ()
    if result is None:
        return _ended(plan, Verdict.NO_DATA, f"{check.subject}: no rows to look at"), ()
    problem = _exception(result)
    if problem:
        sentence = f"{check.subject}: the check {check.check_id} could not run: {problem}"
        return _ended(plan, Verdict.FAIL, sentence, severity="critical"), ()
    facts = result.result
    if _nothing_there(check, facts):
        return _ended(plan, Verdict.NO_DATA, f"{check.subject}: all values are missing, none to look at"), ()
    value = _value(facts)
    words = {**parameters, "value": value, "threshold": _threshold(plan.kwargs), "rows": plan.rows}
    sentence = _sentence(check, words)
    if result.success:
        return _ended(plan, Verdict.PASS, sentence, value=value, sample=_rows(facts)), ()
    used, reason, left = _let_pass(plan, facts, value)
    sample = left or _rows(facts)
    return _ended(plan, Verdict.FAIL, sentence, value=value, sample=sample, accepted_reason=reason), used


def _ended(
    plan: Plan,
    verdict: Verdict,
    sentence: str,
    *,
    value: str = "",
    sample: Sequence[object] = (),
    severity: str = "",
    accepted_reason: str = "",
) -> Check:
    return Check(
        check_id=plan.check.check_id,
        suite=plan.check.suite,
        subject=plan.check.subject,
        severity=severity or plan.check.severity,
        verdict=verdict,
        value=value,
        threshold=_threshold(plan.kwargs),
        sentence=sentence,
        sample=json.dumps(list(sample)[:SAMPLE_ROWS], ensure_ascii=False, default=_as_text),
        accepted_reason=accepted_reason,
    )


def _as_text(value: object) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _nothing_there(check: SuiteCheck, facts: Mapping[str, Any]) -> bool:
    if check.query and facts.get("observed_value", 0) is None:
        return True
    empty = "element_count" in facts and facts["element_count"] == facts.get("missing_count")
    return empty and check.expect != "expect_column_values_to_not_be_null"


def _let_pass(
    plan: Plan, facts: Mapping[str, Any], value: str
) -> tuple[tuple[AcceptedException, ...], str, list[object]]:
    """The exceptions that fit failing rows; why the failure is accepted ('' if it is not); the rows that none fits."""
    rows = _rows(facts)
    looked_at = [entry for entry in plan.accepted if entry.value in (None, value)]
    used = tuple(e for e in looked_at if not e.rows or any(e.fits(row) for row in rows))
    if not used:
        return (), "", []
    left = [row for row in rows if not any(entry.fits(row) for entry in used)]
    whole = any(not entry.rows for entry in used)
    if not whole and len(left) > _allowed(plan.kwargs, facts):
        return used, "", left
    return used, "; ".join(dict.fromkeys(entry.reason for entry in used)), []


def _allowed(kwargs: Mapping[str, object], facts: Mapping[str, Any]) -> float:
    """How many failing rows a check with `mostly` lets pass anyway."""
    mostly, there = kwargs.get("mostly"), facts.get("element_count")
    return (1 - mostly) * int(there) if isinstance(mostly, int | float) and there else 0


def _value(facts: Mapping[str, Any]) -> str:
    """What was found: the number of unexpected rows, else the observed value."""
    if facts.get("unexpected_count") is not None:
        return str(facts["unexpected_count"])
    observed = facts.get("observed_value", "")
    return f"{observed:.6g}" if isinstance(observed, float) else str(observed)


def _threshold(kwargs: Mapping[str, object]) -> str:
    """What was asked for, in words."""
    bounds = [f"at least {kwargs['min_value']}"] if kwargs.get("min_value") is not None else []
    bounds += [f"at most {kwargs['max_value']}"] if kwargs.get("max_value") is not None else []
    values = kwargs.get("value_set")
    if isinstance(values, list):
        bounds.append(f"from a set of {len(values)}")
    mostly = kwargs.get("mostly")
    if isinstance(mostly, int | float):
        bounds.append(f"{mostly:.0%} of the rows")
    return ", ".join(bounds) or "no row"


def _sentence(check: SuiteCheck, words: Mapping[str, object]) -> str:
    """The check's sentence with its values; names are dotted, so that str.format cannot be used."""
    text = check.sentence
    for name, value in words.items():
        text = text.replace(f"{{{name}}}", str(value))
    return _UNKNOWN_BEFORE.sub("0", text)


def _rows(facts: Mapping[str, Any]) -> list[object]:
    """Failing rows, worst first where the check orders them: all that were asked for."""
    found = facts.get("details", {}).get("unexpected_rows") or facts.get("unexpected_index_list")
    return list(
        found or facts.get("partial_unexpected_index_list") or facts.get("partial_unexpected_list") or []
    )


def _exception(result: Any) -> str | None:
    """The sentence of the first exception in a result; Great Expectations nests them by metric."""
    information = result.exception_info or {}
    nested = [information] if "raised_exception" in information else list(information.values())
    for found in nested:
        if isinstance(found, dict) and found.get("raised_exception"):
            return " ".join(str(found.get("exception_message") or "no message").split())
    return None
