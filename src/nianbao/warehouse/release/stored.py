"""Releases at an address: every file once, by its hash, and `current`, which only moves on from what its writer has seen.

files/<sha256>                the files of releases
releases/<id>/manifest.json   a release, written when all its files are there
current                       which release is the newest: the one object that is ever replaced
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterator
from datetime import timedelta

from nianbao import clock
from nianbao.settings import Settings
from nianbao.storage import Objects, StaleError, StorageError, each_of
from nianbao.warehouse.release.files import MANIFEST, seal, sync
from nianbao.warehouse.release.store import (
    ConflictError,
    Release,
    current_release,
    point_current,
    read_release,
    verify,
)

_CURRENT, _FILES, _RELEASES = "current", "files/", "releases/"
# Files of no release may belong to one that is being stored.
_SPARED = timedelta(days=2)


class StoredReleases:
    """The releases below an address."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def push(self, release: Release, known: Collection[str]) -> bool:
        """Stores what of a release is not there, and makes it the newest one; False where there was nothing to do.

        known: ids of the releases that this home has had. Raises StorageError, ConflictError where the newest is none of them.
        """
        newest, seen = self._newest()
        if newest != release.release_id:
            self._accept(newest, release, known)
        manifest = f"{_RELEASES}{release.release_id}/{MANIFEST}"
        whole = any(found.name == manifest for found in self._objects.listed(_RELEASES))
        there = {found.name.removeprefix(_FILES) for found in self._objects.listed(_FILES)}
        lacking = {
            facts["sha256"]: release.folder / name
            for name, facts in release.files.items()
            if facts["sha256"] not in there
        }
        each_of(lambda digest: self._objects.put(f"{_FILES}{digest}", lacking[digest]), sorted(lacking))
        if not whole:
            self._objects.put(manifest, release.folder / MANIFEST)
        if newest == release.release_id:
            return bool(lacking) or not whole
        try:
            self._objects.replace(_CURRENT, json.dumps({"release": release.release_id}).encode(), seen)
        except StaleError:
            newest, _ = self._newest()
            if newest != release.release_id:  # else it was this very request, sent twice
                self._accept(newest, release, ())
        return True

    def _accept(self, newest: str | None, release: Release, known: Collection[str]) -> None:
        if newest is not None and newest not in known:
            raise ConflictError(
                f"the storage {self._objects.address} holds the release {newest}, which another home has published since this one"
                f" looked. {release.release_id} stays current here; the next refresh fetches the other one's reports and"
                " publishes them with its own"
            )

    def pull(self, settings: Settings) -> bool:
        """Fetches the newest release into a home that lacks it, where it becomes current if it is newer than what is. Raises
        StorageError."""
        newest, _ = self._newest()
        releases = settings.releases
        if newest is None or (releases / newest).exists():
            return False
        found = self._objects.read(f"{_RELEASES}{newest}/{MANIFEST}")
        if found is None:
            raise StorageError(
                f"{self._objects.address} names the release {newest} as current and does not hold it; push from a home that has it"
            )
        folder = settings.builds / f"fetched-{newest}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / MANIFEST).write_bytes(found[0])
        fetched = Release(newest, folder, read_release(folder).manifest)

        def fetch(name: str) -> None:
            target = folder / name
            if not target.resolve().is_relative_to(folder.resolve()):
                raise StorageError(f"the release {newest} names a file {name}, which leads out of it")
            target.parent.mkdir(parents=True, exist_ok=True)
            self._objects.fetch(f"{_FILES}{fetched.files[name]['sha256']}", target)

        each_of(fetch, sorted(fetched.files))
        problems = verify(fetched)
        if problems:
            raise StorageError(
                f"the release {newest} in {self._objects.address} is not what was published: {problems[0]};"
                " `nianbao storage verify` says more"
            )
        seal(folder)
        releases.mkdir(parents=True, exist_ok=True)
        folder.replace(releases / newest)
        sync(releases)
        here = current_release(settings.current)
        if here is None or here.created_at < fetched.created_at:
            point_current(releases / newest, settings.current)
        return True

    def _newest(self) -> tuple[str | None, str | None]:
        """The newest stored release, and what tells this state of `current` from others."""
        found = self._objects.read(_CURRENT)
        if found is None:
            return None, None
        try:
            return str(json.loads(found[0])["release"]), found[1]
        except (ValueError, KeyError, TypeError) as error:
            raise StorageError(
                f"{self._objects.address}/{_CURRENT} cannot be read; delete it, and the next refresh writes it anew"
            ) from error

    def _manifests(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Each stored release with its files: name → SHA-256."""
        for found in self._objects.listed(_RELEASES):
            read = self._objects.read(found.name)
            if read is None:
                continue  # another home has removed it just now
            try:
                files = {name: str(facts["sha256"]) for name, facts in json.loads(read[0])["files"].items()}
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise StorageError(
                    f"{self._objects.address}/{found.name} cannot be read; delete it, and push from a home whose current"
                    " release it is"
                ) from error
            yield found.name.split("/")[1], files

    def verify(self) -> list[str]:
        """What is wrong with the stored releases, one sentence each; reads all files. Raises StorageError."""
        wanted: dict[str, str] = {}
        releases = set()
        for release_id, files in self._manifests():
            releases.add(release_id)
            wanted |= {digest: f"{release_id}/{name}" for name, digest in files.items()}
        newest = self._newest()[0]
        problems = []
        if newest and newest not in releases:
            problems.append(
                f"current names the release {newest}, which is not stored; push from a home whose current release it is"
            )

        def checked(digest: str) -> str:
            found = self._objects.digest(f"{_FILES}{digest}")
            if found and found[1] == digest:
                return ""
            first = f"is not what was stored; delete {_FILES}{digest} there, and" if found else "is missing;"
            return f"{wanted[digest]} {first} push from a home whose current release has it"

        return problems + sorted(filter(None, each_of(checked, sorted(wanted))))

    def expire(self, doomed: Collection[str]) -> list[str]:
        """Removes these releases, but for the newest, and files that no release has; returns ids. Raises StorageError."""
        newest, gone = self._newest()[0], []
        used: set[str] = set()
        for release_id, files in self._manifests():
            if release_id == newest or release_id not in doomed:
                used |= set(files.values())
            else:
                self._objects.delete(f"{_RELEASES}{release_id}/{MANIFEST}")
                gone.append(release_id)
        now = clock.now()
        for found in self._objects.listed(_FILES):
            if found.name.removeprefix(_FILES) not in used and now - found.written_at > _SPARED:
                self._objects.delete(found.name)
        return gone
