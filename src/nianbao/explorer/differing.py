"""What a release changed against the one before it, told by a process of its own and kept under the home's cache.

Two releases never change, so what differs between them is found out once; a comparison that needs much memory or time
never takes it from the pages.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nianbao.settings import Settings
from nianbao.warehouse.release import Release, list_releases

_SECONDS = 120
_GUARD = threading.Lock()


class CannotCompareError(Exception):
    """The releases could not be compared; the message says why."""


@dataclass(frozen=True, slots=True)
class Differing:
    """former: the id of the release before. marts: mart, added, changed, gone, causes (cause → rows)."""

    former: str
    marts: Sequence[dict[str, Any]]


def differing(settings: Settings, release: Release) -> Differing | None:
    """What differs from the release before, None if there is none. Raises CannotCompareError."""
    older = [one for one in list_releases(settings.releases) if one.created_at < release.created_at]
    if not older:
        return None
    former = max(older, key=lambda one: one.created_at)
    kept = settings.cache / "differing" / f"{former.release_id}-{release.release_id}.json"
    told = _kept(kept)
    if told is None:
        # One at a time; whoever comes meanwhile is told so, and holds no thread of the pages.
        if not _GUARD.acquire(blocking=False):
            raise CannotCompareError("another comparison is being made; look again in a minute")
        try:
            told = _asked(settings, former, release)
            kept.parent.mkdir(parents=True, exist_ok=True)
            fresh = kept.with_suffix(".part")
            fresh.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
            fresh.replace(kept)
        finally:
            _GUARD.release()
    return Differing(former.release_id, told["marts"])


def _kept(path: Path) -> dict[str, Any] | None:
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told


def _asked(settings: Settings, former: Release, later: Release) -> dict[str, Any]:
    command = [
        sys.executable,
        "-m",
        "nianbao.cli",
        "releases",
        "diff",
        former.release_id,
        later.release_id,
        "--json",
    ]
    environment = os.environ | {"NIANBAO_HOME": str(settings.home)}
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise CannotCompareError(
            f"comparing them takes longer than {_SECONDS} s; `nianbao releases diff {former.release_id} {later.release_id}`"
            " takes its time"
        ) from None
    if done.returncode:
        raise CannotCompareError(re.sub(r"\s+", " ", done.stderr)[-400:])
    value: dict[str, Any] = json.loads(done.stdout)
    return value
