"""Harvests files that arrived by hand: they are archived like what a site answers, and read by the same stages."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from nianbao import clock
from nianbao.archive import Archive, ArchiveWriter
from nianbao.archive.foreign import is_web_archive
from nianbao.harvest.source import SourceHarvest
from nianbao.harvest.warc_files import Sites, import_web_archive, sites_of
from nianbao.model import Outcome, OutcomeRow, Source

# Stands where a capture of a website has the id of its source.
IMPORT_SOURCE = "import"


def harvest_files(
    paths: Iterable[str],
    archive: Archive,
    writer: ArchiveWriter,
    sources: Iterable[Source] = (),
    *,
    max_body_bytes: int = 50_000_000,
) -> SourceHarvest:
    """Archives files, and all files below folders but hidden ones. What is archived already is not archived again.

    A WARC or ARC file is not archived itself: the documents in it that come from hosts of `sources` are, up to
    `max_body_bytes` each. A file that cannot be read ends as an outcome row, as an address that gives nothing does.
    """
    result, sites = SourceHarvest(IMPORT_SOURCE, clock.now()), sites_of(sources)
    for path in _files(paths):
        for row in _archive(path, archive, writer, sites, max_body_bytes):
            result.outcomes.append(row)
            result.new += row.outcome is Outcome.OK
    return result


def _archive(
    path: Path, archive: Archive, writer: ArchiveWriter, sites: Sites, max_body_bytes: int
) -> Iterator[OutcomeRow]:
    try:
        recorded = is_web_archive(path)
        body = b"" if recorded else path.read_bytes()
    except OSError as error:
        sentence = f"{path} cannot be read ({error.strerror}); check its name and permissions"
        url = f"file:{quote(path.name)}"
        yield OutcomeRow("fetch", Outcome.NOT_FOUND, sentence, url, IMPORT_SOURCE, clock.now())
        return
    if recorded:
        yield from import_web_archive(
            path, archive, writer, sites, max_body_bytes=max_body_bytes, import_source=IMPORT_SOURCE
        )
    else:
        yield _archive_file(path, body, archive, writer)


def _archive_file(path: Path, body: bytes, archive: Archive, writer: ArchiveWriter) -> OutcomeRow:
    now, name = clock.now(), quote(path.name)

    def ended(outcome: Outcome, sentence: str, url: str, capture_id: str = "") -> OutcomeRow:
        return OutcomeRow("fetch", outcome, f"{path}{sentence}", url, IMPORT_SOURCE, now, capture_id)

    # By content, since files of many folders share a name, and by name, for people.
    url = f"file:{hashlib.sha256(body).hexdigest()[:12]}/{name}"
    last = archive.last_ok(url)
    if last is not None:
        return ended(Outcome.UNCHANGED, " is archived already", url, last.capture_id)
    if not body:
        return ended(Outcome.EMPTY, " is empty; nothing can be read from it", url)
    capture = writer.add_resource(
        url=url,
        body=body,
        media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        fetched_at=now,
        source_id=IMPORT_SOURCE,
        role="file",
    )
    return ended(Outcome.OK, f": {len(body)} bytes archived", url, capture.capture_id)


def _files(paths: Iterable[str]) -> list[Path]:
    found: list[Path] = []
    for name in paths:
        path = Path(name)
        if path.is_dir():
            below = sorted(p for p in path.rglob("*") if p.is_file())
            found += [p for p in below if not any(part.startswith(".") for part in p.relative_to(path).parts)]
        else:
            found.append(path)
    return found
