"""How a visit to a source ended: what status, alerts and the schedule of visits answer from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SourceState(StrEnum):
    """How a source stands after a visit: a closed list."""

    OK = "ok"
    DOWN = "down"  # no answer, or none that could be read
    BLOCKED = "blocked"  # it answers, and does not let us in
    MOVED = "moved"  # it leads to another address for good
    CHANGED = "changed"  # it answers, and its listing is gone or leads to no report
    POSTPONED = "postponed"  # it was not asked: budget, crawl window, or its host was left alone


@dataclass(frozen=True, slots=True)
class SourceStretch:
    """The visits to a source that ended in its present state, without another one in between; postponed ones are no visits.

    since_at, visited_at: when the first and the last of them ended, aware. nights: in how many refreshes they were; the
    first of these is first_refresh_id. sentence: of the last. former: the state before, None if there was none.
    last_ok_at: when it was last well, None for never.
    """

    source_id: str
    state: SourceState
    sentence: str
    since_at: datetime
    visited_at: datetime
    nights: int
    first_refresh_id: str
    former: SourceState | None
    last_ok_at: datetime | None


@dataclass(frozen=True, slots=True)
class SourceVisit:
    """One visit to one source (采访).

    began_at, ended_at: aware. state, sentence: how it ended, and why in words. whole: every page of its listings was read
    and everything that they lead to was asked for. links: report links found; new: captures archived; postponed:
    addresses left for the next visit.
    """

    source_id: str
    began_at: datetime
    ended_at: datetime
    state: SourceState
    sentence: str
    whole: bool
    links: int
    new: int
    postponed: int
