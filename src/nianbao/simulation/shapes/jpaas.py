"""Sites whose column page is empty and whose rows come as HTML inside JSON from a publishing gateway."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from nianbao.model import Family

from .. import pages
from ..dynamic_site import Answer, Query, number, page_count, page_of
from ..pages import Column, Frontage, Row
from .jcms import JcmsShape
from .plain import hex_name
from .records import item
from .scripted import ScriptedPages

_GATEWAY = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_TAG = "分页列表"
_MOST = 100


class JpaasShape(ScriptedPages):
    """The page tells the gateway's parameters in its script; paramJson says which page is wanted."""

    def __init__(self) -> None:
        super().__init__("jpaas", Family.JPAGE, JcmsShape())

    def source(self, front: Frontage, column: Column) -> tuple[str, Mapping[str, str]]:
        """The column's page."""
        return f"http://{front.host}/col/col{column.number}/index.html", {}

    def endpoints(
        self, front: Frontage, column: Column, rows: Sequence[Row], size: int
    ) -> Mapping[str, tuple[str, Answer]]:
        """The gateway."""
        told = _told(column)

        def unit(query: Query) -> str:
            ours = all(query.get(name) == told[name] for name in ("webId", "pageId", "tplSetId"))
            page, step = _wanted(query, size)
            shown = page_of(rows, page, step) if ours else ()
            items = "\n".join(item(row) for row in shown)
            body = (
                f'<div id="{_TAG}"><ul class="page-content">\n{items}\n</ul>'
                f'<div class="pagination" data-count="{len(rows)}" data-pages="{page_count(rows, step)}" '
                f'data-no="{page}"></div></div>'
            )
            data = {"html": body if ours else ""}
            return json.dumps(
                {"success": ours, "message": "", "code": "200", "data": data}, ensure_ascii=False
            )

        return {_GATEWAY: ("application/json;charset=UTF-8", unit)}

    def shells(self, front: Frontage, column: Column, rows: Sequence[Row], size: int) -> Mapping[str, str]:
        """The column's page."""
        told = json.dumps(_told(column), ensure_ascii=False).replace('"', "'")
        page = f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{pages.text(front.title)} {pages.text(column.name)}</title>
{pages.meta_tags(front, column, None, "")}</head>
<body><div class="menu"><ul>{pages.navigation(front)}</ul></div>
<div class="lm_name">{pages.text(column.name)}</div>
<div class="list"><script src="/script/0/jpaas-unit.js" url="{_GATEWAY}" queryData="{told}" pageSize="{size}"></script></div>
{pages.footer(front)}
</body></html>
"""
        return {f"/col/col{column.number}/index.html": page}


def _told(column: Column) -> dict[str, str]:
    return {
        "parseType": "bulidstatic",
        "webId": str(2000 + column.number % 1000),
        "tplSetId": hex_name(column.number)[:21],
        "pageType": "column",
        "tagId": _TAG,
        "editType": "null",
        "pageId": str(column.number),
    }


def _wanted(query: Query, size: int) -> tuple[int, int]:
    """Number and length of the page that paramJson asks for; page 0, which has no rows, where it cannot be read."""
    try:
        said = json.loads(query.get("paramJson") or "{}")
    except ValueError:
        return 0, size
    if not isinstance(said, dict):
        return 0, size
    asked = {name: str(value) for name, value in said.items()}
    step = min(number(asked, "pageSize", size), _MOST)
    return number(asked, "pageNo"), step or size
