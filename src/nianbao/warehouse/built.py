"""A candidate whose marts are built and that was not published: what a refresh that comes after a killed one goes on with.

builds/<refresh>/built.json      beside the candidate, from the end of transform on
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from nianbao.model import Check, Verdict
from nianbao.warehouse.release.files import write_json

_NAME = "built.json"


@dataclass(frozen=True, slots=True)
class Built:
    """What was built. inputs: fingerprints of what it was made from; base: id of the release before, None for the first;
    built_whole_at: ISO 8601; checks: verdicts of the tests that ran with it."""

    inputs: Mapping[str, str]
    base: str | None
    built_whole_at: str
    checks: tuple[Check, ...]


def note_built(candidate: Path, built: Built) -> None:
    """Notes beside a closed candidate that its marts are complete."""
    partial = candidate.with_name(f".{_NAME}")
    write_json(partial, asdict(built))
    partial.replace(candidate.with_name(_NAME))


def forget_built(candidate: Path) -> None:
    """Takes the note back: from now on the candidate is changed into a release, and cannot be gone on with."""
    candidate.with_name(_NAME).unlink(missing_ok=True)


def take_over(candidate: Path, builds: Path, inputs: Mapping[str, str], base: str | None) -> Built | None:
    """Moves a built candidate that was made from these very inputs to `candidate`; None if there is none.

    All other folders in `builds` are removed.
    """
    found = None
    for folder in sorted(builds.glob("*")):
        built = _read(folder / _NAME)
        database = folder / candidate.name
        if found is None and built and database.exists() and (built.inputs, built.base) == (inputs, base):
            found = built
            if folder != candidate.parent:
                folder.rename(candidate.parent)
        elif folder != candidate.parent:
            shutil.rmtree(folder, ignore_errors=True)
    return found


def _read(path: Path) -> Built | None:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        checks = tuple(Check(**row | {"verdict": Verdict(row["verdict"])}) for row in value.pop("checks"))
        return Built(**value, checks=checks)
    except (OSError, ValueError, KeyError, TypeError):
        return None  # not built to the end, or by another version: it is built again


def merged(former: Iterable[Check], present: Iterable[Check]) -> tuple[Check, ...]:
    """The former checks, with the present ones in place of those that ran again."""
    again = {check.check_id: check for check in present}
    return tuple(again.pop(check.check_id, check) for check in former) + tuple(again.values())
