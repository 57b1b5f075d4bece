"""The legal calendar as the warehouse sees it: between two of its dates no coverage state can change by itself."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path


def last_boundary(project: Path, today: date) -> date:
    """The latest day, up to and including `today`, on which an expected report can have changed its state.

    Those are New Year's Day (a new report year begins to be due) and the days on which reports are due, late or missing
    by the dbt project's seed report_calendar.csv. A warehouse built as of this day equals one built as of `today`.
    """
    days = {(1, 1)}
    with (project / "seeds" / "report_calendar.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for name in ("due", "publish", "missing"):
                days.add((int(row[f"{name}_month"]), int(row[f"{name}_day"])))
    candidates = [date(year, month, day) for year in (today.year - 1, today.year) for month, day in days]
    return max(day for day in candidates if day <= today)
