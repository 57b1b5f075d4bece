"""Markup that nobody would write, and that sites serve: read like a browser shows it, in one go, however large."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.model import UnreadableError
from nianbao.reading import links, read_document

URL = "https://www.shanyang.test/fz/1.html"
_TEXT = st.text(alphabet='法治政府办理35件，。&<>"; a', min_size=1, max_size=30).filter(
    lambda text: text.strip()
)
_BLOCK = st.sampled_from(["p", "div", "section", "li", "h3", "center", "blockquote"])
_NOISE = st.sampled_from(
    [
        "",
        "<!-- <p>77件</p> > -->",
        "<!---->",
        '<img alt="<p>88件</p>">',
        "<b></b>",
        "<script>99<p>件</script>",
    ]
)


def read(markup: str) -> list[str]:
    """The lines of a page with this body."""
    return read_document(f"<html><body>{markup}</body></html>".encode(), url=URL).text.split("\n")


@given(st.lists(st.tuples(_TEXT, _BLOCK, _NOISE, st.integers(0, 30)), min_size=1, max_size=12))
def test_every_paragraph_comes_back_as_one_line(paragraphs: list[tuple[str, str, str, int]]) -> None:
    markup = "".join(
        f"<{tag} title=\"a > b\" data-x='<br>'>{escape(text[:cut])}{noise}<span><font>{escape(text[cut:])}</font></span></{tag}>"
        for text, tag, noise, cut in paragraphs
    )
    expected = [" ".join(text.split()) for text, *_ in paragraphs]
    assert read(f"<div>全年召开会议7次。</div><div>{markup}</div>") == ["全年召开会议7次。", *expected]


@given(st.lists(st.lists(_TEXT, min_size=2, max_size=4), min_size=1, max_size=6))
def test_every_row_of_values_comes_back_as_one_line(rows: list[list[str]]) -> None:
    cells = ["".join(f"<td><p>{escape(cell)}<!-- </td> --></p></td>" for cell in row) for row in rows]
    # With a table around it that only lays out the page, and closing tags that may be left out.
    markup = "<table><tr><td><table>" + "".join(f"<tr>{row}" for row in cells) + "</table><td></table>"
    expected = [" | ".join(" ".join(cell.split()) for cell in row) for row in rows]
    assert read(f"<p>全年召开会议7次。</p>{markup}") == ["全年召开会议7次。", *expected]


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 15_000,
        "<ul><li>" * 5_000,
        "<table><tr><td>" * 4_000,
        "<p><b><i>" * 3_000,
        "<div><a href=x>某某</a></div>" * 30_000,
        "<div>" + "<!-- > -->" * 50_000,
        "<p>" + "<" * 200_000,
        '<p title="' + "<p>" * 100_000 + '">',
        "<p " + "a=1 " * 50_000 + ">",
        "<xmp>" + "<" * 100_000 + "</xmp>",
        "<p>" + " \n" * 300_000,
        "<p>" + "&nbsp;" * 100_000,
        "<div>索\n</div>" * 20_000,
        "<svg><title>" * 3_000,
        "<nav><button><nav>" * 3_000,
        "<frameset><frame src=x></frameset>",
        "<plaintext>",
    ],
    ids=lambda markup: markup[:16],
)
def test_markup_gone_wild_ends_with_the_text_or_a_sentence(markup: str) -> None:
    try:
        lines = read(f"<p>全年召开会议35次。</p>{markup}")
    except UnreadableError as error:
        assert "look at the address by hand" in str(error)
    else:
        assert "全年召开会议35次。" in lines


def test_one_label_in_pieces_is_still_a_label() -> None:
    facts = "<div><i>•</i><b>索</b> <b>引</b>\u3000<b>号</b>：SY-7</div><div>无关的一行</div><div>来源</div><div>区司法局</div>"
    lines = read(
        f"<div>{facts}</div><ul><li><a href=1>首页首页首页</a><li><a href=2>政务公开政务公开</a></ul>"
        f"<div><p>{'全年召开会议35次，办理案件7件。' * 30}</p></div>"
    )
    assert lines[:3] == ["•索 引\u3000号：SY-7".replace("\u3000", " "), "来源", "区司法局"]


def test_bare_line_breaks_part_paragraphs() -> None:
    assert read("一、成效<br><br/>全年召开会议35次。<BR>\n<br>二、问题") == [
        "一、成效",
        "全年召开会议35次。",
        "二、问题",
    ]


def test_a_page_with_a_byte_order_mark_or_broken_bytes_reads_like_the_same_page_without() -> None:
    page = f"<html><meta charset=utf-8><body><p>{'全年召开会议35次。' * 20}</p></body></html>".encode()
    assert read_document(b"\xef\xbb\xbf" + page, url=URL).text == read_document(page, url=URL).text
    broken = page.replace(b"</p>", b"\xe5\x85</p>")
    assert read_document(broken, url=URL).text.startswith("全年召开会议35次。")


@pytest.mark.parametrize(
    "counter", ["您是本站第{}位访客", "您是第 {} 位访问者", "本文浏览次数：{}次", "今日访问量：{}"]
)
def test_a_counter_below_a_cover_page_does_not_change_its_text(counter: str) -> None:
    def page(count: int) -> str:
        return (
            "<h1>2024年山阳区法治政府建设年度报告</h1><div>报告全文见附件。</div><div><a href='r.pdf'>附件.pdf</a></div>"
            f"<div>{counter.format(count)}</div><div>地址：山阳区人民路1号 邮编：100000</div>"
        )

    assert read(page(7)) == read(page(1234))
    assert not any("地址" in line or "1234" in line for line in read(page(1234)))


def test_a_page_nested_as_no_page_is_is_refused_at_once_and_has_no_links() -> None:
    deep = b"<html><body>" + b"<div>" * 200_000 + b"<a href='x.html'>x</a>"
    with pytest.raises(UnreadableError, match="nested as no page is"):
        read_document(deep)
    assert links(deep, "http://www.a.test/") == ()
    flat = "<html><body>" + "<p>全年召开会议35次。<br>" * 30_000
    assert read_document(flat.encode()).text.startswith("全年召开会议35次。")
