"""`nianbao archive`: what the archive holds, whether it is whole, and making anew what is derived from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, BinaryIO, TextIO

from nianbao.archive import Archive, ArchiveError, verify_archive
from nianbao.commands.tables import print_table
from nianbao.model import Capture
from nianbao.settings import Settings
from nianbao.warehouse.lock import LockedError, hold_lock

_FINDINGS_SHOWN = 200


def verify(settings: Settings, segment: str | None, as_json: bool, out: TextIO, err: TextIO) -> int:
    """Reads every record of the archive, or of one segment. Returns 1 if something is damaged."""
    if _missing(settings, err):
        return 1
    try:
        result = verify_archive(settings.archive, segment)
    except ArchiveError as error:
        print(error, file=err)
        return 1
    if as_json:
        print(json.dumps(asdict(result) | {"whole": result.whole}, ensure_ascii=False, indent=1), file=out)
        return 0 if result.whole else 1
    print(
        f"{settings.archive}: {result.segments} segments, {result.bytes:,} bytes, {result.records:,} records,"
        f" {result.captures:,} captures read",
        file=out,
    )
    if result.findings:
        rows = [
            ("damage" if finding.damage else "note", finding.segment, finding.offset, finding.sentence)
            for finding in result.findings[:_FINDINGS_SHOWN]
        ]
        print_table(["kind", "segment", "byte", "says"], rows, out)
        if len(result.findings) > len(rows):
            print(f"and {len(result.findings) - len(rows)} more; --json has all", file=out)
    print("The archive is whole." if result.whole else "The archive is damaged.", file=out)
    return 0 if result.whole else 1


def rebuild(settings: Settings, as_json: bool, out: TextIO, err: TextIO) -> int:
    """Makes the index, and each CDXJ that is missing or wrong, anew. Returns 1 if that cannot be done."""
    if _missing(settings, err):
        return 1
    try:
        with hold_lock(settings.home, "archive rebuild"), _opened(settings) as archive:
            count = archive.rebuild()
    except (ArchiveError, LockedError) as error:
        print(error, file=err)
        return 1
    if as_json:
        print(json.dumps({"captures": count}), file=out)
    else:
        print(f"The index is made anew: {count:,} captures.", file=out)
    return 0


def list_captures(
    settings: Settings, prefix: str, limit: int, as_json: bool, out: TextIO, err: TextIO
) -> int:
    """Lists the captures of the addresses that begin with `prefix`, at most `limit` (0: all)."""
    if _missing(settings, err):
        return 1
    try:
        with _opened(settings) as archive:
            found = archive.below(prefix, limit + 1 if limit else -1)
    except ArchiveError as error:
        print(error, file=err)
        return 1
    shown = found[:limit] if limit else found
    if as_json:
        print(json.dumps([_row(capture) for capture in shown], ensure_ascii=False, indent=1), file=out)
    elif not shown:
        print(f"the archive holds no address that begins with '{prefix}'", file=out)
    else:
        columns = ["url", "fetched", "status", "type", "role", "source", "capture"]
        rows = [
            (
                c.url,
                f"{c.fetched_at:%Y-%m-%d %H:%M:%S}",
                str(c.status or "–"),
                c.media_type,
                c.role,
                c.source_id,
                c.capture_id,
            )
            for c in shown
        ]
        print_table(columns, rows, out)
    if len(found) > len(shown):
        print(f"there are more than {limit}; a longer prefix or --limit 0 shows the rest", file=err)
    return 0


def show(
    settings: Settings,
    wanted: str,
    headers: bool,
    as_json: bool,
    out: TextIO,
    raw: BinaryIO,
    err: TextIO,
) -> int:
    """Writes the body of a capture, or of an address's newest, to `raw`; with `headers` the record's head to `out`.

    Returns 1 if there is no such capture, or it cannot be read.
    """
    if _missing(settings, err):
        return 1
    try:
        with _opened(settings) as archive:
            capture = archive.get(wanted.strip("<>")) or archive.last_ok(wanted) or archive.last(wanted)
            if capture is None:
                print(
                    f"the archive holds neither a capture nor an address '{wanted}'; `nianbao archive list` shows"
                    " what it holds",
                    file=err,
                )
                return 1
            if as_json:
                pairs = archive.headers(capture)
                print(json.dumps(_row(capture) | {"headers": pairs}, ensure_ascii=False, indent=1), file=out)
            elif headers:
                print("\n".join(_line(name, value) for name, value in archive.headers(capture)), file=out)
            else:
                raw.write(archive.read(capture))
    except ArchiveError as error:
        print(error, file=err)
        return 1
    return 0


@contextmanager
def _opened(settings: Settings) -> Iterator[Archive]:
    archive = Archive(settings.archive)
    try:
        yield archive
    finally:
        archive.close()


def _missing(settings: Settings, err: TextIO) -> bool:
    if (settings.archive / "segments").is_dir():
        return False
    print(
        f"{settings.archive} holds no archive yet; `nianbao refresh` or `nianbao import` makes one", file=err
    )
    return True


def _row(capture: Capture) -> dict[str, Any]:
    return asdict(capture) | {"fetched_at": capture.fetched_at.isoformat()}


def _line(name: str, value: str) -> str:
    return f"\nHTTP/1.1 {value}" if name == ":status" else f"{name}: {value}"
