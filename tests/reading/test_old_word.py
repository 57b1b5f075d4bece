"""Old Word, WPS and rich text files: the text a reader sees, as Word shows it."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading.ole_file import doc

from nianbao.model import Outcome, UnreadableError
from nianbao.reading import read_document

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
DELETED = struct.pack("<HB", 0x0800, 1)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("report.doc", "application/msword"),
        ("notes.wps", "application/msword"),
        ("rich_text.doc", "application/rtf"),
    ],
)
def test_samples_read_as_they_were_written(name: str, media_type: str) -> None:
    """Written by an office suite: lists, tables, a field, tracked changes, two sections, header, footer, a footnote."""
    document = read_document(
        (SAMPLES / name).read_bytes(), content_type="application/pdf", url="http://a.test/x.pdf"
    )
    assert document.text == (SAMPLES / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")
    assert document.media_type == media_type and document.warnings == ()


def test_pieces_of_a_fast_saved_file_come_in_the_order_of_reading() -> None:
    body = doc(
        [
            ("2024年，", "utf-16-le", b""),
            ("handled 1,200 – 12%", "cp1252", b""),
            ("旧数字99件", "utf-16-le", DELETED),
            ("件，办结率", "utf-16-le", b""),
            ("98.5%\r", "cp1252", b""),
            ("第二段。\r", "utf-16-le", b""),
            ("脚注777\r", "utf-16-le", b""),
        ],
        length=6 + 19 + 6 + 5 + 6 + 5,
    )
    assert read_document(body).text == "2024年，handled 1,200 – 12%件，办结率98.5%\n第二段。"


@given(
    st.lists(
        st.text(st.sampled_from("法治政府建设报告，。35件%—“”𠮷a1 "), min_size=1, max_size=12),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=50)
def test_however_a_text_is_cut_into_pieces_it_reads_the_same(parts: list[str]) -> None:
    whole = "开头" + "".join(parts)
    body = doc(
        [("开头", "utf-16-le", b""), *((part, "utf-16-le", b"") for part in parts), ("\r", "cp1252", b"")]
    )
    assert read_document(body).text == " ".join(whole.split(" ")).strip()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("收到\x13 HYPERLINK x \x14提案36件\x15。\r", "收到提案36件。"),
        ("外\x13 IF \x13 PAGE \x141\x15 = 2 \x14内\x13 REF \x1424\x15件\x15。\r", "外内24件。"),
        ("没有结果的\x13 PAGE \x15域。\r", "没有结果的域。"),
        ("一\x07二\x07\x07三\x07四\x07\x07之后\r", "一 | 二\n三 | 四\n之后"),
        ("不间断\x1e连字符，可选\x1f连字符\x0b换行\x0c第二节\r", "不间断-连字符，可选连字符\n换行\n第二节"),
        ("图\x01和批注\x05都不是文字\r", "图和批注都不是文字"),
        ("没有段落标记", "没有段落标记"),
    ],
)
def test_marks_in_the_text_are_what_word_makes_of_them(text: str, shown: str) -> None:
    assert read_document(doc([(text, "utf-16-le", b"")])).text == shown


@pytest.mark.parametrize(
    ("body", "outcome", "says"),
    [
        (doc([("密", "utf-16-le", b"")], flags=0x0100), Outcome.UNREADABLE, "locked with a password"),
        (doc([("\x01\r", "utf-16-le", b"")]), Outcome.EMPTY, "holds no text"),
        (doc([("文字\r", "utf-16-le", b"")], flags=0x0200), Outcome.UNREADABLE, "damaged"),
        ((SAMPLES / "report.doc").read_bytes()[:9000], Outcome.UNSUPPORTED_FORMAT, "or cut off"),
    ],
)
def test_files_that_give_no_text_say_why(body: bytes, outcome: Outcome, says: str) -> None:
    with pytest.raises(UnreadableError, match=says) as caught:
        read_document(body)
    assert caught.value.outcome is outcome


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_ends_with_a_sentence_or_a_text(data: st.DataObject) -> None:
    body = bytearray((SAMPLES / data.draw(st.sampled_from(["report.doc", "notes.wps"]))).read_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        body[data.draw(st.integers(8, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert read_document(bytes(body)).text
    except UnreadableError as error:
        assert str(error)


def test_a_web_page_that_word_saved_as_doc_is_read_as_the_page_it_is() -> None:
    page = (
        "<html><head><title>报告</title></head><body><p>全年召开会议35次，办理许可1.2万件。</p></body></html>"
    )
    archive = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="=_x"\r\n\r\n--=_x\r\n'
        b"Content-Location: file:///C:/a.htm\r\nContent-Transfer-Encoding: base64\r\n"
        b'Content-Type: text/html; charset="gb2312"\r\n\r\n'
    )
    import base64

    archive += base64.encodebytes(page.encode("gb18030")) + b"\r\n--=_x--\r\n"
    for body in (archive, page.encode("gb18030")):
        document = read_document(body, content_type="application/msword", url="http://a.test/x.doc")
        assert document.text == "全年召开会议35次，办理许可1.2万件。" and document.media_type == "text/html"


def test_rich_text_in_the_encoding_of_old_programs() -> None:
    def escaped(text: str) -> str:
        return "".join(f"\\'{byte:02x}" for byte in text.encode("gbk"))

    body = (
        "{\\rtf1\\ansi\\ansicpg936{\\fonttbl{\\f0\\fnil\\fcharset134 SimSun;}}\\f0 "
        + escaped("全年办理许可")
        + "1.2"
        + escaped("万件。")
        + "\\par "
        + escaped("第二段")
        + "{\\deleted "
        + escaped("删去的数字9件")
        + "}\\par}"
    )
    assert read_document(body.encode("ascii")).text == "全年办理许可1.2万件。\n第二段"
