"""Plain text and encodings: every character arrives, whatever the label says."""

from __future__ import annotations

from pathlib import Path

import pytest

from nianbao.model import Outcome, UnreadableError
from nianbao.reading import read_document
from nianbao.reading.furniture import trimmed

TEXT = "\r\n　　山阳区数据局2024年度报告 \r\n\r\n区政府：\r\n\t全年召开会议35 次，办理许可1.2万件。\n\u200b\n"
LINES = ["山阳区数据局2024年度报告", "区政府：", "全年召开会议35 次，办理许可1.2万件。"]
REPORTS = Path(__file__).resolve().parents[2].parent / "shared" / "reports"


@pytest.mark.parametrize(
    ("body", "content_type", "encoding", "warned"),
    [
        (TEXT.encode(), "", "utf-8", False),
        (TEXT.encode(), "text/plain; charset=gb2312", "utf-8", True),
        (TEXT.encode("utf-8-sig"), "text/plain; charset=gbk", "utf-8", False),
        (TEXT.encode("gb18030"), "text/plain; charset=GB2312", "gb18030", False),
        (TEXT.encode("gb18030"), "text/plain; charset=utf-8", "gb18030", True),
        (TEXT.encode("gb18030"), "text/plain; charset=iso-8859-1", "gb18030", True),
        (TEXT.encode("gb18030"), "text/plain; charset=no-such", "gb18030", False),
        (TEXT.encode("gb18030"), "", "gb18030", False),
        (TEXT.encode("utf-16"), "", "utf-16-le", False),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "", "utf-16-be", False),
        (TEXT.encode("utf-16-le"), "", "utf-16-le", False),
        (TEXT.replace("区", "區").encode("utf-8"), "text/plain; charset=big5", "utf-8", True),
    ],
)
def test_labels_are_believed_only_where_the_bytes_agree(
    body: bytes, content_type: str, encoding: str, warned: bool
) -> None:
    document = read_document(body, content_type=content_type)
    assert document.text.replace("區", "区").split("\n") == LINES
    assert document.encoding == encoding
    assert bool(document.warnings) == warned
    assert document.media_type == "text/plain"


def test_big5_is_read_where_it_is_labelled() -> None:
    body = "法治政府建設年度報告,全年召開會議三次".encode("big5")
    assert read_document(body, content_type="text/plain; charset=big5").text.startswith("法治政府建設")


def test_a_few_broken_bytes_in_utf8_do_not_turn_it_into_nonsense() -> None:
    body = TEXT.encode() * 3 + "截至".encode()[:-1]
    document = read_document(body, content_type="text/plain; charset=gbk")
    assert document.encoding == "utf-8"
    assert "办理许可1.2万件" in document.text
    assert any("broken" in warning for warning in document.warnings)


def test_blocks_lead_back_to_the_decoded_text() -> None:
    document = read_document(TEXT.encode())
    for block, line in zip(document.blocks, LINES, strict=True):
        assert document.text[block.start : block.end] == line
        assert block.source_start is not None
        assert TEXT[block.source_start : block.source_start + len(line)] == line


@pytest.mark.skipif(not REPORTS.is_dir(), reason="the real reports are not beside this checkout")
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_real_reports_come_through_in_every_encoding(encoding: str) -> None:
    for path in sorted(REPORTS.glob("*.txt")):
        text = path.read_bytes().decode("utf-8")
        document = read_document(text.encode(encoding), content_type="text/plain; charset=utf-8")
        # One of the texts begins with the breadcrumb of the page it was copied from; that is furniture.
        assert "".join(document.text.split()) == "".join(text.split()).removeprefix("当前位置:")
        for block in document.blocks:
            assert block.source_start is not None
            assert text[block.source_start] == document.text[block.start]


@pytest.mark.parametrize(
    ("body", "outcome", "says"),
    [
        (b"", Outcome.EMPTY, "empty"),
        (b" \r\n\0", Outcome.EMPTY, "empty"),
        ("　\u200b\n".encode(), Outcome.EMPTY, "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, Outcome.UNSUPPORTED_FORMAT, "old Office file"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"),
            Outcome.UNSUPPORTED_FORMAT,
            "old Excel",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            Outcome.UNREADABLE,
            "password",
        ),
        (b"\xff\xd8\xff\xe0JFIF", Outcome.UNSUPPORTED_FORMAT, "picture"),
        (b"\x89PNG\r\n\x1a\n", Outcome.UNSUPPORTED_FORMAT, "picture"),
        (b"{\\rtf1 }", Outcome.EMPTY, "rich text"),
        (b"Rar!\x1a\x07\0", Outcome.UNSUPPORTED_FORMAT, "unpack it"),
        (b"PK\x03\x04 and no more", Outcome.UNREADABLE, "cut off or damaged"),
        (bytes(range(256)) * 20, Outcome.UNREADABLE, "neither text nor a known file format"),
        (b"\x81\xff\x80" * 400, Outcome.UNREADABLE, "no encoding that fits"),
    ],
)
def test_what_cannot_be_read_ends_with_its_outcome_and_a_sentence(
    body: bytes, outcome: Outcome, says: str
) -> None:
    with pytest.raises(UnreadableError, match=says) as caught:
        read_document(body, content_type="text/html", url="http://a.test/report.pdf")
    assert caught.value.outcome is outcome


@pytest.mark.parametrize(
    "line",
    [
        "您是本站第 1204511 位访客 今日访问 311 次",
        "2026年11月22日 星期日 无障碍阅读 长者模式",
        "您是第88位访问者",
        "地址：山阳区人民路1号 邮编：454000",
        "联系地址: 山阳区人民路1号 邮政编码：454000 电话：0391-0000000",
    ],
)
def test_counters_and_addresses_below_an_article_are_no_text(line: str) -> None:
    assert [*trimmed(["全年办理行政复议案件12件。", line])] == ["全年办理行政复议案件12件。"]


def test_prose_about_visitors_and_addresses_stays() -> None:
    prose = ["公共法律服务中心接待第1万位访客。", "政务服务大厅迁至新地址，邮寄送达1204件。"]
    assert [*trimmed(prose)] == prose
