"""Sites whose articles end in tYYYYMMDD_ID.html; pages of a listing are index_N.html and only a script names them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from nianbao.model import Family

from .. import pages
from ..pages import Article, Column, Frontage, Row


class TrsShape:
    """index.html, index_1.html …; relative links; the information table stands above the text."""

    name = "trs"
    family = Family.TRS
    encoding = "utf-8"

    def article_path(self, column: Column, published: datetime, ident: int) -> str:
        """Path of an article."""
        return f"/zwgk/fzzfjsbg/{column.slug}/{published:%Y%m}/t{published:%Y%m%d}_{ident}.html"

    def file_path(self, article_path: str, ident: int, suffix: str) -> str:
        """Files lie beside the article, named P0… and a number."""
        return f"{article_path.rsplit('/', 1)[0]}/P0{ident}{ident % 97:02d}.{suffix}"

    def listing_paths(self, column: Column, count: int) -> list[list[str]]:
        """The first page is the folder."""
        base = f"/zwgk/fzzfjsbg/{column.slug}/"
        return [[base, base + "index.html"], *([f"{base}index_{n}.html"] for n in range(1, count))]

    def article(self, front: Frontage, article: Article, path: str) -> str:
        """An article's page."""
        day = article.published
        url = f"http://{front.host}{path}"
        return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8">
<title>{pages.text(article.title)}_{pages.text(front.title)}</title>
{pages.meta_tags(front, article.column, article, url)}
<link rel="stylesheet" href="/images/gov.css"><script src="/images/jquery-3.7.1.min.js"></script></head>
<body>
<div class="top"><span id="today">2019年10月31日 星期四</span> <a href="javascript:void(0)">无障碍阅读</a>
<a href="#">长者模式</a></div>
<ul class="nav">{pages.navigation(front)}</ul>
<div class="crumb">当前位置：<a href="/">首页</a>&nbsp;&gt;&nbsp;<a href="../../">政务公开</a>&nbsp;&gt;&nbsp;\
<a href="../">{pages.text(article.column.name)}</a></div>
<div class="xxgk_table"><table>
<tr><th>索 引 号：</th><td>{front.site_code}/{day:%Y}-{article.ident % 100000:05d}</td><th>组配分类：</th><td>法治政府建设</td></tr>
<tr><th>发布机构：</th><td>{pages.text(article.office)}</td><th>发布日期：</th><td>{day:%Y-%m-%d}</td></tr>
<tr><th>名　　称：</th><td colspan="3">{pages.text(article.title)}</td></tr>
<tr><th>文　　号：</th><td>{pages.text(article.doc_number) or "无"}</td><th>主 题 词：</th><td></td></tr></table></div>
<div class="article"><h1>{pages.text(article.title)}</h1>
<div class="info">发布时间：{day:%Y-%m-%d %H:%M}　来源：{pages.text(article.office)}　<span>字体：[大 中 小]</span></div>
<div class="TRS_Editor">
{pages.paragraphs(article.lines)}
{pages.table(article.table)}
</div>{pages.attachments(article)}
<div class="share">分享到：<a class="wx">微信</a><a class="wb">微博</a>　<a href="javascript:window.print()">打印</a></div></div>
{pages.footer(front)}
</body></html>
"""

    def listing(self, front: Frontage, column: Column, rows: Sequence[Row], page: int, count: int) -> str:
        """A listing's page; the script draws the pager in a browser."""
        base = f"/zwgk/fzzfjsbg/{column.slug}/"
        items = "\n".join(
            f'<li><a href="./{pages.text(row.path.removeprefix(base))}" target="_blank">'
            f"{pages.text(row.title)}</a><span>{row.published:%Y-%m-%d}</span></li>"
            for row in rows
        )
        return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{pages.text(column.name)}_{pages.text(front.title)}</title>
{pages.meta_tags(front, column, None, "")}</head>
<body><div class="top">2019年10月31日 星期四</div><ul class="nav">{pages.navigation(front)}</ul>
<div class="left"><dl><dt>政务公开</dt><dd><a href="/zwgk/jgzn/">机构职能</a></dd><dd><a href="/zwgk/zfgb/">政府公报</a></dd>
<dd><a href="/zwgk/fzzfjsbg/">法治政府建设年度报告</a></dd></dl></div>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; {pages.text(column.name)}</div>
<ul class="list">
{items}
</ul>
<div class="page"><script type="text/javascript">createPageHTML({count}, {page}, "index", "html");</script></div>
{pages.footer(front)}
</body></html>
"""
