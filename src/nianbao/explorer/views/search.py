"""Full text search over a release, with filters and highlighted hits."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from starlette.responses import Response

from nianbao.explorer.asked import Asked
from nianbao.explorer.opened import Opened
from nianbao.explorer.page import page
from nianbao.explorer.table import TablePage, TableQuery
from nianbao.explorer.views.answer import View
from nianbao.search import KINDS, Found, Hit, SearchError

log = logging.getLogger("nianbao.explorer")
_HITS = 20  # on a page
_PAGES = 50
_FEW = 12  # facets of a kind that are shown


class Search(View):
    """`/search?q=`; kind, region, issuer, from, to, section and indicator filter."""

    def tables(self, asked: Asked, opened: Opened) -> Sequence[TableQuery]:
        """None: hits are no table."""
        return ()

    def page(self, asked: Asked, opened: Opened, tables: Sequence[TablePage]) -> Response:
        """The page; what is wrong with a query is a sentence on it."""
        query = asked.text("q")
        at = asked.number("page", 1, 1, _PAGES)
        found, trouble = _found(asked, opened, query, at) if query else (Found(), "")
        names = [*found.facets.regions, asked.text("region")]
        regions = opened.rows(
            "select region_code, full_name from dim_region where list_contains($codes, region_code)",
            {"codes": names},
        )
        return page(
            "search.html",
            asked,
            opened,
            q=query,
            found=found,
            hits=[(hit, _address(asked, hit), _runs(hit)) for hit in found.hits],
            trouble=trouble or found.trouble,
            kinds=KINDS,
            at=at,
            pages=min(_PAGES, -(-found.total // _HITS)),
            regions={row["region_code"]: row["full_name"] for row in regions},
            few=_FEW,
        )


def _found(asked: Asked, opened: Opened, query: str, at: int) -> tuple[Found, str]:
    def several(name: str) -> tuple[str, ...]:
        return tuple(part for part in asked.text(name).split(",") if part)

    years = tuple(asked.number(name, 0, 1900, 2200) or None for name in ("from", "to"))
    try:
        found = opened.search(
            query,
            kinds=several("kind"),
            regions=several("region"),
            issuers=several("issuer"),
            years=(years[0], years[1]),
            sections=several("section"),
            indicators=several("indicator"),
            limit=_HITS,
            offset=(at - 1) * _HITS,
        )
    except SearchError as error:
        log.warning("%s", error)  # it names folders, which are nobody's but the operator's
        return Found(), asked.say("这一发布没有可用的搜索索引；下一次发布会带上")
    return found, ""


def _address(asked: Asked, hit: Hit) -> str:
    """Where a hit stands in its report."""
    span = f"{hit.start}-{hit.end}"
    path = f"/reports/{hit.report_id}"
    if hit.kind == "figure":
        return f"{asked.link(path, figure=span)}#f-{span}"
    letter = {"reference": "r", "section": "s"}.get(hit.kind)
    return f"{asked.link(path)}#{letter}-{span}" if letter else asked.link(path)


def _runs(hit: Hit) -> list[tuple[str, bool]]:
    """The snippet in runs of (text, whether it was searched for)."""
    text, runs, last = hit.snippet.text, [], 0
    for start, end in hit.snippet.spans:
        runs += [(text[last:start], False), (text[start:end], True)]
        last = end
    return [*runs, (text[last:], False)]
