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
