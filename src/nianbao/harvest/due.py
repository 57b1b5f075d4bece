"""Which sources are due: every so many days by season and report kind, as the registry's visits.yml says."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from urllib.parse import urlsplit

from nianbao.clock import CHINA
from nianbao.model import Registry, Source, SourceState, SourceVisit, VisitSeason

_ONE_DAY = timedelta(days=1)


def due_sources(registry: Registry, last: Mapping[str, SourceVisit], day: date) -> list[Source]:
    """The sources to visit on a day in China, in the registry's order. last: source_id → its last visit."""
    return [
        source
        for source in registry.sources
        if due_on(source, last.get(source.source_id), registry.visits, day) <= day
    ]


def due_on(source: Source, last: SourceVisit | None, seasons: Iterable[VisitSeason], today: date) -> date:
    """The day in China on which a source is due next: today if it was never visited, or its last visit did not end well,
    or could not ask for all that its listings led to.

    Hosts of one period are shared out over its nights, each on a night of its own, so no night has them all. The sources
    of a host are due together.
    """
    if last is None or last.state is not SourceState.OK or (last.postponed and not last.whole):
        return today
    every = {m: s.every_days for s in seasons if s.report_kind == source.report_kind for m in s.months}
    host = urlsplit(source.listings[0]).hostname or ""
    share = zlib.crc32(host.encode())
    visited = last.ended_at.astimezone(CHINA).date()
    day = visited + _ONE_DAY
    while True:
        days = every.get(day.month, 1)
        if (day.toordinal() + share) // days > (visited.toordinal() + share) // days:
            return day
        day += _ONE_DAY
