"""Whether what is kept is still what was written: every record of the archive, every file of the releases.

Reads only, so it needs no lock; a refresh that runs beside it may add a segment or a release meanwhile, which is
not damage.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from nianbao import clock
from nianbao.archive import Finding, verify_archive
from nianbao.archive.cdxj import cdxj_path
from nianbao.settings import Settings
from nianbao.warehouse.lock import lock_holder
from nianbao.warehouse.release import list_releases, verify

log = logging.getLogger("nianbao.verify")
_SAID = 5


class DamagedError(Exception):
    """The archive or a release is not what was written; the message says what, and what to do."""


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What was read and found whole: segments and captures of the archive, releases."""

    segments: int
    captures: int
    releases: int


@task(name="verify the archive", cache_policy=NO_CACHE)
def archive_damage(settings: Settings) -> tuple[int, int, list[str]]:
    """Reads every record; returns (segments, captures, a sentence per damage)."""
    segments = settings.archive / "segments"
    if not segments.is_dir():
        return 0, 0, []
    sealed = {path.name for path in segments.iterdir() if cdxj_path(path).exists()}
    found = verify_archive(settings.archive)
    damage = [each for each in found.findings if each.damage and each.segment in sealed]
    # What is written just now may grow between the look at a segment and the look at the index.
    for name in sorted({each.segment for each in found.findings if each.damage} - sealed):
        again = [each for each in found.findings if each.segment == name and each.damage]
        there = (segments / name).is_file()
        if there:
            again = [each for each in verify_archive(settings.archive, name).findings if each.damage]
        if there and again and lock_holder(settings.home):
            log.warning("%s is being written; the next verify judges it", name)
        else:
            damage += again
    return found.segments, found.captures, [_said_of(each) for each in damage]


def _said_of(finding: Finding) -> str:
    at = "" if finding.offset is None else f", byte {finding.offset}"
    return f"{finding.segment}{at}: {finding.sentence}"


@task(name="verify the releases", cache_policy=NO_CACHE)
def release_damage(settings: Settings) -> tuple[int, list[str]]:
    """Compares every file of every release with its hash; returns (releases, a sentence per damaged one)."""
    damage, whole = [], 0
    for release in list_releases(settings.releases):
        try:
            problems = verify(release)
        except FileNotFoundError:
            problems = ["it went away while it was read"]
        if not release.folder.is_dir():  # cleared away meanwhile
            continue
        whole += not problems
        if problems:
            damage.append(
                f"release {release.release_id}: {'; '.join(problems)}; bring its folder back from a copy, or go to"
                " another one with `nianbao releases rollback`"
            )
    return whole, damage


def _run_name() -> str:
    return f"{clock.today().isoformat()} · archive and releases"


@flow(name="verify", flow_run_name=_run_name)
def verify_flow() -> VerifyResult:
    """Verifies the archive and all releases. Raises DamagedError if something is not what was written."""
    settings = Settings()
    segments, captures, damage = archive_damage(settings)
    releases, damaged = release_damage(settings)
    damage += damaged
    said = f"{segments} segments with {captures} captures, {releases} whole releases"
    log.info("verify · %s", said)
    _leave_findings(said, damage)
    if damage:
        more = f"; and {len(damage) - _SAID} more" if len(damage) > _SAID else ""
        raise DamagedError(
            f"{len(damage)} damages found: {' | '.join(damage[:_SAID])}{more}."
            " `nianbao archive verify` and `nianbao releases verify` list all"
        )
    return VerifyResult(segments, captures, releases)


def _leave_findings(said: str, damage: Sequence[str]) -> None:
    lines = ["# Verify", said, "", *(f"- {each}" for each in damage or ["nothing is damaged"])]
    try:
        create_markdown_artifact("\n".join(lines), key="verify-findings")
    except Exception as error:
        log.warning("the findings could not be left in Prefect (%s)", error)
