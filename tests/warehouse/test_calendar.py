"""The day a warehouse is built as of moves only when the calendar can change a coverage state."""

from datetime import date

import pytest

from nianbao.settings import project_dir
from nianbao.warehouse.calendar import last_boundary


@pytest.mark.parametrize(
    ("today", "boundary"),
    [
        (date(2026, 1, 1), date(2026, 1, 1)),
        (date(2026, 2, 28), date(2026, 1, 1)),
        (date(2026, 3, 1), date(2026, 3, 1)),
        (date(2026, 3, 31), date(2026, 3, 1)),
        (date(2026, 4, 1), date(2026, 4, 1)),
        (date(2026, 12, 31), date(2026, 4, 1)),
    ],
)
def test_boundaries_are_those_of_the_legal_calendar(today, boundary):
    assert last_boundary(project_dir("dbt_project"), today) == boundary


def test_the_day_from_which_a_report_is_missing_is_a_boundary(tmp_path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "report_calendar.csv").write_text(
        "due_month,due_day,publish_month,publish_day,missing_month,missing_day\n3,1,4,1,7,1\n",
        encoding="utf-8",
    )
    assert last_boundary(tmp_path, date(2025, 8, 3)) == date(2025, 7, 1)
    assert last_boundary(tmp_path, date(2025, 6, 30)) == date(2025, 4, 1)
