"""Listings whose rows stand in an XML data island, each a piece of HTML in CDATA; and those served that way piecemeal."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from nianbao.harvest.families.base import ListingPage, Page
from nianbao.harvest.families.entries import html_in, json_of
from nianbao.harvest.families.pages import dated, text_of
from nianbao.harvest.families.script import advanced, with_query
from nianbao.model import Family
from nianbao.reading import Link, links, next_page

_ARTICLE = re.compile(r"/art/20\d\d/(?:\d{1,2}/\d{1,2}/)?art_\w+\.html?$")
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[", re.IGNORECASE)
_QUOTED_ROW = re.compile(r"'((?:<li|<tr|<div)[^']{0,5000})'", re.IGNORECASE)
_TOTAL = re.compile(
    r"<totalrecord>\s*(\d{1,7})\s*</totalrecord>|totalrecord[\"']?\s*[:=]\s*[\"']?(\d{1,7})", re.IGNORECASE
)
_SAID = re.compile(
    r"\b(?:i_)?(columnid|unitid|webid|perpage|appid|webname|permissiontype)[\"']?\s*[:=]\s*[\"']?(\w{1,40})",
    re.IGNORECASE,
)
_COLUMN = re.compile(r"/col/col(\w+)/")
_PROXY = "/module/web/jpage/dataproxy.jsp"
_UNIT = re.compile(r"/api-gateway/jpaas-publish-server/front/page/build/unit(?:\?[^\"'\s<>]{0,800})?")
_QUERY = re.compile(r"querydata\s*=\s*[\"']\{([^}]{0,1000})\}", re.IGNORECASE)
_WITHIN = re.compile(r"\"pageNo\":\s*\"?([0-9]{1,6})")
_PAIR = re.compile(r"[\"']?(\w{1,30})[\"']?\s*:\s*[\"']([^\"',]{0,100})[\"']")
_NUMBER = re.compile(r"[0-9]{1,7}")
_NEEDED = frozenset({"columnid", "unitid", "webid"})
# How many pages' rows are asked for at once, as the systems' own scripts do.
_GROUP = 3


class TrsRecordset:
    """Rows in <recordset>. Further groups have encrypted addresses, which are left alone: the first is what is reliable."""

    name = Family.TRS_RECORDSET

    def start(self, listing: str, parameters: Mapping[str, str]) -> str:
        """The column's page."""
        return listing

    def read(self, page: Page, parameters: Mapping[str, str]) -> ListingPage:
        """The rows of the data island, or the links of a page that has none."""
        text = text_of(page)
        return ListingPage(
            _rows(text, page) or dated(links(page.body, page.url, page.media_type)), None, _total(text)
        )

    def is_article(self, url: str) -> bool:
        """True for /art/YYYY/M/D/art_COLUMN_ID.html."""
        return _ARTICLE.search(url) is not None

    def recognise(self, page: Page) -> str:
        """A data island with further groups."""
        text = text_of(page)
        rows = 0 if _said(text, page).keys() >= _NEEDED and _PROXY in text else len(_records(text))
        return (
            f"{rows} rows in a <recordset> with <nextgroup>" if rows and "<nextgroup" in text.lower() else ""
        )


class Jpage:
    """The first rows in the page, the others from dataproxy.jsp, or from jpaas's build/unit in the newer systems."""

    name = Family.JPAGE

    def start(self, listing: str, parameters: Mapping[str, str]) -> str:
        """The column's page."""
        return listing

    def read(self, page: Page, parameters: Mapping[str, str]) -> ListingPage:
        """The rows of the page or of an answer, and where the next rows are."""
        if _UNIT.search(page.url):
            return _unit_answer(page)
        text = text_of(page)
        rows = _rows(text, page)
        if _PROXY in page.url:
            return ListingPage(rows, _after(page.url, _total(text)) if rows else None, _total(text))
        found = rows or dated(links(page.body, page.url, page.media_type))
        shown = len(rows) or sum(self.is_article(link.url) for link in found)
        onward = _first_proxy(text, page, shown) or _first_unit(text, page, shown)
        # Older columns have plain links to their further pages.
        return ListingPage(found, onward or next_page(page.body, page.url, page.media_type), _total(text))

    def is_article(self, url: str) -> bool:
        """True for /art/YYYY/M/D/art_COLUMN_ID.html."""
        return _ARTICLE.search(url) is not None

    def recognise(self, page: Page) -> str:
        """The addresses of the system's own scripts, or its articles."""
        text = text_of(page)
        if _PROXY in text or _UNIT.search(text):
            return "its script asks for rows as 大汉's jpage or jpaas does"
        shaped = sum(self.is_article(link.url) for link in links(page.body, page.url, page.media_type))
        return f"{shaped} of its links have the shape /art/YYYY/M/D/art_COLUMN_ID.html" if shaped > 1 else ""


def _rows(text: str, page: Page) -> tuple[Link, ...]:
    rows = _records(text) or (_QUOTED_ROW.findall(text) if _PROXY in page.url else [])
    return _links_in("".join(rows), page) if rows else ()


def _records(text: str) -> list[str]:
    """The contents of the records; one search for each end, so that what never ends costs nothing."""
    found: list[str] = []
    match = _RECORD.search(text)
    while match is not None:
        end = text.find("]]>", match.end())
        if end < 0:
            break
        found.append(text[match.end() : end])
        match = _RECORD.search(text, end)
    return found


def _said(text: str, page: Page) -> dict[str, str]:
    """What the script says of its column, by name in small letters."""
    said = {name.lower(): value for name, value in _SAID.findall(text)}
    column = _COLUMN.search(page.url)
    return {"columnid": column[1], **said} if column else said


def _links_in(html: str, page: Page) -> tuple[Link, ...]:
    body = f"<html><body>{html}</body></html>".encode("utf-8", "replace")
    return dated(links(body, page.url, "text/html; charset=utf-8"))


def _total(text: str) -> int | None:
    match = _TOTAL.search(text)
    return int(match[1] or match[2]) if match else None


def _first_proxy(text: str, page: Page, shown: int) -> str | None:
    """Where the rows after those of the column's page are asked for; None if they are all there, or nothing says."""
    total = _total(text)
    if _PROXY not in text or not shown or (total is not None and total <= shown):
        return None
    said = _said(text, page)
    if not said.keys() >= _NEEDED:
        return None
    per_page = int(said["perpage"]) if re.fullmatch(r"[1-9][0-9]?", said.get("perpage", "")) else 15
    query = {
        "startrecord": shown + 1,
        "endrecord": shown + per_page * _GROUP,
        "perpage": per_page,
        "columnid": said["columnid"],
        "unitid": said["unitid"],
        "webid": said["webid"],
        "col": 1,
    }
    return urljoin(page.url, f"{_PROXY}?{urlencode(query)}")


def _after(url: str, total: int | None) -> str | None:
    """The rows after those that an address asks for."""
    query = dict(parse_qsl(urlsplit(url).query))
    first, last = query.get("startrecord", ""), query.get("endrecord", "")
    if not (_NUMBER.fullmatch(first) and _NUMBER.fullmatch(last)) or (
        total is not None and int(last) >= total
    ):
        return None
    size = int(last) - int(first) + 1
    moved = {"startrecord": int(last) + 1, "endrecord": int(last) + size}
    return with_query(url, lambda key, value: str(moved.get(key, value)))


def _first_unit(text: str, page: Page, shown: int) -> str | None:
    """Where jpaas is asked for the second page; for the first where the column's page shows none of its articles."""
    unit = _UNIT.search(text)
    if unit is None:
        return None
    address = urljoin(page.url, unit[0].replace("&amp;", "&"))
    query = dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))
    said = _QUERY.search(text.replace("&quot;", "'").replace("&#39;", "'"))
    query |= dict(_PAIR.findall(said[1])) if said else {}
    if not query:
        return None
    # Systems differ in which of the two they read.
    query["pageNo"] = "2" if shown else "1"
    query["paramJson"] = json.dumps({"pageNo": int(query["pageNo"]), "pageSize": 15}, separators=(",", ":"))
    return f"{address.partition('?')[0]}?{urlencode(query)}"


def _unit_answer(page: Page) -> ListingPage:
    value = json_of(text_of(page))
    found = _links_in(html_in(value), page) if value is not None else ()
    if not found:
        return ListingPage(())
    onward = advanced(page.url, {"pageno"})
    return ListingPage(found, with_query(onward, _further) if onward else None)


def _further(name: str, value: str) -> str:
    """The page number within paramJson raised by one."""
    number = _WITHIN.search(value) if name == "paramJson" else None
    return f"{value[: number.start(1)]}{int(number[1]) + 1}{value[number.end(1) :]}" if number else value
