"""Sites whose listing is a search that answers with a script: callback({…})."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from nianbao.model import Family

from .. import pages
from ..dynamic_site import Answer, Query, number, page_count, page_of
from ..pages import Column, Frontage, Row
from .plain import SEARCHED
from .scripted import ScriptedPages

_SEARCH = "/govsearch/jsonp/gkml/zf_list.jsp"
_CALLBACK = re.compile(r"[A-Za-z_$][\w$.]{0,60}", re.ASCII)


class JsonpShape(ScriptedPages):
    """The search of one channel, page by page."""

    def __init__(self) -> None:
        super().__init__("jsonp", Family.JSONP, SEARCHED)

    def source(self, front: Frontage, column: Column) -> tuple[str, Mapping[str, str]]:
        """The search with its number of the page."""
        return (
            f"http://{front.host}{_SEARCH}?page={{page}}&channelId={column.number}&callback=jQuery1113",
            {},
        )

    def endpoints(
        self, front: Frontage, column: Column, rows: Sequence[Row], size: int
    ) -> Mapping[str, tuple[str, Answer]]:
        """The search."""

        def search(query: Query) -> str:
            callback = _CALLBACK.fullmatch(query.get("callback", ""))
            own = query.get("channelId") == str(column.number)
            shown = page_of(rows, number(query, "page"), size) if own else ()
            found = {
                "num": len(rows) if own else 0,
                "nPage": page_count(rows, size) if own else 0,
                "data": [_item(front, row) for row in shown],
            }
            return f"{callback[0] if callback else 'callback'}({json.dumps(found, ensure_ascii=False)});"

        return {_SEARCH: ("text/javascript;charset=UTF-8", search)}

    def shells(self, front: Frontage, column: Column, rows: Sequence[Row], size: int) -> Mapping[str, str]:
        """The page of the column, which the search fills."""
        page = f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{pages.text(column.name)}-{pages.text(front.title)}</title>
{pages.meta_tags(front, column, None, "")}</head>
<body><div class="nav"><ul>{pages.navigation(front)}</ul></div><ul id="list"></ul><div id="pager"></div>
<script>var channelId = {column.number};
$.ajax({{url: "{_SEARCH}", dataType: "jsonp", data: {{page: 1, channelId: channelId}}, success: show}});</script>
{pages.footer(front)}
</body></html>
"""
        return {f"/zw/{column.slug}/index.html": page}


def _item(front: Frontage, row: Row) -> dict[str, object]:
    return {
        "title": row.title,
        "puburl": f"http://{front.host}{row.path}",
        "tip": {
            "dates": f"{row.published:%Y-%m-%d}",
            "publisher": row.office,
            "filenum": "",
            "subject": "法治政府建设",
        },
    }
