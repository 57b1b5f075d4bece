"""The ledger: refreshes, outcomes and verdicts, kept outside every candidate, so that refused, failed and quiet
nights can be read afterwards. One SQLite file; written by the holder of the home's lock, read by anyone."""

from __future__ import annotations

import logging
import secrets
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from nianbao import clock
from nianbao.model import Check, OutcomeRow, SourceState, SourceStretch, SourceVisit

log = logging.getLogger("nianbao.ledger")

# For whoever has the file locked, and of that without a word: nobody locks readers out for longer.
_WAIT_SECONDS = 30
_SILENT_SECONDS = 2
_SCHEMA = """
create table if not exists refresh (
    refresh_id text primary key,
    purpose text not null,
    started_at text not null,
    ended_at text,
    state text not null,
    sentence text not null default '',
    release_id text
);
create table if not exists outcome (
    refresh_id text not null references refresh,
    stage text not null,
    outcome text not null,
    sentence text not null,
    url text not null,
    source_id text not null,
    at text not null,
    capture_id text not null
);
create index if not exists outcome_of_refresh on outcome (refresh_id);
create table if not exists visit (
    refresh_id text not null references refresh,
    source_id text not null,
    began_at text not null,
    ended_at text not null,
    state text not null,
    sentence text not null,
    whole integer not null,
    links integer not null,
    new integer not null,
    postponed integer not null
);
create index if not exists visit_of_source_and_state on visit (source_id, state);
create table if not exists verdict (
    refresh_id text not null references refresh,
    check_id text not null,
    suite text not null,
    subject text not null,
    severity text not null,
    verdict text not null,
    value text not null,
    threshold text not null,
    sentence text not null,
    sample text not null,
    accepted_reason text not null default ''
);
create index if not exists verdict_of_refresh on verdict (refresh_id);
"""


# One row per source and state is found in the index alone; of a stretch, only its own rows are read.
_STRETCHES = """
with last_of_state as materialized (
    select source_id, state, max(rowid) as nth from visit where state <> 'postponed' group by source_id, state
),
latest as (select source_id, max(nth) as nth from last_of_state group by source_id),
former as (
    select source_id, max(last_of_state.nth) as nth from last_of_state join latest using (source_id)
    where last_of_state.nth <> latest.nth group by source_id
),
present as (
    select visit.source_id, min(visit.rowid) as nth, count(distinct visit.refresh_id) as nights
    from latest join visit as last on last.rowid = latest.nth left join former using (source_id)
    join visit on visit.source_id = last.source_id and visit.state = last.state and visit.rowid > coalesce(former.nth, 0)
    group by visit.source_id
)
select last.source_id, last.state, last.sentence, first.ended_at, last.ended_at, present.nights, first.refresh_id,
       before.state, well.ended_at
from latest join present using (source_id)
join visit as last on last.rowid = latest.nth
join visit as first on first.rowid = present.nth
left join former using (source_id)
left join visit as before on before.rowid = former.nth
left join last_of_state as ok on ok.source_id = latest.source_id and ok.state = 'ok'
left join visit as well on well.rowid = ok.nth
order by latest.source_id
"""


class RefreshState(StrEnum):
    """How a refresh stands: a closed list. A refresh that is still `running` without a lock holder was killed."""

    RUNNING = "running"
    PUBLISHED = "published"
    QUIET = "quiet"
    SHOWN = "shown"  # a reextract that was only to show what it would change
    GATHERED = "gathered"  # a batch of a backfill: archived and read, and published by whoever publishes next
    REFUSED = "refused"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class RefreshRow:
    """One refresh as the ledger knows it. Times are ISO 8601 in UTC."""

    refresh_id: str
    purpose: str
    started_at: str
    ended_at: str | None
    state: RefreshState
    sentence: str
    release_id: str | None


class Ledger:
    """Opens the ledger of a home; the file is created by the first refresh. Threads share it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.RLock()
        self._held: sqlite3.Connection | None = None

    def hold(self) -> None:
        """Keeps the file open until `close`: opening it for each of a night's many writes costs more than the visits."""
        with self._guard:
            if self._held is None:
                self._held = self._open()

    def close(self) -> None:
        """Ends what `hold` began."""
        with self._guard:
            if self._held is not None:
                self._held.close()
                self._held = None

    @contextmanager
    def _write(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """A transaction. durable: it outlives a power cut too; any outlives the death of the process."""
        with self._guard:
            connection = self._held or self._open()
            try:
                connection.execute(f"pragma synchronous = {'full' if durable else 'normal'}")
                with connection:
                    yield connection
            finally:
                if connection is not self._held:
                    connection.close()

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=_WAIT_SECONDS, check_same_thread=False)
        try:
            connection.execute("pragma journal_mode = wal")
            connection.executescript(_SCHEMA)
            _complete(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _read(self, sql: str, *parameters: object) -> list[tuple[object, ...]]:
        return self._read_named(sql, *parameters)[1]

    def _read_named(self, sql: str, *parameters: object) -> tuple[list[str], list[tuple[object, ...]]]:
        """The columns of a query, and its rows; nothing before the first refresh."""
        if not self._path.exists():
            return [], []
        with closing(sqlite3.connect(self._path, timeout=_SILENT_SECONDS)) as connection:
            try:
                found = connection.execute(sql, parameters)
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    raise
                log.warning("another process has %s locked; waiting for it", self._path)
                connection.execute(f"pragma busy_timeout = {_WAIT_SECONDS * 1000}")
                found = connection.execute(sql, parameters)
            return [str(column[0]) for column in found.description], found.fetchall()

    def begin(self, purpose: str) -> str:
        """Opens a refresh, closes those that a dead process left open, and returns the new refresh_id."""
        now = clock.now()
        refresh_id = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
        with self._write() as connection:
            connection.execute(
                "update refresh set state = ?, ended_at = ?, sentence = ? where state = ?",
                (
                    RefreshState.INTERRUPTED,
                    now.isoformat(timespec="seconds"),
                    "ended without a word (killed or crashed); what it had archived is kept and used",
                    RefreshState.RUNNING,
                ),
            )
            connection.execute(
                "insert into refresh (refresh_id, purpose, started_at, state) values (?, ?, ?, ?)",
                (refresh_id, purpose, now.isoformat(timespec="seconds"), RefreshState.RUNNING),
            )
        return refresh_id

    def end(self, refresh_id: str, state: RefreshState, sentence: str, release_id: str | None = None) -> None:
        """Closes a refresh with its final state and a sentence for people."""
        with self._write() as connection:
            connection.execute(
                "update refresh set state = ?, ended_at = ?, sentence = ?, release_id = ? where refresh_id = ?",
                (state, clock.now().isoformat(timespec="seconds"), sentence, release_id, refresh_id),
            )

    def add_outcomes(self, refresh_id: str, rows: Iterable[OutcomeRow]) -> None:
        """Appends outcome rows of one batch."""
        with self._write(durable=False) as connection:
            connection.executemany(
                "insert into outcome values (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        refresh_id,
                        r.stage,
                        r.outcome,
                        r.sentence,
                        r.url,
                        r.source_id,
                        r.at.isoformat(),
                        r.capture_id,
                    )
                    for r in rows
                ],
            )

    def add_visit(self, refresh_id: str, visit: SourceVisit) -> None:
        """Notes how a visit to a source ended."""
        with self._write(durable=False) as connection:
            connection.execute(
                "insert into visit values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    refresh_id,
                    visit.source_id,
                    visit.began_at.isoformat(),
                    visit.ended_at.isoformat(),
                    visit.state,
                    visit.sentence,
                    visit.whole,
                    visit.links,
                    visit.new,
                    visit.postponed,
                ),
            )

    def add_verdicts(self, refresh_id: str, checks: Iterable[Check]) -> None:
        """Appends the verdicts on a candidate, whether it was then published or refused."""
        with self._write() as connection:
            connection.executemany(
                "insert into verdict values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        refresh_id,
                        c.check_id,
                        c.suite,
                        c.subject,
                        c.severity,
                        c.verdict,
                        c.value,
                        c.threshold,
                        c.sentence,
                        c.sample,
                        c.accepted_reason,
                    )
                    for c in checks
                ],
            )

    def refreshes(self, limit: int = 20) -> list[RefreshRow]:
        """The latest refreshes, newest first."""
        rows = self._read(
            "select refresh_id, purpose, started_at, ended_at, state, sentence, release_id "
            "from refresh order by rowid desc limit ?",
            limit,
        )
        return [
            RefreshRow(
                str(r[0]), str(r[1]), str(r[2]), _text(r[3]), RefreshState(str(r[4])), str(r[5]), _text(r[6])
            )
            for r in rows
        ]

    def outcomes(self, refresh_id: str) -> list[dict[str, str]]:
        """All outcome rows of one refresh, in the order they happened."""
        columns = ("stage", "outcome", "sentence", "url", "source_id", "at", "capture_id")
        rows = self._read(
            f"select {', '.join(columns)} from outcome where refresh_id = ? order by rowid",
            refresh_id,
        )
        return [dict(zip(columns, map(str, row), strict=True)) for row in rows]

    def last_visits(self) -> dict[str, SourceVisit]:
        """source_id → the visit to it that ended last."""
        latest = "select max(rowid) from visit group by source_id"
        return {visit.source_id: visit for _, visit in self._visits(f"rowid in ({latest})")}

    def first_visits(self) -> list[SourceVisit]:
        """The first visit to each source, and the first to it that read its listings to their end and found reports."""
        first = "select min(rowid) from visit group by source_id"
        whole = "select min(rowid) from visit where whole and links group by source_id"
        return [visit for _, visit in self._visits(f"rowid in ({first}) or rowid in ({whole})")]

    def visits(
        self, source_id: str | None = None, refresh_id: str | None = None
    ) -> list[tuple[str, SourceVisit]]:
        """(refresh_id, visit) of all visits, of those to one source or in one refresh, in the order they ended."""
        condition = "(?1 is null or source_id = ?1) and (?2 is null or refresh_id = ?2)"
        return self._visits(condition, source_id, refresh_id)

    def _visits(self, condition: str, *parameters: object) -> list[tuple[str, SourceVisit]]:
        rows = self._visit_rows(
            "select refresh_id, source_id, began_at, ended_at, state, sentence, whole, links, new, postponed"
            f" from visit where {condition} order by rowid",
            *parameters,
        )
        return [(str(row[0]), _visit(row[1:])) for row in rows]

    def _visit_rows(self, sql: str, *parameters: object) -> list[tuple[object, ...]]:
        try:
            return self._read(sql, *parameters)
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):  # a ledger that an earlier version wrote
                return []
            raise

    def last_refresh_with_visits(self) -> str | None:
        """The refresh that visited a source last, None if none ever did."""
        rows = self._visit_rows("select refresh_id from visit order by rowid desc limit 1")
        return str(rows[0][0]) if rows else None

    def stretches(self) -> list[SourceStretch]:
        """How each source that was ever visited stands, and since when."""
        return [
            SourceStretch(
                source_id=str(row[0]),
                state=SourceState(str(row[1])),
                sentence=str(row[2]),
                since_at=datetime.fromisoformat(str(row[3])),
                visited_at=datetime.fromisoformat(str(row[4])),
                nights=int(str(row[5])),
                first_refresh_id=str(row[6]),
                former=SourceState(str(row[7])) if row[7] else None,
                last_ok_at=datetime.fromisoformat(str(row[8])) if row[8] else None,
            )
            for row in self._visit_rows(_STRETCHES)
        ]

    def verdicts(self, refresh_id: str) -> list[dict[str, str]]:
        """All verdicts of one refresh."""
        columns, found = self._read_named(
            "select * from verdict where refresh_id = ? order by rowid", refresh_id
        )
        # A ledger that an earlier version wrote knows no accepted failures.
        rows = [{"accepted_reason": "", **dict(zip(columns, map(str, row), strict=True))} for row in found]
        for row in rows:
            del row["refresh_id"]
        return rows

    def last_verdicts(self, limit: int = 30) -> list[list[dict[str, str]]]:
        """The verdicts of the latest refreshes that came to the gate, newest first."""
        rows = self._read(
            "select refresh_id from refresh where refresh_id in (select refresh_id from verdict) "
            "order by rowid desc limit ?",
            limit,
        )
        return [self.verdicts(str(row[0])) for row in rows]


def _complete(connection: sqlite3.Connection) -> None:
    """Adds what a ledger lacks that an earlier version made."""
    columns = {row[1] for row in connection.execute("pragma table_info(verdict)")}
    if "accepted_reason" not in columns:
        connection.execute("alter table verdict add column accepted_reason text not null default ''")


def _visit(row: tuple[object, ...]) -> SourceVisit:
    source_id, began_at, ended_at, state, sentence, whole, links, new, postponed = map(str, row)
    return SourceVisit(
        source_id,
        datetime.fromisoformat(began_at),
        datetime.fromisoformat(ended_at),
        SourceState(state),
        sentence,
        whole == "1",
        int(links),
        int(new),
        int(postponed),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
