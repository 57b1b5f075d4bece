"""How one run of a flow is written down: its row in the ledger, what became of captures and visits, and how it ended."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from nianbao.model import ORDINARY_OUTCOMES, Outcome, OutcomeRow, SourceVisit
from nianbao.settings import Settings
from nianbao.warehouse.ledger import Ledger, RefreshRow, RefreshState
from nianbao.warehouse.lock import Hold
from nianbao.warehouse.operation import OutcomeLake, outcome_rows
from nianbao.warehouse.release import ReleaseError, current_release

log = logging.getLogger("nianbao.refresh")


class Record:
    """The record of one run, opened with a row that says it is running. lock: the writer's, without which nothing ends well."""

    def __init__(self, settings: Settings, purpose: str, lock: Hold) -> None:
        self.refresh_id = Ledger(settings.ledger).begin(purpose)
        self.ledger = Ledger(settings.ledger)
        self.ledger.hold()
        self.outcomes = OutcomeLake(settings.lake)
        self.lock = lock
        self._current = settings.current
        self._guard = threading.Lock()

    @property
    def row(self) -> RefreshRow:
        """The run as the ledger has it now."""
        return next(row for row in self.ledger.refreshes() if row.refresh_id == self.refresh_id)

    def note(self, outcomes: Sequence[OutcomeRow], visit: SourceVisit | None = None) -> None:
        """Writes down how captures, or a visit, ended; called from any thread."""
        with self._guard:
            self.ledger.add_outcomes(self.refresh_id, outcomes)
            if visit:
                self.ledger.add_visit(self.refresh_id, visit)
        for row in outcomes:
            if row.outcome not in ORDINARY_OUTCOMES:
                log.warning("%s · %s", row.outcome, row.sentence)

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

    def end(self, state: RefreshState, sentence: str, release_id: str | None = None) -> None:
        """Closes the ledger's row, and puts the outcomes into the lake. Raises LockLostError if the home is another's."""
        self.lock.check()
        self.ledger.end(self.refresh_id, state, sentence, release_id)
        self.outcomes.write(self.refresh_id, outcome_rows(self.ledger, self.refresh_id))

    def stopped(self, why: str) -> None:
        """Closes the ledger's row of a run that is ended in the middle; called from any thread, whatever the others do."""
        if self.row.state is not RefreshState.RUNNING:
            return
        try:
            published = current_release(self._current)
        except ReleaseError:
            published = None
        if published and published.manifest.get("refresh_id") == self.refresh_id:
            sentence = f"published {published.release_id}; then {why}"
            self.end(RefreshState.PUBLISHED, sentence, published.release_id)
        else:
            sentence = f"{why}; what was archived is kept, and the next run goes on from there"
            self.end(RefreshState.INTERRUPTED, sentence)

    def close(self) -> None:
        """Closes the ledger."""
        self.ledger.close()
