"""When a report is published: most in the first quarter, departments sometimes before the year is over."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from .dice import Dice

CHINA = timezone(timedelta(hours=8))


def published_at(dice: Dice, year: int, *, government: bool, late: int = 0, early: bool = False) -> datetime:
    """Local time of publication. late: the year in which a late report appears, 0 for a report in time. early: before the
    year is over."""
    minutes = timedelta(minutes=dice.between(0, 480, "minutes"))
    if late:
        return (
            datetime(late, 6, 3, 9, 0, tzinfo=CHINA) + timedelta(days=dice.between(0, 40, "late")) + minutes
        )
    if early or (not government and dice.chance(0.25, "early")):
        return (
            datetime(year, 12, 1, 9, 0, tzinfo=CHINA)
            + timedelta(days=dice.between(0, 24, "early day"))
            + minutes
        )
    first = (
        datetime(year + 1, 2, 10, 9, 0, tzinfo=CHINA)
        if government
        else datetime(year + 1, 1, 8, 9, 0, tzinfo=CHINA)
    )
    return first + timedelta(days=dice.between(0, 48, "day")) + minutes
