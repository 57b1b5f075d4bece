"""The values of an issuer's indicator over the years, cut where two years may not be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from nianbao.explorer.asked import Asked
from nianbao.explorer.opened import Opened

_ROWS = """
select fact_year as year, value, unit, comparability, reason
from fct_indicator_yoy
where issuer_id = $issuer and indicator_id = $indicator and scope = $scope and value is not null
order by fact_year
"""


def points(
    asked: Asked, opened: Opened, issuer_id: str, indicator_id: str, scope: str = "own"
) -> list[dict[str, Any]]:
    """year, value, unit, joined (counts the stretches of comparable years), said (comparability in words)."""
    rows = opened.rows(_ROWS, {"issuer": issuer_id, "indicator": indicator_id, "scope": scope})
    joined = 0
    for row in rows:
        if row["comparability"] != "comparable":
            joined += 1
        row["joined"] = joined
        row["value"] = float(row["value"])
        row["said"] = (
            asked.term("reason", row["reason"])
            if row["reason"]
            else asked.term("comparability", row["comparability"])
        )
    return rows


def of_one_unit(rows: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], str, int]:
    """(the values in the unit that most of them have, that unit, how many have another): one axis has one unit."""
    units = Counter(str(row["unit"] or "") for row in rows)
    unit = min(units, key=lambda each: (-units[each], each), default="")
    drawn = [row for row in rows if str(row["unit"] or "") == unit]
    return drawn, unit, len(rows) - len(drawn)
