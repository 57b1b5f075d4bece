"""`nianbao warehouse`: what a warehouse on DuckLake holds, and how analysts reach it."""

from __future__ import annotations

import json
from typing import TextIO

from nianbao.commands.tables import print_table
from nianbao.settings import Settings
from nianbao.warehouse.ducklake import DuckLake, LakeError
from nianbao.warehouse.ledger import Ledger
from nianbao.warehouse.lock import LockedError, hold_lock
from nianbao.warehouse.release import ReleaseError
from nianbao.warehouse.release.shared import (
    SharedRelease,
    attachment_sql,
    share_current,
    shared_releases,
)
from nianbao.warehouse.release.store import ConflictError

_NONE = (
    "the settings name no warehouse on DuckLake, so the releases are files (`nianbao releases list`); NIANBAO_WAREHOUSE and"
    " NIANBAO_WAREHOUSE_DATA name one (docs/ducklake.md)"
)


def listed(settings: Settings, as_json: bool, out: TextIO, err: TextIO) -> int:
    """Lists the releases in the warehouse, newest first."""
    releases = _releases(settings, err)
    if releases is None:
        return 1
    rows = [
        {
            "release": each.release_id,
            "snapshot": each.snapshot,
            "created_at": each.created_at.isoformat(timespec="seconds"),
            "reports": each.rows.get("fct_report", 0),
            "figures": each.rows.get("fct_figure", 0),
        }
        for each in reversed(releases)
    ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1), file=out)
    elif rows:
        print_table(list(rows[0]), [list(row.values()) for row in rows], out)
    else:
        print("the warehouse holds no release yet; `nianbao refresh` makes one", file=out)
    return 0


def attachment(settings: Settings, release: str, out: TextIO, err: TextIO) -> int:
    """Prints what to type into DuckDB to read a release. Returns 2 if it is not there."""
    releases, warehouse = _releases(settings, err), DuckLake.of(settings)
    if releases is None or warehouse is None:
        return 1
    found = (
        releases[-1:] if release == "current" else [r for r in releases if r.release_id.startswith(release)]
    )
    if len(found) != 1:
        print(
            f"{len(found)} releases in the warehouse begin with {release}; `nianbao warehouse list` names them",
            file=err,
        )
        return 2
    print(attachment_sql(warehouse, found[0]), file=out)
    return 0


def shared(settings: Settings, out: TextIO, err: TextIO) -> int:
    """Makes the home's current release the newest one of the warehouse. Returns 1 if it cannot be done."""
    if settings.warehouse is None:
        print(_NONE, file=err)
        return 1
    try:
        with hold_lock(settings.home, "warehouse share"):
            done = share_current(settings, Ledger(settings.ledger))
    except (ConflictError, LakeError, LockedError, ReleaseError) as error:
        print(error, file=err)
        return 1
    print(f"{done} is the newest release of the warehouse" if done else "nothing to do", file=out)
    return 0


def _releases(settings: Settings, err: TextIO) -> list[SharedRelease] | None:
    try:
        warehouse = DuckLake.of(settings)
        if warehouse is None:
            print(_NONE, file=err)
            return None
        return shared_releases(warehouse)
    except LakeError as error:
        print(error, file=err)
        return None
