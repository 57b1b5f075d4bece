"""Sources in the groups that are harvested together, and what came of a visit to one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from nianbao.model import Outcome, OutcomeRow, Source, SourceState, SourceVisit

_READ = frozenset({Outcome.OK, Outcome.UNCHANGED, Outcome.NOT_MODIFIED})
# What a look at a listing that was no success says about its source; the first one decides, anything else is DOWN.
_STATES = {
    Outcome.MOVED: SourceState.MOVED,
    Outcome.BLOCKED_CHALLENGE: SourceState.BLOCKED,
    Outcome.BLOCKED_ROBOTS: SourceState.BLOCKED,
    Outcome.FORBIDDEN: SourceState.BLOCKED,
    Outcome.THROTTLED: SourceState.BLOCKED,
    Outcome.NOT_FOUND: SourceState.CHANGED,
    Outcome.SOFT_404: SourceState.CHANGED,
    Outcome.NO_LINKS: SourceState.CHANGED,
    Outcome.HOST_NOT_ALLOWED: SourceState.CHANGED,
    Outcome.POSTPONED: SourceState.POSTPONED,
}


@dataclass(slots=True)
class SourceHarvest:
    """What came of one source. began_at: when the visit began; new: captures archived; links: report links found on its
    listings; left: those that a backfill was not to ask for; requests: made; asked: addresses that they brought an answer
    about; is_cut: whether they ran out before all was asked for. The rest is there once the visit has ended."""

    source_id: str
    began_at: datetime
    outcomes: list[OutcomeRow] = field(default_factory=list)
    new: int = 0
    links: int = 0
    left: int = 0
    requests: int = 0
    asked: int = 0
    is_cut: bool = False
    ended_at: datetime = field(init=False)
    visit: SourceVisit = field(init=False)

    @property
    def reached(self) -> bool:
        """True if a listing of the source could be read, from the site or because it had not changed."""
        return any(row.outcome in _READ for row in self._listings)

    def end(self, at: datetime, *, whole: bool, postponed: int) -> None:
        """Ends the visit and says how the source stands after it."""
        state, sentence = self._stands()
        self.ended_at = at
        self.visit = SourceVisit(
            self.source_id,
            self.began_at,
            at,
            state,
            sentence,
            whole,
            self.links,
            self.new,
            postponed,
        )

    @property
    def _listings(self) -> list[OutcomeRow]:
        return [row for row in self.outcomes if row.stage == "discover"]

    def _stands(self) -> tuple[SourceState, str]:
        # Links to other hosts are told one by one; they matter here only where there are no others.
        troubles = [
            row
            for row in self._listings
            if row.outcome not in _READ and not (self.links and row.outcome is Outcome.HOST_NOT_ALLOWED)
        ]
        moved = next((row for row in troubles if row.outcome is Outcome.MOVED), None)
        if moved:  # the reports may still come from there; whoever keeps the registry should know
            return SourceState.MOVED, moved.sentence
        asked = [row for row in troubles if row.outcome is not Outcome.POSTPONED]
        first = next(iter(asked or ([] if self.reached else troubles)), None)
        if first is not None:  # also where another listing of the source could be read
            return _STATES.get(first.outcome, SourceState.DOWN), first.sentence
        return SourceState.OK, f"{self.links} report links on its listings, {self.new} new captures"


def group_by_host(sources: Iterable[Source]) -> list[tuple[Source, ...]]:
    """Sources in groups that share a host: a group is fetched by one thread, with one pace."""
    groups: dict[str, list[Source]] = {}
    for source in sources:
        groups.setdefault((urlsplit(source.listings[0]).hostname or "").lower(), []).append(source)
    return [tuple(group) for _, group in sorted(groups.items())]


def in_groups(hosts: Sequence[Sequence[Source]], most: int) -> list[tuple[Source, ...]]:
    """The sources of hosts in at most `most` groups of about as many hosts each; a host's sources stay together."""
    groups = [hosts[number::most] for number in range(min(most, len(hosts)))]
    return [tuple(source for host in group for source in host) for group in groups]
