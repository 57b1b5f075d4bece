"""OFD files: paragraphs in the order of reading, whatever order their pieces are stored in."""

from __future__ import annotations

import pytest
from reading.ofd_file import Text, ofd, page

from nianbao.model import Outcome, UnreadableError
from nianbao.reading import read_document

FULL = "全年召开局长办公会三十五次，研究法治议题一百二十个，办理行政许可一万两千"


def report() -> bytes:
    def sheet(number: int, *texts: Text) -> str:
        return page(Text("山阳区数据局", 20, 15, 3), *texts, Text(f"— {number} —", 100, 285, 3))

    return ofd(
        sheet(
            1,
            Text("件，办结率98.5%。", 15, 66),
            Text("山阳区数据局2024年度法治政府建设情况报告", 40, 40, 6),
            Text(FULL[2:], 25, 58),
        ),
        sheet(2, Text("（一）培训12期。", 25, 40), Text("比上年增加", 25, 48), Text("3期。", 52, 48)),
        sheet(3, Text("区司法局", 150, 40)),
    )


def test_lines_become_paragraphs_without_header_and_page_number() -> None:
    document = read_document(report(), content_type="application/pdf", url="http://a.test/x.pdf")
    assert document.text.split("\n") == [
        "山阳区数据局2024年度法治政府建设情况报告",
        FULL[2:] + "件，办结率98.5%。",
        "（一）培训12期。",
        "比上年增加3期。",
        "区司法局",
    ]
    assert [block.page for block in document.blocks] == [1, 1, 2, 2, 3]
    assert document.media_type == "application/ofd" and document.warnings == ()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (Text("表头甲数量乙", 20, 40, 5, "5 5 20 g 2 5"), "表头甲 数量乙"),
        (Text("放大两倍的字", 20, 40, 5, "g 5 5", "2 0 0 2 0 0"), "放大两倍的字"),
        (Text("1,234件", 20, 40, 5, "2.5 2.5 2.5 2.5 2.5"), "1,234件"),
        (Text("甲 & <乙>", 20, 40), "甲 & <乙>"),
        (Text("间距写错", 20, 40, 5, "g g 9 x"), "间距写错"),
        (Text("间距太多", 20, 40, 5, "g 99999999 5"), "间距太多"),
    ],
)
def test_places_and_distances_of_characters(text: Text, shown: str) -> None:
    assert read_document(ofd(page(text))).text == shown


def test_text_of_a_template_page_belongs_to_the_page() -> None:
    head = page(Text("山阳区人民政府文件", 20, 20)).encode()
    body = ofd(
        page(Text("一、正文一段。", 20, 40), template="7"), members={"Doc_0/Tpls/Tpl_0/Content.xml": head}
    )
    assert read_document(body).text == "山阳区人民政府文件\n一、正文一段。"


@pytest.mark.parametrize(
    ("body", "outcome", "says"),
    [
        (ofd(page(extra='<ofd:ImageObject ID="3"/>')), Outcome.UNREADABLE, "pictures or of glyphs"),
        (ofd(page(Text("\ue001\ue002¤¤", 20, 40))), Outcome.UNREADABLE, "glyphs without characters"),
        (ofd(page(), members={"OFD.xml": b"<x/>"}), Outcome.UNREADABLE, "names no document"),
        (ofd(page(), members={"OFD.xml": b"<x"}), Outcome.UNREADABLE, "damaged"),
        (ofd(page(), members={"Doc_0/Document.xml": b""}), Outcome.UNREADABLE, "damaged"),
        (report()[:-300], Outcome.UNREADABLE, "cut off or damaged"),
    ],
)
def test_files_that_give_no_text_say_why(body: bytes, outcome: Outcome, says: str) -> None:
    with pytest.raises(UnreadableError, match=says) as caught:
        read_document(body)
    assert caught.value.outcome is outcome


def test_a_page_without_text_is_told() -> None:
    document = read_document(ofd(page(Text("第一页的文字", 20, 40)), page(), page(Text("第三页", 20, 40))))
    assert document.warnings == ("page(s) 2 of the OFD file hold no text; look at the original",)


def test_names_in_the_file_are_looked_up_in_it_and_nowhere_else() -> None:
    root = b"<OFD><DocBody><DocRoot>/../../../../etc/passwd</DocRoot></DocBody></OFD>"
    with pytest.raises(UnreadableError, match="lacks"):
        read_document(ofd(page(Text("文字", 20, 40)), members={"OFD.xml": root}))
