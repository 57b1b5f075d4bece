"""What one run visits: the sources that it chooses, and the captures that they bring into the archive. No Prefect in here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from flows.record import Record
from nianbao import clock
from nianbao.archive import Archive
from nianbao.harvest.batch import Batch
from nianbao.harvest.choice import choose
from nianbao.harvest.due import due_sources
from nianbao.harvest.fetcher import Fetcher
from nianbao.harvest.files import IMPORT_SOURCE, harvest_files
from nianbao.harvest.harvester import Harvester
from nianbao.harvest.memory import Memory
from nianbao.harvest.recall import recall
from nianbao.harvest.source import SourceHarvest
from nianbao.model import Registry, Source, SourceState, SourceVisit
from nianbao.settings import Settings
from nianbao.warehouse.exploration import explored_sources

_NAMED = 4  # districts in the name of a run or task


class Visits:
    """The visits of one run to sources of the registry, each into a WARC segment of its own."""

    def __init__(self, settings: Settings, registry: Registry, archive: Archive, record: Record) -> None:
        self._registry = registry
        self._archive = archive
        self._record = record
        self._max_body_bytes = settings.max_body_bytes
        # Made once for all threads: they hold one pace per host.
        remembers = settings.harvest_memory.exists()
        self._memory = Memory(settings.harvest_memory)
        if not remembers:
            recall(self._memory, archive)
        self._fetcher = Fetcher(settings, self._memory)
        self._last_visits: dict[str, SourceVisit] = {}

    def choose(self, only: Sequence[str], due_only: bool) -> list[Source]:
        """The sources to visit now. Raises ChoiceError for a name that the registry does not know."""
        self._last_visits = self._record.ledger.last_visits()
        chosen = choose(self._registry, only)
        if not due_only:
            return chosen
        due = {source.source_id for source in due_sources(self._registry, self._last_visits, clock.today())}
        return [source for source in chosen if source.source_id in due]

    def start_over(self) -> None:
        """Forgets what broken-off visits had done, so that every listing is walked from its beginning to its end."""
        self._memory.start_over()

    def nothing_reached(self, harvested: Sequence[SourceHarvest]) -> bool:
        """True if no source could be read though more than one host should have been: then it is our own network.

        Sources that did not end well the last time say nothing, and a single host of many may well be down.
        """
        if any(source.reached for source in harvested):
            return False
        tried = {source.source_id for source in harvested}
        hopeful = {
            urlsplit(source.listings[0]).hostname
            for source in self._registry.sources
            if source.source_id in tried and self._was_well(source)
        }
        return len(hopeful) > 1 or len(tried) == len(self._registry.sources)

    def _was_well(self, source: Source) -> bool:
        last = self._last_visits.get(source.source_id)
        return last is None or last.state is SourceState.OK

    def districts(self, sources: Iterable[Source]) -> str:
        """Names of the regions of some sources, for people: the first few, and how many more there are."""
        names = {region.code: region.name for region in self._registry.regions}
        found = list(dict.fromkeys(names.get(s.region_code, s.region_code) for s in sources))
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        return "、".join(found[:_NAMED]) + more

    def explored(self) -> dict[str, datetime]:
        """source_id → when a visit first read it to its end."""
        return explored_sources(self._record.ledger.first_visits(), self._memory.last_wholes())

    def harvest(self, sources: Sequence[Source], batch: Batch | None = None) -> list[SourceHarvest]:
        """Harvests the sources of some hosts, one after the other, into a WARC segment of their own; with a batch, as many
        as it has requests for."""
        results: list[SourceHarvest] = []
        share = batch
        with self._archive.writer(self._batch(sources[0].source_id)) as writer:
            harvester = Harvester(
                self._fetcher, self._archive, writer, self._memory, self._registry.report_kinds
            )
            for source in sources:
                if share and share.requests < 1:
                    break
                result = harvester.harvest(source, share)
                self._record.note(result.outcomes, result.visit)
                results.append(result)
                share = share and replace(share, requests=share.requests - result.requests)
        return results

    def import_files(self, paths: Sequence[str]) -> int:
        """Archives files that arrived by hand; returns how many are new."""
        with self._archive.writer(self._batch(IMPORT_SOURCE)) as writer:
            result = harvest_files(
                paths,
                self._archive,
                writer,
                self._registry.sources,
                max_body_bytes=self._max_body_bytes,
            )
        self._record.note(result.outcomes)
        return result.new

    def last_wholes(self) -> dict[str, datetime]:
        """source_id → when a visit last read it to its end."""
        return self._memory.last_wholes()

    def close(self) -> None:
        """Ends connections."""
        self._fetcher.close()
        self._memory.close()

    def _batch(self, source_id: str) -> str:
        # A harvest that is tried again goes into a batch of its own.
        return self._archive.unused_batch(f"{self._record.refresh_id}-{source_id}")
