"""Accepted exceptions: failures that people have looked at and let pass, for a reason and until a day.

    - check: issuer_registered
      rows: [{issuer_id: unregistered-990102-0a1b2c3d}]    # columns of the check's sample; all given ones must fit
      reason: the body was dissolved before it was registered; its one report stays
      expires: 2026-12-31                                  # the last day on which it counts

The verdict of an accepted failure stays `fail`, with the reason beside it; it refuses nothing. A critical check is accepted row
by row, or, where it counts something, for the one value that was looked at (`value: 24` in place of `rows`). What has expired, or fits nothing any more, is told by the check `exceptions_in_use`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from nianbao.model import Check, Verdict
from nianbao.warehouse.suites import SuiteCheck, SuiteError, known_keys, required_keys, suggestion

_KEYS = ("check", "rows", "value", "reason", "expires")
CHECK_ID = "exceptions_in_use"


@dataclass(frozen=True, slots=True)
class AcceptedException:
    """One entry of the file. rows: columns and values as text, empty for the check as a whole. value: what the check found,
    as its verdict says it; None for any."""

    check_id: str
    rows: tuple[Mapping[str, str], ...]
    reason: str
    expires: date
    where: str
    value: str | None = None

    def fits(self, row: object) -> bool:
        """True if a row of the check's result is one of those accepted."""
        if not self.rows:
            return True
        if not isinstance(row, Mapping):
            return False
        found = {str(name): str(value) for name, value in row.items()}
        return any(wanted.items() <= found.items() for wanted in self.rows)


def read_exceptions(file: Path | None, checks: Iterable[SuiteCheck]) -> tuple[AcceptedException, ...]:
    """The entries of a file; none where there is no file. Raises SuiteError, naming the entry and what is wrong."""
    if file is None or not file.exists():
        return ()
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise SuiteError(f"{file} cannot be read as YAML: {' '.join(str(error).split())}") from error
    if content is None:
        return ()
    if not isinstance(content, list):
        raise SuiteError(f"{file}: exceptions are a list of entries with {', '.join(_KEYS)}")
    severities = {check.check_id: check.severity for check in checks}
    return tuple(_entry(item, f"{file}, entry {n}", severities) for n, item in enumerate(content, start=1))


def _entry(item: object, where: str, severities: Mapping[str, str]) -> AcceptedException:
    if not isinstance(item, dict):
        raise SuiteError(f"{where}: an exception is a mapping with {', '.join(_KEYS)}")
    known_keys(item, _KEYS, where)
    required_keys(item, ("check", "reason", "expires"), where)
    check_id, rows, expires = str(item["check"]), item.get("rows") or [], item["expires"]
    if check_id not in severities:
        raise SuiteError(f"{where}: no check '{check_id}'{suggestion(check_id, severities)}")
    if not isinstance(expires, date):
        raise SuiteError(f"{where}: expires is the last day on which it counts, such as 2026-12-31")
    if not isinstance(rows, list) or not all(isinstance(row, dict) and row for row in rows):
        raise SuiteError(f"{where}: rows is a list of mappings from columns of the check's sample to values")
    value = item.get("value")
    if severities[check_id] == "critical" and not rows and value is None:
        raise SuiteError(
            f"{where}: {check_id} is critical and cannot be accepted as a whole; name the rows, or the value that it found"
        )
    return AcceptedException(
        check_id=check_id,
        rows=tuple({str(name): str(value) for name, value in row.items()} for row in rows),
        reason=str(item["reason"]).strip(),
        expires=expires,
        where=where,
        value=None if value is None else str(value),
    )


def valid_on(exceptions: Iterable[AcceptedException], day: date) -> tuple[AcceptedException, ...]:
    """Those that have not expired on a day."""
    return tuple(entry for entry in exceptions if day <= entry.expires)


def exceptions_check(
    exceptions: Sequence[AcceptedException], used: Iterable[AcceptedException], day: date
) -> Check:
    """The verdict on the exceptions themselves: a warning where one has expired or was not needed."""
    needed = set(map(id, used))
    stale = [
        {
            "entry": entry.where,
            "check": entry.check_id,
            "trouble": f"expired on {entry.expires}" if entry.expires < day else "fits no failure any more",
        }
        for entry in exceptions
        if entry.expires < day or id(entry) not in needed
    ]
    return Check(
        check_id=CHECK_ID,
        suite="exceptions",
        subject="exceptions.yml",
        severity="warning",
        verdict=Verdict.FAIL if stale else Verdict.PASS if exceptions else Verdict.NO_DATA,
        value=str(len(stale)),
        threshold="no entry",
        sentence=f"{len(stale)} of {len(exceptions)} accepted exceptions have expired or are not needed; take them"
        " out, or give them a new day after looking at the rows.",
        sample=json.dumps(stale[:5], ensure_ascii=False),
    )
