"""What of a home is stored at an address, and how a home gets what it lacks: archive, lake and releases.

    archive/<segment>/            a sealed segment and its CDXJ, a bundle
    lake/…/batch=<id>/            a batch of extraction or alignment, a bundle
    lake/…                        single files: rules.json, kept rows, outcomes
    files/<sha256>                the files of releases, each once
    releases/<id>/manifest.json   a release, written when all its files are there
    current                       which release is the newest: the one object that is ever replaced

The home stays the place where one machine works; what is stored is what it may lose. Everything is written in the order
above, so that whoever is killed leaves nothing that refers to what is not there.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from nianbao.archive.cdxj import SEGMENT_SUFFIX, cdxj_path
from nianbao.settings import Settings
from nianbao.storage import (
    Objects,
    StorageError,
    bundles_below,
    each_of,
    fetch_bundle,
    put_bundle,
    verify_bundle,
)
from nianbao.warehouse.ducklake import DuckLake
from nianbao.warehouse.ledger import Ledger
from nianbao.warehouse.release import current_release
from nianbao.warehouse.release.files import sync
from nianbao.warehouse.release.shared import expire
from nianbao.warehouse.release.store import known_releases
from nianbao.warehouse.release.stored import StoredReleases

_ARCHIVE, _LAKE = "archive/", "lake/"
_HALF_DONE = ".partial-"


@dataclass(frozen=True, slots=True)
class Moved:
    """How much was stored or fetched: segments, batches of the lake and single files, releases."""

    segments: int = 0
    batches: int = 0
    releases: int = 0

    @property
    def anything(self) -> bool:
        """Whether anything was."""
        return bool(self.segments or self.batches or self.releases)

    def __str__(self) -> str:
        return f"{self.segments} segments, {self.batches} batches and files of the lake, {self.releases} releases"


class Stored:
    """A home and its storage. The caller holds the home's lock."""

    def __init__(self, settings: Settings) -> None:
        """Raises StorageError for an address that names no storage."""
        self._objects = Objects(settings.storage)
        self._segments = settings.archive / "segments"
        self._releases = StoredReleases(self._objects)
        self._settings = settings

    def push(self, known: Collection[str]) -> Moved:
        """Stores what is not stored yet, and makes this home's current release the newest one there.

        known: ids of the releases that this home has had; it may go on from any of them. Raises StorageError, and
        ConflictError where the newest release there is none of them; archive and lake are stored all the same.
        """
        there = bundles_below(self._objects, _ARCHIVE)
        segments = [path for path in self._sealed() if f"{_ARCHIVE}{_stem(path)}" not in there]
        each_of(self._put_segment, segments)
        batches = self._push_lake()
        current = current_release(self._settings.current)
        released = current is not None and self._releases.push(current, known)
        return Moved(len(segments), batches, int(released))

    def pull(self) -> Moved:
        """Fetches segments, batches and the newest release that this home lacks; makes that release current if it is newer than
        this home's. Raises StorageError."""
        here = {_stem(path) for path in self._sealed()}
        wanted = [
            n for n in sorted(bundles_below(self._objects, _ARCHIVE)) if n.removeprefix(_ARCHIVE) not in here
        ]
        self._segments.mkdir(parents=True, exist_ok=True)
        each_of(self._fetch_segment, wanted)
        return Moved(len(wanted), self._pull_lake(), int(self._releases.pull(self._settings)))

    def verify(self) -> list[str]:
        """What is wrong with what is stored, one sentence each; reads all of it. Raises StorageError."""
        names = sorted(bundles_below(self._objects, _ARCHIVE) | bundles_below(self._objects, _LAKE))
        problems = [
            problem
            for found in each_of(lambda n: verify_bundle(self._objects, n), names)
            for problem in found
        ]
        return problems + self._releases.verify()

    def expire(self, doomed: Collection[str]) -> list[str]:
        """Removes these releases, but for the newest; returns their ids. Raises StorageError."""
        return self._releases.expire(doomed)

    # --- archive ---

    def _sealed(self) -> list[Path]:
        return sorted(p for p in self._segments.glob(f"*{SEGMENT_SUFFIX}") if cdxj_path(p).exists())

    def _put_segment(self, path: Path) -> None:
        files = {each.name: each for each in (path, cdxj_path(path))}
        put_bundle(self._objects, f"{_ARCHIVE}{_stem(path)}", files)

    def _fetch_segment(self, name: str) -> None:
        folder = self._segments.parent / f"{_HALF_DONE}{name.removeprefix(_ARCHIVE)}"
        shutil.rmtree(folder, ignore_errors=True)
        fetch_bundle(self._objects, name, folder)
        # The segment first: one without its CDXJ is sealed by the next writer.
        for path in sorted(folder.iterdir(), key=lambda path: not path.name.endswith(SEGMENT_SUFFIX)):
            path.replace(self._segments / path.name)
        folder.rmdir()
        sync(self._segments)

    # --- lake ---

    def _push_lake(self) -> int:
        found = {each.name: each.bytes for each in self._objects.listed(_LAKE)}
        root = self._settings.lake
        batches = [path for path in self._batches() if f"{self._name(path)}/bundle.json" not in found]
        files = [path for path in _single_files(root) if found.get(self._name(path)) != path.stat().st_size]
        each_of(
            lambda path: put_bundle(self._objects, self._name(path), {f.name: f for f in path.iterdir()}),
            batches,
        )
        each_of(lambda path: self._objects.put(self._name(path), path), files)
        return len(batches) + len(files)

    def _pull_lake(self) -> int:
        found = {each.name for each in self._objects.listed(_LAKE)}
        end = "/bundle.json"
        batches = {name.removesuffix(end) for name in found if name.endswith(end)}
        single = {name for name in found if "/batch=" not in name}
        lacking = [name for name in sorted(batches) if not self._path(name).exists()]
        files = [name for name in sorted(single) if not self._path(name).exists()]
        each_of(lambda name: fetch_bundle(self._objects, name, self._path(name)), lacking)
        each_of(self._fetch_file, files)
        return len(lacking) + len(files)

    def _fetch_file(self, name: str) -> None:
        final = self._path(name)
        final.parent.mkdir(parents=True, exist_ok=True)
        partial = final.with_name(f"{_HALF_DONE}{final.name}")
        self._objects.fetch(name, partial)
        partial.replace(final)

    def _batches(self) -> Iterator[Path]:
        return (path for path in self._settings.lake.glob("*/batch=*") if path.is_dir())

    def _name(self, path: Path) -> str:
        return _LAKE + path.relative_to(self._settings.lake).as_posix()

    def _path(self, name: str) -> Path:
        path = self._settings.lake / name.removeprefix(_LAKE)
        if ".." in path.parts:
            raise StorageError(f"{self._objects.address}/{name} leads out of the lake; delete this object")
        return path


def push_home(settings: Settings, ledger: Ledger) -> Moved:
    """Stores what a home has and its storage lacks; nothing where the settings name none. Raises StorageError, ConflictError."""
    if not settings.storage:
        return Moved()
    return Stored(settings).push(known_releases(settings.releases, ledger))


def pull_home(settings: Settings) -> Moved:
    """Fetches what a home lacks from its storage; nothing where the settings name none. Raises StorageError."""
    return Stored(settings).pull() if settings.storage else Moved()


def expire_shared(settings: Settings, ledger: Ledger, kept: Collection[str]) -> None:
    """Forgets the releases that a home has had and does not keep, in its storage and in its warehouse on DuckLake, where the
    settings name them; what other homes have published is theirs to remove. Raises StorageError, LakeError."""
    doomed = known_releases(settings.releases, ledger) - set(kept)
    warehouse = DuckLake.of(settings)
    if warehouse is not None:
        expire(warehouse, doomed)
    if settings.storage:
        Stored(settings).expire(doomed)


def _stem(segment: Path) -> str:
    return segment.name.removesuffix(SEGMENT_SUFFIX)


def _single_files(root: Path) -> Iterator[Path]:
    for pattern in ("rules=*/rules.json", "rules=*/kept-*.parquet", "outcomes/month=*/*.parquet"):
        yield from (path for path in sorted(root.glob(pattern)) if not path.name.startswith(_HALF_DONE))
