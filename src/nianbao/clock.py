"""The one clock: what time it is, for everything that is written down or compared with a date.

Rehearsals (sixty nights in an hour, a clock that was set back) move it with NIANBAO_CLOCK_OFFSET; nothing else does.
Durations within a run are measured with time.monotonic instead.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

# The legal calendar and the nights are those of China.
CHINA = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    # Read at each call: processes of one rehearsal share it through their environment.
    offset = os.environ.get("NIANBAO_CLOCK_OFFSET")
    moment = datetime.now(UTC)
    return moment + timedelta(seconds=float(offset)) if offset else moment


def today() -> date:
    """The present day in China."""
    return now().astimezone(CHINA).date()
