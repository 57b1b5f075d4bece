"""Listing pages: links with their whole titles and dates, and the way to the next page."""

from __future__ import annotations

import pytest

from nianbao.reading import Link, links, next_page

BASE = "https://www.shanyang.test/fz/index.html"


def test_links_come_with_full_title_and_the_date_of_their_row() -> None:
    html = """<base href="/fz/list/"><ul><li><a href="./t1.html#top" title="山阳区2024年法治政府建设年度报告">山阳区2024年法治政府…</a>
    <span>2025-03-06</span></li><li>[2024.3.1]<a href="../t2.html">山阳区2023年法治政府建设年度报告</a></li>
    <li><a href="http://b.test/t3.html">关于2022年度
      法治政府建设的报告 2023/02/09</a></li><li><a href="t4.html"><img src=x></a><a href="t4.html">四</a></li>
    <li><a href="javascript:void(0)">五</a><a href="mailto:a@b.test">六</a><a href="#">七</a><a href="http://[bad">八</a></li></ul>"""
    assert links(html.encode("gb18030"), BASE, "text/html; charset=gbk") == (
        Link(
            "https://www.shanyang.test/fz/list/t1.html",
            "山阳区2024年法治政府建设年度报告",
            "山阳区2024年法治政府建设年度报告",
            "2025-03-06",
        ),
        Link("https://www.shanyang.test/fz/t2.html", "山阳区2023年法治政府建设年度报告", "", "2024-03-01"),
        Link("http://b.test/t3.html", "关于2022年度法治政府建设的报告", "", "2023-02-09"),
        Link("https://www.shanyang.test/fz/list/t4.html", "四"),
        Link("https://www.shanyang.test/fz/list/", "七"),
    )


def test_a_date_of_another_row_is_not_taken() -> None:
    html = (
        "<div>"
        + "".join(f"<a href=t{n}.html>报告{n}</a> " for n in range(4))
        + "<p>更新于2025-01-01</p></div>"
    )
    assert [link.date for link in links(f"<html><body>{html}".encode(), BASE)] == [""] * 4


def test_what_is_no_page_has_no_links() -> None:
    for body in (b"", b"%PDF-1.4", b"\xff\xd8\xff", "没有标签的文字".encode()):
        assert links(body, BASE) == ()
        assert next_page(body, BASE) is None


@pytest.mark.parametrize(
    ("html", "url", "following"),
    [
        ('<a href="index_1.html">下一页</a>', BASE, "https://www.shanyang.test/fz/index_1.html"),
        ('<a href="?page=2">下页&gt;</a>', BASE, "https://www.shanyang.test/fz/index.html?page=2"),
        ('<a rel="next" href="/fz/p2">更多</a>', BASE, "https://www.shanyang.test/fz/p2"),
        ('<a href="#">下一页</a>', BASE, None),
        (
            '<a href="index_4.html" class="disabled">下一页</a>',
            "https://www.shanyang.test/fz/index_4.html",
            None,
        ),
        ('<a href="index.html">下一页</a>', BASE, None),
        ('<a href="https://other.test/index_1.html">下一页</a>', BASE, None),
        (
            '<script>createPageHTML(3, 0, "index", "html");</script>',
            BASE,
            "https://www.shanyang.test/fz/index_1.html",
        ),
        (
            '<script>createPageHTML(3,1,"index","shtml");</script>',
            "https://www.shanyang.test/fz/index_1.shtml",
            "https://www.shanyang.test/fz/index_2.shtml",
        ),
        (
            '<script>createPageHTML(3, 2, "index", "html");</script>',
            "https://www.shanyang.test/fz/index_2.html",
            None,
        ),
        (
            "<script>function createPageHTML(_nPageCount, _nCurrIndex, _sName, _sExt){}"
            'var countPage = 5; var current=0; createPageHTML(countPage, current, "index", "html")</script>',
            "https://www.shanyang.test/fz/",
            "https://www.shanyang.test/fz/index_1.html",
        ),
        (
            '<a href="javascript:;">下一页</a><a href="index.html">1</a><a href="index_2.html">2</a><a href="index_3.html">3</a>',
            "https://www.shanyang.test/fz/index_2.html",
            "https://www.shanyang.test/fz/index_3.html",
        ),
        ('<a href="index.html">1</a><a href="/zz/index_2.html">2</a>', BASE, None),
        ("<p>只有一页</p>", BASE, None),
    ],
)
def test_the_next_page_is_found_or_the_listing_ends(html: str, url: str, following: str | None) -> None:
    assert next_page(f"<html><body>{html}</body></html>".encode(), url) == following


def test_one_address_has_one_spelling() -> None:
    page = b"""<ul><li><a href="HTTP://WWW.A.TEST:80/1.html">2023</a><li><a href="http://www.a.test/1.html#x">2023</a>
    <li><a href="http://www.a.test:8080/1.html">2024</a></ul>"""
    found = [link.url for link in links(page, "http://www.a.test/")]
    assert found == ["http://www.a.test/1.html", "http://www.a.test:8080/1.html"]
