"""Sites whose listings and articles are whole HTML pages and that differ in their addresses and their metadata."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from nianbao.model import Family

from .. import pages
from ..pages import Article, Column, Frontage, Row

Metadata = Literal["table", "line", "labels"]


@dataclass(frozen=True, slots=True)
class PlainShape:
    """One way of addressing. address: path of an article. listing_path: path of a listing's page, which counts from
    0, of so many pages. metadata: layout of what the page says about the article. container: opening attributes of
    the element that holds the text.
    """

    name: str
    family: Family
    address: Callable[[Column, datetime, int], str]
    listing_path: Callable[[Column, int, int], str]
    metadata: Metadata
    container: str
    encoding: str = "utf-8"

    def article_path(self, column: Column, published: datetime, ident: int) -> str:
        """Path of an article."""
        return self.address(column, published, ident)

    def file_path(self, article_path: str, ident: int, suffix: str) -> str:
        """Files lie in one folder, named by number."""
        return f"/upload/files/{ident}.{suffix}"

    def listing_paths(self, column: Column, count: int) -> list[list[str]]:
        """Each page of a listing has one address."""
        return [[self.listing_path(column, page, count)] for page in range(count)]

    def article(self, front: Frontage, article: Article, path: str) -> str:
        """An article's page."""
        title, column = pages.text(article.title), article.column
        return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title}_{pages.text(front.title)}</title>
{pages.meta_tags(front, column, article, f"http://{front.host}{path}")}</head>
<body><div class="nav"><ul>{pages.navigation(front)}</ul></div>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/xxgk/">信息公开</a> &gt; \
<a href="{self.listing_path(column, 0, 1)}">{pages.text(column.name)}</a></div>
{_metadata(front, article, self.metadata)}
<h1>{title}</h1>
<div class="share">字号：<a>大</a> <a>中</a> <a>小</a>　分享到：<a>微信</a> <a>微博</a>　<a>打印</a></div>
<div {self.container}>
{pages.paragraphs(article.lines)}
{pages.table(article.table)}
</div>
{pages.attachments(article)}
<div class="side"><h3>栏目导航</h3><ul><li><a href="/xxgk/zcwj/">政策文件</a></li><li><a href="/xxgk/czzj/">财政资金</a></li></ul></div>
{pages.footer(front)}
</body></html>
"""

    def listing(self, front: Frontage, column: Column, rows: Sequence[Row], page: int, count: int) -> str:
        """A listing's page."""
        items = "\n".join(
            f'<li><span>{row.published:%Y-%m-%d}</span><a href="{pages.text(row.path)}" target="_blank" '
            f'title="{pages.text(row.title)}">{pages.text(row.title)}</a></li>'
            for row in rows
        )
        links = ""
        if page:
            links += f'<a href="{self.listing_path(column, page - 1, count)}">上一页</a>'
        if page + 1 < count:
            links += f'<a href="{self.listing_path(column, page + 1, count)}">下一页</a>'
        return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{pages.text(column.name)}-{pages.text(front.title)}</title>
{pages.meta_tags(front, column, None, "")}</head>
<body><div class="nav"><ul>{pages.navigation(front)}</ul></div>
<ul class="list">
{items}
</ul>
<div class="page">共{count}页　第{page + 1}页　{links}</div>
{pages.footer(front)}
</body></html>
"""


def _metadata(front: Frontage, article: Article, layout: Metadata) -> str:
    index, office, day = (
        f"{front.site_code[-6:]}/{article.ident}",
        pages.text(article.office),
        article.published,
    )
    if layout == "table":
        return (
            f'<table class="xxgk"><tr><td>索 引 号：</td><td>{index}</td><td>组配分类：</td><td>法治政府建设</td></tr>'
            f"<tr><td>发布机构：</td><td>{office}</td><td>发布日期：</td><td>{day:%Y-%m-%d}</td></tr>"
            "<tr><td>文　　号：</td><td>无</td><td>有 效 性：</td><td>有效</td></tr></table>"
        )
    if layout == "labels":
        return (
            f'<div class="xx"><p>索引号</p><p>{index}</p><p>发布机构</p><p>{office}</p>'
            f"<p>生成日期</p><p>{day.year}年{day.month}月{day.day}日</p><p>文号</p><p>-</p></div>"
        )
    return f'<div class="info">发布时间：{day:%Y-%m-%d %H:%M}　来源：{office}　浏览次数：<i>0</i></div>'


def hex_name(ident: int) -> str:
    """A name of 32 hexadecimal digits."""
    return hashlib.sha256(f"page {ident}".encode()).hexdigest()[:32]


def uuid_name(ident: int) -> str:
    """A name in the form of a UUID."""
    raw = hex_name(ident)
    return "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:]))


def _numbered(folder: str) -> Callable[[Column, int, int], str]:
    """Listings index.html, index_2.html … below a folder, which names the column by {slug} or {number}."""

    def path(column: Column, page: int, count: int) -> str:
        name = f"index_{page + 1}.html" if page else "index.html"
        return folder.format(slug=column.slug, number=column.number) + name

    return path


def _vsb_listing(column: Column, page: int, count: int) -> str:
    """VSB counts down, so that a page keeps its number when new ones come before it: page 2 of n is n-1.htm."""
    return f"/{column.slug}/list/{count - page}.htm" if page else f"/{column.slug}/list.htm"


SHANGHAI_HEX = PlainShape(
    "shanghai_hex", Family.SHANGHAI_HEX,
    lambda column, day, ident: f"/nw{column.number}/{day:%Y%m%d}/{hex_name(ident)}.html",
    _numbered("/nw{number}/"), "line", 'class="Article_content"',
)  # fmt: skip
GOVXXGK = PlainShape(
    "govxxgk", Family.SHANGHAI_HEX,
    lambda column, day, ident: f"/govxxgk/{column.unit}/{day:%Y-%m-%d}/{uuid_name(ident)}.html",
    _numbered("/govxxgk/{slug}/"), "table", 'class="xxgk_content"',
)  # fmt: skip
MINHANG = PlainShape(
    "website_content", Family.GENERIC,
    lambda column, day, ident: f"/mh-xxgk-cms/website/mh_xxgk/{column.slug}/content/{uuid_name(ident).upper()}.htm",
    _numbered("/mh-xxgk-cms/website/mh_xxgk/{slug}/"), "labels", 'id="ivs_content"',
)  # fmt: skip
SNOWFLAKE = PlainShape(
    "snowflake", Family.SNOWFLAKE,
    lambda column, day, ident: f"/zwgk/{column.slug}/{int(day.timestamp() * 1000 - 1288834974657) * 4194304 + ident % 4194304}.html",
    _numbered("/zwgk/{slug}/"), "labels", 'class="detail-content"',
)  # fmt: skip
PUBLIC_PLATFORM = PlainShape(
    "public_platform", Family.PUBLIC_PLATFORM,
    lambda column, day, ident: f"/public/{column.number}/{ident}.html",
    _numbered("/public/column/{number}/"), "table", 'id="zoom"',
)  # fmt: skip
VSB = PlainShape(
    "vsb", Family.VSB,
    lambda column, day, ident: f"/info/{column.number}/{ident}.htm",
    _vsb_listing, "line", 'id="vsb_content"',
)  # fmt: skip
HEX_MONTH = PlainShape(
    "hex_month", Family.GENERIC,
    lambda column, day, ident: f"/zwgk/{column.slug}/{day:%Y%m}/{hex_name(ident)}.shtml",
    _numbered("/zwgk/{slug}/"), "table", 'class="main-txt"',
)  # fmt: skip
ZWGK_PUBLIC = PlainShape(
    "zwgk_public", Family.PUBLIC_PLATFORM,
    lambda column, day, ident: f"/zwgk/public/{column.number % 1000}/{ident}.html",
    lambda column, page, count: f"/zwgk/public/column/{column.number % 1000}" + (f"?type=4&action=list&pageIndex={page + 1}" if page else "?type=4&action=list"),
    "table", 'class="j-fontContent"',
)  # fmt: skip
SEARCHED = PlainShape(
    "searched", Family.GENERIC,
    lambda column, day, ident: f"/zw_{column.number}/{column.slug}/{day:%Y%m}/t{day:%Y%m%d}_{ident}.html",
    _numbered("/zw/{slug}/"), "table", 'class="Custom_UnionStyle"',
)  # fmt: skip
RECORDS = PlainShape(
    "records", Family.GENERIC,
    lambda column, day, ident: f"/art/{day.year}/{day.month}/{day.day}/art_{column.number}_{ident}.html",
    _numbered("/col/col{number}/"), "table", 'class="article_content" id="zoom"',
)  # fmt: skip
