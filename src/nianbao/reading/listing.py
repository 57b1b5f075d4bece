"""Listing pages: what they link to, and where they go on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from nianbao.model import UnreadableError
from nianbao.reading import sniffing
from nianbao.reading.decoding import decode
from nianbao.reading.html import absolute_url
from nianbao.reading.html_content import Weights, weigh
from nianbao.reading.html_walk import text_of
from nianbao.reading.lines import squeeze
from nianbao.reading.nesting import too_deep

_DATE = re.compile(r"(?<!\d)(20\d{2})\s*[-/.年]\s*(1[0-2]|0?[1-9])\s*[-/.月]\s*(3[01]|[12]\d|0?[1-9])(?!\d)")
# A day beside the title within the link; “2024年12月3日” may be part of the title.
_DAY = r"[\[(（【\s]*20\d{2}[-/.]\d{1,2}[-/.]\d{1,2}[\])）】\s]*"
_EDGE_DATE = re.compile(f"^{_DAY}|{_DAY}$")
_CUT = re.compile(r"\s*(?:…+|\.{2,}|·{3,})$")
_NEXT = re.compile(
    r"^[\s【\[]*(?:下\s*一?\s*页|后一页|next(?:\s*page)?|[>›»]{1,2})[\s>›»】\]]*$", re.IGNORECASE
)
_CALL = re.compile(r"createPageHTML\s*\(([^)]{0,500})\)", re.IGNORECASE)
_PAGE = re.compile(r"(?P<name>[^/]*?)(?:_(?P<number>\d+))?\.(?P<ext>s?html?|jsp|aspx?|php)$", re.IGNORECASE)
# How far up a link's row is looked for, and how many links a row may hold.
_ROW_REACH = 3
_ROW_LINKS = 2
_MOST_CALLS = 5
_EXTENSIONS = ("html", "htm", "shtml", "shtm", "jsp")


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a listing. url: absolute, without fragment. text: the full title, where the shown one is cut off.

    title: the link's title attribute. date: ISO day printed in the link's row, '' if none.
    """

    url: str
    text: str
    title: str = ""
    date: str = ""


def links(body: bytes, base_url: str, content_type: str = "") -> tuple[Link, ...]:
    """The http(s) links of a page in their order, each address once; () for what is no page."""
    tree = _tree(body, content_type)
    if tree is None:
        return ()
    base = _base(tree, base_url)
    weights = weigh(tree.body, ()) if tree.body is not None else {}
    found: dict[str, Link] = {}
    for anchor in tree.css("a[href]"):
        url = absolute_url(base, anchor.attributes.get("href") or "")
        if not url:
            continue
        link = _link(anchor, url, weights)
        known = found.get(url)
        # A row often links twice, once from a picture or from “more”.
        if known is None or len(link.text) > len(known.text):
            found[url] = link
    return tuple(found.values())


def next_page(body: bytes, base_url: str, content_type: str = "") -> str | None:
    """The address of the listing's next page on the same host, None where it ends (or only scripts know).

    Read from a link that says so, from a createPageHTML call, or from links to index_N pages, in this order.
    """
    tree = _tree(body, content_type)
    if tree is None:
        return None
    base = _base(tree, base_url)
    here = urlsplit(base_url)
    for candidate in (_linked(tree, base), _called(tree, base_url), _numbered(tree, base, base_url)):
        if candidate and candidate != base_url and urlsplit(candidate).netloc == here.netloc:
            return candidate
    return None


def _tree(body: bytes, content_type: str) -> LexborHTMLParser | None:
    try:
        if sniffing.sniff(body):
            return None
        text = decode(body, content_type).text
    except UnreadableError:
        return None
    is_page = sniffing.is_html(text, content_type) and not too_deep(text)
    return LexborHTMLParser(text) if is_page else None


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    return urljoin(url, node.attributes.get("href") or "") if node is not None else url


def _link(anchor: LexborNode, url: str, weights: Weights) -> Link:
    shown = text_of(anchor)
    title = squeeze(anchor.attributes.get("title") or "")
    stem = _CUT.sub("", shown)
    whole = title if title and (not shown or (stem != shown and title.startswith(stem))) else shown
    own_date = _date(shown)
    if whole == shown:
        whole = _EDGE_DATE.sub("", shown) or shown
    return Link(url, whole, title, own_date or _row_date(anchor, weights))


def _row_date(anchor: LexborNode, weights: Weights) -> str:
    """The first day printed in the row around a link: the nearest boxes that hold hardly another link."""
    node = anchor
    for _ in range(_ROW_REACH):
        node = node.parent if node.parent is not None else node
        if node.mem_id not in weights or weights[node.mem_id].links > _ROW_LINKS:
            return ""
        date = _date(text_of(node))
        if date:
            return date
    return ""


def _date(text: str) -> str:
    match = _DATE.search(text)
    return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}" if match else ""


def _linked(tree: LexborHTMLParser, base: str) -> str:
    for node in tree.css("link[rel='next'], a[rel='next']"):
        url = absolute_url(base, node.attributes.get("href") or "")
        if url:
            return url
    for anchor in tree.css("a[href]"):
        attributes = anchor.attributes
        said = text_of(anchor) or attributes.get("title") or ""
        if _NEXT.match(said) and "disabled" not in (attributes.get("class") or ""):
            address = (attributes.get("href") or "").strip()
            url = "" if address.startswith("#") or not address else absolute_url(base, address)
            if url:
                return url
    return ""


def _called(tree: LexborHTMLParser, base_url: str) -> str:
    """createPageHTML(pages, current, "index", "html"): page 0 is index.html, page n is index_n.html."""
    for node in tree.css("script"):
        script = node.text(deep=True) or ""
        for call in islice(_CALL.finditer(script), _MOST_CALLS):
            if script[: call.start()].rstrip().endswith("function"):
                continue
            arguments = [_value(argument.strip(), script) for argument in call[1].split(",")]
            numbers = [int(a) for a in arguments if a.isdigit()]
            names = [a.lstrip(".") for a in arguments if a and not a.isdigit()]
            at = next((n for n, name in enumerate(names) if n and name in _EXTENSIONS), 0)
            if len(numbers) >= 2 and at and numbers[1] + 1 < numbers[0]:
                return urljoin(base_url, f"{names[at - 1]}_{numbers[1] + 1}.{names[at]}")
    return ""


def _value(argument: str, script: str) -> str:
    """An argument's value: a literal, or the variable of that name."""
    if argument[:1] in "\"'" or argument.isdigit():
        return argument.strip("\"'")
    assigned = (
        re.search(rf"\b{re.escape(argument)}\s*=\s*[\"']?([\w.-]+)", script)
        if argument.isidentifier()
        else None
    )
    return assigned[1] if assigned else ""


def _numbered(tree: LexborHTMLParser, base: str, base_url: str) -> str:
    """The lowest index_N above this page's own number, of pages in the same folder with the same name."""
    folder, _, file = urlsplit(base_url).path.rpartition("/")
    here = _PAGE.fullmatch(file)
    name, number = (here["name"], int(here["number"] or 0)) if here else ("index", 0)
    best: tuple[int, str] | None = None
    for anchor in tree.css("a[href]"):
        url = absolute_url(base, anchor.attributes.get("href") or "")
        its_folder, _, its_file = urlsplit(url).path.rpartition("/") if url else ("", "", "")
        match = _PAGE.fullmatch(its_file)
        if its_folder != folder or match is None or match["name"] != name or not match["number"]:
            continue
        if int(match["number"]) > number and (best is None or int(match["number"]) < best[0]):
            best = (int(match["number"]), url)
    return best[1] if best else ""
