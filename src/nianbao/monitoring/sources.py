"""How the sources of the registry stand, and since when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from nianbao.harvest.due import due_on
from nianbao.model import Registry, SourceState, SourceStretch, SourceVisit


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source of the registry (run time). state: None if it was never visited, and the rest is empty then.

    since_at: when the first visit of the present stretch of that state ended; nights: refreshes in that stretch; former:
    the state before it; changed: the stretch began in the last refresh that visited anything. due_on: day of its next visit.
    """

    source_id: str
    region_code: str
    region: str
    host: str
    state: SourceState | None
    since_at: datetime | None
    nights: int
    former: SourceState | None
    changed: bool
    last_ok_at: datetime | None
    sentence: str
    due_on: date

    @property
    def well(self) -> bool:
        """True if nobody has to look at it: its last visit ended well, or it waits for its first."""
        return self.state in (None, SourceState.OK)


def source_health(
    registry: Registry,
    stretches: Iterable[SourceStretch],
    last: dict[str, SourceVisit],
    last_refresh_id: str | None,
    today: date,
) -> tuple[SourceHealth, ...]:
    """All sources of the registry, in its order. last_refresh_id: the last refresh that visited anything."""
    regions = {region.code: region.name for region in registry.regions}
    known = {stretch.source_id: stretch for stretch in stretches}
    found = []
    for source in registry.sources:
        stretch = known.get(source.source_id)
        found.append(
            SourceHealth(
                source_id=source.source_id,
                region_code=source.region_code,
                region=regions.get(source.region_code, source.region_code),
                host=urlsplit(source.listings[0]).hostname or "",
                state=stretch.state if stretch else None,
                since_at=stretch.since_at if stretch else None,
                nights=stretch.nights if stretch else 0,
                former=stretch.former if stretch else None,
                changed=bool(stretch and stretch.former and stretch.first_refresh_id == last_refresh_id),
                last_ok_at=stretch.last_ok_at if stretch else None,
                sentence=stretch.sentence if stretch else "never visited",
                due_on=due_on(source, last.get(source.source_id), registry.visits, today),
            )
        )
    return tuple(found)
