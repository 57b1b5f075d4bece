"""What the tasks of one refresh share: its record, its visits and its build over one home. No Prefect in here.

A plain class on purpose: Prefect walks through dataclasses and lists among a task's arguments, not through this.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence

from flows.build import Build
from flows.record import Record
from flows.visits import Visits
from nianbao.archive import Archive
from nianbao.model import Capture, Registry
from nianbao.monitoring.alerts import after_refresh
from nianbao.registry import load_registry
from nianbao.settings import Settings, project_dir
from nianbao.warehouse.ingest import pending, readable
from nianbao.warehouse.keep import keep
from nianbao.warehouse.lake import Lake
from nianbao.warehouse.ledger import RefreshState
from nianbao.warehouse.lock import Hold
from nianbao.warehouse.release import finish_interrupted, move_link
from nianbao.warehouse.release.shared import share_current
from nianbao.warehouse.rules import rules_of
from nianbao.warehouse.stored import push_home
from nianbao.warehouse.workplace import Order, Workplace

log = logging.getLogger("nianbao.refresh")


class Refresh:
    """One refresh of one home. record: how it is written down; visits: what it fetches; build: what it makes of it."""

    def __init__(self, settings: Settings, registry: Registry, record: Record) -> None:
        self.settings = settings
        self.registry = registry
        self.record = record
        self.archive = Archive(settings.archive)
        self.rules = rules_of(registry)
        self.lake = Lake(settings.lake, self.rules.version)
        self.workplace = Workplace(
            self.archive,
            self.lake,
            registry,
            seconds=settings.read_seconds,
            memory_mb=settings.read_memory_mb,
            processes=os.cpu_count() or 1,
        )
        self.visits = Visits(settings, registry, self.archive, record)
        self.build = Build(settings, registry, self.lake, self.visits, record)

    @classmethod
    def begin(cls, settings: Settings, purpose: str, lock: Hold) -> Refresh:
        """Reads the registry and opens the record. Raises RegistryError before anything is touched."""
        registry = load_registry(settings.registry_folder, project_dir("data"))
        return cls(settings, registry, Record(settings, purpose, lock))

    def tidy(self) -> None:
        """Finishes or removes what a killed refresh left."""
        finished = finish_interrupted(self.settings.releases, self.settings.current, self.record.ledger)
        if finished:
            log.warning("completed the release %s that a killed refresh had approved", finished)
        self.lake.sweep()

    def remember_registry(self) -> None:
        """Makes the registry in use the one that the home is read with from now on."""
        if self.settings.data is not None:
            move_link(self.settings.registry_link, self.settings.data)

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

    def share(self) -> None:
        """Brings storage and warehouse on DuckLake, where the settings name them, up to what this home has.

        Raises ConflictError, StorageError, LakeError.
        """
        stored = push_home(self.settings, self.record.ledger)
        if stored.anything:
            log.info("storage · %s stored", stored)
        shared = share_current(self.settings, self.record.ledger)
        if shared:
            log.info("release · %s is in the warehouse on DuckLake", shared)

    def tell_alerts(self) -> None:
        """Tells what became wrong with the home, and what is well again."""
        row = self.record.row
        well = row.purpose == "refresh" and row.state in (RefreshState.PUBLISHED, RefreshState.QUIET)
        after_refresh(self.settings, self.registry, success=well)

    def close(self) -> None:
        """Ends worker processes and connections."""
        self.workplace.close()
        self.visits.close()
        self.archive.close()
        self.record.close()
