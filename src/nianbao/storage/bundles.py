"""Bundles: some files that belong together and never change, stored so that half of them never counts.

<name>/<file> …          the files
<name>/bundle.json       their bytes and hashes, written last: without it the bundle is not there
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nianbao.storage.objects import Objects, StorageError

LIST = "bundle.json"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Bundle:
    """A stored bundle. files: name → (bytes, SHA-256 in hex)."""

    name: str
    files: Mapping[str, tuple[int, str]]


def bundles_below(objects: Objects, prefix: str) -> set[str]:
    """Names of the whole bundles below a prefix, which ends with /. Raises StorageError."""
    end = f"/{LIST}"
    return {found.name.removesuffix(end) for found in objects.listed(prefix) if found.name.endswith(end)}


def put_bundle(objects: Objects, name: str, files: Mapping[str, Path]) -> None:
    """Stores files as a bundle. Raises StorageError."""
    listed = {}
    for file, path in sorted(files.items()):
        listed[file] = [path.stat().st_size, _hash(path)]
        objects.put(f"{name}/{file}", path)
    objects.put(f"{name}/{LIST}", json.dumps(listed, sort_keys=True).encode())


def read_bundle(objects: Objects, name: str) -> Bundle:
    """What a bundle holds. Raises StorageError where it is not there or its list cannot be read."""
    found = objects.read(f"{name}/{LIST}")
    try:
        listed = json.loads(found[0] if found else b"null")
        files = {str(file): (int(size), str(digest)) for file, (size, digest) in listed.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise StorageError(
            f"{objects.address}/{name}/{LIST} cannot be read; a home that has {name} stores it anew once this object is deleted"
        ) from error
    return Bundle(name, files)


def fetch_bundle(objects: Objects, name: str, folder: Path) -> None:
    """Writes a bundle's files into a new folder, which appears by one rename when all are there and as they were stored.

    Raises StorageError.
    """
    partial = folder.with_name(f".partial-{folder.name}-{os.getpid()}")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        for file, (size, digest) in read_bundle(objects, name).files.items():
            target = partial / file
            if target.parent != partial:
                raise StorageError(f"{objects.address}/{name} names a file {file}, which is no plain name")
            objects.fetch(f"{name}/{file}", target)
            if target.stat().st_size != size or _hash(target) != digest:
                raise StorageError(_damaged(objects, name, file))
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def verify_bundle(objects: Objects, name: str) -> list[str]:
    """What is wrong with a stored bundle, one sentence each; every file is read. Raises StorageError where the storage is gone."""
    try:
        files = read_bundle(objects, name).files
    except StorageError as error:
        return [str(error)]
    problems = []
    for file, (size, digest) in files.items():
        found = objects.digest(f"{name}/{file}")
        if found is None:
            problems.append(f"{objects.address}/{name}/{file} is missing; a home that has it stores it anew")
        elif found != (size, digest):
            problems.append(_damaged(objects, name, file))
    return problems


def _damaged(objects: Objects, name: str, file: str) -> str:
    return (
        f"{objects.address}/{name}/{file} is not what was stored (its hash differs); delete {name}/{LIST} there, and a home"
        " that has it stores it anew"
    )


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
