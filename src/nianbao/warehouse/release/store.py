"""Which releases there are, which one is current, and whether they are what was published."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from nianbao.warehouse.engine import DUCKDB_CONFIG
from nianbao.warehouse.ledger import Ledger, RefreshState
from nianbao.warehouse.release.files import MANIFEST, sha256_of, sync

DATABASE = "nianbao.duckdb"
# Releases of so many refreshes back are known to be a home's own, also when they were removed since.
_KNOWN_REFRESHES = 1_000


class ReleaseError(Exception):
    """A release cannot be made, found or trusted; the message says which and what to do."""


class ConflictError(Exception):
    """Another home has published since, where several share a storage or a warehouse; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Release:
    """A published release: its id, its folder, and the manifest as read."""

    release_id: str
    folder: Path
    manifest: Mapping[str, object]

    @property
    def database(self) -> Path:
        """The DuckDB file (read-only)."""
        return self.folder / DATABASE

    @property
    def inputs(self) -> Mapping[str, str]:
        """Fingerprints of what it was made from."""
        return self._facts("inputs")

    @property
    def row_counts(self) -> dict[str, int]:
        """Rows per mart."""
        return self._facts("tables")

    @property
    def marts(self) -> Mapping[str, Mapping[str, Any]]:
        """Per mart its key (a list of columns) and parts (its Parquet files: rows, fingerprint); empty in old ones."""
        return self._facts("marts")

    @property
    def files(self) -> Mapping[str, Mapping[str, Any]]:
        """Per file its bytes and sha256."""
        return self._facts("files")

    @property
    def created_at(self) -> str:
        """When it was made, ISO 8601 in UTC; to the second, from the id, where the manifest is damaged."""
        stamp = self.release_id
        return str(
            self.manifest.get("created_at")
            or f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:11]}:{stamp[11:13]}:{stamp[13:15]}.000+00:00"
        )

    @property
    def schema_version(self) -> str:
        """The version of the marts' schema; releases that do not say it have 1.0."""
        return str(self.manifest.get("schema_version", "1.0"))

    def _facts(self, name: str) -> dict[str, Any]:
        found = self.manifest.get(name)
        return found if isinstance(found, dict) else {}


def point_current(release: Path, current: Path) -> None:
    """Moves the link `current` to a release by one rename; readers who hold the old one keep it."""
    move_link(current, Path(os.path.relpath(release, current.parent)))
    sync(current.parent)


def move_link(link: Path, folder: Path) -> None:
    """Points a link at a folder by one rename, whether or not it was there."""
    fresh = link.with_name(f".{link.name}-{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(folder, target_is_directory=True)
    fresh.replace(link)


def current_release(current: Path) -> Release | None:
    """The release that `current` points to, None before the first one.

    Raises ReleaseError if the link leads nowhere or the release has no readable manifest.
    """
    if not current.is_symlink() and not current.exists():
        return None
    target = current.resolve()
    if (target / MANIFEST).is_file():
        return read_release(target)
    kept = [release.release_id for release in list_releases(target.parent) if release.manifest]
    remedy = f"ln -sfn releases/{kept[0]} {current}" if kept else f"remove {current} and refresh"
    raise ReleaseError(f"{current} leads to {target}, which is no release; to mend it: {remedy}")


def read_release(folder: Path) -> Release:
    """One release by its folder. Raises ReleaseError if its manifest cannot be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReleaseError(
            f"{folder / MANIFEST} cannot be read ({error}); bring it back from a copy, or use another release"
        ) from error
    return Release(folder.name, folder, manifest)


def finish_interrupted(releases: Path, current: Path, ledger: Ledger) -> str | None:
    """Completes what a refresh that was killed while publishing had already decided; returns that release's id.

    A release whose refresh the ledger calls interrupted was approved by the gate: if it is whole it becomes current,
    unless a newer one is, and the ledger says so.
    """
    interrupted = {row.refresh_id for row in ledger.refreshes() if row.state is RefreshState.INTERRUPTED}
    pointed = current_release(current)
    for release in list_releases(releases):
        refresh_id = str(release.manifest.get("refresh_id"))
        if refresh_id not in interrupted or (pointed and release.created_at < pointed.created_at):
            continue
        if verify(release):
            continue
        point_current(release.folder, current)
        sentence = (
            f"published {release.release_id}; the refresh was killed just then, and the next one completed it"
        )
        ledger.end(refresh_id, RefreshState.PUBLISHED, sentence, release.release_id)
        return release.release_id
    return None


def list_releases(releases: Path) -> list[Release]:
    """All releases, newest first; one whose manifest is damaged has an empty one, and `verify` says so."""
    found = []
    for path in releases.glob("*/" + MANIFEST):
        try:
            found.append(read_release(path.parent))
        except ReleaseError:
            found.append(Release(path.parent.name, path.parent, {}))
    return sorted(found, key=lambda release: (release.created_at, release.release_id), reverse=True)


def known_releases(releases: Path, ledger: Ledger) -> set[str]:
    """Ids of the releases that a home has or has made: those it may go on from."""
    made = {row.release_id for row in ledger.refreshes(_KNOWN_REFRESHES) if row.release_id}
    return made | {release.release_id for release in list_releases(releases)}


def find_release(releases: Path, current: Path, name: str) -> Release:
    """The release of an id, of the beginning of one, or of the words `current` and `previous` (the one before it).

    Raises ReleaseError if there is none, or several begin so.
    """
    found = list_releases(releases)
    if name in ("current", "previous"):
        chosen = current_release(current)
        if chosen and name == "previous":
            chosen = next((each for each in found if each.created_at < chosen.created_at), None)
        matches = [chosen] if chosen else []
    else:
        exact = [each for each in found if each.release_id == name]
        matches = exact or [each for each in found if name and each.release_id.startswith(name)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise ReleaseError(
            f"{name} is the beginning of {len(matches)} releases: {', '.join(each.release_id for each in matches)}"
        )
    raise ReleaseError(f"there is no release {name}; `nianbao releases list` shows those there are")


def verify(release: Release) -> list[str]:
    """What is wrong with a release, one sentence each. Empty when all is well.

    Files may be missing, changed or surplus, the manifest another one, the database closed or with other rows than the
    manifest counts.
    """
    if not release.manifest:
        return [f"{MANIFEST} cannot be read"]
    problems = []
    for name, facts in release.files.items():
        path = release.folder / name
        if not path.is_file():
            problems.append(f"{name} is missing")
        elif path.stat().st_size != facts["bytes"] or sha256_of(path) != facts["sha256"]:
            problems.append(f"{name} is not what was published (its hash differs)")
    present = {str(p.relative_to(release.folder)) for p in release.folder.rglob("*") if p.is_file()}
    problems += [
        f"{name} is not in the manifest" for name in sorted(present - set(release.files) - {MANIFEST})
    ]
    digest = hashlib.sha256((release.folder / MANIFEST).read_bytes().rstrip(b"\n")).hexdigest()[:8]
    if not release.release_id.endswith(digest):
        problems.append("the manifest is not what was published (the release id carries another hash)")
    return problems + _miscounted(release)


def _miscounted(release: Release) -> list[str]:
    if not release.database.is_file():
        return []
    try:
        with duckdb.connect(str(release.database), read_only=True, config=DUCKDB_CONFIG) as connection:
            found = {
                name: connection.execute(f'select count(*) from main."{name}"').fetchall()[0][0]
                for name in release.row_counts
            }
    except duckdb.Error as error:
        return [f"{DATABASE} cannot be read ({error})"]
    return [
        f"{DATABASE} has {found[name]} rows in {name}, the manifest says {expected}"
        for name, expected in release.row_counts.items()
        if found[name] != expected
    ]
