"""Sites on a province's shared platform: a shell whose script has the tree of columns, and JSON for each column."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from nianbao.model import Family

from .. import pages
from ..dynamic_site import Answer, Query, number, page_of
from ..pages import Article, Column, Frontage, Row
from ..site import HTML


@dataclass(frozen=True, slots=True)
class GkmlptShape:
    """fragment: the registry's listing names the category, else a reader finds it in the tree."""

    name: str
    fragment: bool
    family: Family = Family.GKMLPT
    encoding: str = "utf-8"
    article_media_type: str = HTML

    def article_path(self, column: Column, published: datetime, ident: int) -> str:
        """Path of an article: millions and thousands of its number are folders."""
        return f"/gkmlpt/content/{ident // 1_000_000}/{ident // 1000}/post_{ident}.html"

    def file_path(self, article_path: str, ident: int, suffix: str) -> str:
        """Files lie by number."""
        return f"/attachment/{ident // 1_000_000}/{ident // 1000}/{ident}/{ident % 7919}.{suffix}"

    def listing_paths(self, column: Column, count: int) -> list[list[str]]:
        """All pages are one shell."""
        return [["/gkmlpt/index"] for _ in range(count)]

    def article(self, front: Frontage, article: Article, path: str) -> str:
        """An article's page."""
        title, day = pages.text(article.title), article.published
        return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title} - {pages.text(front.title)}</title>
{pages.meta_tags(front, article.column, article, f"http://{front.host}{path}")}
<script>window._CONFIG = {{"SID": "{_site(article.column)}", "POST_ID": {article.ident}}};</script></head>
<body><div class="head">{pages.text(front.region)}人民政府信息公开</div><div class="content">
<div class="classify"><table>
<tr><td class="first">索 引 号:</td><td>{front.site_code[-6:]}/{day:%Y}-{article.ident % 100000:05d}</td>
<td class="first">分类:</td><td>{pages.text(article.column.name)}</td></tr>
<tr><td class="first">发布机构:</td><td>{pages.text(article.office)}</td>
<td class="first">成文日期:</td><td>{day:%Y-%m-%d}</td></tr>
<tr><td class="first">名称:</td><td colspan="3">{title}</td></tr>
<tr><td class="first">文号:</td><td>{pages.text(article.doc_number)}</td>
<td class="first">发布日期:</td><td>{day:%Y-%m-%d}</td></tr></table></div>
<h1 class="title document-number">{title}</h1>
<div class="date-row">发布日期：{day:%Y-%m-%d %H:%M:%S}　浏览次数：<span id="view">-</span></div>
<div class="article-content">
{pages.paragraphs(article.lines, style="text-indent:2em;line-height:1.75em")}
{pages.table(article.table)}
{pages.attachments(article, "附件：")}
</div></div>
{pages.footer(front)}
</body></html>
"""

    def listing(self, front: Frontage, column: Column, rows: Sequence[Row], page: int, count: int) -> str:
        """The shell, whatever the page."""
        config = {
            "SID": str(_site(column)),
            "SITE_NAME": front.title,
            "APP_URL": "",
            "TREE": _tree(column, len(rows)),
        }
        return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>政府信息公开目录 - {pages.text(front.title)}</title>
<script>window._CONFIG = {json.dumps(config, ensure_ascii=False)};</script>
<link href="/gkmlpt/css/index.css" rel="stylesheet"></head>
<body><noscript><strong>请启用 JavaScript 以继续浏览。</strong></noscript><div id="app"></div>
<script src="/gkmlpt/js/chunk-vendors.js"></script><script src="/gkmlpt/js/index.js"></script>
{pages.footer(front)}
</body></html>
"""

    def source(self, front: Frontage, column: Column) -> tuple[str, Mapping[str, str]]:
        """The shell."""
        mark = f"#{_category(column)}" if self.fragment else ""
        return f"http://{front.host}/gkmlpt/index{mark}", {}

    def endpoints(
        self, front: Frontage, column: Column, rows: Sequence[Row], size: int
    ) -> Mapping[str, tuple[str, Answer]]:
        """The column of these reports; its neighbours in the tree are empty."""

        def answer(category: int, held: Sequence[Row]) -> Answer:
            def articles(query: Query) -> str:
                own = query.get("sid", str(_site(column))) == str(_site(column))
                shown = page_of(held, number(query, "page"), size) if own else ()
                found = {
                    "classify": {"id": category, "name": column.name, "post_count": len(held)},
                    "total": len(held),
                    "articles": [_item(front, column, row) for row in shown],
                }
                return json.dumps(found, ensure_ascii=False)

            return articles

        own = _category(column)
        held: dict[int, Sequence[Row]] = {own - 2: (), own - 1: (), own: rows, own + 1: ()}
        return {
            f"/gkmlpt/api/all/{category}": ("application/json", answer(category, those))
            for category, those in held.items()
        }

    def shells(self, front: Frontage, column: Column, rows: Sequence[Row], size: int) -> Mapping[str, str]:
        """The shell."""
        return {"/gkmlpt/index": self.listing(front, column, rows, 0, 1)}


def _site(column: Column) -> int:
    return 700_000 + column.number % 100_000


def _category(column: Column) -> int:
    return 1000 + column.number % 9000


def _tree(column: Column, count: int) -> list[dict[str, object]]:
    own = _category(column)

    def node(category: int, name: str, posts: int, parent: int = 0, *children: object) -> dict[str, object]:
        return {
            "id": category,
            "name": name,
            "parent": parent,
            "post_count": posts,
            "jump_url": "",
            "children": list(children),
        }

    return [
        node(own - 2, "机构职能", 0),
        node(
            own - 1,
            "法定主动公开内容",
            count,
            0,
            node(own, column.name, count, own - 1),
            node(own + 1, "政府信息公开年报", 0, own - 1),
        ),
    ]


def _item(front: Frontage, column: Column, row: Row) -> dict[str, object]:
    return {
        "id": int("".join(filter(str.isdigit, row.path.rpartition("/")[2].partition(".")[0]))),
        "title": row.title,
        "url": f"http://{front.host}{row.path}",
        "date": int(row.published.timestamp()),
        "created_at": f"{row.published:%Y-%m-%d %H:%M:%S}",
        "publisher": row.office,
        "classify_main_name": column.name,
        "document_number": "",
    }
