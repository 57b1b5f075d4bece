"""The book of alerts: which are open, which were resolved, and what of that has been told. One SQLite file.

An alert is open from the first look that sees its condition to the first that does not. Opening and resolution are told
once each to every channel, which the book knows by a hash of its address. Whoever looks holds the book while it sends, so that two lookers do not tell the same; one that is killed while
sending leaves it to the next to tell it again: rather twice than never.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from nianbao.monitoring.conditions import AlertKind, Condition, Severity

_SCHEMA = """
create table if not exists alert (
    alert_id integer primary key,
    kind text not null,
    subject text not null,
    severity text not null,
    sentence text not null,
    remedy text not null,
    opened_at text not null,
    seen_at text not null,
    resolved_at text
);
create table if not exists telling (
    alert_id integer not null,
    channel text not null,
    severity text not null,
    told_at text not null,
    resolution_told_at text,
    primary key (alert_id, channel)
);
create unique index if not exists open_alert on alert (kind, subject) where resolved_at is null;
"""
# A warning that comes back so soon is told only if it stays so long: what is bad every other night would be told over and
# over. More than two nights, so that minutes decide nothing.
_CALM = timedelta(hours=60)
_KEPT = timedelta(days=400)
_WORST_FIRST = "order by severity = 'warning', alert_id"
_FIRST_TOLD = "(select min(told_at) from telling where telling.alert_id = alert.alert_id)"
_COLUMNS = (
    f"kind, subject, severity, sentence, remedy, opened_at, seen_at, resolved_at, {_FIRST_TOLD}, alert_id"
)
# What books knew that were kept before channels were told apart: it was told to all channels there were.
_EVERYBODY = "*"
_MIGRATION = f"""
insert into telling select alert_id, '{_EVERYBODY}', coalesce(told_severity, severity), told_at, resolution_told_at
from alert where told_at is not null;
alter table alert drop column told_at;
alter table alert drop column told_severity;
alter table alert drop column resolution_told_at;
"""  # noqa: S608 - own text


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. opened_at, seen_at (last), resolved_at, told_at (first, on any channel): aware, None where it has not
    happened."""

    kind: AlertKind
    subject: str
    severity: Severity
    sentence: str
    remedy: str
    opened_at: datetime
    seen_at: datetime
    resolved_at: datetime | None
    told_at: datetime | None
    alert_id: int


class AlertBook:
    """Opens the book at a path; the file is made by the first look."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def held(self) -> Iterator[HeldBook]:
        """The book for one look, which others wait for. What was noted stays if the body ends without an exception."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=60, isolation_level=None)) as connection:
            connection.executescript(_SCHEMA)
            connection.execute("begin immediate")
            try:
                _migrate(connection)
                yield HeldBook(connection)
            except BaseException:
                connection.execute("rollback")
                raise
            connection.execute("commit")

    def open_alerts(self) -> list[Alert]:
        """Those that are open, the worst and oldest first."""
        return self._read(f"where resolved_at is null {_WORST_FIRST}")

    def resolved_alerts(self, limit: int = 10) -> list[Alert]:
        """The last that were resolved, newest first."""
        return self._read(f"where resolved_at is not null order by resolved_at desc limit {limit:d}")

    def tellings(self) -> dict[int, list[tuple[str, str, str]]]:
        """By alert: the channels that were told of it, as what (severity), and when (ISO)."""
        found: dict[int, list[tuple[str, str, str]]] = {}
        if not self.path.exists():
            return found
        with self._reading() as connection:
            rows = connection.execute("select alert_id, channel, severity, told_at from telling")
            for alert_id, *telling in rows.fetchall():
                found.setdefault(alert_id, []).append((telling[0], telling[1], telling[2]))
        return found

    def _read(self, rest: str) -> list[Alert]:
        if not self.path.exists():
            return []
        with self._reading() as connection:
            return _alerts(connection, rest)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=5)) as connection:
            if not connection.execute("select 1 from sqlite_master where name = 'telling'").fetchone():
                with self.held():  # brings it to the present schema
                    pass
            yield connection


class HeldBook:
    """The book while somebody looks."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._connection = connection

    def adopt(self, other: AlertBook) -> None:
        """Takes over what another book has open, with who was told of it."""
        known = {
            (alert.kind, alert.subject): alert.alert_id for alert in self._find("where resolved_at is null")
        }
        tellings = other.tellings()
        for alert in other.open_alerts():
            own = known.get((alert.kind, alert.subject)) or self._open(alert, alert.opened_at)
            for telling in tellings.get(alert.alert_id, ()):
                self._run("insert or ignore into telling values (?, ?, ?, ?, null)", (own, *telling))

    def note(
        self, conditions: Iterable[Condition], at: datetime, unknown: Collection[AlertKind] = ()
    ) -> None:
        """Opens and resolves alerts by what is wrong at a moment. unknown: kinds of which nothing can be said now; theirs
        stay as they are."""
        known = {(alert.kind, alert.subject): alert for alert in self._find("where resolved_at is null")}
        for condition in conditions:
            alert = known.pop((condition.kind, condition.subject), None)
            if alert is None:
                self._open(condition, at)
                continue
            self._run(
                "update alert set seen_at = ?, sentence = ?, remedy = ?, severity = ? where alert_id = ?",
                (
                    at.isoformat(),
                    condition.sentence,
                    condition.remedy,
                    condition.severity,
                    alert.alert_id,
                ),
            )
        for alert in (each for each in known.values() if each.kind not in unknown):
            self._run("update alert set resolved_at = ? where alert_id = ?", (at.isoformat(), alert.alert_id))
        self._run("delete from alert where resolved_at < ?", ((at - _KEPT).isoformat(),))
        self._run("delete from telling where alert_id not in (select alert_id from alert)")

    def to_open(self, channel: str, at: datetime) -> list[Alert]:
        """Open alerts that a channel was not told of, or only before they became critical, the worst first. A warning that was
        open less than 60 hours ago waits until it has stayed for as long."""
        known = "select 1 from telling where telling.alert_id = alert.alert_id and channel = ?"
        enough = "(alert.severity = 'warning' or telling.severity = 'critical')"
        untold = f"where resolved_at is null and not exists ({known} and {enough}) {_WORST_FIRST}"
        return [
            alert
            for alert in self._find(untold, channel)
            if alert.severity is Severity.CRITICAL
            or at - alert.opened_at >= _CALM
            or not self._was_told(alert)
        ]

    def to_resolve(self, channel: str) -> list[Alert]:
        """Resolved alerts that a channel was told of, but not yet that they are resolved."""
        told = "select alert_id from telling where channel = ? and resolution_told_at is null"
        return self._find(
            f"where resolved_at is not null and alert_id in ({told}) order by alert_id", channel
        )

    def told(self, channel: str, opened: Sequence[Alert], resolved: Sequence[Alert], at: datetime) -> None:
        """Notes what a channel has been told."""
        for alert in opened:
            self._run(
                "insert into telling values (?, ?, ?, ?, null) on conflict do update set severity = excluded.severity",
                (alert.alert_id, channel, alert.severity, at.isoformat()),
            )
        for alert in resolved:
            self._run(
                "update telling set resolution_told_at = ? where alert_id = ? and channel = ?",
                (at.isoformat(), alert.alert_id, channel),
            )

    def know(self, channels: Iterable[str]) -> None:
        """Notes the channels there are, so that what an older book told to everybody counts as told to each of them."""
        old = f"from telling where channel = '{_EVERYBODY}'"
        for channel in channels:
            self._run(
                "insert or ignore into telling"
                f" select alert_id, ?, severity, told_at, resolution_told_at {old}",
                (channel,),
            )
        self._run(f"delete {old}")

    def _open(self, condition: Condition | Alert, at: datetime) -> int:
        """The number of the alert that this opens."""
        values = {"kind": condition.kind, "subject": condition.subject, "at": at.isoformat()}
        # Nobody has heard yet that the former one was resolved: for everybody it is still the same.
        again = self._run(
            "update alert set resolved_at = null, seen_at = :at where alert_id = (select max(alert_id) from alert"
            " where kind = :kind and subject = :subject) and alert_id in (select alert_id from telling group by alert_id"
            " having count(resolution_told_at) = 0) returning alert_id",
            values,
        ).fetchone()
        if again:
            return int(again[0])
        opened = self._run(
            "insert into alert (kind, subject, severity, sentence, remedy, opened_at, seen_at)"
            " values (:kind, :subject, :severity, :sentence, :remedy, :at, :at)",
            values
            | {"severity": condition.severity, "sentence": condition.sentence, "remedy": condition.remedy},
        )
        number = int(opened.lastrowid or 0)
        # The same for those channels that have not heard that the former one was resolved.
        self._run(
            "update telling set alert_id = ? where resolution_told_at is null and alert_id in"
            " (select alert_id from alert where kind = ? and subject = ? and resolved_at is not null)",
            (number, condition.kind, condition.subject),
        )
        return number

    def _was_told(self, alert: Alert) -> bool:
        """True if the same was told and resolved less than 60 hours before it opened again."""
        since = (alert.opened_at - _CALM).isoformat()
        found = self._run(
            "select 1 from alert join telling using (alert_id) where kind = ? and subject = ? and resolved_at > ?"
            " and alert_id < ?",
            (alert.kind, alert.subject, since, alert.alert_id),
        ).fetchone()
        return found is not None

    def _find(self, rest: str, *values: str) -> list[Alert]:
        return _alerts(self._connection, rest, *values)


def _migrate(connection: sqlite3.Connection) -> None:
    """Brings a book to the present schema."""
    if "told_at" in {row[1] for row in connection.execute("pragma table_info(alert)")}:
        for statement in _MIGRATION.split(";\n"):
            connection.execute(statement)


def _alerts(connection: sqlite3.Connection, rest: str, *values: str) -> list[Alert]:
    rows = connection.execute(f"select {_COLUMNS} from alert {rest}", values).fetchall()  # noqa: S608 - own text
    return [
        Alert(
            AlertKind(kind),
            subject,
            Severity(severity),
            sentence,
            remedy,
            datetime.fromisoformat(opened),
            datetime.fromisoformat(seen),
            _time(resolved),
            _time(told),
            alert_id,
        )
        for kind, subject, severity, sentence, remedy, opened, seen, resolved, told, alert_id in rows
    ]


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
