"""Sites whose articles are /zhengwu/COLUMN/YYYY/DAYOFYEAR/ID.html, the text in one block with line breaks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from nianbao.model import Family

from .. import pages
from ..composer import Line
from ..pages import Article, Column, Frontage, Row


class DayOfYearShape:
    """Page numbers index_2.html …, a bullet list of metadata, paragraphs divided by <br>."""

    name = "dayofyear"
    family = Family.DAY_OF_YEAR
    encoding = "utf-8"

    def article_path(self, column: Column, published: datetime, ident: int) -> str:
        """Path of an article."""
        return f"/zhengwu/{column.slug}/{published:%Y}/{published:%j}/{ident}.html"

    def file_path(self, article_path: str, ident: int, suffix: str) -> str:
        """Files have names of their own."""
        return f"/upload/{ident % 89:02d}/{ident * 7919 % 16777216:06x}{ident:08x}.{suffix}"

    def listing_paths(self, column: Column, count: int) -> list[list[str]]:
        """The first page is the folder."""
        base = f"/zhengwu/{column.slug}/"
        return [[base + "index.html", base], *([f"{base}index_{n}.html"] for n in range(2, count + 1))]

    def article(self, front: Frontage, article: Article, path: str) -> str:
        """An article's page."""
        day = article.published
        return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{pages.text(article.title)}</title>
{pages.meta_tags(front, article.column, article, f"http://{front.host}{path}")}</head>
<body>
<header><a class="skip" href="#main">正文内容区域请使用tab按钮切换浏览</a><nav><ul>{pages.navigation(front)}</ul></nav></header>
<div class="bread"><a href="/">首页</a>/<a href="/zhengwu/">政务公开</a>/<a href="/zhengwu/{article.column.slug}/index.html">\
{pages.text(article.column.name)}</a></div>
<main id="main"><h2 class="Article-title">{pages.text(article.title)}</h2>
<ul class="Article-mark"><li>发文机构：{pages.text(article.office)}</li><li>发布日期：{day:%Y-%m-%d}</li>
<li>公开方式：主动公开</li><li>浏览次数：<em id="count">1</em></li></ul>
<div class="Article_content">
{_lines(article.lines)}
{pages.table(article.table)}
{pages.attachments(article, "")}
</div>
<div class="tools"><a>收藏</a><a>打印</a><a>纠错</a></div></main>
<aside><h4>相关链接</h4><ul><li><a href="/zhengwu/zcjd/">政策解读</a></li><li><a href="/zhengwu/ghjh/">规划计划</a></li></ul></aside>
{pages.footer(front)}
</body></html>
"""

    def listing(self, front: Frontage, column: Column, rows: Sequence[Row], page: int, count: int) -> str:
        """A listing's page."""
        items = "\n".join(
            f'<a class="item" href="{pages.text(row.path)}" title="{pages.text(row.title)}"><p>{pages.text(row.title)}</p>'
            f"<time>{row.published:%Y.%m.%d}</time></a>"
            for row in rows
        )
        after = f'<a class="next" href="index_{page + 2}.html">下一页&gt;</a>' if page + 1 < count else ""
        before = ""
        if page:
            before = f'<a class="prev" href="{"index" if page == 1 else f"index_{page}"}.html">&lt;上一页</a>'
        return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{pages.text(column.name)} - {pages.text(front.title)}</title>
{pages.meta_tags(front, column, None, "")}</head>
<body><header><nav><ul>{pages.navigation(front)}</ul></nav></header>
<div class="bread"><a href="/">首页</a>/{pages.text(column.name)}</div>
<section class="list">
{items}
</section>
<div class="pager">{before}<span>第{page + 1}页 / 共{count}页</span>{after}</div>
{pages.footer(front)}
</body></html>
"""


def _lines(lines: Sequence[Line]) -> str:
    """Paragraphs in one block, indented by non-breaking blanks, divided by line breaks."""
    done = []
    for line in lines:
        content = pages.text(line.piece.text)
        if line.role in ("title", "red", "number"):
            done.append(f"<center><b>{content}</b></center>")
        elif line.role == "sign":
            done.append(f'<div align="right">{content}</div>')
        else:
            pad = "" if line.role == "addressee" else "&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;"
            done.append(f"{pad}{content}<br>")
    return "\n".join(done)
