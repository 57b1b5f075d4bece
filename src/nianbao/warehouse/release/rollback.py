"""Going back to an earlier release, and not forward to the same again by itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nianbao.warehouse.ledger import Ledger, RefreshState
from nianbao.warehouse.release.store import (
    Release,
    ReleaseError,
    current_release,
    list_releases,
    point_current,
    verify,
)


def rollback(release: Release, current: Path, ledger: Ledger) -> str:
    """Makes a kept release current by moving the link; the ledger gets a row. Returns what it says.

    The caller holds the home's lock. Raises ReleaseError if it is current already, or not what was published.
    """
    former = _readable(current)
    if former and former.release_id == release.release_id:
        raise ReleaseError(f"{release.release_id} is the current release already")
    problems = verify(release)
    if problems:
        raise ReleaseError(
            f"{release.release_id} is not what was published ({'; '.join(problems)}); choose another release"
        )
    refresh_id = ledger.begin("rollback")
    point_current(release.folder, current)
    origin = f" (before: {former.release_id})" if former else ""
    sentence = f"moved the link to {release.release_id}{origin}"
    ledger.end(refresh_id, RefreshState.PUBLISHED, sentence, release.release_id)
    return sentence


def taken_back(releases: Path, current: Release, inputs: Mapping[str, str], ledger: Ledger) -> Release | None:
    """The release that was made from exactly these inputs, published, and rolled back from to an earlier one.

    A refresh with these inputs would only make it again. Anything new in the inputs gives another release, which the
    gate judges as any other.
    """
    published = {row.release_id for row in ledger.refreshes(1000) if row.state is RefreshState.PUBLISHED}
    for release in list_releases(releases):
        newer = release.created_at > current.created_at
        if newer and release.inputs == inputs and release.release_id in published:
            return release
    return None


def _readable(current: Path) -> Release | None:
    """The current release; None also where the link leads nowhere, which a rollback mends."""
    try:
        return current_release(current)
    except ReleaseError:
        return None
