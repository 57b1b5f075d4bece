"""`nianbao alerts`: what is open, a look now, and a test of the channels."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TextIO

from nianbao.clock import CHINA
from nianbao.monitoring.alerts import book_of, look_now, try_channels
from nianbao.monitoring.channels import Sent, channels
from nianbao.settings import Settings

_NO_CHANNEL = "no channel is set; put addresses into NIANBAO_ALERT_URLS_FILE (docs/alerts.md has examples)"


def alerts(settings: Settings, as_json: bool, out: TextIO, err: TextIO) -> int:
    """Prints the alerts that are open, and the last that were resolved."""
    book = book_of(settings)
    try:
        opened, resolved, tellings = book.open_alerts(), book.resolved_alerts(), book.tellings()
    except sqlite3.Error as error:
        print(
            f"the book of alerts {book.path} cannot be read ({error}); set it aside, the next look makes a new one",
            file=err,
        )
        return 2
    keys = {number: {channel for channel, *_ in told} for number, told in tellings.items()}
    missing = {
        alert.alert_id: [
            each.name for each in channels(settings).all if each.key not in keys.get(alert.alert_id, ())
        ]
        for alert in opened
    }
    if as_json:
        value = {
            "open": [asdict(a) | {"not_told_on": missing[a.alert_id]} for a in opened],
            "resolved": [asdict(a) for a in resolved],
        }
        print(json.dumps(value, ensure_ascii=False, indent=1, default=str), file=out)
        return 0
    print(f"{len(opened)} alerts are open" if opened else "No alert is open", file=out)
    for alert in opened:
        print(f"  [{alert.severity}] {alert.sentence}", file=out)
        told = f"told {_said(alert.told_at)}" if alert.told_at else "not told to anybody yet"
        if alert.told_at and missing[alert.alert_id]:
            told += f", not yet on {', '.join(missing[alert.alert_id])}"
        print(f"      → {alert.remedy}\n      since {_said(alert.opened_at)}, {told}", file=out)
    if resolved:
        print("Last resolved:", file=out)
    for alert in resolved:
        print(
            f"  {_said(alert.resolved_at)}  {alert.sentence} (open since {_said(alert.opened_at)})", file=out
        )
    return 0


def look(settings: Settings, out: TextIO, err: TextIO) -> int:
    """Looks now and tells what changed. Returns 1 if something could not be told, 2 if it could not look."""
    try:
        told = look_now(settings)
        opened = book_of(settings).open_alerts()
    except (sqlite3.Error, OSError) as error:
        print(
            f"the book of alerts cannot be kept ({error}); see that {settings.alerts} can be written",
            file=err,
        )
        return 2
    _print_sent(told.sent, out)
    print(
        f"{len(opened)} alerts are open; told now: {len(told.opened)} new, {len(told.resolved)} resolved",
        file=out,
    )
    untold = [alert for alert in opened if alert.told_at is None]
    if untold and not told.sent:
        print(f"{len(untold)} are told to nobody: {_NO_CHANNEL}", file=out)
    return 1 if told.problems else 0


def try_out(settings: Settings, out: TextIO, err: TextIO) -> int:
    """Sends a test to every channel. Returns 1 if one did not take it or the file of channels cannot be read, 2 if there is
    none."""
    sent = try_channels(settings)
    if not sent:
        print(_NO_CHANNEL, file=err)
        return 2
    _print_sent(sent, out)
    return 1 if any(each.problem for each in sent) else 0


def _print_sent(sent: Sequence[Sent], out: TextIO) -> None:
    for each in sent:
        print(f"{each.channel}: {each.problem or 'sent'}", file=out)


def _said(at: datetime | None) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}" if at else "never"
