"""Finds published releases for readers: the current one, or one by its whole id."""

from __future__ import annotations

import re

from nianbao.settings import Settings
from nianbao.warehouse.release.store import Release, ReleaseError, current_release, read_release

_RELEASE_ID = re.compile(r"[0-9A-Za-z-]{1,64}")


def newest(settings: Settings) -> tuple[Release | None, str]:
    """The current release, or None with a sentence that says why there is none."""
    try:
        release = current_release(settings.current)
    except ReleaseError as error:
        return None, str(error)
    return release, "" if release else "nothing is published yet; `nianbao refresh` makes the first release"


def published(settings: Settings, release_id: str) -> Release | None:
    """A release by its whole id, None if there is none with a readable manifest."""
    folder = settings.releases / release_id
    if not _RELEASE_ID.fullmatch(release_id) or folder.is_symlink():
        return None
    try:
        return read_release(folder)
    except ReleaseError:
        return None
