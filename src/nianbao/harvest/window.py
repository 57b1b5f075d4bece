"""Hours in China during which a site may be asked."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

_WINDOW = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_CHINA = ZoneInfo("Asia/Shanghai")


class Window:
    """A span of hours such as 20:00-07:00, which may cross midnight; '' is open at any hour.

    Raises ValueError with a sentence for anything else.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        match = _WINDOW.fullmatch(text)
        if text and match is None:
            raise ValueError(f"'{text}' is no window; write it as 20:00-07:00, in hours and minutes of China")
        hours = [int(group) for group in match.groups()] if match else [0, 0, 0, 0]
        self._from, self._to = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]

    def is_open(self, now: datetime) -> bool:
        """True if `now`, an aware time, lies in the window. Equal ends mean the whole day."""
        local = now.astimezone(_CHINA)
        minute = local.hour * 60 + local.minute
        if self._from < self._to:
            return self._from <= minute < self._to
        return minute >= self._from or minute < self._to
