"""The page quality.html of a release: every check with its verdict, value, worst rows, and how it went before.

One file that stands alone: no script, nothing from elsewhere.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from nianbao.model import Check, Verdict

# How a check is shown, the gravest first: key → Chinese, English.
STATES = {
    "critical": ("拒绝发布", "refuses the release"),
    "warning": ("提醒", "warning"),
    "accepted": ("已接受", "accepted"),
    "no_data": ("无数据", "nothing to look at"),
    "not_due": ("未到期", "not due"),
    "pass": ("通过", "passed"),
}
_WIDTH, _HEIGHT, _MARGIN = 96, 22, 3
_KEPT_RUNS = 30


@dataclass(frozen=True, slots=True)
class _Shown:
    """A check as the page shows it. line: points of the sparkline, '' without one; dots: (x, y, state, label)."""

    check: Check
    state: str
    sample: Sequence[object]
    columns: Sequence[str]
    line: str
    dots: Sequence[tuple[float, float, str, str]]


def quality_page(checks: Sequence[Check], history: Sequence[tuple[str, Sequence[Mapping[str, str]]]]) -> str:
    """The page as HTML.

    history: name and rows of checks.json of former releases, the oldest first; the last thirty are drawn.
    """
    runs = [(name, {row["check_id"]: row for row in rows}) for name, rows in history[-_KEPT_RUNS:]]
    shown = sorted((_shown(check, runs) for check in checks), key=lambda s: list(STATES).index(s.state))
    suites: dict[str, list[_Shown]] = {}
    for item in sorted(shown, key=lambda s: (s.check.suite, s.check.check_id)):
        suites.setdefault(item.check.suite, []).append(item)
    environment = Environment(
        loader=PackageLoader("nianbao.warehouse", "templates"), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("quality.html").render(
        states=STATES,
        counts=Counter(item.state for item in shown),
        failures=[item for item in shown if item.state in ("critical", "warning", "accepted")],
        suites=suites,
        n_runs=len(runs),
        width=_WIDTH,
        height=_HEIGHT,
    )


def _shown(check: Check, runs: Sequence[tuple[str, Mapping[str, Mapping[str, str]]]]) -> _Shown:
    current = {name: str(value) for name, value in asdict(check).items()}
    rows = [(name, run.get(check.check_id)) for name, run in runs] + [("", current)]
    values = [_number(row["value"]) if row else None for _, row in rows]
    dots = []
    for (name, row), y, x in zip(rows, _heights(values), _places(len(rows)), strict=True):
        if row is not None and y is not None:
            dots.append((x, y, _state(row), f"{name} {row['value']} {row['verdict']}".strip()))
    sample = json.loads(check.sample)
    columns = list(dict.fromkeys(key for row in sample if isinstance(row, dict) for key in row))
    return _Shown(
        check=check,
        state=_state(current),
        sample=sample,
        columns=columns,
        line=" ".join(f"{x},{y}" for x, y, _, _ in dots) if len(dots) > 1 else "",
        dots=dots,
    )


def _state(row: Mapping[str, Any]) -> str:
    if row["verdict"] != Verdict.FAIL:
        return str(row["verdict"])
    if row.get("accepted_reason"):
        return "accepted"
    return str(row["severity"])


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _places(count: int) -> list[float]:
    """From left to right, the latest at the right edge."""
    step = (_WIDTH - 2 * _MARGIN) / max(count - 1, 1)
    return [round(_WIDTH - _MARGIN - step * (count - 1 - n), 1) for n in range(count)]


def _heights(values: Sequence[float | None]) -> list[float | None]:
    """Values between the margins, large ones at the top; equal ones in the middle."""
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    room = _HEIGHT - 2 * _MARGIN

    def height(value: float | None) -> float | None:
        if value is None:
            return None
        share = 0.5 if high == low else (value - low) / (high - low)
        return round(_HEIGHT - _MARGIN - room * share, 1)

    return [height(value) for value in values]
