"""Sites whose column page holds the rows of its listing as records of a data island, for a script to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nianbao.model import Family

from .. import pages
from ..dynamic_site import Answer, Query, number, page_count, page_of
from ..pages import Column, Frontage, Row
from .jcms import JcmsShape
from .plain import RECORDS, hex_name
from .scripted import ScriptedPages

_PROXY = "/module/web/jpage/dataproxy.jsp"
_WEB = 3096
_MOST = 100


class RecordsetShape(ScriptedPages):
    """All rows are in the island; the address of the next group is ciphertext, and nothing answers there."""

    def __init__(self) -> None:
        super().__init__("trs_recordset", Family.TRS_RECORDSET, RECORDS)

    def source(self, front: Frontage, column: Column) -> tuple[str, Mapping[str, str]]:
        """The column's page."""
        return f"http://{front.host}{_page_path(column)}", {}

    def endpoints(
        self, front: Frontage, column: Column, rows: Sequence[Row], size: int
    ) -> Mapping[str, tuple[str, Answer]]:
        """None."""
        return {}

    def shells(self, front: Frontage, column: Column, rows: Sequence[Row], size: int) -> Mapping[str, str]:
        """The column's page."""
        cipher = "".join(hex_name(column.number + n) for n in range(4))
        group = f'<a href="/module/web/jpage/nextgroup?h={cipher}&amp;p=2"></a>'
        return {_page_path(column): _page(front, column, _island(rows, group, len(rows), size), "")}


class JpageShape(ScriptedPages):
    """The first page of rows is in the island, and the others come from dataproxy.jsp by numbers of records."""

    def __init__(self) -> None:
        super().__init__("jpage", Family.JPAGE, JcmsShape())

    def source(self, front: Frontage, column: Column) -> tuple[str, Mapping[str, str]]:
        """The column's page."""
        return f"http://{front.host}{_page_path(column)}", {}

    def endpoints(
        self, front: Frontage, column: Column, rows: Sequence[Row], size: int
    ) -> Mapping[str, tuple[str, Answer]]:
        """Records from startrecord to endrecord, or a group by its number."""

        def records(query: Query) -> str:
            ours = {"columnid": column.number, "unitid": _unit(column), "webid": _WEB}
            if any(query.get(name) != str(value) for name, value in ours.items()):
                shown: Sequence[Row] = ()
            elif "startrecord" in query:
                first = number(query, "startrecord")
                last = min(number(query, "endrecord", first + size - 1), first + _MOST - 1)
                shown = rows[first - 1 : last] if first > 0 else ()
            else:
                shown = page_of(rows, number(query, "page"), size)
            return _island(shown, "", len(rows), size)

        return {_PROXY: ("text/xml;charset=UTF-8", records)}

    def shells(self, front: Frontage, column: Column, rows: Sequence[Row], size: int) -> Mapping[str, str]:
        """The column's page."""
        told = f"appid=1&webid={_WEB}&path=/&columnid={column.number}&unitid={_unit(column)}&permissiontype=0"
        group = f'<a href="{_PROXY}?page=2&{told}"></a>' if len(rows) > size else ""
        script = f"""<script type="text/javascript">
$("#{_unit(column)}").jpage({{themeName: 'default', dataBefore: '<ul>', dataAfter: '</ul>', perPage: {size}, groupSize: 1,
totalRecord: {len(rows)}, totalPage: {page_count(rows, size)}, openCookies: false, proxyUrl: '{_PROXY}', startrecord: 1,
endrecord: {size}, col: '1', appid: '1', webid: '{_WEB}', path: '/', columnid: '{column.number}', sourceContentType: '1',
unitid: '{_unit(column)}', webname: '{pages.text(front.title)}', permissiontype: 0}});
</script>"""
        return {
            _page_path(column): _page(front, column, _island(rows[:size], group, len(rows), size), script)
        }


def _page_path(column: Column) -> str:
    return f"/col/col{column.number}/index.html"


def _unit(column: Column) -> int:
    return column.number * 3 + 7


def _island(rows: Sequence[Row], group: str, total: int, size: int) -> str:
    records = "\n".join(f"<record><![CDATA[{item(row)}]]></record>" for row in rows)
    next_group = f"<nextgroup><![CDATA[{group}]]></nextgroup>\n" if group else ""
    return (
        f"<datastore>\n<totalrecord>{total}</totalrecord><totalpage>{-(-total // size)}</totalpage>\n"
        f"{next_group}<recordset>\n{records}\n</recordset></datastore>"
    )


def item(row: Row) -> str:
    """A row of a listing."""
    return (
        f'<li><a href="{pages.text(row.path)}" title="{pages.text(row.title)}" target="_blank">{pages.text(row.title)}</a>'
        f"<span>{row.published:%Y-%m-%d}</span></li>"
    )


def _page(front: Frontage, column: Column, island: str, script: str) -> str:
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{pages.text(front.title)} {pages.text(column.name)}</title>
{pages.meta_tags(front, column, None, "")}</head>
<body><div class="menu"><ul>{pages.navigation(front)}</ul></div>
<div class="lm_name">{pages.text(column.name)}</div>
<div id="{_unit(column)}" class="default_pgContainer"><script type="text/xml">{island}</script></div>
{script}
{pages.footer(front)}
</body></html>
"""
