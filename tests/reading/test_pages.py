"""Web pages: the article and the facts beside it, without the site around it."""

from __future__ import annotations

import pytest

from nianbao.model import Outcome, UnreadableError
from nianbao.reading import error_page, read_document

URL = "https://www.shanyang.test/fz/202503/t20250306_1.html"
ARTICLE = """<p>　　2024年，山阳区深入推进法治政府建设，现将有关情况报告如
下：</p><p>　　一、主要举措和成效</p>
<p>全年召开常务会议<b>35</b>&nbsp;次，办理行政许可<span>1</span><span>2345</span>件。<br>　　（一）行政执法。开展检查四百余次，
查处案件36件，罚没款120万元，比上年增长12.5%，社会满意度达到99.97%。</p>
<table><tr><th>指标</th><th>2023年</th><th>2024年</th></tr><tr><td><p>行政复议</p></td><td>25件</td><td>36件</td></tr></table>
<p>附件：<a href="./P020250306.pdf">2024年报告.pdf</a></p><p>山阳区人民政府</p><p>2025年3月1日</p>"""
LINES = [
    "2024年，山阳区深入推进法治政府建设，现将有关情况报告如下：",
    "一、主要举措和成效",
    "全年召开常务会议35 次，办理行政许可12345件。",
    "（一）行政执法。开展检查四百余次，查处案件36件，罚没款120万元，比上年增长12.5%，社会满意度达到99.97%。",
    "指标 | 2023年 | 2024年",
    "行政复议 | 25件 | 36件",
    "附件：2024年报告.pdf",
    "山阳区人民政府",
    "2025年3月1日",
]
TITLE = "2024年山阳区法治政府建设年度报告"


def page(
    article: str = ARTICLE, box: str = 'class="TRS_Editor"', charset: str = "utf-8", head: str = ""
) -> str:
    return f"""<!DOCTYPE html><html><head><meta charset="{charset}">{head}
<title>{TITLE}_法治政府_山阳区人民政府</title><script>document.write("<p>脚本里的123件</p>")</script></head><body>
<div class="header"><h1>山阳区人民政府</h1><div>2019年12月3日 星期二</div>
<ul><li><a href="/">首页</a></li><li><a href="/x">政务公开</a></li><li><a href="/y">互动交流</a></li></ul></div>
<div class="crumb">您的位置：<a href="/">首页</a> &gt; <a href="/z">政府信息公开</a> &gt; 法治政府年报</div>
<div class="main"><table><tr><td>索 引 号</td><td>SY001-2025-0003</td><td>发布日期</td><td>2025-03-06</td></tr>
<tr><td>发文机关</td><td>山阳区人民政府</td><td>文　　号</td><td></td></tr></table>
<h2 class="title">{TITLE}</h2>
<div class="info">发布时间：2025年03月06日&nbsp;&nbsp;来源：区司法局&nbsp;&nbsp;浏览次数：<span>128</span> 字号：<a>大</a> <a>中</a></div>
<div {box}>{article}</div>
<div class="rel"><h3>相关文章</h3><ul><li><a href="a1">2023年山阳区法治政府建设年度报告</a></li>
<li><a href="a2">2022年山阳区法治政府建设年度报告全文</a></li><li><a href="a3">三号</a></li></ul></div></div>
<div class="footer">主办单位：山阳区人民政府办公室 版权所有 <a>京ICP备00000000号</a> 网站标识码：0000000000</div></body></html>"""


FACTS = [
    "索 引 号 | SY001-2025-0003 | 发布日期 | 2025-03-06",
    "发文机关 | 山阳区人民政府 | 文 号 |",
    TITLE,
    "发布时间：2025年03月06日 来源：区司法局",
]


@pytest.mark.parametrize(
    "box", ['class="TRS_Editor"', 'id="zoom"', "", 'class="whatever"', 'style="margin:0"']
)
def test_the_article_and_its_facts_are_kept_and_nothing_else(box: str) -> None:
    document = read_document(page(box=box).encode(), content_type="text/html", url=URL)
    assert document.text.split("\n") == FACTS + LINES
    assert document.title == TITLE
    assert document.attachments == (("https://www.shanyang.test/fz/202503/P020250306.pdf", "2024年报告.pdf"),)
    assert [document.text[block.start : block.end] for block in document.blocks] == FACTS + LINES


def test_paragraphs_in_boxes_of_their_own_stay_together() -> None:
    article = (
        "<div>短的一段，办理3件。</div><div>二、存在的问题</div><div>"
        + "这一段很长，占了全文的大部分。" * 30
        + "</div>"
    )
    article += "<div>山阳区数据局</div><div>2025年1月9日</div>"
    lines = read_document(page(article, box='id="box1"').encode(), url=URL).text.split("\n")
    assert lines[-5:-3] == ["短的一段，办理3件。", "二、存在的问题"]
    assert lines[-2:] == ["山阳区数据局", "2025年1月9日"]


def test_half_of_an_article_is_never_taken_for_the_whole() -> None:
    link = '<a href="/more">更多法治政府建设信息</a>'
    article = f"<div>{'前一半，办理3件。' * 12}</div><div>{link}</div><div>{'后一半更长，办理5件，结案5件。' * 40}</div>"
    text = read_document(page(article, box="").encode(), url=URL).text
    assert text.count("办理3件") == 12 and text.count("办理5件") == 40


def test_an_article_inside_layout_tables_is_no_table_row() -> None:
    html = f"<html><body><table><tr><td><a href='/'>首页</a></td><td><table><tr><td>{ARTICLE}</td></tr></table></td></tr></table>"
    assert read_document(html.encode(), url=URL).text.split("\n")[-9:] == LINES


@pytest.mark.parametrize(
    ("encoding", "label"), [("gb18030", "gb2312"), ("gb18030", "utf-8"), ("utf-8", "gb2312")]
)
def test_pages_with_right_and_wrong_labels_read_alike(encoding: str, label: str) -> None:
    document = read_document(page(charset=label).encode(encoding), content_type="text/html", url=URL)
    assert document.text.split("\n") == FACTS + LINES
    assert document.encoding == encoding
    assert bool(document.warnings) == (encoding[:2] != label[:2])


def test_meta_tags_and_the_articles_title_are_taken() -> None:
    head = '<meta name="ArticleTitle" content="另一个 标题"><meta name="PubDate" content="2025-03-06 10:00"><meta name="x" content="">'
    document = read_document(page(head=head).encode(), url=URL)
    assert document.title == "另一个 标题"
    assert document.meta == {"ArticleTitle": "另一个 标题", "PubDate": "2025-03-06 10:00"}


def test_files_in_viewers_and_behind_download_scripts_are_attachments() -> None:
    article = (
        '<iframe src="/pdfjs/viewer.html?file=/upload/2024.pdf"></iframe><p>报告见附件，共两份。</p>'
        '<a href="/download.jsp?id=7">二〇二四年报告.docx</a><a href="javascript:void(0)">假.pdf</a>'
    )
    document = read_document(page(article).encode(), url=URL)
    assert document.attachments == (
        ("https://www.shanyang.test/upload/2024.pdf", ""),
        ("https://www.shanyang.test/download.jsp?id=7", "二〇二四年报告.docx"),
    )


def test_hidden_text_and_scripts_are_not_read() -> None:
    article = ARTICLE + '<p style="display:none">看不见的999件。</p><noscript>888件</noscript><!-- 777件 -->'
    assert read_document(page(article).encode(), url=URL).text.split("\n") == FACTS + LINES


def test_a_page_that_scripts_fill_says_so() -> None:
    with pytest.raises(UnreadableError, match="filled by scripts") as caught:
        read_document(b"<html><body><div id=app></div><script>load()</script></body></html>")
    assert caught.value.outcome is Outcome.EMPTY


def test_very_deep_pages_are_read() -> None:
    html = "<html><body>" + "<div>" * 5000 + "全年召开会议35次。" + "<ul><li>" * 3000 + "完"
    assert read_document(html.encode()).text == "全年召开会议35次。\n完"


@pytest.mark.parametrize(
    ("html", "outcome"),
    [
        ("<title>404</title><p>您访问的页面不存在或已被删除</p>", Outcome.SOFT_404),
        ("<title>出错了</title><p>抱歉，没有找到您要的页面</p>", Outcome.SOFT_404),
        ("<p>404 Not Found</p>", Outcome.SOFT_404),
        ("<p>网站升级维护中，暂停访问</p>", Outcome.SUSPENDED),
        ("<p>请开启JavaScript并刷新该页</p>", Outcome.BLOCKED_CHALLENGE),
        ("<p>您的请求过于频繁，请完成安全验证</p>", Outcome.BLOCKED_CHALLENGE),
    ],
)
def test_pages_that_only_pretend_are_told(html: str, outcome: Outcome) -> None:
    told = error_page(read_document(f"<html><body>{html}</body></html>".encode()))
    assert told is not None and told[0] is outcome and len(told[1]) > 20


def test_a_report_that_speaks_of_missing_pages_is_a_report() -> None:
    text = ARTICLE + "<p>整治网站“页面不存在”问题404个，" + "网站建设水平继续提升，" * 60 + "</p>"
    assert error_page(read_document(page(text).encode(), url=URL)) is None
    assert error_page(read_document("页面不存在".encode())) is None
