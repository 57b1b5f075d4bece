"""Which releases are kept, and what goes with the others.

Kept are the newest ones, the first of each month for some months, the current one, those that it was taken back from,
and those that somebody reads: DuckDB holds a lock on a file as long as it has it open.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nianbao.warehouse.ledger import Ledger, RefreshState
from nianbao.warehouse.release.store import Release, current_release, list_releases

_GONE = "gone-"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one release, and why."""

    release: Release
    kept: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Clearance:
    """What a collection did, or would do: a verdict per release, leftovers by name, bytes freed on disk."""

    verdicts: tuple[Verdict, ...]
    leftovers: tuple[str, ...]
    freed: int


def collect(
    releases: Path, current: Path, builds: Path, ledger: Ledger, *, newest: int, months: int, dry_run: bool
) -> Clearance:
    """Removes the releases that retention does not keep, and what killed runs left in `builds`.

    newest: how many of the newest releases stay. months: of how many months the first release stays, counted back from
    the newest release. dry_run: removes nothing. The caller holds the home's lock. Raises ReleaseError if `current`
    leads nowhere, since nobody knows then what readers open.
    """
    verdicts = tuple(_judge(list_releases(releases), current_release(current), newest, months))
    leftovers = _leftovers(builds, ledger)
    doomed = [verdict.release.folder for verdict in verdicts if not verdict.kept]
    freed = _bytes_freed([*doomed, *leftovers])
    if not dry_run:
        final = tuple(each if each.kept else _remove(each, builds) for each in verdicts)
        if final != verdicts:  # somebody has begun to read one meanwhile
            freed = _bytes_freed([*leftovers, *(builds / _gone(v.release) for v in final if not v.kept)])
            verdicts = final
        for path in {*leftovers, *builds.glob(f"{_GONE}*")}:
            shutil.rmtree(path)
    return Clearance(verdicts, tuple(path.name for path in leftovers), freed)


def in_use(release: Release) -> bool:
    """True while any process on this machine has the release's database open."""
    try:
        mode = release.database.stat().st_mode
    except FileNotFoundError:
        return False
    release.database.chmod(0o644)  # only who may write a file can ask for the lock that excludes its readers
    try:
        descriptor = os.open(release.database, os.O_RDWR)
    finally:
        release.database.chmod(mode)
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _judge(found: Iterable[Release], current: Release | None, newest: int, months: int) -> list[Verdict]:
    """found: newest first."""
    ordered = list(found)
    monthly = _first_of_months(ordered, months)
    verdicts = []
    for place, release in enumerate(ordered):
        if current and release.release_id == current.release_id:
            reason = "current"
        elif current and release.created_at > current.created_at:
            reason = "newer than the current one, which was rolled back to"
        elif place < newest:
            reason = f"one of the {newest} newest"
        elif release.release_id in monthly:
            reason = f"the first of {_month(release)}"
        elif in_use(release):
            reason = "in use"
        else:
            verdicts.append(Verdict(release, False, "past retention"))
            continue
        verdicts.append(Verdict(release, True, reason))
    return verdicts


def _first_of_months(ordered: list[Release], months: int) -> set[str]:
    if not ordered:
        return set()
    last = _month(ordered[0])
    since = divmod(int(last[:4]) * 12 + int(last[5:]) - months, 12)
    firsts = {_month(release): release.release_id for release in ordered}
    return {release_id for month, release_id in firsts.items() if month > f"{since[0]:04d}-{since[1]:02d}"}


def _month(release: Release) -> str:
    return release.created_at[:7]


def _remove(verdict: Verdict, builds: Path) -> Verdict:
    """Moves a release out of sight, looks again whether somebody has just opened it, and moves it back if so."""
    release, hidden = verdict.release, builds / _gone(verdict.release)
    builds.mkdir(exist_ok=True)
    release.folder.replace(hidden)
    if in_use(Release(release.release_id, hidden, release.manifest)):
        hidden.replace(release.folder)
        return Verdict(release, True, "in use")
    return verdict


def _gone(release: Release) -> str:
    return _GONE + release.release_id


def _leftovers(builds: Path, ledger: Ledger) -> list[Path]:
    """Candidates that nobody will publish; the refused ones stay for inspection until the next refresh."""
    refused = {row.refresh_id for row in ledger.refreshes() if row.state is RefreshState.REFUSED}
    return sorted(path for path in builds.glob("*") if path.is_dir() and path.name not in refused)


def _bytes_freed(folders: Iterable[Path]) -> int:
    """Bytes of the files that have no other name than those in these folders."""
    names: Counter[tuple[int, int]] = Counter()
    sizes: dict[tuple[int, int], tuple[int, int]] = {}
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                facts = path.stat()
                key = (facts.st_dev, facts.st_ino)
                names[key] += 1
                sizes[key] = (facts.st_size, facts.st_nlink)
    return sum(size for key, (size, links) in sizes.items() if names[key] == links)
