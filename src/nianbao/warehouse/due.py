"""When a check is due: `due:` of a check in a suite file names conditions, all of which must hold.

release      there is a release to compare with, and it has the tables and columns that the check looks at
same_rules   that release was made by the same rules, models and registry as the candidate
other_rules  it was made by others
from MM-DD   the day of the run is this day of the year or later
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from nianbao.warehouse.published import PUBLISHED

_FROM = re.compile(r"from (?P<month>0[1-9]|1[0-2])-(?P<day>[0-2][0-9]|3[01])")
_RELEASED = re.compile(rf"\b{PUBLISHED}\.(?=main\.|raw\.)")
CONDITIONS = "release, same_rules, other_rules, or from MM-DD"


def is_condition(text: str) -> bool:
    """True if `due:` may hold this."""
    return text in ("release", "same_rules", "other_rules") or _FROM.fullmatch(text) is not None


def asks_release(query: str) -> bool:
    """True if a query looks at tables of the last release."""
    return _RELEASED.search(query) is not None


@dataclass(frozen=True, slots=True)
class Situation:
    """What conditions are asked about. has_release: whether one is attached as `published` to `connection`."""

    connection: duckdb.DuckDBPyConnection
    parameters: Mapping[str, object]
    has_release: bool

    def not_due(self, conditions: tuple[str, ...], query: str) -> str:
        """Why a check is not due, as a clause for people; '' if it is. query: what it asks, '' where it has none."""
        for condition in conditions:
            reason = self._release(query) if condition == "release" else self._other(condition)
            if reason:
                return reason
        return ""

    def _other(self, condition: str) -> str:
        same = bool(self.parameters.get("same_rules"))
        if condition == "same_rules":
            return "" if same else "the last release was not made by the same rules, models and registry"
        if condition == "other_rules":
            return "the last release was made by the same rules, models and registry" if same else ""
        first, today = _FROM.fullmatch(condition), self.parameters.get("as_of")
        if first and isinstance(today, date) and (today.month, today.day) < (int(first[1]), int(first[2])):
            return f"it begins each year on {condition.removeprefix('from ')}"
        return ""

    def _release(self, query: str) -> str:
        if not self.has_release:
            return "there is no release to compare with yet"
        if not query or self._binds(query):
            return ""
        # A query that is wrong for the candidate too is wrong, and the gate says so when it runs.
        if self._binds(_RELEASED.sub("", query)):
            return "the last release was made by an earlier version and lacks what would be compared"
        return ""

    def _binds(self, query: str) -> bool:
        try:
            self.connection.execute(f"explain {query}")
        except duckdb.Error:
            return False
        return True
