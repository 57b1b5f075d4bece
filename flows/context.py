"""What the tasks of one refresh share: the stages called in order with the home's paths. No Prefect in here.

A plain class on purpose: Prefect walks through dataclasses and lists among a task's arguments, not through this.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from pyarrow import Table

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
from nianbao.model import (
    ORDINARY_OUTCOMES,
    Capture,
    Check,
    Outcome,
    OutcomeRow,
    Registry,
    Source,
    SourceState,
    SourceVisit,
)
from nianbao.monitoring.alerts import after_refresh
from nianbao.registry import load_registry
from nianbao.search import index_version
from nianbao.settings import Settings, project_dir
from nianbao.warehouse.align import align, alignment_version, lake_texts, load_alignment
from nianbao.warehouse.align_lake import AlignmentLake
from nianbao.warehouse.built import Built, forget_built, merged, note_built, take_over
from nianbao.warehouse.calendar import last_boundary
from nianbao.warehouse.candidate import Candidate, brought_home, discard_candidates
from nianbao.warehouse.database import opened
from nianbao.warehouse.difference import Difference, difference
from nianbao.warehouse.ducklake import DuckLake
from nianbao.warehouse.exploration import exploration_fingerprint, explored_sources
from nianbao.warehouse.ingest import pending, readable
from nianbao.warehouse.keep import keep
from nianbao.warehouse.lake import Lake
from nianbao.warehouse.ledger import Ledger, RefreshRow, RefreshState
from nianbao.warehouse.load import Loaded, finish, load, renew_operation
from nianbao.warehouse.lock import Hold
from nianbao.warehouse.news import news
from nianbao.warehouse.operation import OutcomeLake, history, looks, outcome_rows, withdrawals_fingerprint
from nianbao.warehouse.release import (
    Release,
    ReleaseError,
    current_release,
    finish_interrupted,
    move_link,
    publish,
)
from nianbao.warehouse.release.rollback import taken_back
from nianbao.warehouse.release.shared import share_current
from nianbao.warehouse.release.texts import texts_of
from nianbao.warehouse.rules import rules_of
from nianbao.warehouse.stored import push_home
from nianbao.warehouse.suites import BANDS_FILE
from nianbao.warehouse.transform import transform
from nianbao.warehouse.validate import refused, validate, write_verdicts
from nianbao.warehouse.workplace import Order, Workplace

log = logging.getLogger("nianbao.refresh")

# A release whose models, registry or alignment were others is no base for the next one.
_WHOLE = ("models", "registry", "alignment")
# What was read differently may say something else without anybody having edited it.
_SAME_RULES = ("rules", "models", "registry")
# Full-key tests and well-sorted tables come with a build of everything.
_WHOLE_AGAIN = timedelta(days=7)
_NAMED = 4  # districts in the name of a run or task


class Refresh:
    """One refresh of one home, from `begin` to `end`. Its methods are the stages, in the order of the flow."""

    def __init__(self, settings: Settings, refresh_id: str, registry: Registry, lock: Hold) -> None:
        self._lock = lock
        self.settings = settings
        self.refresh_id = refresh_id
        self.registry = registry
        self.ledger = Ledger(settings.ledger)
        self.ledger.hold()
        self.archive = Archive(settings.archive)
        self.rules = rules_of(registry)
        self.lake = Lake(settings.lake, self.rules.version)
        # Made once for all threads: they hold one pace per host.
        remembers = settings.harvest_memory.exists()
        self._memory = Memory(settings.harvest_memory)
        if not remembers:
            recall(self._memory, self.archive)
        self._fetcher = Fetcher(settings, self._memory)
        self.workplace = Workplace(
            self.archive,
            self.lake,
            registry,
            seconds=settings.read_seconds,
            memory_mb=settings.read_memory_mb,
            processes=os.cpu_count() or 1,
        )
        self._outcomes = OutcomeLake(settings.lake)
        self._warehouse = DuckLake.of(settings)
        self._loaded = Loaded(0, None)
        self._built: Built | None = None
        self._checks: tuple[Check, ...] = ()
        self._guard = threading.Lock()
        self._last_visits: dict[str, SourceVisit] = {}
        self._counts: dict[str, int] = {}

    @classmethod
    def begin(cls, settings: Settings, purpose: str, lock: Hold) -> Refresh:
        """Reads the registry and opens the ledger's row. Raises RegistryError before anything is touched."""
        registry = load_registry(settings.registry_folder, project_dir("data"))
        return cls(settings, Ledger(settings.ledger).begin(purpose), registry, lock)

    def tidy(self) -> None:
        """Finishes or removes what a killed refresh left."""
        finished = finish_interrupted(self.settings.releases, self.settings.current, self.ledger)
        if finished:
            log.warning("completed the release %s that a killed refresh had approved", finished)
        self.lake.sweep()

    def remember_registry(self) -> None:
        """Makes the registry in use the one that the home is read with from now on."""
        if self.settings.data is not None:
            move_link(self.settings.registry_link, self.settings.data)

    def end(self, state: RefreshState, sentence: str, release_id: str | None = None) -> None:
        """Closes the ledger's row, and puts the outcomes into the lake. Raises LockLostError if the home is another's."""
        self._lock.check()
        self.ledger.end(self.refresh_id, state, sentence, release_id)
        self._outcomes.write(self.refresh_id, outcome_rows(self.ledger, self.refresh_id))

    def stopped(self, why: str) -> None:
        """Closes the ledger's row of a run that is ended in the middle; called from any thread, whatever the others do."""
        if self.row.state is not RefreshState.RUNNING:
            return
        try:
            published = current_release(self.settings.current)
        except ReleaseError:
            published = None
        if published and published.manifest.get("refresh_id") == self.refresh_id:
            sentence = f"published {published.release_id}; then {why}"
            self.end(RefreshState.PUBLISHED, sentence, published.release_id)
        else:
            sentence = f"{why}; what was archived is kept, and the next run goes on from there"
            self.end(RefreshState.INTERRUPTED, sentence)

    def close(self) -> None:
        """Ends worker processes and connections."""
        self.workplace.close()
        self._fetcher.close()
        self._memory.close()
        self.archive.close()
        self.ledger.close()

    def tell_alerts(self) -> None:
        """Tells what became wrong with the home, and what is well again."""
        row = self.row
        well = row.purpose == "refresh" and row.state in (RefreshState.PUBLISHED, RefreshState.QUIET)
        after_refresh(self.settings, self.registry, success=well)

    # --- harvest ---

    def choose(self, only: Sequence[str], due_only: bool) -> list[Source]:
        """The sources to visit now. Raises ChoiceError for a name that the registry does not know."""
        self._last_visits = self.ledger.last_visits()
        chosen = choose(self.registry, only)
        if not due_only:
            return chosen
        due = {source.source_id for source in due_sources(self.registry, self._last_visits, clock.today())}
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
            for source in self.registry.sources
            if source.source_id in tried and self._was_well(source)
        }
        return len(hopeful) > 1 or len(tried) == len(self.registry.sources)

    def _was_well(self, source: Source) -> bool:
        last = self._last_visits.get(source.source_id)
        return last is None or last.state is SourceState.OK

    def districts(self, sources: Iterable[Source]) -> str:
        """Names of the regions of some sources, for people: the first few, and how many more there are."""
        names = {region.code: region.name for region in self.registry.regions}
        found = list(dict.fromkeys(names.get(s.region_code, s.region_code) for s in sources))
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        return "、".join(found[:_NAMED]) + more

    def explored(self) -> dict[str, datetime]:
        """source_id → when a visit first read it to its end."""
        return explored_sources(self.ledger.first_visits(), self._memory.last_wholes())

    def harvest(self, sources: Sequence[Source], batch: Batch | None = None) -> list[SourceHarvest]:
        """Harvests the sources of some hosts, one after the other, into a WARC segment of their own; with a batch, as many
        as it has requests for."""
        results: list[SourceHarvest] = []
        share = batch
        with self.archive.writer(self._batch(sources[0].source_id)) as writer:
            harvester = Harvester(
                self._fetcher, self.archive, writer, self._memory, self.registry.report_kinds
            )
            for source in sources:
                if share and share.requests < 1:
                    break
                result = harvester.harvest(source, share)
                self.note(result.outcomes, result.visit)
                results.append(result)
                share = share and replace(share, requests=share.requests - result.requests)
        return results

    def import_files(self, paths: Sequence[str]) -> int:
        """Archives files that arrived by hand; returns how many are new."""
        with self.archive.writer(self._batch(IMPORT_SOURCE)) as writer:
            result = harvest_files(
                paths,
                self.archive,
                writer,
                self.registry.sources,
                max_body_bytes=self.settings.max_body_bytes,
            )
        self.note(result.outcomes)
        return result.new

    def brought_reports(self) -> bool:
        """True if a file was a report, or is known from before."""
        good = {Outcome.REPORT, Outcome.UNCHANGED}
        return any(row["outcome"] in good for row in self.ledger.outcomes(self.refresh_id))

    def first_problem(self) -> str:
        """The sentence of the first outcome row that brought no report."""
        rows = self.ledger.outcomes(self.refresh_id)
        good = {Outcome.OK, Outcome.REPORT, Outcome.UNCHANGED, Outcome.NOT_MODIFIED}
        return next(
            (row["sentence"] for row in rows if row["outcome"] not in good), "there was nothing to read"
        )

    # --- read and extract ---

    def pending(self) -> list[Capture]:
        """Captures to read: new ones, and those that a change of the rules touches; the others keep their rows."""
        kept = keep(self.lake, self.rules, readable(self.archive))
        if kept:
            log.info("read and extract · %d captures keep their rows under the changed rules", kept)
        return pending(self.archive, self.lake)

    def unread(self, captures: Sequence[Capture]) -> list[Capture]:
        """Those of some captures that the lake does not hold yet."""
        done = self.lake.finished_captures()
        return [capture for capture in captures if capture.capture_id not in done]

    @property
    def order(self) -> Order:
        """What workers outside this process have to know."""
        return Order.of(self.settings, self.rules.version)

    # --- warehouse ---

    def unchanged_since(self) -> str | None:
        """The id of the current release if it, or one that was rolled back from, was made from exactly what is there."""
        current = self.current
        if current is None:
            return None
        if current.inputs == self._inputs:
            return current.release_id
        former = taken_back(self.settings.releases, current, self._inputs, self.ledger)
        if former:
            log.warning("nothing is new since %s, which was rolled back from", former.release_id)
        return current.release_id if former else None

    def take_over(self) -> bool:
        """Goes on with a candidate that a broken-off run had built of the very same, and removes all others.

        Only what the marts tell of refreshes is made anew. False if there is nothing to go on with.
        """
        if self._warehouse is not None:
            return False  # of what lies on DuckLake nothing is kept beside a run
        built = take_over(self._candidate.file, self.settings.builds, self._inputs, self._base)
        if built is None:
            return False
        try:
            renew_operation(self._candidate.database, self._operation)
            self.tell_news()
            self._transform(select="ops_*")
        except (
            Exception
        ) as error:  # it may have been broken off at a bad moment; what it was made from is all there
            log.warning(
                "the candidate of a broken-off run cannot be used (%s); everything is built again", error
            )
            self._checks = ()
            return False
        self._built, self._checks = built, merged(built.checks, self._checks)
        return True

    def load(self, *, whole: bool = False) -> Loaded:
        """Writes the candidate's raw tables: whole, or what differs from the current release where that is enough."""
        self.discard()
        former = None if whole else self._former
        self._candidate.file.parent.mkdir(parents=True)
        self._loaded = load(
            self._candidate.database, self.lake, self.registry, operation=self._operation, former=former
        )
        return self._loaded

    def align(self) -> int:
        """Aligns the reports of each issuer that has other ones than before; returns how many issuers that were."""
        with opened(self._candidate.database) as connection:
            lake = AlignmentLake(self.settings.lake, alignment_version())
            aligned = align(connection, lake, lake_texts(connection, self.settings.lake))
            load_alignment(connection, lake, aligned)
        return aligned.computed

    def tell_news(self) -> None:
        """Notes what the candidate's reports are beside the current release's: edited, late, under two addresses."""
        published = self.current.database if self.current else None
        self.note(news(self._candidate.database, published, project_dir("dbt_project")))

    def transform(self) -> None:
        """dbt build; failed dbt tests become checks that refuse the candidate."""
        self._transform()
        built = Built(self._inputs, self._base, self._built_whole_at, self._checks)
        note_built(self._candidate.file, built)

    def _transform(self, select: str = "") -> None:
        result = transform(
            self._candidate.database,
            project=project_dir("dbt_project"),
            as_of=self._as_of,
            work=self.settings.cache / "dbt",
            changed_only=self._loaded.changed_issuers is not None,
            # dbt's unit tests try the rules on made-up rows; that is for the project's tests, not for every night.
            full_tests=False,
            select=select,
        )
        self._checks += result.checks

    def validate(self) -> bool:
        """Great Expectations on the closed candidate; verdicts become rows there and in the ledger."""
        current = self.current
        self._checks += validate(
            self._candidate.database,
            suites=project_dir("expectations"),
            parameters={
                "as_of": self._as_of,
                "previous": dict(current.row_counts) if current else {},
                "same_rules": bool(
                    current and all(current.inputs.get(part) == self._inputs[part] for part in _SAME_RULES)
                ),
            },
            published=current.database if current else None,
            bands=self.settings.home / BANDS_FILE,
            exceptions=self.settings.registry_folder / "exceptions.yml",
        )
        write_verdicts(self._candidate.database, self._checks)
        self.ledger.add_verdicts(self.refresh_id, self._checks)
        return not refused(self._checks)

    def difference(self, published: Release) -> Difference:
        """The loaded candidate beside a release; written as rows into the home."""
        former = published.inputs.get("rules", "unknown")
        target = self.settings.differences / f"{former}-to-{self.rules.version}.parquet"
        return difference(published.database, self._candidate.database, target)

    def discard(self) -> None:
        """Removes all candidates: that of this run, which was only to be looked at, or those that nobody needs any more."""
        discard_candidates(self.settings.builds, self._warehouse)

    def refusal(self) -> str:
        """Why the gate refused, for people."""
        failed = [c for c in self._checks if c.refuses]
        reasons = "; ".join(c.sentence.rstrip(".") for c in failed[:3])
        more = f"; and {len(failed) - 3} more" if len(failed) > 3 else ""
        kept = self.current.release_id if self.current else "no release"
        return (
            f"the gate refused the candidate, {kept} stays current: {reasons}{more}"
            f". The candidate is kept at {self._candidate}; `nianbao status` lists the checks"
        )

    def publish(self) -> str:
        """Makes the candidate a release and current; returns its id. Raises LockLostError if the home is another's."""
        forget_built(self._candidate.file)
        finish(self._candidate.database)
        file = brought_home(self._candidate, as_of=self._as_of, work=self.settings.cache / "dbt")
        self._lock.check()
        made = publish(
            file,
            self.settings.releases,
            self.settings.current,
            refresh_id=self.refresh_id,
            inputs=self._inputs,
            built_whole_at=self._built_whole_at,
            checks=self._checks,
            texts=texts_of(file, self.settings.lake),
        )
        return made.release_id

    def share(self) -> None:
        """Brings storage and warehouse on DuckLake, where the settings name them, up to what this home has.

        Raises ConflictError, StorageError, LakeError.
        """
        stored = push_home(self.settings, self.ledger)
        if stored.anything:
            log.info("storage · %s stored", stored)
        shared = share_current(self.settings, self.ledger)
        if shared:
            log.info("release · %s is in the warehouse on DuckLake", shared)

    @property
    def checks(self) -> tuple[Check, ...]:
        """The verdicts on this run's candidate so far."""
        return self._checks

    @property
    def row(self) -> RefreshRow:
        """The run as the ledger has it now."""
        return next(row for row in self.ledger.refreshes() if row.refresh_id == self.refresh_id)

    # --- what the stages share ---

    @cached_property
    def _as_of(self) -> date:
        today = clock.today()
        return last_boundary(project_dir("dbt_project"), today)

    @cached_property
    def current(self) -> Release | None:
        """The release that readers open, as it was when this run began to look."""
        return current_release(self.settings.current)

    @property
    def _inputs(self) -> dict[str, str]:
        """Fingerprints of all that a release is made from."""
        return {
            "lake": self.lake.fingerprint(),
            "rules": self.lake.rules_version,
            "registry": self.registry.fingerprint,
            "models": _fingerprint(project_dir("dbt_project")),
            "expectations": _fingerprint(project_dir("expectations")),
            "as_of": self._as_of.isoformat(),
            "alignment": alignment_version(),
            "withdrawals": withdrawals_fingerprint(self._looks),
            "exploration": exploration_fingerprint(self._looks),
            "search": index_version(),
        }

    @cached_property
    def _operation(self) -> dict[str, Table]:
        return {**self._looks, **history(self._outcomes, self.ledger, self.refresh_id)}

    @cached_property
    def _looks(self) -> dict[str, Table]:
        former = self.current.database if self.current else None
        sources = self.registry.sources
        remembered = self._memory.last_wholes()
        return looks(self._outcomes, self.ledger, self.refresh_id, former, sources, remembered)

    @property
    def _former(self) -> Path | None:
        """The current release's file, if a candidate may be made of it: same models and registry, not too old."""
        current = self.current
        if current is None or any(current.inputs.get(part) != self._inputs[part] for part in _WHOLE):
            return None
        built = str(current.manifest.get("built_whole_at") or "")
        if not built or clock.now() - datetime.fromisoformat(built) > _WHOLE_AGAIN:
            return None
        return current.database

    @property
    def _built_whole_at(self) -> str:
        """When all of the candidate was last made anew."""
        if self._built is not None:
            return self._built.built_whole_at
        if self.current is None or self._loaded.changed_issuers is None:
            return clock.now().isoformat(timespec="seconds")
        return str(self.current.manifest["built_whole_at"])

    @property
    def _base(self) -> str | None:
        return self.current.release_id if self.current else None

    @property
    def _candidate(self) -> Candidate:
        return Candidate.of(self.settings.builds, self.refresh_id, self._warehouse)

    def _batch(self, source_id: str) -> str:
        # A harvest that is tried again goes into a batch of its own.
        return self.archive.unused_batch(f"{self.refresh_id}-{source_id}")

    def note(self, outcomes: Sequence[OutcomeRow], visit: SourceVisit | None = None) -> None:
        """Writes down how captures, or a visit, ended."""
        with self._guard:
            self.ledger.add_outcomes(self.refresh_id, outcomes)
            if visit:
                self.ledger.add_visit(self.refresh_id, visit)
        for row in outcomes:
            if row.outcome not in ORDINARY_OUTCOMES:
                log.warning("%s · %s", row.outcome, row.sentence)


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not {"target", "logs", "__pycache__"} & set(path.relative_to(folder).parts):
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
