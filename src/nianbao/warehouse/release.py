"""Releases: immutable directories of what a refresh published, and the one link that says which is current.

    releases/<id>/nianbao.duckdb · parquet/<mart>.parquet · checks.json · manifest.json

The id is the UTC time and a short hash of the manifest. A release appears by one rename and becomes current by one
rename of a link; readers open the link's target, so nobody ever meets a writer or a mixture of two releases.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from nianbao import __version__
from nianbao.model import Check
from nianbao.warehouse.ledger import Ledger, RefreshState
from nianbao.warehouse.database import DUCKDB_CONFIG

DATABASE = "nianbao.duckdb"
_MANIFEST = "manifest.json"
_PACKAGES = ("dbt-core", "dbt-duckdb", "duckdb", "great-expectations", "pandas", "prefect", "pyarrow")


class ReleaseError(Exception):
    """A release cannot be made, found or trusted; the message says which and what to do."""


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
        found = self.manifest.get("inputs")
        return found if isinstance(found, dict) else {}

    @property
    def row_counts(self) -> Mapping[str, int]:
        """Rows per mart."""
        found = self.manifest.get("tables")
        return found if isinstance(found, dict) else {}


def publish(
    candidate: Path,
    releases: Path,
    current: Path,
    *,
    refresh_id: str,
    inputs: Mapping[str, str],
    checks: Iterable[Check],
    built_whole_at: str = "",
) -> Release:
    """Makes a release of an approved, closed candidate and points `current` at it.

    candidate: path of the DuckDB file; it moves into the release. inputs: fingerprints of what it was made from.
    Raises ReleaseError if the candidate was not closed cleanly.
    """
    if candidate.with_name(candidate.name + ".wal").exists():
        raise ReleaseError(
            f"{candidate} was not closed cleanly (a .wal file lies beside it); run the refresh again"
        )
    staged = candidate.parent / "release"
    staged.mkdir()
    counts = _export_parquet(candidate, staged / "parquet")
    candidate.replace(staged / DATABASE)
    _write_json(staged / "checks.json", [asdict(check) for check in checks])
    created = datetime.now(UTC)
    manifest = {
        "created_at": created.isoformat(timespec="milliseconds"),
        "refresh_id": refresh_id,
        "nianbao": __version__,
        "packages": {name: importlib.metadata.version(name) for name in _PACKAGES},
        "inputs": dict(inputs),
        "built_whole_at": built_whole_at,
        "tables": counts,
        "files": {
            str(path.relative_to(staged)): {"bytes": path.stat().st_size, "sha256": _sha256(path)}
            for path in sorted(staged.rglob("*"))
            if path.is_file()
        },
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    release_id = f"{created:%Y%m%dT%H%M%SZ}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    (staged / _MANIFEST).write_text(text + "\n", encoding="utf-8")
    _seal(staged)
    releases.mkdir(parents=True, exist_ok=True)
    staged.replace(releases / release_id)
    _sync(releases)
    point_current(releases / release_id, current)
    return Release(release_id, releases / release_id, manifest)


def point_current(release: Path, current: Path) -> None:
    """Moves the link `current` to a release by one rename; readers who hold the old one keep it."""
    move_link(current, Path(os.path.relpath(release, current.parent)))
    _sync(current.parent)


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
    if (target / _MANIFEST).is_file():
        return read_release(target)
    kept = [release.release_id for release in list_releases(target.parent) if release.manifest]
    remedy = f"ln -sfn releases/{kept[0]} {current}" if kept else f"remove {current} and refresh"
    raise ReleaseError(f"{current} leads to {target}, which is no release; to mend it: {remedy}")


def read_release(folder: Path) -> Release:
    """One release by its folder. Raises ReleaseError if its manifest cannot be read."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReleaseError(
            f"{folder / _MANIFEST} cannot be read ({error}); bring it back from a copy, or use another release"
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
        if refresh_id not in interrupted or (pointed and _created(release) < _created(pointed)):
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


def _created(release: Release) -> str:
    return str(release.manifest.get("created_at"))


def list_releases(releases: Path) -> list[Release]:
    """All releases, newest first; one whose manifest is damaged has an empty one, and `verify` says so."""
    found = []
    for path in sorted(releases.glob("*/" + _MANIFEST), reverse=True):
        try:
            found.append(read_release(path.parent))
        except ReleaseError:
            found.append(Release(path.parent.name, path.parent, {}))
    return found


def verify(release: Release) -> list[str]:
    """What is wrong with a release, one sentence each: files missing, changed or surplus. Empty when all is well."""
    if not release.manifest:
        return [f"{_MANIFEST} cannot be read"]
    problems = []
    files = release.manifest.get("files")
    listed = files if isinstance(files, dict) else {}
    for name, facts in listed.items():
        path = release.folder / name
        if not path.is_file():
            problems.append(f"{name} is missing")
        elif path.stat().st_size != facts["bytes"] or _sha256(path) != facts["sha256"]:
            problems.append(f"{name} is not what was published (its hash differs)")
    present = {str(p.relative_to(release.folder)) for p in release.folder.rglob("*") if p.is_file()}
    problems += [f"{name} is not in the manifest" for name in sorted(present - set(listed) - {_MANIFEST})]
    digest = hashlib.sha256((release.folder / _MANIFEST).read_bytes().rstrip(b"\n")).hexdigest()[:8]
    if not release.release_id.endswith(digest):
        problems.append("the manifest is not what was published (the release id carries another hash)")
    return problems


def _export_parquet(candidate: Path, folder: Path) -> dict[str, int]:
    folder.mkdir()
    counts = {}
    with duckdb.connect(str(candidate), read_only=True, config=DUCKDB_CONFIG) as connection:
        names = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'main' and"
            " table_type = 'BASE TABLE' order by table_name"
        ).fetchall()
        for (name,) in names:
            target = str(folder / f"{name}.parquet").replace("'", "''")
            connection.execute(f"copy main.\"{name}\" to '{target}' (format parquet, compression zstd)")
            row = connection.execute(f'select count(*) from main."{name}"').fetchone()
            counts[str(name)] = int(row[0]) if row else 0
    return counts


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _seal(folder: Path) -> None:
    """Read-only and on disk, before anyone can see it."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o444)
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
