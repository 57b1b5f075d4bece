"""Whatever is changed in the archive, verify says where; on a whole archive it says nothing."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
import tempfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from nianbao.archive import Archive, ArchiveError, Finding, verify_archive
from nianbao.archive.cdxj import cdxj_path
from nianbao.archive.segments import members
from nianbao.model import Capture

from .records import segment

FIRST, SECOND = "20260301T023000Z-a", "20260302T023000Z-a"


def damage(folder: Path, only: str | None = None) -> list[Finding]:
    return [finding for finding in verify_archive(folder, only).findings if finding.damage]


def replace_member(path: Path, capture: Capture, old: bytes, new: bytes) -> None:
    """Changes a record and packs it again, as a careless tool would."""
    content = path.read_bytes()
    end = capture.offset + capture.length
    plain = gzip.decompress(content[capture.offset : end])
    assert old in plain
    path.write_bytes(content[: capture.offset] + gzip.compress(plain.replace(old, new)) + content[end:])


def test_a_whole_archive_has_no_findings(filled: tuple[Path, list[Capture]]) -> None:
    folder, made = filled
    result = verify_archive(folder)
    assert (result.segments, result.captures, result.findings, result.whole) == (2, len(made), [], True)
    assert result.records == 2 + 4 + len(made)
    assert result.bytes == sum(path.stat().st_size for path in folder.glob("segments/*.gz"))
    assert verify_archive(folder, SECOND).findings == [] and verify_archive(folder, f"{FIRST}.warc.gz").whole
    with pytest.raises(ArchiveError, match="no segment 'never'"):
        verify_archive(folder, "never")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"<ul></ul>", b"<ol></ol>", "block digest"),
        (b"<ul></ul>", b"<ul>!</ul>", "Content-Length is"),
        (b"WARC-Date:", b"WARC-Data:", "has no WARC-Date"),
        (b"WARC-Block-Digest:", b"X-Block-Digest:", "has no block digest"),
        (b"WARC-Payload-Digest: sha256:", b"WARC-Payload-Digest: md5:", "unknown kind"),
        (b"WARC/1.1", b"WARC 1.1", "no WARC record"),
    ],
)
def test_a_record_that_was_changed_is_told(
    filled: tuple[Path, list[Capture]], old: bytes, new: bytes, says: str
) -> None:
    folder, made = filled
    replace_member(segment(folder, FIRST), made[0], old, new)
    findings = [finding for finding in damage(folder, FIRST) if finding.offset == made[0].offset]
    assert any(says in finding.sentence for finding in findings), findings


def test_a_revisit_without_its_original_is_told(filled: tuple[Path, list[Capture]]) -> None:
    folder, made = filled
    segment(folder, FIRST).rename(folder / "elsewhere")
    found = damage(folder)
    assert {finding.segment for finding in found} == {f"{FIRST}.warc.gz"}, (
        "the index still knows the original"
    )
    Archive(folder).rebuild()
    found = damage(folder)
    assert (found[0].segment, found[0].offset) == (f"{SECOND}.warc.gz", made[3].offset)
    assert "bring the missing segment back" in found[0].sentence


def test_a_cdxj_that_disagrees_is_told_and_rebuilt(filled: tuple[Path, list[Capture]]) -> None:
    folder, _ = filled
    path = cdxj_path(segment(folder, FIRST))
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b'"status": "200"', b'"status": "404"', 1))
    (finding,) = damage(folder)
    assert finding.segment == f"{FIRST}.warc.gz" and "rebuild" in finding.sentence
    Archive(folder).rebuild()
    assert damage(folder) == [] and path.read_bytes() == whole
    shutil.copy(path, folder / "segments" / "gone.cdxj")
    (finding,) = damage(folder)
    assert finding.segment == "gone.warc.gz" and "is missing" in finding.sentence


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE capture SET url = 'http://b.test/' WHERE role = 'listing' AND refers_to = ''",
        "UPDATE capture SET refers_to = '' WHERE refers_to <> ''",
        "DELETE FROM capture WHERE role = 'attachment'",
        "UPDATE capture SET offset = offset + 1 WHERE role = 'attachment'",
        "INSERT INTO capture SELECT * FROM capture WHERE 0",
    ],
)
def test_an_index_that_disagrees_is_told_and_rebuilt(
    filled: tuple[Path, list[Capture]], statement: str
) -> None:
    folder, _ = filled
    with sqlite3.connect(folder / "index.sqlite") as connection:
        changed = connection.execute(statement).rowcount
    assert bool(damage(folder)) == bool(changed)
    Archive(folder).rebuild()
    assert verify_archive(folder).findings == []


def test_a_missing_index_is_a_note(filled: tuple[Path, list[Capture]]) -> None:
    folder, _ = filled
    for path in folder.glob("index.sqlite*"):
        path.unlink()
    result = verify_archive(folder)
    assert result.whole and [finding.segment for finding in result.findings] == ["index.sqlite"]
    assert not (folder / "index.sqlite").exists()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@example(at=0.87890625, bit=2)  # one that fills up the last byte of a compressed stream
def test_no_flipped_bit_of_a_segment_goes_unnoticed(
    filled: tuple[Path, list[Capture]], at: float, bit: int
) -> None:
    folder, _ = filled
    starts = [member.offset for member in members(segment(folder, FIRST))]
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "archive"
        shutil.copytree(folder, copy)
        path = segment(copy, FIRST)
        original = path.read_bytes()
        content = bytearray(original)
        place = int(at * len(content))
        content[place] ^= 1 << bit
        path.write_bytes(bytes(content))
        # Time, system and flags in a gzip member's header say nothing about its content.
        harmless = any(place - start in range(3, 10) for start in starts)
        assert damage(copy) or harmless or unpacked(bytes(content)) == gzip.decompress(original)


def unpacked(content: bytes) -> bytes | None:
    """What a segment says; the bits that fill up the last byte of a compressed stream are none of it."""
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error):
        return None
