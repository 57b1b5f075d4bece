"""Reads every record of the archive and says what is not as it should be. Writes nothing into the segments."""

from __future__ import annotations

import base64
import binascii
import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nianbao.archive.cdxj import CDXJ_SUFFIX, SEGMENT_SUFFIX, cdxj_bytes, cdxj_line, cdxj_path
from nianbao.archive.index import Index
from nianbao.archive.records import ArchiveError, capture_of, parse_member
from nianbao.archive.segments import Gap, Member, members
from nianbao.model import Capture

_COPY = "restore the file from a copy"
_REBUILD = "`nianbao archive rebuild` makes it anew"
_REQUIRED = ("WARC-Type", "WARC-Record-ID", "WARC-Date", "Content-Length")
_VERSIONS = ("WARC/1.0", "WARC/1.1")
_ALGORITHMS = {"sha1": "sha1", "sha256": "sha256", "sha-256": "sha256", "sha512": "sha512"}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be, in a sentence that says what to do.

    offset: byte in the segment, None where it concerns all of it. damage: False for what the next refresh or import
    mends by itself.
    """

    segment: str
    offset: int | None
    sentence: str
    damage: bool = True


@dataclass(slots=True)
class Verification:
    """What was read, and what was found. records: of all types; bytes: of the segments read."""

    segments: int = 0
    records: int = 0
    captures: int = 0
    bytes: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """True if nothing is damaged."""
        return not any(finding.damage for finding in self.findings)


def verify_archive(folder: Path, only: str | None = None) -> Verification:
    """Verifies all segments of an archive, or the one named `only`. Raises ArchiveError if there is no such segment."""
    paths = sorted((folder / "segments").glob(f"*{SEGMENT_SUFFIX}"))
    if only is not None:
        paths = [path for path in paths if only in (path.name, path.name.removesuffix(SEGMENT_SUFFIX))]
        if not paths:
            raise ArchiveError(
                f"{folder / 'segments'}: holds no segment '{only}'; `nianbao archive list` shows them"
            )
    run = _Run(_open_index(folder / "index.sqlite"))
    try:
        for path in paths:
            run.segment(path)
        run.revisits(whole_archive=only is None)
        if only is None:
            run.missing(folder / "segments", {path.name for path in paths})
    finally:
        if run.index is not None:
            run.index.close()
    return run.result


class _Run:
    def __init__(self, index: Index | None) -> None:
        self.index = index
        self.result = Verification()
        self._revisits: list[tuple[Capture, str]] = []
        self._holders: dict[str, str] = {}
        if index is None:
            self._say(
                "index.sqlite", None, f"the index is missing or of another version; {_REBUILD}", damage=False
            )

    def segment(self, path: Path) -> None:
        """Reads one segment, its CDXJ and its rows in the index."""
        result, sealed = self.result, cdxj_path(path).exists()
        found: list[tuple[Capture, str]] = []
        broken = False
        for item in members(path):
            if isinstance(item, Gap):
                broken = True
                self._gap(path, item, sealed)
                continue
            result.records += 1
            for problem in record_problems(item.plain):
                broken = True
                self._say(path.name, item.offset, f"{problem}; {_COPY}")
            capture = self._capture(path, item)
            if capture is not None:
                found.append(capture)
        result.segments += 1
        result.bytes += path.stat().st_size
        result.captures += len(found)
        self._note_captures(found)
        if not sealed:
            sentence = (
                "is not sealed: it is being written, or a crash left it; the next refresh or import seals it"
            )
            self._say(path.name, None, sentence, damage=False)
        elif not broken:
            self._cdxj(path, found)
        self._rows(path, found, sealed)

    def revisits(self, *, whole_archive: bool) -> None:
        """Looks for the originals of the revisits that were read."""
        if self.index is None and not whole_archive:
            return
        for capture, original in self._revisits:
            sha256 = self._payload_of(original)
            if sha256 is None:
                sentence = f"repeats {original}, which no segment holds; bring the missing segment back"
                self._say(capture.segment, capture.offset, sentence)
            elif sha256 != capture.payload_sha256:
                sentence = (
                    f"repeats {original}, whose payload has another digest; restore both segments from a copy"
                )
                self._say(capture.segment, capture.offset, sentence)

    def missing(self, folder: Path, present: set[str]) -> None:
        """Looks for what the index and the CDXJ files know of and no segment is there for."""
        for name in sorted(set(self.index.indexed() if self.index else ()) - present):
            self._say(
                name,
                None,
                "is missing, and the index knows of it; bring it back, or `nianbao archive rebuild`",
            )
        for path in sorted(folder.glob(f"*{CDXJ_SUFFIX}")):
            name = path.name.removesuffix(CDXJ_SUFFIX) + SEGMENT_SUFFIX
            if name not in present:
                self._say(name, None, f"is missing, and its {path.name} is there; bring it back")

    def _capture(self, path: Path, item: Member) -> tuple[Capture, str] | None:
        try:
            record = parse_member(item.plain)
            return capture_of(record, path.name, item.offset, item.length) if record is not None else None
        except ValueError as error:
            self._say(path.name, item.offset, f"the record cannot be read as a capture ({error}); {_COPY}")
            return None

    def _gap(self, path: Path, gap: Gap, sealed: bool) -> None:
        if gap.torn and not sealed:
            sentence = (
                f"{gap.length} bytes of a record that is not finished; the next refresh or import cuts them"
            )
            self._say(path.name, gap.offset, sentence, damage=False)
            return
        follows = "nothing whole follows" if gap.torn else "whole records follow"
        self._say(path.name, gap.offset, f"{gap.length} bytes are no whole record, and {follows}; {_COPY}")

    def _note_captures(self, found: Sequence[tuple[Capture, str]]) -> None:
        self._revisits += [row for row in found if row[1]]
        if self.index is None:
            self._holders |= {
                capture.capture_id: capture.payload_sha256 for capture, refers_to in found if not refers_to
            }

    def _payload_of(self, capture_id: str) -> str | None:
        if self.index is None:
            return self._holders.get(capture_id)
        holder = self.index.get(capture_id)
        return holder.payload_sha256 if holder and not self.index.refers_to(capture_id) else None

    def _cdxj(self, path: Path, found: Sequence[tuple[Capture, str]]) -> None:
        if cdxj_path(path).read_bytes() != cdxj_bytes(cdxj_line(*row) for row in found):
            self._say(path.name, None, f"its CDXJ does not say what it holds; {_REBUILD}")

    def _rows(self, path: Path, found: Sequence[tuple[Capture, str]], sealed: bool) -> None:
        if self.index is None:
            return
        rows = self.index.rows(path.name)
        covered = self.index.indexed().get(path.name, 0)
        for capture, refers_to in found:
            row = rows.pop(capture.capture_id, None)
            if row is None and capture.offset >= covered:
                sentence = f"{capture.capture_id} is not in the index yet; the next command that opens the archive adds it"
                self._say(path.name, capture.offset, sentence, damage=False)
            elif row != (capture, refers_to):
                self._say(
                    path.name, capture.offset, f"the index does not say what this record holds; {_REBUILD}"
                )
        for capture, _ in rows.values():
            sentence = f"the index knows of {capture.url} here, and no such record can be read; {_COPY}"
            self._say(path.name, capture.offset, sentence)

    def _say(self, segment: str, offset: int | None, sentence: str, damage: bool = True) -> None:
        self.result.findings.append(Finding(segment, offset, sentence, damage))


def record_problems(plain: bytes) -> Iterator[str]:
    """What is wrong with the one WARC record that an inflated member should hold: structure, length, digests."""
    head, end, rest = plain.partition(b"\r\n\r\n")
    version, *lines = head.decode("utf-8", "replace").split("\r\n")
    fields = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    missing = [name for name in _REQUIRED if not fields.get(name.lower())]
    if version not in _VERSIONS or not end:
        yield "it is no WARC record"
        return
    if missing:
        yield f"it has no {', '.join(missing)}"
        return
    length = fields["content-length"]
    if (
        not (length.isascii() and length.isdigit())
        or len(rest) != int(length) + 4
        or not rest.endswith(b"\r\n\r\n")
    ):
        yield f"its Content-Length is {length}, and {len(rest) - 4} bytes are there"
        return
    block, kind = rest[:-4], fields["warc-type"]
    payload = block
    if fields.get("content-type", "").startswith("application/http"):
        payload = block.partition(b"\r\n\r\n")[2]
    yield from _digest_problems("block", fields.get("warc-block-digest"), block)
    if kind in ("response", "resource"):
        yield from _digest_problems("payload", fields.get("warc-payload-digest"), payload)


def _digest_problems(what: str, written: str | None, content: bytes) -> Iterator[str]:
    if not written:
        yield f"it has no {what} digest"
        return
    algorithm, _, value = written.partition(":")
    if algorithm.lower() not in _ALGORITHMS:
        yield f"its {what} digest is of an unknown kind ({algorithm})"
        return
    digest = hashlib.new(_ALGORITHMS[algorithm.lower()], content)
    try:
        same = value.lower() == digest.hexdigest() or base64.b32decode(value) == digest.digest()
    except (binascii.Error, ValueError):
        same = False
    if not same:
        yield f"its {what} digest is {written}, and its bytes have another"


def _open_index(path: Path) -> Index | None:
    """The index as it is, None where there is none that can be read; it is not made here."""
    try:
        return Index(path, make=False)
    except sqlite3.DatabaseError:
        return None
