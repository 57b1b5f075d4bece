"""A home made through the ledger's own methods, whose nights a test writes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from nianbao.model import SourceState, SourceVisit
from nianbao.settings import Settings
from nianbao.warehouse.ledger import Ledger, RefreshState

BEGINNING = datetime(2026, 3, 1, 18, tzinfo=UTC)


class Home:
    """A home whose nights a test writes: how each source stood, and how the refresh ended."""

    def __init__(self, folder, registry, monkeypatch):
        self.settings = Settings(home=folder)
        self.registry = registry
        self._patch = monkeypatch
        self.night_number = 0

    @property
    def at(self):
        """The end of the last night."""
        return BEGINNING + timedelta(days=self.night_number - 1)

    def night(self, state=RefreshState.QUIET, **sources):
        """One refresh, in which some sources (names with _ for -) were visited and stood so."""
        self.night_number += 1
        self._patch.setattr("nianbao.warehouse.ledger.clock.now", lambda: self.at)
        ledger = Ledger(self.settings.ledger)
        refresh_id = ledger.begin("refresh")
        for name, stood in sources.items():
            source_id = name.replace("_", "-")
            visit = SourceVisit(
                source_id, self.at, self.at, SourceState(stood), f"it was {stood}", True, 1, 0, 0
            )
            ledger.add_visit(refresh_id, visit)
        if state is not RefreshState.RUNNING:
            ledger.end(refresh_id, state, f"it was {state}")
        return refresh_id
