"""Pages made of templates that escape what they are given."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup
from starlette.responses import HTMLResponse

from nianbao import clock
from nianbao.explorer.asked import Asked, segment
from nianbao.explorer.language import LANGUAGES, translations
from nianbao.explorer.language import marked as _
from nianbao.explorer.opened import Opened

# Scripts and styles are files of ours; what reports say can never become either.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)


def page(
    template: str, asked: Asked, opened: Opened | None = None, status: int = 200, **values: object
) -> HTMLResponse:
    """A page in the reader's language. opened: the release that it shows, if it shows one."""
    rendered = _template(template, asked.language).render(
        asked=asked,
        term=asked.term,
        release=opened.release if opened else None,
        languages=LANGUAGES,
        **values,
    )
    return HTMLResponse(rendered, status_code=status, headers={"Content-Security-Policy": _POLICY})


def number(value: object) -> str:
    """A number as people read it: thousands apart, no zeros behind the point; '' for none."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, float) and value != value:  # not a number
        return ""
    text = f"{value:,.4f}" if isinstance(value, float) else f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def moment(value: object) -> str:
    """A moment in the time of China, to the minute; a day as it is; '' for none."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return "–"
    if isinstance(value, datetime):
        return f"{value.astimezone(clock.CHINA):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else ""


def age(value: timedelta, language: str) -> str:
    """How long something lasted, in days and hours."""
    days, hours = divmod(int(value.total_seconds()) // 3600, 24)
    said = _("{days} 天 {hours} 小时") if days else _("{hours} 小时")
    return translations(language).gettext(said).format(days=days, hours=hours)


def outward(url: object) -> str:
    """An address that a link may lead to: http and https only; '' for any other."""
    text = str(url or "")
    try:
        return text if urlsplit(text).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def data_block(value: object) -> Markup:
    """A value as JSON that may stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False, default=_plain)
    for sign, code in {
        "<": "\\u003c",
        ">": "\\u003e",
        "&": "\\u0026",
        "\u2028": "\\u2028",
        "\u2029": "\\u2029",
    }.items():
        text = text.replace(sign, code)
    return Markup(text)  # noqa: S704  # nothing in it can end the element


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


@cache
def _template(name: str, language: str) -> Template:
    environment = Environment(
        loader=PackageLoader("nianbao.explorer"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    catalogue: Any = environment
    catalogue.install_gettext_translations(translations(language), newstyle=False)

    def lasted(value: timedelta) -> str:
        return age(value, language)

    environment.filters |= {
        "number": number,
        "moment": moment,
        "age": lasted,
        "outward": outward,
        "segment": segment,
        "data": data_block,
    }
    return environment.get_template(name)
