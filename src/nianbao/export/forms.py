"""The forms of a citation that are the same for all of them: dates and values in words, CSL-JSON, BibTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

Lang = Literal["zh", "en"]

PUBLISHER = "nianbao（年报）"
_CHINA = ZoneInfo("Asia/Shanghai")
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
} | {c: "\\" + c for c in "$&%#_"}
_NOT_KEY = re.compile(r"[^0-9A-Za-z]+")


def china_day(moment: datetime) -> date:
    """The day in China at a moment; of a moment without a zone its own day."""
    return moment.astimezone(_CHINA).date() if moment.tzinfo else moment.date()


def one_line(text: str) -> str:
    """A text of a website on one line, without characters that cannot be seen."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def plain_number(value: Decimal) -> str:
    """A value without zeros at its end: 35.500000 is 35.5, 1300.000000 is 1300."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def web_address(url: str) -> str:
    """The address if it leads into the web, else "": an imported file has only a name."""
    return url if url.startswith(("http://", "https://")) else ""


def date_parts(day: date) -> dict[str, list[list[int]]]:
    """A day as CSL-JSON has it."""
    return {"date-parts": [[day.year, day.month, day.day]]}


def filled(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item without its empty fields."""
    return {key: value for key, value in item.items() if value not in ("", None, [])}


def bibtex_entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    """One BibTeX entry. Empty fields are left out; texts are escaped, so that no title can end the entry or run TeX."""
    lines = [f"@{kind}{{{_NOT_KEY.sub('-', key).strip('-')},"]
    for name, value in fields.items():
        if value:
            # An address is taken as it stands by \url: what would end the field is written in its percent form.
            written = quote(value, safe="%/:=&?~#+!$,;'@()*[]-._") if name == "url" else _escaped(value)
            # A body's name is one name, not given name and surname.
            lines.append(
                f"  {name} = {{{{{written}}}}}," if name == "author" else f"  {name} = {{{written}}},"
            )
    return "\n".join([*lines, "}"])


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(c, c) for c in one_line(text))
