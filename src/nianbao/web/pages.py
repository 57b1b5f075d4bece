"""The pages of the web side, made from templates that escape what they are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from starlette.responses import HTMLResponse

from nianbao import clock
from nianbao.settings import Settings
from nianbao.warehouse.ledger import Ledger
from nianbao.warehouse.lock import lock_holder
from nianbao.warehouse.release import Release
from nianbao.web.published import newest

# What readers come for, in this order; the other files are listed with the release.
_DOCUMENTS = {
    "quality.html": ("数据质量", "quality"),
    "dictionary.html": ("数据字典", "data dictionary"),
    "datapackage.json": ("数据包说明", "data package"),
    "nianbao.duckdb": ("DuckDB 数据库", "DuckDB file"),
}


def overview_page(settings: Settings, prefect_ui: str) -> HTMLResponse:
    """What is published, how old it is, and where everything else is."""
    release, trouble = newest(settings)
    latest = Ledger(settings.ledger).refreshes(1) if settings.ledger.exists() else []
    return _page(
        "overview.html",
        release=release,
        trouble=trouble,
        age=_age(release) if release else None,
        documents={name: _DOCUMENTS[name] for name in _DOCUMENTS if release and name in release.files},
        latest=latest[0] if latest else None,
        running=lock_holder(settings.home),
        prefect_ui=prefect_ui,
    )


def releases_page(releases: Sequence[Release], current: Release | None) -> HTMLResponse:
    """All releases, newest first."""
    return _page("releases.html", releases=releases, current=current.release_id if current else "")


def contents_page(release: Release, files: Mapping[str, int]) -> HTMLResponse:
    """The files of one release, with their bytes."""
    return _page("contents.html", release=release, files=files)


def _age(release: Release) -> timedelta:
    return clock.now() - datetime.fromisoformat(release.created_at)


def _said_zh(age: timedelta) -> str:
    hours = int(age.total_seconds()) // 3600
    return f"{hours // 24} 天 {hours % 24} 小时" if hours >= 24 else f"{hours} 小时"


def _said_en(age: timedelta) -> str:
    hours = int(age.total_seconds()) // 3600
    return f"{hours // 24} d {hours % 24} h" if hours >= 24 else f"{hours} h"


def _local(moment: str) -> str:
    """A moment in the time of China; a dash for what is none, such as the one of a folder that is no release."""
    try:
        return f"{datetime.fromisoformat(moment).astimezone(clock.CHINA):%Y-%m-%d %H:%M}"
    except ValueError:
        return "–"


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("nianbao.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {"age_zh": _said_zh, "age_en": _said_en, "local": _local}
    return environment.get_template(name)


def _page(template: str, **values: object) -> HTMLResponse:
    return HTMLResponse(_template(template).render(**values))
