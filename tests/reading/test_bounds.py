"""Hostile files: entities, archives, objects and nesting are bounded, and each ends with a sentence."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import docx
import pytest
from reading.ofd_file import Text, ofd, page

from nianbao.model import Outcome, UnreadableError
from nianbao.reading import read_document
from nianbao.reading.document import MAX_BYTES
from nianbao.reading.pdf import MAX_PAGES

LAUGHS = b'<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


def word(**changed: bytes) -> bytes:
    """A Word file; members changed by name: document, styles or further ones."""
    source = io.BytesIO()
    made = docx.Document()
    made.add_paragraph("正文")
    made.save(source)
    out = io.BytesIO()
    names = {f"word/{name}.xml": data for name, data in changed.items()}
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, names.pop(name, None) or old.read(name))
        for name, data in names.items():
            new.writestr(name, data)
    return out.getvalue()


def document_xml(head: bytes, inner: bytes) -> bytes:
    w = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return (
        head
        + b"<w:document "
        + w
        + b"><w:body><w:p><w:r><w:t>"
        + inner
        + b"</w:t></w:r></w:p></w:body></w:document>"
    )


def archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("head", [LAUGHS, OUTSIDE, LAUGHS.lower(), (LAUGHS.decode()).encode("utf-16")])
@pytest.mark.parametrize("where", ["document", "styles", "extra"])
def test_entities_in_word_files_are_refused(head: bytes, where: str) -> None:
    with pytest.raises(UnreadableError, match="document type") as caught:
        read_document(word(**{where: document_xml(head, b"&b;")}))
    assert caught.value.outcome is Outcome.UNREADABLE


@pytest.mark.parametrize("name", ["OFD.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"])
@pytest.mark.parametrize("head", [LAUGHS, OUTSIDE])
def test_entities_in_ofd_files_are_refused(head: bytes, name: str) -> None:
    with pytest.raises(UnreadableError, match="document type"):
        read_document(ofd(page(Text("文字", 20, 40)), members={name: head + b"<x>&b;</x>"}))


def test_xml_that_is_nested_without_end_is_refused() -> None:
    deep = b"<a>" * 100_000 + b"</a>" * 100_000
    for body in (ofd(page(), members={"OFD.xml": deep}), word(document=deep)):
        with pytest.raises(UnreadableError, match="damaged"):
            read_document(body)


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"word/document.xml": b"0" * 20_000_000}, "times its size"),
        ({"word/document.xml": b"x", **{f"word/{n}": b"" for n in range(6000)}}, "members"),
    ],
)
def test_archives_that_grow_without_end_are_refused_before_they_are_unpacked(
    members: dict[str, bytes], says: str
) -> None:
    with pytest.raises(UnreadableError, match=says) as caught:
        read_document(archive(members))
    assert caught.value.outcome is Outcome.OVERSIZED


def test_overlapping_members_are_counted_each() -> None:
    """The bomb of one kernel that many entries name: the directory's sizes add up, whatever the file's own size."""
    body = bytearray(archive({f"word/{n}.bin": b"x" for n in range(60)} | {"word/document.xml": b"x"}))
    at = 0
    while (at := body.find(b"PK\x01\x02", at)) >= 0:
        body[at + 24 : at + 28] = struct.pack("<I", 9_000_000)
        at += 4
    with pytest.raises(UnreadableError, match="unpacks to 549 MB") as caught:
        read_document(bytes(body))
    assert caught.value.outcome is Outcome.OVERSIZED


def test_a_member_that_lies_about_its_size_is_damaged() -> None:
    body = bytearray(ofd(page(Text("文字" * 500, 20, 40))))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = 0
        while (at := body.find(mark, at)) >= 0:
            body[at + offset : at + offset + 4] = struct.pack("<I", 40)
            at += 4
    with pytest.raises(UnreadableError, match="damaged"):
        read_document(bytes(body))


def test_archives_in_archives_are_not_opened() -> None:
    inner = archive({"word/document.xml": b"x"})
    for _ in range(5):
        inner = archive({"a.zip": inner})
    with pytest.raises(UnreadableError, match="is a ZIP archive") as caught:
        read_document(inner)
    assert caught.value.outcome is Outcome.UNSUPPORTED_FORMAT


def test_names_in_archives_never_become_file_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = {"../escaped.xml": b"<x/>", "/tmp/../escaped.xml": b"<x/>", "a/../../escaped.bin": b"x"}
    assert read_document(
        word(**{f"../{name}"[:-4] if name.endswith(".xml") else name: data for name, data in names.items()})
    ).text
    assert read_document(ofd(page(Text("文字", 20, 40)), members=names)).text == "文字"
    assert list(tmp_path.rglob("*")) == [] and not (tmp_path.parent / "escaped.xml").exists()


def test_locked_word_files_say_so() -> None:
    body = bytearray(word())
    at = 0
    while (at := body.find(b"PK\x01\x02", at)) >= 0:
        body[at + 8] |= 1
        at += 4
    with pytest.raises(UnreadableError, match="locked with a password"):
        read_document(bytes(body))


def pdf(pages: int, more: int = 0, count: int | None = None) -> bytes:
    """A PDF of empty pages with further objects; count: what the page tree claims."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>"]
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(pages))
    objects.append(b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages if count is None else count, kids))
    objects += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"] * pages + [b"<</A[1 2 3]>>"] * more
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(
        out + b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    )


def test_pdfs_with_more_pages_than_any_report_are_refused() -> None:
    with pytest.raises(UnreadableError, match=f"has {MAX_PAGES + 1} pages") as caught:
        read_document(pdf(MAX_PAGES + 1))
    assert caught.value.outcome is Outcome.OVERSIZED


def test_pdfs_with_huge_numbers_of_objects_and_false_counts_end_with_a_sentence() -> None:
    for body in (pdf(1, more=200_000), pdf(1, count=2_000_000_000), pdf(1, count=-5)):
        with pytest.raises(UnreadableError):
            read_document(body)


def test_bodies_beyond_all_measure_are_refused_unseen() -> None:
    with pytest.raises(UnreadableError, match="100 MB") as caught:
        read_document(bytes(MAX_BYTES + 1))
    assert caught.value.outcome is Outcome.OVERSIZED


def test_rich_text_that_is_nested_without_end_is_refused() -> None:
    with pytest.raises(UnreadableError, match="nested"):
        read_document(b"{\\rtf1" + b"{" * 100_000 + b"x" + b"}" * 100_001)
