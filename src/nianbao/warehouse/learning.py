"""What a home's releases teach: bands of measures and of yearly changes, and which checks tell nothing.

Bands are the median ± six robust standard deviations (of the median absolute deviation), and never narrower than the
margin that the band itself names, so that a row of equal releases does not make every change unusual.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from nianbao.model import Verdict
from nianbao.warehouse.bands import Band
from nianbao.warehouse.engine import DUCKDB_CONFIG
from nianbao.warehouse.suites import SuiteCheck

CheckRows = Sequence[Mapping[str, str]]

_DEVIATIONS = 6 * 1.4826
_FEWEST_RELEASES = 5
_FEWEST_CHANGES = 20
_NARROWEST_JUMP = math.log(3)  # a third, or three times as much, is never unusual
_REFERENCE = re.compile(r"\{band\.(?P<name>[a-z0-9_]+)\.(?:min|max)\}")
_CHANGES = """
select indicator_id, value::double as value, prior_value::double as prior from fct_indicator_yoy
where comparability = 'comparable' and value > 0 and prior_value > 0
"""


@dataclass(frozen=True, slots=True)
class Firing:
    """Which checks of the suites tell nothing, over `runs` runs. idle: had nothing to look at, or were never due."""

    runs: int
    always: tuple[str, ...]
    never: tuple[str, ...]
    idle: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """One line for people; '' before there is anything to say."""
        if self.runs < _FEWEST_RELEASES:
            return ""
        said = [f"{len(self.always)} failed every time ({', '.join(self.always)})"] if self.always else []
        said += [f"{len(self.never)} never failed"] if self.never else []
        said += [f"{len(self.idle)} had nothing to look at"] if self.idle else []
        if not said:
            return ""
        return f"over the last {self.runs} runs of the gate, {', '.join(said)}; `nianbao expectations suggest` says which"


def checks_of(folder: Path) -> CheckRows:
    """The rows of a release's checks.json; none where it has no readable one."""
    try:
        found = json.loads((folder / "checks.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else ()


def firing(history: Sequence[CheckRows], checks: Iterable[SuiteCheck]) -> Firing:
    """Which of the suites' checks always, never or could not fail in these runs of the gate."""
    verdicts: dict[str, list[str]] = {}
    for run in history:
        for row in run:
            verdicts.setdefault(row["check_id"], []).append(row["verdict"])
    always, never, idle = [], [], []
    for check in checks:
        found = verdicts.get(check.check_id, [])
        if not found:
            continue
        looked = [verdict for verdict in found if verdict in (Verdict.PASS, Verdict.FAIL)]
        if not looked:
            idle.append(check.check_id)
        elif Verdict.FAIL not in looked:
            never.append(check.check_id)
        elif Verdict.PASS not in looked and len(looked) >= _FEWEST_RELEASES:
            always.append(check.check_id)
    return Firing(len(history), tuple(always), tuple(never), tuple(idle))


def learned_bands(
    history: Sequence[CheckRows], checks: Iterable[SuiteCheck], wide: Mapping[str, Band]
) -> list[Band]:
    """A band for each measure with values from at least five releases; the others keep their wide bounds."""
    import pandas as pd

    measures = {}
    for check in checks:
        match = _REFERENCE.search(" ".join(map(str, check.kwargs.values())))
        if match:
            measures[check.check_id] = match["name"]
    rows = [
        (measures[row["check_id"]], number, row["value"])
        for number, run in enumerate(history)
        for row in run
        if row["check_id"] in measures and row["value"]
    ]
    frame = pd.DataFrame(rows, columns=["band", "release", "value"])
    frame["value"] = pd.to_numeric(frame["value"], errors="coerce")
    found = []
    for name, values in frame.dropna().groupby("band")["value"]:
        band = wide.get(str(name))
        if band is not None and len(values) >= _FEWEST_RELEASES:
            low, high = _spread(values, band.margin)
            found.append(
                Band(
                    band.name,
                    _rounded(min(max(low, band.low), band.high)),
                    _rounded(max(min(high, band.high), band.low)),
                    band.margin,
                    len(values),
                )
            )
    return found


def learned_jumps(database: Path) -> dict[str, tuple[float, float, int]]:
    """Indicator id → percent from, to, comparisons: of each indicator with at least twenty comparable changes."""
    import numpy as np

    with duckdb.connect(str(database), read_only=True, config=DUCKDB_CONFIG) as connection:
        frame = connection.execute(_CHANGES).df()
    found = {}
    for indicator, changes in frame.groupby("indicator_id"):
        if len(changes) < _FEWEST_CHANGES:
            continue
        ratios = np.log(changes["value"] / changes["prior"])
        median = float(ratios.median())
        half = max(_DEVIATIONS * float((ratios - median).abs().median()), _NARROWEST_JUMP)
        low, high = (100 * (math.exp(min(edge, 20.0)) - 1) for edge in (median - half, median + half))
        found[str(indicator)] = (round(low, 1), round(high, 1), len(changes))
    return found


def _spread(values: Any, margin: float) -> tuple[float, float]:
    median = float(values.median())
    half = max(_DEVIATIONS * float((values - median).abs().median()), margin * abs(median))
    return median - half, median + half


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
