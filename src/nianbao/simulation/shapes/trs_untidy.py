"""A site on the commonest system with the untidy listings that years of editing leave behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from .. import pages
from ..pages import Column, Frontage, Row
from .trs import TrsShape

_STUBS = 2
_TITLE = 22
_MANNERS = 8


class UntidyTrsShape(TrsShape):
    """Addresses with the day a page was begun, some days before the one it shows; links in every spelling;
    rows that link twice; dates without a year; empty pages at the end.
    """

    name = "trs_untidy"

    def article_path(self, column: Column, published: datetime, ident: int) -> str:
        """Path of an article; the address has an earlier day than the page."""
        return super().article_path(column, published - timedelta(days=ident % 12), ident)

    def listing_paths(self, column: Column, count: int) -> list[list[str]]:
        """After the last rows come pages without any."""
        return super().listing_paths(column, count + _STUBS)

    def listing(self, front: Frontage, column: Column, rows: Sequence[Row], page: int, count: int) -> str:
        """A listing's page; without rows it is a stub."""
        if not rows:
            return (
                f'<html><head><meta charset="utf-8"><title>{pages.text(column.name)}</title></head>'
                '<body><ul class="list"></ul></body></html>\n'
            )
        items = "\n".join(_row(front, row, n) for n, row in enumerate(rows))
        return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{pages.text(column.name)}_{pages.text(front.title)}</title>
{pages.meta_tags(front, column, None, "")}</head>
<body><div class="top">2019年10月31日 星期四</div><ul class="nav">{pages.navigation(front)}</ul>
<ul class="list">
{items}
</ul>
<div class="page"><script type="text/javascript">createPageHTML({count}, {page}, "index", "html");</script></div>
{pages.footer(front)}
</body></html>
"""


def _row(front: Frontage, row: Row, number: int) -> str:
    title = pages.text(row.title)
    short = title if len(row.title) <= _TITLE else pages.text(row.title[:_TITLE]) + "..."
    href = pages.text(_spelled(front, row.path, number))
    picture = (
        f'<a href="{href}" target="_blank"><img src="/images/icon.gif" alt=""></a>' if number % 2 else ""
    )
    return f'<li>{picture}<a href="{href}" title="{title}" target="_blank">{short}</a><span>{row.published:%m-%d}</span></li>'


def _spelled(front: Frontage, path: str, number: int) -> str:
    """The address in one of the spellings that mean it."""
    base = path.removeprefix("/zwgk/fzzfjsbg/")
    return (
        f"../../fzzfjsbg/{base}",
        f"http://{front.host}:80{path}",
        f"https://{front.host}{path}",
        f"//{front.host}{path}",
        f"{path};jsessionid={number:02d}7C1E5F9A0B3D8E6F2A4C7B9D0E1F35",
        f"https://{front.host}:443{path}",
        f"../../../zwgk/./fzzfjsbg/{base}",
        path,
    )[number % _MANNERS]
