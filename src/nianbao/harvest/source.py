"""Sources in the groups that are harvested together, and what came of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from nianbao.model import Outcome, OutcomeRow, Source


@dataclass(slots=True)
class SourceHarvest:
    """What came of one source. new: captures archived; links: report links found on its listings."""

    source_id: str
    outcomes: list[OutcomeRow] = field(default_factory=list)
    new: int = 0
    links: int = 0

    @property
    def reached(self) -> bool:
        """True if a listing of the source could be read, from the site or because it had not changed."""
        listed = {row.outcome for row in self.outcomes if row.stage == "discover"}
        return bool(listed & {Outcome.OK, Outcome.UNCHANGED, Outcome.NOT_MODIFIED})


def group_by_host(sources: Iterable[Source]) -> list[tuple[Source, ...]]:
    """Sources in groups that share a host: a group is fetched by one thread, with one pace."""
    groups: dict[str, list[Source]] = {}
    for source in sources:
        groups.setdefault((urlsplit(source.listings[0]).hostname or "").lower(), []).append(source)
    return [tuple(group) for _, group in sorted(groups.items())]
