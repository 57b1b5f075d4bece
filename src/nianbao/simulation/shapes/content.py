"""Sites with /xxgk/COLUMN/content_ID.html, no date in the address, in GB18030 under the old label gb2312."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from nianbao.model import Family

from .. import pages
from ..pages import Article, Column, Frontage, Row


class ContentShape:
    """Listings list.html, list_2.html in table rows; metadata letter-spaced and over two lines."""

    name = "content"
    family = Family.CONTENT_ID
    encoding = "gb18030"

    def article_path(self, column: Column, published: datetime, ident: int) -> str:
        """Path of an article."""
        return f"/xxgk/{column.slug}/content_{ident}.html"

    def file_path(self, article_path: str, ident: int, suffix: str) -> str:
        """Files lie in one folder."""
        return f"/uploadfile/{ident}.{suffix}"

    def listing_paths(self, column: Column, count: int) -> list[list[str]]:
        """The first page has no number."""
        base = f"/xxgk/{column.slug}/list"
        return [[base + ".html"], *([f"{base}_{n}.html"] for n in range(2, count + 1))]

    def article(self, front: Frontage, article: Article, path: str) -> str:
        """An article's page."""
        day = article.published
        return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>{pages.text(article.title)}-{pages.text(front.title)}</title>
{pages.meta_tags(front, article.column, article, f"http://{front.host}{path}")}</head>
<body bgcolor="#ffffff"><table width="1000" align="center" class="head"><tr><td><ul>{pages.navigation(front)}</ul></td></tr></table>
<table width="1000" align="center"><tr><td class="pos">您现在的位置：<a href="/">首页</a>－<a href="list.html">\
{pages.text(article.column.name)}</a>－浏览文章</td></tr></table>
<table class="gkxx" width="1000" align="center">
<tr><td>索&nbsp;&nbsp;&nbsp;引&nbsp;&nbsp;&nbsp;号</td><td>{front.site_code[-6:]}-{article.ident}</td>
<td>公开日期</td><td>{day:%Y/%m/%d}</td></tr>
<tr><td>公开机构</td><td>{pages.text(article.office)}</td><td>有&nbsp;&nbsp;效&nbsp;&nbsp;性</td><td>有效</td></tr></table>
<div class="bt" align="center"><font size="5">{pages.text(article.title)}</font></div>
<div align="center" class="sj">{day:%Y-%m-%d %H:%M:%S}　点击：<span id="hits">0</span>次</div>
<div id="content" class="article-content">
{pages.paragraphs(article.lines, indent="　　", style="margin:0;line-height:200%")}
{pages.table(article.table)}
</div>
{pages.attachments(article, "相关附件：")}
<p align="right"><a href="javascript:self.close()">[关闭]</a></p>
{pages.footer(front)}
</body></html>
"""

    def listing(self, front: Frontage, column: Column, rows: Sequence[Row], page: int, count: int) -> str:
        """A listing's page."""
        items = "\n".join(
            f'<tr><td>·<a href="{pages.text(row.path)}" target="_blank">{pages.text(row.title)}</a></td>'
            f"<td>({row.published:%m-%d})</td></tr>"
            for row in rows
        )
        after = f'<a href="list_{page + 2}.html">下页</a>' if page + 1 < count else "下页"
        return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>{pages.text(column.name)}-{pages.text(front.title)}</title>
{pages.meta_tags(front, column, None, "")}</head>
<body><table width="1000" align="center" class="head"><tr><td><ul>{pages.navigation(front)}</ul></td></tr></table>
<table width="1000" align="center" class="lb">
{items}
</table>
<div align="center">第 {page + 1}/{count} 页　<a href="list.html">首页</a>　{after}</div>
{pages.footer(front)}
</body></html>
"""
