"""Guangdong's platform: /gkmlpt/index says where its JSON lists are, articles are /gkmlpt/content/MAJOR/FOLDER/post_ID.html."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

from nianbao.harvest.families.base import ListingPage, Page
from nianbao.harvest.families.entries import entries, json_of, objects, total_in
from nianbao.harvest.families.pages import dated, text_of
from nianbao.harvest.families.script import advanced
from nianbao.model import Family

_ARTICLE = re.compile(r"/gkmlpt/content/\w+/\w+/m?post_\d+\.html?$|/content/m?post_\d+\.html?$")
_SID = re.compile(r"\bSID[\"']?\s*[:=]\s*[\"']?(\w{1,40})")
_TREE = re.compile(r"\bTREE[\"']?\s*[:=]\s*(?=\[)")
# A column's name, best first.
_COLUMNS = (re.compile("法治政府.{0,12}(?:报告|年报)"), re.compile("法治政府"), re.compile("依法行政"))
_LIST = "/gkmlpt/api/all/"


class Gkmlpt:
    """A shell page that names the site and its tree of columns, then JSON lists of a column's articles."""

    name = Family.GKMLPT

    def start(self, listing: str, parameters: Mapping[str, str]) -> str:
        """The shell, which says the site's number."""
        return urldefrag(listing).url

    def read(self, page: Page, parameters: Mapping[str, str]) -> ListingPage:
        """Of the shell, where the list is; of a list, its entries."""
        if _LIST in page.url:
            return self._list(page)
        text = text_of(page)
        sid = _SID.search(text)
        category = (
            parameters.get("category") or _fragment(parameters.get("listing", "")) or _category(_tree(text))
        )
        if sid is None or not category:
            return ListingPage(())
        query = urlencode({"page": 1, "sid": sid[1]})
        return ListingPage((), urljoin(page.url, f"{_LIST}{category}?{query}"))

    def is_article(self, url: str) -> bool:
        """True for post_ID.html."""
        return _ARTICLE.search(url) is not None

    def recognise(self, page: Page) -> str:
        """The configuration in its script."""
        text = text_of(page)
        return (
            "its script holds _CONFIG with SID and TREE" if _SID.search(text) and _TREE.search(text) else ""
        )

    @staticmethod
    def _list(page: Page) -> ListingPage:
        value = json_of(text_of(page))
        found = dated(entries(value, page.url)) if value is not None else ()
        if not found:
            return ListingPage(())
        return ListingPage(found, advanced(page.url, {"page"}), total_in(value))


def _fragment(listing: str) -> str:
    fragment = urlsplit(listing).fragment.strip("/")
    return fragment if re.fullmatch(r"\w{1,20}", fragment) else ""


def _tree(text: str) -> Any:
    match = _TREE.search(text)
    return json_of(_balanced(text[match.end() :])) if match else None


def _balanced(text: str) -> str:
    """The JSON list that a text begins with."""
    depth, quoted, escaped = 0, False, False
    for at, char in enumerate(text[:2_000_000]):
        if quoted:
            quoted, escaped = escaped or char != '"', char == "\\" and not escaped
        elif char == '"':
            quoted = True
        elif char in "[{":
            depth += 1
        elif char in "]}":
            depth -= 1
            if depth == 0:
                return text[: at + 1]
    return ""


def _category(tree: Any) -> str:
    """The number of the column that speaks of the government by law."""
    if tree is None:
        return ""
    for wanted in _COLUMNS:
        for node in objects(tree):
            name = next(
                (str(v) for k, v in node.items() if re.search("name|title", str(k), re.IGNORECASE)), ""
            )
            ident = next(
                (str(node[key]) for key in ("id", "cate_id", "category_id", "cid") if key in node), ""
            )
            if ident and wanted.search(name):
                return ident
    return ""
