"""Copies a whole release out of the home, into a folder or a zip, and proves every file by its hash on the way."""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO

from nianbao.export.excel import TableError
from nianbao.export.files import new_file
from nianbao.warehouse.release import Release
from nianbao.warehouse.release.files import MANIFEST

_PIECE = 1 << 20  # bytes that are held at a time


def copy_release(release: Release, target: Path, force: bool) -> Path:
    """Copies a release to `target` if that ends in .zip, else to the folder `target`/<release id>; returns where it lies.

    The copy is read-only, as the release is. Raises TableError if a file is not what was published (nothing is left of the
    copy then), or the place is taken and force is not given.
    """
    if not release.files:
        raise TableError(f"the manifest of {release.release_id} cannot be read; export another release")
    try:
        return _zipped(release, target, force) if target.suffix == ".zip" else _copied(release, target, force)
    except OSError as error:
        raise TableError(f"{target} cannot be written: {error.strerror or error}") from error


def _copied(release: Release, target: Path, force: bool) -> Path:
    folder = target / release.release_id
    if folder.exists() and not force:
        raise TableError(f"{folder} exists; choose another folder, or --force to replace it")
    staged = target / f".{release.release_id}-{os.getpid()}"
    try:
        for name, copy in _files(release):
            path = staged / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as out:
                copy(out)
            path.chmod(0o444)
        if folder.exists():
            shutil.rmtree(folder)
        staged.rename(folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return folder


def _zipped(release: Release, target: Path, force: bool) -> Path:
    # Parquet and DuckDB files are compressed already.
    with new_file(target, force) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        made = datetime.fromisoformat(release.created_at).timetuple()[:6]
        for name, copy in _files(release):
            entry = zipfile.ZipInfo(f"{release.release_id}/{name}", made)
            entry.external_attr = 0o100444 << 16
            with archive.open(entry, "w", force_zip64=True) as out:
                copy(out)
    return target


def _files(release: Release) -> Iterator[tuple[str, Callable[[IO[bytes]], None]]]:
    """Every file with what copies it and compares its hash; the manifest last."""
    for name, facts in sorted(release.files.items()):
        yield name, partial(_copy, release, name, str(facts["sha256"]))
    yield MANIFEST, partial(_copy_manifest, release)


def _copy(release: Release, name: str, expected: str, out: IO[bytes]) -> None:
    path, found = release.folder / name, hashlib.sha256()
    if not path.is_file():
        raise _damaged(release, f"{name} is missing")
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
            out.write(piece)
    if found.hexdigest() != expected:
        raise _damaged(release, f"{name} is not what was published (its hash differs)")


def _copy_manifest(release: Release, out: IO[bytes]) -> None:
    content = (release.folder / MANIFEST).read_bytes()
    # The id carries the hash of the manifest without the line end that closes it.
    if not release.release_id.endswith(hashlib.sha256(content.rstrip(b"\n")).hexdigest()[:8]):
        raise _damaged(release, f"{MANIFEST} is not what was published (the release id carries another hash)")
    out.write(content)


def _damaged(release: Release, why: str) -> TableError:
    return TableError(
        f"{why}; `nianbao releases verify {release.release_id}` tells more. Export another release"
    )
