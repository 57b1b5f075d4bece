"""The pages about the home rather than about one release: its operation, its releases, their files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from starlette.responses import HTMLResponse

from nianbao import clock
from nianbao.explorer import Asked
from nianbao.explorer.differing import CannotCompareError, differing
from nianbao.explorer.language import marked as _
from nianbao.explorer.page import page
from nianbao.settings import Settings
from nianbao.warehouse.ledger import Ledger
from nianbao.warehouse.lock import lock_holder
from nianbao.warehouse.release import Release
from nianbao.warehouse.release.find import newest

# What readers come for, in this order; the other files are listed with the release.
_DOCUMENTS = {
    "quality.html": _("数据质量"),
    "dictionary.html": _("数据字典"),
    "datapackage.json": _("数据包说明"),
    "nianbao.duckdb": _("DuckDB 数据库"),
}


def operation_page(asked: Asked, settings: Settings, prefect_ui: str) -> HTMLResponse:
    """What is published, how old it is, what runs, and where operators look further."""
    release, trouble = newest(settings)
    latest = Ledger(settings.ledger).refreshes(1) if settings.ledger.exists() else []
    return page(
        "operation.html",
        asked,
        newest=release,
        trouble=trouble,
        age=_age(release) if release else None,
        documents={name: _DOCUMENTS[name] for name in _DOCUMENTS if release and name in release.files},
        latest=latest[0] if latest else None,
        running=lock_holder(settings.home),
        prefect_ui=prefect_ui,
    )


def releases_page(asked: Asked, releases: Sequence[Release], current: Release | None) -> HTMLResponse:
    """All releases, newest first."""
    return page("releases.html", asked, releases=releases, current=current.release_id if current else "")


def contents_page(asked: Asked, release: Release, files: Mapping[str, int]) -> HTMLResponse:
    """The files of one release, with their bytes."""
    return page("contents.html", asked, contents=release, files=files)


def changes_page(asked: Asked, settings: Settings, release: Release) -> HTMLResponse:
    """What a release changed against the one before it."""
    found, trouble = None, ""
    try:
        found = differing(settings, release)
    except (CannotCompareError, OSError) as error:
        trouble = str(error)
    return page("changes.html", asked, shown=release, found=found, trouble=trouble)


def _age(release: Release) -> timedelta:
    return clock.now() - datetime.fromisoformat(release.created_at)
