"""What a value is in a cell of a spreadsheet: texts from websites stay texts, numbers stay numbers."""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

# A spreadsheet takes a cell that begins so for a formula, some of them in their full-width form too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CHINA = ZoneInfo("Asia/Shanghai")


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula: with an apostrophe before it where it begins like one."""
    return "'" + text if text.startswith(_FORMULA) else text


def cell_of(value: object) -> str | int | float | bool | Decimal | date | None:
    """A value as a cell can hold it: lists and structures as JSON, moments in China's time, what has no cell of its own as
    text. Not-a-number and the infinities are empty."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime):
        return value.astimezone(_CHINA) if value.tzinfo else value
    if value is None or isinstance(value, str | bool | int | Decimal | date):
        return value
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=_inner)
    return value.hex() if isinstance(value, bytes) else str(value)


def _inner(value: object) -> object:
    cell = cell_of(value)
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    return cell.isoformat() if isinstance(cell, date) else cell
