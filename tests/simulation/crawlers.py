"""Naive readers of the simulated listings, one per way of asking: address → title of what a listing leads to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urlencode, urljoin

from selectolax.lexbor import LexborHTMLParser as HTMLParser

from nianbao.simulation.truth import SourceTruth

from .web import Web

OUT_OF_RANGE = 99


def links_of(web: Web, source: SourceTruth) -> dict[str, str]:
    """What the listing leads to, in the spelling of the truth."""
    found: dict[str, str] = {}
    for listing in source.listings:
        crawl = _CRAWLERS.get(source.shape)
        found |= crawl(web, source, listing) if crawl else web.listing_links(listing)
    return {_plain(url): title for url, title in found.items()}


def rows_out_of_range(web: Web, source: SourceTruth) -> dict[str, str]:
    """What the page number 99 of a listing that comes from an endpoint leads to."""
    return _PAGES[source.shape](web, source, source.listings[0], OUT_OF_RANGE)


def _plain(url: str) -> str:
    url = re.sub(r";jsessionid=\w+", "", url)
    return re.sub(r"^https?://([^/:]+)(:\d+)?/", r"http://\1/", url)


def _until_empty(
    page: Callable[[Web, SourceTruth, str, int], dict[str, str]],
) -> Callable[..., dict[str, str]]:
    def crawl(web: Web, source: SourceTruth, listing: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for number in range(1, OUT_OF_RANGE):
            rows = page(web, source, listing, number)
            if not rows:
                return found
            found |= rows
        raise AssertionError(f"{listing} has no end")

    return crawl


def _text(web: Web, url: str) -> str:
    answer = web.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def _details(web: Web, source: SourceTruth, listing: str, number: int) -> dict[str, str]:
    data = json.loads(_text(web, listing.replace("{page}", str(number))))["data"]
    found = {}
    for item in data["list"]:
        url = source.parameters["article"].replace("{id}", item["id"])
        article = json.loads(_text(web, url))["data"]
        found[url] = article["title"]
        found |= {urljoin(url, file["url"]): file["name"] for file in article["attachments"]}
    return found


def _jsonp(web: Web, source: SourceTruth, listing: str, number: int) -> dict[str, str]:
    said = re.fullmatch(r"jQuery1113\((.*)\);", _text(web, listing.replace("{page}", str(number))))
    assert said
    return {row["puburl"]: row["title"] for row in json.loads(said[1])["data"]}


def _gkmlpt(web: Web, source: SourceTruth, listing: str, number: int) -> dict[str, str]:
    shell, _, category = listing.partition("#")
    script = re.search(r"_CONFIG = (\{.*\});", _text(web, shell))
    assert script
    config = json.loads(script[1])
    if not category:
        nodes = [child for node in config["TREE"] for child in [node, *node["children"]]]
        category = next(str(node["id"]) for node in nodes if "法治政府" in node["name"])
    url = urljoin(shell, f"/gkmlpt/api/all/{category}?page={number}&sid={config['SID']}")
    return {item["url"]: item["title"] for item in json.loads(_text(web, url))["articles"]}


def _recordset(web: Web, source: SourceTruth, listing: str) -> dict[str, str]:
    page = _text(web, listing)
    group = re.search(r'<nextgroup><!\[CDATA\[<a href="([^"]+)">', page)
    assert group and web.get(urljoin(listing, unescape(group[1]))).status_code == 404
    return _records(page, listing)


def _jpage(web: Web, source: SourceTruth, listing: str, number: int) -> dict[str, str]:
    page = _text(web, listing)
    if number == 1:
        return _records(page, listing)
    told = dict(re.findall(r"\b(columnid|unitid|webid): '(\d+)'", page))
    size = int(re.findall(r"perPage: (\d+)", page)[0])
    asked = {**told, "endrecord": number * size, "startrecord": (number - 1) * size + 1}
    url = urljoin(listing, f"/module/web/jpage/dataproxy.jsp?{urlencode(asked)}")
    return _records(_text(web, url), listing)


def _jpaas(web: Web, source: SourceTruth, listing: str, number: int) -> dict[str, str]:
    script = re.search(r'url="([^"]+)" queryData="([^"]+)"', _text(web, listing))
    assert script
    told = json.loads(script[2].replace("'", '"'))
    asked = {"paramJson": json.dumps({"pageNo": number, "pageSize": 7}), **told}
    data = json.loads(_text(web, urljoin(listing, f"{script[1]}?{urlencode(asked)}")))["data"]
    return _anchors(data["html"], listing)


def _records(page: str, base: str) -> dict[str, str]:
    return _anchors("".join(re.findall(r"<record><!\[CDATA\[(.*?)\]\]></record>", page)), base)


def _anchors(markup: str, base: str) -> dict[str, str]:
    anchors = HTMLParser(markup).css("a[href]")
    return {urljoin(base, a.attributes["href"] or ""): a.attributes["title"] or "" for a in anchors}


_PAGES = {
    "details_json": _details,
    "jsonp": _jsonp,
    "gkmlpt": _gkmlpt,
    "gkmlpt_tree": _gkmlpt,
    "jpage": _jpage,
    "jpaas": _jpaas,
}
ENDPOINT_SHAPES = tuple(_PAGES)
_CRAWLERS: dict[str, Callable[[Web, SourceTruth, str], dict[str, str]]] = {
    "trs_recordset": _recordset,
    **{shape: _until_empty(page) for shape, page in _PAGES.items()},
}
