"""Scans: pages without text are read by the engine that is given, in their place, and marked with its confidence."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Sequence
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from nianbao.model import Outcome, UnreadableError
from nianbao.reading import read_document
from nianbao.reading.ocr import OcrLine, corrected
from nianbao.sandbox import BoundedReader
from nianbao.simulation import find_chinese_font

FONT = find_chinese_font()


class Marks:
    """An engine that reads black bars: each is one line, whose height in points is looked up in a table."""

    def __init__(self, texts: dict[int, str]) -> None:
        self.texts = texts
        self.asked = 0

    def lines(self, image: Any) -> Sequence[OcrLine]:
        self.asked += 1
        scale = image.width / A4[0]
        found = []
        for height, text in self.texts.items():
            row = round((A4[1] - height) * scale)
            if image.convert("L").getpixel((round(100 * scale), row - 2)) < 100:
                found.append(OcrLine(text, 72 * scale, row - 12 * scale, 500 * scale, row, 0.9))
        return found


def scanned(*heights: int) -> bytes:
    """A PDF of one page per number with a picture of a bar at this height in points; 0: a page of text instead."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for height in heights:
        if height:
            picture = Image.new("L", (420, 12), 0)
            canvas.drawImage(ImageReader(picture), 72, height, 420, 12)
        else:
            canvas.drawString(72, 700, "A page with a text of its own, which no engine reads.")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_only_the_pages_without_text_are_read_by_the_engine() -> None:
    engine = Marks({500: "一、全年办理许可1.2万件。", 300: "二、召开会议35次。"})
    document = read_document(scanned(500, 0, 300), ocr=engine)
    assert document.text.split("\n") == [
        "一、全年办理许可1.2万件。",
        "A page with a text of its own, which no engine reads.",
        "二、召开会议35次。",
    ]
    assert [block.page for block in document.blocks] == [1, 2, 3] and engine.asked == 2
    assert document.ocr_confidence == 0.9
    assert "page(s) 1, 3" in document.warnings[0] and "OCR" in document.warnings[0]


def test_text_that_was_text_has_no_confidence_and_needs_no_engine() -> None:
    engine = Marks({})
    document = read_document(scanned(0), ocr=engine)
    assert document.ocr_confidence is None and document.warnings == () and engine.asked == 0


def test_a_scan_in_which_nothing_is_found_says_so() -> None:
    with pytest.raises(UnreadableError, match="no text was found") as caught:
        read_document(scanned(500), ocr=Marks({}))
    assert caught.value.outcome is Outcome.EMPTY


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF"])
def test_pictures_need_the_engine_and_say_so(form: str) -> None:
    out = io.BytesIO()
    picture = Image.new("RGB", (1654, 2339), "white")
    ImageDraw.Draw(picture).rectangle((100, 400, 1400, 430), fill="black")
    picture.save(out, form)
    with pytest.raises(UnreadableError, match=r"nianbao\[ocr\]") as caught:
        read_document(out.getvalue())
    assert caught.value.outcome is Outcome.UNSUPPORTED_FORMAT
    height = round(A4[1] - 430 * A4[0] / 1654)
    document = read_document(out.getvalue(), ocr=Marks({height: "全年办理许可1.2万件。"}))
    assert document.text == "全年办理许可1.2万件。" and document.ocr_confidence == 0.9


def test_pictures_that_unpack_without_end_or_are_cut_off_are_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(out, "PNG")
    with pytest.raises(UnreadableError, match="million points") as caught:
        read_document(out.getvalue(), ocr=Marks({}))
    assert caught.value.outcome is Outcome.OVERSIZED
    out = io.BytesIO()
    Image.effect_noise((200, 200), 50).save(out, "PNG")
    with pytest.raises(UnreadableError, match="damaged"):
        read_document(out.getvalue()[:3000], ocr=Marks({}))


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("(二）开展检查,发现问题:", "（二）开展检查，发现问题："),
        ("办理许可1,200件", "办理许可1,200件"),
        ("3.2 万件 (其中网办 1 件)", "3.2 万件 （其中网办 1 件）"),
        ("法 治 政 府", "法治政府"),
        ("比例为3:7, rate", "比例为3:7, rate"),
    ],
)
def test_only_what_is_certain_is_corrected(read: str, meant: str) -> None:
    assert corrected(read) == meant


@pytest.mark.skipif(
    not (importlib.util.find_spec("rapidocr") and importlib.util.find_spec("onnxruntime")),
    reason="the extra `ocr` is not installed",
)
@pytest.mark.skipif(FONT is None, reason="no Chinese font is installed")
def test_the_engine_reads_a_scan_offline_in_the_worker() -> None:
    font = ImageFont.truetype(str(FONT), 42)
    picture = Image.new("RGB", (1100, 300), "white")
    draw = ImageDraw.Draw(picture)
    draw.text((40, 40), "全年办理行政许可12345件，", font=font, fill="black")
    draw.text((40, 120), "按时办结率98.6%。", font=font, fill="black")
    out = io.BytesIO()
    picture.save(out, "PDF", resolution=200)
    assert pypdfium2.PdfDocument(out.getvalue())
    with BoundedReader(seconds=120) as reader:
        document = reader.read(out.getvalue())
    assert "12345件" in document.text and "98.6%" in document.text
    assert document.ocr_confidence is not None and document.ocr_confidence > 0.8
