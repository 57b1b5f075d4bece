"""`nianbao why`: the way back from a number to the bytes that it was read from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TextIO

import duckdb

from nianbao.archive import Archive, ArchiveError
from nianbao.settings import Settings
from nianbao.warehouse.engine import DUCKDB_CONFIG
from nianbao.warehouse.release import ReleaseError, current_release, find_release
from nianbao.warehouse.release.lineage import Origin, Trace, trace

_FIGURE = (
    "value",
    "value_max",
    "unit",
    "qualifier",
    "measure",
    "indicator_id",
    "scope",
    "fact_year",
    "is_target",
)


def run(settings: Settings, key: str, release_name: str, as_json: bool, out: TextIO, err: TextIO) -> int:
    """Prints the way back from a row. Returns 1 if the archive no longer holds what was read, 2 without such a row."""
    try:
        if current_release(settings.current) is None and release_name == "current":
            raise ReleaseError(
                f"{settings.home} holds no release yet; `nianbao refresh` or `nianbao import` makes one"
            )
        release = find_release(settings.releases, settings.current, release_name)
        with duckdb.connect(str(release.database), read_only=True, config=DUCKDB_CONFIG) as connection:
            found = trace(connection, release, key.strip())
    except (ReleaseError, duckdb.Error) as error:
        print(error, file=err)
        return 2
    kept = _kept(settings, found)
    if as_json:
        origins = [
            {
                **asdict(origin),
                "archive": {"kept": kept[_capture(origin)][0], "sentence": kept[_capture(origin)][1]},
            }
            for origin in found.origins
        ]
        value = {"release": release.release_id, "mart": found.mart, "row": found.row, "origins": origins}
        print(json.dumps(value, ensure_ascii=False, indent=1, default=_plain), file=out)
    else:
        print(f"{found.mart} of {release.release_id}", file=out)
        _print_facts(found.row, out)
        for origin in found.origins:
            _print_origin(origin, kept[_capture(origin)][1], out)
        if not found.origins:
            print("\nnothing in the release leads further: no report is behind this row", file=out)
    return 0 if all(good for good, _ in kept.values()) else 1


def _capture(origin: Origin) -> str:
    return str(origin.capture.get("capture_id", ""))


def _kept(settings: Settings, found: Trace) -> dict[str, tuple[bool, str]]:
    """Per capture whether the archive still holds the payload that was read, and a sentence that says so."""
    kept: dict[str, tuple[bool, str]] = {}
    if not (settings.archive / "segments").is_dir():
        return {_capture(o): (False, f"{settings.archive} holds no archive") for o in found.origins}
    archive = Archive(settings.archive)
    try:
        for origin in found.origins:
            kept.setdefault(_capture(origin), _verdict(archive, origin.capture))
    finally:
        archive.close()
    return kept


def _verdict(archive: Archive, told: Mapping[str, Any]) -> tuple[bool, str]:
    if not told:
        return False, "the release does not hold the capture"
    capture = archive.get(str(told["capture_id"]))
    if capture is None:
        return (
            False,
            "the archive holds no such record; restore its segment from a copy, then `nianbao archive rebuild`",
        )
    if capture.payload_sha256 != told["payload_sha256"]:
        return False, f"the record has another payload (sha256 {capture.payload_sha256}) than was read"
    try:
        archive.read(capture)
    except (ArchiveError, OSError) as error:
        return False, str(error)
    return True, "the record still holds the payload that was read"


def _print_facts(row: Mapping[str, Any], out: TextIO) -> None:
    width = max(map(len, row), default=0)
    for name, value in row.items():
        if value is not None and not (isinstance(value, list) and not value):
            print(f"  {name:<{width}}  {_shown(value)}", file=out)


def _print_origin(origin: Origin, archived: str, out: TextIO) -> None:
    edition, report, capture = origin.edition, origin.report, origin.capture
    before, span, after = ("".join(part.split()) for part in origin.sentence)
    facts = {
        "figure": origin.figure.get("figure_id"),
        "says": " · ".join(
            _shown(origin.figure[f]) for f in _FIGURE if origin.figure.get(f) not in (None, False)
        ),
        "sentence": f"{before}⟦{span}⟧{after}" if span else before,
        "section": " › ".join(origin.section),
        "edition": f"{edition.get('edition_id')} ({_known(edition)})",
        "report": f"{report.get('report_id')} {edition.get('title') or ''}",
        "capture": capture.get("capture_id"),
        "fetched": f"{_shown(capture.get('fetched_at'))} from {capture.get('url')}",
        "archived": f"{capture.get('segment')} at byte {capture.get('record_offset')}: {archived}",
        "rules": origin.figure.get("rules_version") or edition.get("rules_version"),
    }
    print(f"\n{origin.role}", file=out)
    _print_facts({name: value for name, value in facts.items() if value}, out)


def _known(edition: Mapping[str, Any]) -> str:
    until = edition.get("known_to")
    state = "current" if edition.get("is_current") else "replaced"
    return f"{state}, known from {_shown(edition.get('known_from'))}" + (
        f" to {_shown(until)}" if until else ""
    )


def _shown(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, list):
        return ", ".join(_shown(each) for each in value)
    return "".join(c if c.isprintable() else " " for c in str(value))


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else str(value)
