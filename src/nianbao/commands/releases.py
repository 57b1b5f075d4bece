"""`nianbao releases`: what was published, whether it still is that, going back, clearing away."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

import duckdb

from nianbao.commands.tables import print_table
from nianbao.settings import Settings
from nianbao.storage import StorageError
from nianbao.warehouse.ducklake import LakeError
from nianbao.warehouse.ledger import Ledger
from nianbao.warehouse.lock import LockedError, hold_lock
from nianbao.warehouse.release import (
    Release,
    ReleaseError,
    current_release,
    find_release,
    list_releases,
    verify,
)
from nianbao.warehouse.release.causes import CAUSES
from nianbao.warehouse.release.changes import compare
from nianbao.warehouse.release.retention import collect
from nianbao.warehouse.release.rollback import rollback
from nianbao.warehouse.stored import expire_shared

_ROW_COLUMNS = ("key", "change", "fields", "cause")


def listed(settings: Settings, as_json: bool, out: TextIO, err: TextIO) -> int:
    """Lists the releases, newest first."""
    rows = [_row(release, _current_id(settings, err)) for release in list_releases(settings.releases)]
    if as_json:
        _print_json(rows, out)
    elif rows:
        shown = [["yes" if v is True else "" if v is False else v for v in row.values()] for row in rows]
        print_table(list(rows[0]), shown, out)
    else:
        print(
            f"{settings.home} holds no release yet; `nianbao refresh` or `nianbao import` makes one", file=out
        )
    return 0


def show(settings: Settings, name: str, as_json: bool, out: TextIO, err: TextIO) -> int:
    """Prints what a release was made from and what it holds. Returns 2 if it is not there."""
    try:
        release = find_release(settings.releases, settings.current, name)
    except ReleaseError as error:
        print(error, file=err)
        return 2
    if as_json:
        _print_json({"release": release.release_id, **release.manifest}, out)
        return 0
    facts = {
        "release": release.release_id,
        "folder": release.folder,
        "created": release.created_at,
        "refresh": release.manifest.get("refresh_id"),
        "built whole": release.manifest.get("built_whole_at"),
        "schema version": release.schema_version,
        "nianbao": release.manifest.get("nianbao"),
        "bytes": release.manifest.get("bytes"),
        **release.inputs,
    }
    print_table(["what", "is"], list(facts.items()), out)
    marts = [
        (name, rows, ", ".join(release.marts.get(name, {}).get("key", ())))
        for name, rows in release.row_counts.items()
    ]
    print_table(["mart", "rows", "key"], marts, out)
    return 0


def verified(settings: Settings, name: str, as_json: bool, out: TextIO, err: TextIO) -> int:
    """Verifies one release, or all of them and where `current` leads.

    Returns 1 if one is not what was published or `current` leads nowhere, 2 if the release asked for is not there.
    """
    astray = False
    try:
        chosen = (
            [find_release(settings.releases, settings.current, name)]
            if name
            else list_releases(settings.releases)
        )
    except ReleaseError as error:
        print(error, file=err)
        return 2
    if not name:
        try:
            current_release(settings.current)
        except ReleaseError as error:
            print(error, file=err)
            astray = True
    found = [(release.release_id, verify(release)) for release in chosen]
    if as_json:
        _print_json([{"release": release_id, "problems": problems} for release_id, problems in found], out)
    else:
        for release_id, problems in found:
            print(f"{release_id}: {'; '.join(problems) or 'as published'}", file=out)
    return 1 if astray or any(problems for _, problems in found) else 0


def differing(
    settings: Settings,
    former: str,
    later: str,
    mart: str,
    rows: Path | None,
    as_json: bool,
    out: TextIO,
    err: TextIO,
) -> int:
    """Prints what the later release has that the former has not. Returns 2 if one of them or the mart is not there."""
    try:
        one = find_release(settings.releases, settings.current, former)
        other = find_release(settings.releases, settings.current, later)
        if mart and mart not in one.row_counts | other.row_counts:
            raise ReleaseError(f"neither release has a mart {mart}; `nianbao releases show` lists them")
        with tempfile.TemporaryDirectory(prefix="nianbao-diff-") as folder:
            target = rows or Path(folder) / "rows.parquet"
            marts = compare(one, other, target)
            shown = _rows_of(target, mart) if mart else []
    except ReleaseError as error:
        print(error, file=err)
        return 2
    if as_json:
        value = {
            "former": one.release_id,
            "later": other.release_id,
            "marts": [asdict(each) for each in marts],
        }
        _print_json(value | ({"rows": shown} if mart else {}), out)
        return 0
    print(f"{one.release_id} → {other.release_id}", file=out)
    if not marts:
        print("no mart differs", file=out)
        return 0
    causes = sorted({cause for each in marts for cause in each.causes}, key=list(CAUSES).index)
    table = [(e.mart, e.added, e.changed, e.gone, *(e.causes.get(c) for c in causes)) for e in marts]
    print_table(["mart", "added", "changed", "gone", *causes], table, out)
    for cause in causes:
        print(f"  {cause}: {CAUSES[cause]}", file=out)
    if mart:
        print_table(
            list(_ROW_COLUMNS), [[row[name] for name in _ROW_COLUMNS] for row in shown], out, title=mart
        )
    return 0


def _rows_of(rows: Path, mart: str) -> list[dict[str, object]]:
    columns = ", ".join(_ROW_COLUMNS)
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select {columns} from read_parquet($file) where mart = $mart", {"file": str(rows), "mart": mart}
        ).fetchall()
    return [dict(zip(_ROW_COLUMNS, row, strict=True)) for row in found]


def rolled_back(settings: Settings, name: str, as_json: bool, out: TextIO, err: TextIO) -> int:
    """Makes a kept release current. Returns 1 if it cannot be, 2 if it is not there."""
    try:
        release = find_release(settings.releases, settings.current, name)
    except ReleaseError as error:
        print(error, file=err)
        return 2
    try:
        with hold_lock(settings.home, "releases rollback"):
            sentence = rollback(release, settings.current, Ledger(settings.ledger))
    except (ReleaseError, LockedError) as error:
        print(error, file=err)
        return 1
    if as_json:
        _print_json({"current": release.release_id, "sentence": sentence}, out)
    else:
        print(sentence, file=out)
    return 0


def collected(settings: Settings, dry_run: bool, as_json: bool, out: TextIO, err: TextIO) -> int:
    """Removes what retention does not keep. Returns 1 if the home is being written, or cannot be cleared."""
    try:
        with hold_lock(settings.home, "releases gc"):
            done = collect(
                settings.releases,
                settings.current,
                settings.builds,
                Ledger(settings.ledger),
                newest=settings.keep_releases,
                months=settings.keep_months,
                dry_run=dry_run,
            )
            if not dry_run:
                expire_shared(
                    settings,
                    Ledger(settings.ledger),
                    {each.release.release_id for each in done.verdicts if each.kept},
                )
    except (ReleaseError, LockedError, LakeError, StorageError, OSError) as error:
        print(f"nothing more was removed: {error}", file=err)
        return 1
    if as_json:
        releases = [
            {"release": each.release.release_id, "kept": each.kept, "reason": each.reason}
            for each in done.verdicts
        ]
        value = {"dry_run": dry_run, "freed": done.freed, "leftovers": done.leftovers, "releases": releases}
        _print_json(value, out)
        return 0
    rows = [
        (each.release.release_id, "kept" if each.kept else "removed", each.reason) for each in done.verdicts
    ]
    print_table(["release", "is", "because"], rows, out)
    if done.leftovers:
        print(f"Leftovers of killed runs: {', '.join(done.leftovers)}", file=out)
    print(f"{done.freed} bytes {'would be freed' if dry_run else 'freed'}", file=out)
    return 0


def _current_id(settings: Settings, err: TextIO) -> str | None:
    try:
        current = current_release(settings.current)
    except ReleaseError as error:
        print(error, file=err)
        return None
    return current.release_id if current else None


def _row(release: Release, current: str | None) -> dict[str, object]:
    return {
        "release": release.release_id,
        "current": release.release_id == current,
        "created_at": release.created_at,
        "refresh": release.manifest.get("refresh_id"),
        "schema": release.schema_version,
        "reports": release.row_counts.get("fct_report"),
        "figures": release.row_counts.get("fct_figure"),
        "bytes": release.manifest.get("bytes"),
    }


def _print_json(value: object, out: TextIO) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1), file=out)
