"""PDF and Word files: whole paragraphs, whole numbers, and a sentence for files that give no text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate

from nianbao.model import Outcome, UnreadableError
from nianbao.reading import read_document

FONT = "STSong-Light"
PARAGRAPHS = ["山阳区数据局2024年度法治政府建设情况报告", "一、主要举措和成效"]
PARAGRAPHS += [
    f"全年召开局长办公会{n + 11}次，研究法治建设议题{n * 7 + 30}个，办理行政许可{12345 + n * 911}件，按时办结率达到{90 + n / 3:.2f}%；"
    f"组织执法人员参加培训{n + 2}期，覆盖{1000 + n * 37}人次，比上年增加{n * 13 + 101}人次。开展合法性审核{n + 20}件，"
    f"提出意见{n * 9 + 100}条，均获采纳，推动依法决策水平持续提高"
    for n in range(12)
]
PARAGRAPHS += ["二、存在的问题", "（一）执法力量不足。" + "基层站所人手偏紧，" * 9 + "需要继续充实。"]


def pdf(paragraphs: list[str], header: str = "", number: str = "— {} —", **options: Any) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    body = ParagraphStyle("b", fontName=FONT, fontSize=14, leading=24, firstLineIndent=28, wordWrap="CJK")
    heading = ParagraphStyle("h", fontName=FONT, fontSize=18, leading=30, alignment=1, wordWrap="CJK")

    def decorate(canvas: Canvas, template: SimpleDocTemplate) -> None:
        canvas.setFont(FONT, 10)
        if number:
            canvas.drawCentredString(300, 30, number.format(template.page))
        if header:
            canvas.drawString(72, 800, header)

    out = io.BytesIO()
    template = SimpleDocTemplate(out, pagesize=A4, **options)
    flow = [Paragraph(paragraphs[0], heading), *(Paragraph(text, body) for text in paragraphs[1:])]
    template.build(flow, onFirstPage=decorate, onLaterPages=decorate)
    return out.getvalue()


def drawn(draw: Callable[[Canvas], None], pages: int = 1) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for _ in range(pages):
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize("header", ["", "山阳区数据局年度报告汇编"])
@pytest.mark.parametrize("number", ["", "— {} —", "第 {} 页 共 3 页"])
def test_pdf_lines_become_the_paragraphs_they_were(header: str, number: str) -> None:
    document = read_document(
        pdf(PARAGRAPHS, header, number), content_type="text/html", url="http://a.test/x.html"
    )
    assert document.text.split("\n") == PARAGRAPHS
    pages = [block.page for block in document.blocks]
    assert pages[0] == 1 and pages[-1] == 2 and pages == sorted(pages, key=lambda page: page or 0)
    assert document.media_type == "application/pdf" and document.warnings == ()


def test_lines_that_end_early_or_begin_indented_are_not_joined() -> None:
    """Drawn line by line, since only such lines show what decides: the margins."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    full, other = "甲乙丙丁" * 7, "子丑寅卯" * 7
    lines = [
        (72, full),
        (72, "戊己庚辛"),
        (72, "区政府办"),
        (100, full[:26]),
        (100, other[:26]),
        (72, full),
        (72, "止。"),
    ]

    def draw(canvas: Canvas) -> None:
        canvas.setFont(FONT, 14)
        for number, (left, text) in enumerate(lines):
            canvas.drawString(left, 700 - 24 * number, text)

    assert read_document(drawn(draw)).text.split("\n") == [
        full + "戊己庚辛",
        "区政府办",
        full[:26],
        other[:26] + full + "止。",
    ]


def test_words_of_latin_letters_keep_their_blank() -> None:
    sentence = "The district data bureau " * 12 + "ends here."
    document = read_document(pdf(["2024 annual report of the bureau", sentence]))
    assert document.text.split("\n")[1] == sentence


def test_radicals_that_only_look_like_characters_are_written_as_these() -> None:
    document = read_document(pdf(["⽂件标题共⼗个字以上才算", "⼀、⼯作情况，全年受理⻔类事项三百件。"]))
    assert document.text == "文件标题共十个字以上才算\n一、工作情况，全年受理门类事项三百件。"


def test_pdfs_without_text_say_why() -> None:
    locked = pdf(PARAGRAPHS[:3], encrypt=StandardEncryption("secret"))
    whole = pdf(PARAGRAPHS)
    for body, says in (
        (locked, "locked with a password"),
        (whole[: len(whole) // 2], "cut off"),
        (whole[:-10], "cut off"),
        (b"%PDF-1.4\nnonsense\n%%EOF", "damaged"),
    ):
        with pytest.raises(UnreadableError, match=says) as caught:
            read_document(body)
        assert caught.value.outcome is Outcome.UNREADABLE


def test_a_scan_without_an_engine_names_the_extra() -> None:
    scan = drawn(lambda canvas: canvas.rect(50, 50, 400, 700, fill=1), 3)
    with pytest.raises(UnreadableError, match=r"scan of 3 page.*nianbao\[ocr\]") as caught:
        read_document(scan)
    assert caught.value.outcome is Outcome.UNSUPPORTED_FORMAT


def test_a_scanned_page_between_text_pages_is_told() -> None:
    def draw(canvas: Canvas) -> None:
        if canvas.getPageNumber() != 2:
            canvas.drawString(72, 700, "This page has a text of its own.")

    document = read_document(drawn(draw, 3))
    assert document.warnings == ("page(s) 2 of the PDF hold no text; look at the original",)


def word(build: Callable[[Any], None]) -> bytes:
    document = docx.Document()
    build(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_word_paragraphs_and_tables_come_in_order() -> None:
    def build(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "页眉不是正文"
        document.add_heading("2024年度法治政府建设报告", 0)
        paragraph = document.add_paragraph("全年召开会议")
        paragraph.add_run("35").bold = True
        paragraph.add_run("次。\n（一）第二行")
        table = document.add_table(rows=2, cols=2)
        for cell, text in zip(table._cells, ("指标", "2024年", "行政复议", "36件"), strict=True):
            cell.text = text
        document.add_paragraph("　")
        document.add_paragraph("山阳区数据局")

    document = read_document(word(build), url="http://a.test/x.pdf")
    assert document.text.split("\n") == [
        "2024年度法治政府建设报告",
        "全年召开会议35次。",
        "（一）第二行",
        "指标 | 2024年",
        "行政复议 | 36件",
        "山阳区数据局",
    ]


def test_numbers_that_word_only_draws_are_written_out() -> None:
    def build(document: Any) -> None:
        numbering = document.part.numbering_part.element
        numbering.insert(
            0,
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">'
                '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
                '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>'
                "</w:abstractNum>"
            ),
        )
        numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
        )
        for text, level in (("举措", 0), ("培训3次", 1), ("检查5次", 1), ("问题", 0), ("人手不足", 1)):
            properties = document.add_paragraph(text)._p.get_or_add_pPr()
            properties.append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
            )
        document.add_paragraph("不在列表里")

    assert read_document(word(build)).text.split("\n") == [
        "一、举措",
        "1. 培训3次",
        "2. 检查5次",
        "二、问题",
        "1. 人手不足",
        "不在列表里",
    ]


def test_word_files_that_are_none_or_empty_say_so() -> None:
    good = word(lambda document: document.add_paragraph("文字"))
    empty = word(lambda document: None)

    def archive(name: str) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as file:
            file.writestr(name, "x")
        return out.getvalue()

    for body, outcome in (
        (good[: len(good) // 2], Outcome.UNREADABLE),
        (empty, Outcome.EMPTY),
        (archive("word/document.xml"), Outcome.UNREADABLE),
        (archive("OFD.xml"), Outcome.UNREADABLE),
        (archive("xl/workbook.xml"), Outcome.UNSUPPORTED_FORMAT),
        (archive("a.txt"), Outcome.UNSUPPORTED_FORMAT),
    ):
        with pytest.raises(UnreadableError) as caught:
            read_document(body)
        assert caught.value.outcome is outcome
