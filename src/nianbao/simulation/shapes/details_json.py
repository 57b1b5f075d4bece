"""Sites whose listing and articles are JSON, and whose pages for people are empty until a script fills them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from nianbao.model import Family

from .. import pages
from ..dynamic_site import Answer, Query, number, page_count, page_of
from ..pages import Article, Column, Frontage, Row
from .plain import uuid_name

JSON = "application/json;charset=UTF-8"
_LISTING = "/zwgk-service/article/list"
_ARTICLE = "/zwgk-service/article/info"


class DetailsJsonShape:
    """Listing and articles from /zwgk-service/; people read /zwgk/details?id=UUID."""

    name = "details_json"
    family = Family.DETAILS_JSON
    encoding = "utf-8"
    article_media_type = JSON

    def article_path(self, column: Column, published: datetime, ident: int) -> str:
        """Target of an article's JSON."""
        return f"{_ARTICLE}?id={uuid_name(ident)}"

    def file_path(self, article_path: str, ident: int, suffix: str) -> str:
        """Files lie in one folder."""
        return f"/zwgk-service/file/{uuid_name(ident + 1)}.{suffix}"

    def listing_paths(self, column: Column, count: int) -> list[list[str]]:
        """Targets of the listing's pages."""
        return [[f"{_LISTING}?page={n}&channelId={column.number}"] for n in range(1, count + 1)]

    def article(self, front: Frontage, article: Article, path: str) -> str:
        """An article's JSON: the text is HTML in one of its fields."""
        content = (
            pages.paragraphs(article.lines)
            + pages.table(article.table)
            + pages.attachments(article, "附件：")
        )
        files = [{"name": name, "url": target} for target, name in article.attachments]
        return _answer(
            {
                "id": path.rpartition("id=")[2],
                "channelId": article.column.number,
                "channelName": article.column.name,
                "title": article.title,
                "publishDate": f"{article.published:%Y-%m-%d %H:%M:%S}",
                "organName": article.office,
                "indexNumber": f"{front.site_code[-6:]}-{article.ident}",
                "docNumber": article.doc_number,
                "content": content,
                "attachments": files,
                "viewCount": article.ident % 4999,
            }
        )

    def listing(self, front: Frontage, column: Column, rows: Sequence[Row], page: int, count: int) -> str:
        """A page of the listing as it is filled by the script."""
        return _answer({"page": page + 1, "pages": count, "list": [_item(row) for row in rows]})

    def source(self, front: Frontage, column: Column) -> tuple[str, Mapping[str, str]]:
        """The listing with its number of the page, and where articles are asked for."""
        listing = f"http://{front.host}{_LISTING}?page={{page}}&channelId={column.number}"
        return listing, {"article": f"http://{front.host}{_ARTICLE}?id={{id}}"}

    def endpoints(
        self, front: Frontage, column: Column, rows: Sequence[Row], size: int
    ) -> Mapping[str, tuple[str, Answer]]:
        """The listing, and the records of what is only a file."""
        filed = {_ident(row): row for row in rows if not row.path.startswith(_ARTICLE)}

        def listing(query: Query) -> str:
            page = number(query, "page")
            shown = page_of(rows, page, size) if query.get("channelId") == str(column.number) else ()
            return _answer(
                {
                    "page": page,
                    "size": size,
                    "total": len(rows),
                    "pages": page_count(rows, size),
                    "list": [_item(row) for row in shown],
                }
            )

        def article(query: Query) -> str | None:
            row = filed.get(query.get("id", ""))
            if row is None:
                return None
            files = [{"name": row.title, "url": row.path}]
            return _answer({**_item(row), "content": "", "attachments": files})

        return {_LISTING: (JSON, listing), _ARTICLE: (JSON, article)}

    def shells(self, front: Frontage, column: Column, rows: Sequence[Row], size: int) -> Mapping[str, str]:
        """The pages for people: of the column and of each article."""
        shell = f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{pages.text(front.title)}</title>
{pages.meta_tags(front, column, None, "")}</head>
<body><div id="app"><div class="loading">页面加载中，请稍候……</div></div>
<noscript>请启用 JavaScript 后浏览本页。</noscript>
<script src="/zwgk/static/js/chunk-vendors.js"></script><script src="/zwgk/static/js/app.js"></script>
{pages.footer(front)}
</body></html>
"""
        return {"/zwgk/list": shell, **{f"/zwgk/details?id={_ident(row)}": shell for row in rows}}


def _ident(row: Row) -> str:
    """An article's id stands in its address; a file's is its name."""
    return row.path.rpartition("=")[2] if "=" in row.path else row.path.rpartition("/")[2].partition(".")[0]


def _item(row: Row) -> dict[str, object]:
    return {
        "id": _ident(row),
        "title": row.title,
        "publishDate": f"{row.published:%Y-%m-%d %H:%M:%S}",
        "organName": row.office,
        "url": row.path if "=" not in row.path else f"/zwgk/details?id={_ident(row)}",
    }


def _answer(data: Mapping[str, object]) -> str:
    return json.dumps({"code": 200, "message": "操作成功", "data": data}, ensure_ascii=False)
