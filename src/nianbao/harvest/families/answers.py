"""Families whose listings are answers of a program: JSON with details?id= articles, and JSONP searches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlsplit

from nianbao.harvest.families.base import ListingPage, Page
from nianbao.harvest.families.entries import entries, json_of, total_in
from nianbao.harvest.families.pages import GENERIC, dated, text_of
from nianbao.harvest.families.script import advanced, turned
from nianbao.model import Family

_PAGE_NAMES = frozenset({"page", "pageno", "pagenum", "pageindex", "currentpage", "curpage", "current", "pn"})


class DetailsJson:
    """A list endpoint, and articles that are known by the id in their query."""

    name = Family.DETAILS_JSON

    def start(self, listing: str, parameters: Mapping[str, str]) -> str:
        """The first page of the list endpoint, or the page that shows it."""
        return listing.replace("{page}", parameters.get("first_page", "1"))

    def read(self, page: Page, parameters: Mapping[str, str]) -> ListingPage:
        """The entries of a JSON answer; the links of a web page, for sites whose endpoint is not known."""
        value = json_of(text_of(page))
        if value is None:
            shown = GENERIC.read(page, parameters)
            numbered = "{page}" in parameters.get("listing", "")
            # A list asked for by its number answers with a web page, menus and all, when something is wrong with it.
            return shown if not numbered or any(map(self.is_article, _urls(shown))) else ListingPage(())
        found = dated(entries(value, page.url, parameters.get("article", "")))
        onward = turned(parameters.get("listing", ""), page.url) if found else None
        return ListingPage(found, onward, total_in(value))

    def is_article(self, url: str) -> bool:
        """True for details?id=…, article.html?infoid=… and their like."""
        names = {name.lower() for name, value in parse_qsl(urlsplit(url).query) if len(value) >= 6}
        return any(name.endswith("id") for name in names)

    def recognise(self, page: Page) -> str:
        """A JSON answer with entries."""
        if text_of(page).lstrip()[:1] not in ("{", "["):
            return ""
        found = entries(json_of(text_of(page)), page.url, "{id}")
        return f"a JSON answer with {len(found)} entries" if found else ""


def _urls(page: ListingPage) -> Iterator[str]:
    return (link.url for link in page.links)


class Jsonp:
    """A search whose answer is callback({num, nPage, data: [{title, puburl, …}]})."""

    name = Family.JSONP

    def start(self, listing: str, parameters: Mapping[str, str]) -> str:
        """The first page of the search."""
        return listing.replace("{page}", parameters.get("first_page", "1"))

    def read(self, page: Page, parameters: Mapping[str, str]) -> ListingPage:
        """The entries of an answer; the next page until there is none."""
        value = json_of(text_of(page))
        found = dated(entries(value, page.url)) if value is not None else ()
        if not found:
            return ListingPage(())
        onward = turned(parameters.get("listing", ""), page.url) or advanced(page.url, _PAGE_NAMES)
        return ListingPage(found, onward, total_in(value))

    def is_article(self, url: str) -> bool:
        """True for any page: the search knows addresses of many systems."""
        return GENERIC.is_article(url)

    def recognise(self, page: Page) -> str:
        """An answer in a callback."""
        text = text_of(page).lstrip()
        if not re.match(r"(?:/\*\*/)?\s*[\w$.]{1,100}\s*\(\s*[{\[]", text):
            return ""
        found = entries(json_of(text), page.url)
        return f"a JSONP answer with {len(found)} entries" if found else ""
