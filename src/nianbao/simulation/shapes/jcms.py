"""Sites whose articles are /art/YYYY/M/D/art_COLUMN_ID.html and whose listings are columns with numbered pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from nianbao.model import Family

from .. import pages
from ..pages import Article, Column, Frontage, Row

_ENTITIES = {"“": "&ldquo;", "”": "&rdquo;", "—": "&mdash;", "·": "&middot;"}


class JcmsShape:
    """Absolute links, a row of page numbers, quotation marks as entities in the text."""

    name = "jcms"
    family = Family.JPAGE
    encoding = "utf-8"

    def article_path(self, column: Column, published: datetime, ident: int) -> str:
        """Path of an article: month and day without leading zeros."""
        return f"/art/{published.year}/{published.month}/{published.day}/art_{column.number}_{ident}.html"

    def file_path(self, article_path: str, ident: int, suffix: str) -> str:
        """Files are downloads by number."""
        return f"/module/download/down.jsp?i_ID={ident}&filename=fj{ident % 9973}.{suffix}"

    def listing_paths(self, column: Column, count: int) -> list[list[str]]:
        """Further pages by query."""
        base = f"/col/col{column.number}/index.html"
        return [
            [base, f"/col/col{column.number}/"],
            *([f"{base}?uid=40613&pageNum={n}"] for n in range(2, count + 1)),
        ]

    def article(self, front: Frontage, article: Article, path: str) -> str:
        """An article's page."""
        body = pages.paragraphs(article.lines, indent="", style="text-indent:32px;line-height:2em;")
        for character, entity in _ENTITIES.items():
            body = body.replace(character, entity)
        day = article.published
        return f"""<!doctype html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>{pages.text(front.title)} {pages.text(article.column.name)} {pages.text(article.title)}</title>
{pages.meta_tags(front, article.column, article, f"http://{front.host}{path}")}
<style>.zoom p {{ margin: 0 }}</style></head>
<body>
<table width="1200" align="center"><tr><td class="logo"><img src="/picture/0/logo.png" alt="{pages.text(front.title)}"></td>
<td><form action="/jsearch"><input name="q" value="请输入关键字"><button>搜索</button></form></td></tr></table>
<div class="menu"><ul>{pages.navigation(front)}</ul></div>
<table class="path"><tr><td>您的位置：<a href="/">首页</a> &gt;&gt; <a href="/col/col{article.column.number}/index.html">\
{pages.text(article.column.name)}</a> &gt;&gt; 正文</td></tr></table>
<div class="main"><p class="title">{pages.text(article.title)}</p>
<p class="laiyuan"><span>发布日期：{day:%Y年%m月%d日}</span>&nbsp;&nbsp;<span>信息来源：{pages.text(article.office)}</span>
&nbsp;&nbsp;<span>浏览次数：<script src="/vc/vc.jsp?i={article.ident}"></script></span>&nbsp;&nbsp;<span>字号：【大】【中】【小】</span></p>
<div id="zoom">
<!--ZJEG_RSS.content.begin-->
{body}
{pages.table(article.table)}
{pages.attachments(article, "附件下载：")}
<!--ZJEG_RSS.content.end-->
</div>
<div class="close"><a href="javascript:window.print();">【打印本页】</a> <a href="javascript:window.close();">【关闭窗口】</a></div>
</div>
{pages.footer(front)}
</body></html>
"""

    def listing(self, front: Frontage, column: Column, rows: Sequence[Row], page: int, count: int) -> str:
        """A listing's page with links to the others."""
        base = f"/col/col{column.number}/index.html"
        items = "\n".join(
            f'<li><span class="date">[{row.published:%Y-%m-%d}]</span>'
            f'<a href="{pages.text(row.path)}" title="{pages.text(row.title)}">{pages.text(_short(row.title))}</a></li>'
            for row in rows
        )
        links = []
        for n in range(count):
            address = base if n == 0 else f"{base}?uid=40613&amp;pageNum={n + 1}"
            links.append(f"<b>{n + 1}</b>" if n == page else f'<a href="{address}">{n + 1}</a>')
        if page + 1 < count:
            links.append(f'<a href="{base}?uid=40613&amp;pageNum={page + 2}">下一页</a>')
        return f"""<!doctype html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>{pages.text(front.title)} {pages.text(column.name)}</title>
{pages.meta_tags(front, column, None, "")}</head>
<body><div class="menu"><ul>{pages.navigation(front)}</ul></div>
<div class="side"><h3>信息公开</h3><a href="/col/col1/index.html">公开指南</a><a href="/col/col2/index.html">公开制度</a></div>
<div class="lm_name">{pages.text(column.name)}</div>
<ul class="default_pgContainer">
{items}
</ul>
<div class="default_pgPanel">共{len(rows)}条　{" ".join(links)}</div>
{pages.footer(front)}
</body></html>
"""


def _short(title: str) -> str:
    """Long titles are cut in listings; the whole one is in the link's title attribute."""
    return title if len(title) <= 30 else title[:29] + "…"
