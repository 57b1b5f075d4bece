"""The book of alerts: which are open, which were resolved, and what of that has been told. One SQLite file.

An alert is open from the first look that sees its condition to the first that does not. Opening and resolution are told
once each. Whoever looks holds the book while it sends, so that two lookers do not tell the same; one that is killed while
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
    resolved_at text,
    told_at text,
    told_severity text,
    resolution_told_at text
);
create unique index if not exists open_alert on alert (kind, subject) where resolved_at is null;
"""
# A warning that comes back so soon is told only if it stays so long: what is bad every other night would be told over and
# over. More than two nights, so that minutes decide nothing.
_CALM = timedelta(hours=60)
_KEPT = timedelta(days=400)
_WORST_FIRST = "order by severity = 'warning', alert_id"
_COLUMNS = "kind, subject, severity, sentence, remedy, opened_at, seen_at, resolved_at, told_at, alert_id"


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. opened_at, seen_at (last), resolved_at, told_at: aware, None where it has not happened."""

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

    def _read(self, rest: str) -> list[Alert]:
        if not self.path.exists():
            return []
        with closing(sqlite3.connect(self.path, timeout=5)) as connection:
            return _alerts(connection, rest)


class HeldBook:
    """The book while somebody looks."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._connection = connection

    def adopt(self, alerts: Iterable[Alert]) -> None:
        """Takes over what another book had open, with whether people were told of it."""
        known = {(alert.kind, alert.subject) for alert in self._find("where resolved_at is null")}
        for alert in alerts:
            if (alert.kind, alert.subject) not in known:
                self._open(alert, alert.opened_at)
            if alert.told_at:
                self._run(
                    "update alert set told_at = ?, told_severity = ? where kind = ? and subject = ?"
                    " and resolved_at is null and told_at is null",
                    (alert.told_at.isoformat(), alert.severity, alert.kind, alert.subject),
                )

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

    def to_open(self, at: datetime) -> list[Alert]:
        """Open alerts that nobody was told of, or only before they became critical, the worst first. A warning that was open
        less than 60 hours ago waits until it has stayed for as long."""
        untold = "told_at is null or (severity = 'critical' and told_severity = 'warning')"
        return [
            alert
            for alert in self._find(f"where resolved_at is null and ({untold}) {_WORST_FIRST}")
            if alert.severity is Severity.CRITICAL
            or at - alert.opened_at >= _CALM
            or not self._was_told(alert)
        ]

    def to_resolve(self) -> list[Alert]:
        """Resolved alerts that people were told of, but not yet that they are resolved."""
        return self._find(
            "where resolved_at is not null and told_at is not null and resolution_told_at is null order by alert_id"
        )

    def told(self, opened: Sequence[Alert], resolved: Sequence[Alert], at: datetime) -> None:
        """Notes what people have been told."""
        for alert in opened:
            self._run(
                "update alert set told_at = ?, told_severity = severity where alert_id = ?",
                (at.isoformat(), alert.alert_id),
            )
        for alert in resolved:
            self._run(
                "update alert set resolution_told_at = ? where alert_id = ?", (at.isoformat(), alert.alert_id)
            )

    def _open(self, condition: Condition | Alert, at: datetime) -> None:
        # Nobody has heard yet that the former one was resolved: for everybody it is still the same.
        again = self._run(
            "update alert set resolved_at = null, seen_at = ? where kind = ? and subject = ?"
            " and resolved_at is not null and told_at is not null and resolution_told_at is null",
            (at.isoformat(), condition.kind, condition.subject),
        )
        if again.rowcount:
            return
        self._run(
            "insert into alert (kind, subject, severity, sentence, remedy, opened_at, seen_at)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            (
                condition.kind,
                condition.subject,
                condition.severity,
                condition.sentence,
                condition.remedy,
                at.isoformat(),
                at.isoformat(),
            ),
        )

    def _was_told(self, alert: Alert) -> bool:
        """True if the same was told and resolved less than 60 hours before it opened again."""
        since = (alert.opened_at - _CALM).isoformat()
        found = self._run(
            "select 1 from alert where kind = ? and subject = ? and told_at is not null and resolved_at > ?"
            " and alert_id < ?",
            (alert.kind, alert.subject, since, alert.alert_id),
        ).fetchone()
        return found is not None

    def _find(self, rest: str) -> list[Alert]:
        return _alerts(self._connection, rest)


def _alerts(connection: sqlite3.Connection, rest: str) -> list[Alert]:
    rows = connection.execute(f"select {_COLUMNS} from alert {rest}").fetchall()  # noqa: S608 - own text
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
