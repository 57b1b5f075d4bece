"""Files are what their formats' standards say: read here by a few lines that follow those standards."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from datetime import UTC, datetime
from xml.etree import ElementTree

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.simulation import find_chinese_font
from nianbao.simulation.bad_files import bad_file, gzip_bomb
from nianbao.simulation.composer import Line
from nianbao.simulation.formats.compound import compound_file
from nianbao.simulation.formats.layout import HEIGHT, WIDTH, wrap
from nianbao.simulation.papers import MEDIA_TYPES, paper
from nianbao.simulation.phrases import Piece

WHEN = datetime(2024, 3, 5, tzinfo=UTC)
TEXTS = st.lists(
    st.text(st.sampled_from("法治政府，。（）《》0123456789ABab%-. 𠮷"), min_size=1, max_size=60),
    min_size=1,
    max_size=80,
)


def lines_of(texts: list[str]) -> list[Line]:
    return [
        Line("title", Piece("青禾区2024年法治政府建设情况报告")),
        *(Line("text", Piece(text)) for text in texts),
    ]


SAMPLE = lines_of([f"第{n}项，办理行政复议案件1234件，同比增长12.5%。" * (n % 4 + 1) for n in range(70)])


def streams(body: bytes) -> dict[str, bytes]:
    """The streams of a compound file."""
    assert body[:8] == bytes.fromhex("D0CF11E0A1B11AE1")
    fats = struct.unpack_from("<I", body, 44)[0]
    sectors = [body[512 + 512 * n : 1024 + 512 * n] for n in range(len(body) // 512 - 1)]
    table = b"".join(sectors[n] for n in struct.unpack_from(f"<{fats}I", body, 76))

    def chain(start: int) -> bytes:
        found = b""
        while start != 0xFFFFFFFE:
            found += sectors[start]
            start = struct.unpack_from("<I", table, 4 * start)[0]
        return found

    directory = chain(struct.unpack_from("<I", body, 48)[0])
    done = {}
    for at in range(128, len(directory), 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        if length:
            start, size = struct.unpack_from("<II", directory, at + 116)
            done[directory[at : at + length - 2].decode("utf-16-le")] = chain(start)[:size]
    return done


def word_text(body: bytes) -> str:
    """The text of a Word 97 document by its piece table."""
    found = streams(body)
    document, table = found["WordDocument"], found["1Table"]
    assert struct.unpack_from("<HH", document) == (0xA5EC, 0xC1)
    at, size = struct.unpack_from("<II", document, 154 + 8 * 33)
    length = struct.unpack_from("<I", document, 64 + 12)[0]
    count = (size - 5 - 4) // 12
    positions = struct.unpack_from(f"<{count + 1}I", table, at + 5)
    assert positions[-1] == length
    text = ""
    for n in range(count):
        place = struct.unpack_from("<I", table, at + 5 + 4 * (count + 1) + 8 * n + 2)[0]
        characters = positions[n + 1] - positions[n]
        if place >> 30 & 1:
            start = (place & 0x3FFFFFFF) // 2
            text += document[start : start + characters].decode("cp1252")
        else:
            text += document[place : place + 2 * characters].decode("utf-16-le")
    return text


@given(TEXTS)
def test_a_word_document_holds_its_paragraphs(texts: list[str]) -> None:
    lines = lines_of(texts)
    assert word_text(paper("doc", lines, "报告", "青禾区", WHEN)) == "".join(
        f"{line.piece.text}\r" for line in lines
    )


def test_a_word_document_keeps_some_text_in_eight_bits() -> None:
    raw = streams(paper("doc", SAMPLE, "报告", "青禾区", WHEN))["WordDocument"]
    assert b"1234" in raw and "办理".encode("utf-16-le") in raw


@given(
    st.dictionaries(
        st.text("abcXYZ1", min_size=1, max_size=12), st.binary(max_size=9000), min_size=1, max_size=6
    )
)
def test_a_compound_file_gives_its_streams_back(content: dict[str, bytes]) -> None:
    content = {
        name: body for name, body in content.items() if sum(name.upper() == n.upper() for n in content) == 1
    }
    found = streams(compound_file(content, bytes(16)))
    assert {name: found[name][: len(body)] for name, body in content.items()} == content
    assert not any(found[name][len(body) :].strip(b"\0") for name, body in content.items())


def test_a_compound_file_that_would_be_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="too many for a compound file"):
        compound_file({"a": bytes(8_000_000)}, bytes(16))


def test_an_ofd_document_says_its_lines_with_their_places_on_the_page() -> None:
    with zipfile.ZipFile(io.BytesIO(paper("ofd", SAMPLE, "报告", "青禾区人民政府", WHEN))) as archive:
        root = ElementTree.fromstring(archive.read("OFD.xml"))
        ns = {"o": "http://www.ofdspec.org/2016"}
        assert root.findtext("o:DocBody/o:DocRoot", namespaces=ns) == "Doc_0/Document.xml"
        pages = ElementTree.fromstring(archive.read("Doc_0/Document.xml")).findall("o:Pages/o:Page", ns)
        said, tops, idents = "", list[float](), list[str]()
        for number, page in enumerate(pages, 1):
            content = ElementTree.fromstring(archive.read(f"Doc_0/{page.get('BaseLoc')}"))
            objects = content.findall(".//o:TextObject", ns)
            texts = [item.findtext("o:TextCode", namespaces=ns) or "" for item in objects]
            assert texts[:2] == ["青禾区人民政府", f"— {number} —"]
            said += "".join(texts[2:])
            for item, text in zip(objects, texts, strict=True):
                left, top, width, height = map(float, (item.get("Boundary") or "").split())
                assert 0 < left < left + width < 211 and 0 < top < top + height < 297
                assert steps(item, ns) == len(text) - 1
                tops.append(top)
                idents.append(item.get("ID") or "")
            assert tops[-len(texts) + 2 :] == sorted(tops[-len(texts) + 2 :])
        assert len(idents) == len(set(idents))
    assert said.replace("\u3000", "") == "".join(line.piece.text for line in SAMPLE)


def steps(item: ElementTree.Element, ns: dict[str, str]) -> int:
    code = item.find("o:TextCode", ns)
    assert code is not None
    words = (code.get("DeltaX") or "").split()
    count, n = 0, 0
    while n < len(words):
        repeated = words[n] == "g"
        count += int(words[n + 1]) if repeated else 1
        n += 3 if repeated else 1
    return count


@pytest.mark.parametrize("form", [form for form in MEDIA_TYPES if form != "scan"])
def test_the_same_paragraphs_give_the_same_bytes(form: str) -> None:
    assert paper(form, SAMPLE, "报告", "青禾区", WHEN) == paper(form, SAMPLE, "报告", "青禾区", WHEN)


def test_a_scan_is_pictures_and_needs_a_font() -> None:
    with pytest.raises(ValueError, match="needs a font"):
        paper("scan", SAMPLE, "报告", "青禾区", WHEN)
    font = find_chinese_font()
    if font is None:
        pytest.skip("no font with Chinese characters here")
    document = pypdfium2.PdfDocument(paper("scan", SAMPLE[:20], "报告", "青禾区", WHEN, font))
    assert len(document) >= 1
    assert all(page.get_textpage().get_text_range().strip() == "" for page in document)
    picture = next(document[0].get_objects())
    assert picture.get_px_size() == (round(WIDTH * 200 / 72), round(HEIGHT * 200 / 72))


@given(st.text(st.sampled_from("法，。（1.2%"), max_size=200))
def test_wrapped_lines_hold_the_text_and_begin_with_no_stop(text: str) -> None:
    lines = wrap(text, 9)
    assert "".join(lines) == text
    assert not any(line[0] in "，。" for line in lines[1:])


def test_bad_files_are_as_bad_as_they_should_be() -> None:
    with pytest.raises(pypdfium2.PdfiumError, match="password"):
        pypdfium2.PdfDocument(bad_file("encrypted.pdf")[0])
    with zipfile.ZipFile(io.BytesIO(bad_file("bomb.docx")[0])) as archive:
        member = archive.getinfo("word/document.xml")
        assert member.file_size > 500 * member.compress_size and member.file_size > 200_000_000
    with zipfile.ZipFile(io.BytesIO(bad_file("entities.docx")[0])) as archive:
        entities = re.findall(rb"<!ENTITY", archive.read("word/document.xml"))
        assert 10 ** (len(entities) - 1) >= 10**9
    assert len(gzip_bomb(10_000_000)) < 20_000
