"""Web pages → Document: the article, its title, the facts printed beside it, and the files it offers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from nianbao.model import Document, Outcome, UnreadableError
from nianbao.reading.decoding import Decoded
from nianbao.reading.furniture import FACT_LENGTH, HOLDS_LABEL, LABEL, trimmed
from nianbao.reading.html_content import Scales, children, find_content, link_lists
from nianbao.reading.html_walk import DROPPED, lines, text_of
from nianbao.reading.lines import Line, document, squeeze, unspaced, visible
from nianbao.reading.nesting import too_deep
from nianbao.reading.sniffing import HTML

_DEFAULT_PORTS = {"http": 80, "https": 443}
_FILE = re.compile(r"\.(?:pdf|docx?|wps|ofd)$", re.IGNORECASE)
_FILE_NAME = re.compile(r"\.(?:pdf|docx?|wps|ofd)", re.IGNORECASE)
# A page's links are many and its files few: the parser finds those whose address names a file.
_OFFERS = "h1, " + ", ".join(f"a[href*='.{name}' i]" for name in ("pdf", "doc", "wps", "ofd"))
_SOUGHT = DROPPED + ", meta[content], base[href], title"
_KEPT = frozenset({"meta", "base", "title", "html", "body"})
_BARE_LABEL = re.compile(LABEL.pattern + r"\s*[:：]?\s*$")
_DATE_LINE = re.compile(
    r"^\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s*\d{1,2}[:：时]\d{2}\S{0,4})?$"
)
_SITE_NAME = re.compile(r"(?:人民政府|政府|门户|网站?|局|委员会|信息公开|平台|公开网|频道)$")


def read_html(decoded: Decoded, url: str, body: bytes = b"") -> Document:
    """The article of a page. Raises UnreadableError for a page without any text or file (EMPTY), and for
    one that would keep the parser busy for minutes (OVERSIZED).

    body: the bytes it was decoded from, which need not be encoded again where they are plain UTF-8.
    """
    if too_deep(decoded.text):
        raise UnreadableError(
            "the page is nested as no page is; look at the address by hand", Outcome.OVERSIZED
        )
    as_sent = body and decoded.encoding == "utf-8" and not decoded.warnings
    return _read(LexborHTMLParser(body if as_sent else decoded.text), decoded, url)


def _read(tree: LexborHTMLParser, decoded: Decoded, url: str) -> Document:
    body = tree.body
    if body is None:
        raise UnreadableError("the page is empty; look at the address by hand", Outcome.EMPTY)
    # One search for all: each goes through the whole page.
    found: dict[str, list[LexborNode]] = {}
    for node in tree.css(_SOUGHT):
        found.setdefault(node.tag or "", []).append(node)
    meta = _meta(found.get("meta", ()))
    base = _base(found.get("base", ()), url)
    embedded = _embedded(found, base)
    for tag, nodes in found.items():
        if tag not in _KEPT:
            for node in nodes:
                node.decompose()
    offers = body.css(_OFFERS)
    headings = [node for node in offers if node.tag == "h1"]
    title, heading = _title(found.get("title", ()), headings, body, meta)
    scales = Scales()
    content = find_content(body, scales)
    files = _files(content, scales, len(offers) > len(headings))
    attachments = _unique([*embedded, *_addresses(files, base)])
    outside = _outside(body, content, heading, scales)
    texts = [*outside[0], *_inside(content, files), *outside[1]]
    if not texts and not attachments:
        why = (
            "it is filled by scripts, which are not run"
            if "script" in found
            else "look at the address by hand"
        )
        raise UnreadableError(f"the page holds no text; {why}", Outcome.EMPTY)
    return document(
        (Line(text) for text in texts),
        HTML,
        encoding=decoded.encoding,
        title=title,
        meta=meta,
        attachments=attachments,
        warnings=decoded.warnings,
    )


def _inside(content: LexborNode, files: Iterable[LexborNode]) -> list[str]:
    """The article's lines, without lists of links unless it holds nothing else."""
    lists = link_lists(content, {anchor.mem_id for anchor in files})
    if not lists:
        return [*trimmed(lines(content))]
    whole = lines(content)
    for node in lists:
        node.decompose()
    return [*trimmed(lines(content))] or [*trimmed(whole)]


def _outside(
    body: LexborNode, content: LexborNode, heading: str, scales: Scales
) -> tuple[list[str], list[str]]:
    """The facts that the page prints before its content, and those behind it."""
    before: list[LexborNode] = []
    after: list[LexborNode] = []
    node = content
    while node.parent is not None and node.mem_id != body.mem_id:
        earlier, later = node.prev, node.next
        while earlier is not None:
            before.append(earlier)
            earlier = earlier.prev
        while later is not None:
            after.append(later)
            later = later.next
        node = node.parent
    bare = unspaced(heading)
    return _facts(_told(reversed(before), bare, scales), heading), _facts(_told(after, "", scales), "")


def _told(boxes: Iterable[LexborNode], heading: str, scales: Scales) -> Iterator[str]:
    """The lines of boxes that tell a fact or the heading, or follow one that does; '' for the others.

    heading: without blanks.
    """
    follows = False
    for box in boxes:
        said = visible(scales.text(box)) if box.is_element_node else ""
        if not said:
            continue
        tells = HOLDS_LABEL.search(said) is not None or (heading != "" and heading in unspaced(said))
        if not tells and not follows:
            yield ""
            continue
        told = [*trimmed([" ".join(lines(box))] if box.tag == "tr" else lines(box))]
        yield from told
        # What a label's value or a heading's date may follow, furniture does not part from it.
        follows = tells or (follows and not told)


def _facts(around: Iterable[str], heading: str) -> list[str]:
    """Of the lines around the article: its heading, labelled facts, and the bare date right below the heading."""
    kept: list[str] = []
    follows = ""
    for line in around:
        if heading and squeeze(line) == heading:
            kept, follows = [*kept, line], "heading"
        elif len(line) <= FACT_LENGTH and LABEL.match(line):
            kept, follows = [*kept, line], "label" if _BARE_LABEL.match(line) else ""
        elif (follows == "label" and len(line) <= 60) or (follows == "heading" and _DATE_LINE.match(line)):
            kept, follows = [*kept, line], ""
        else:
            follows = ""
    return kept


def _meta(nodes: Iterable[LexborNode]) -> dict[str, str]:
    """name → content; the first non-empty one wins."""
    found: dict[str, str] = {}
    for node in nodes:
        attributes = node.attributes
        name = (attributes.get("name") or attributes.get("property") or "").strip()
        content = squeeze(attributes.get("content") or "")
        if name and content:
            found.setdefault(name, content)
    return found


def _title(
    titles: Iterable[LexborNode], h1: Iterable[LexborNode], body: LexborNode, meta: dict[str, str]
) -> tuple[str, str]:
    """The page's title, and the heading that shows it in the page ('' if none does)."""
    labelled = next((value for name, value in meta.items() if name.lower() == "articletitle"), "")
    headings = [text for node in h1 if (text := text_of(node)) and not _SITE_NAME.search(text)]
    whole = next((node for node in titles if node.parent is not None and node.parent.tag != "svg"), None)
    page = _without_site(text_of(whole)) if whole is not None else ""
    title = labelled or (headings[0] if headings else "") or page
    if headings:
        return title, headings[0]
    shown = next(
        (n for n in body.css("h2, h3, [class*='title'], [class*='Title'], [id*='title']") if _same(n, title)),
        None,
    )
    return title, text_of(shown) if shown is not None else ""


def _same(node: LexborNode, title: str) -> bool:
    return bool(title) and re.sub(r"\s", "", text_of(node)) == re.sub(r"\s", "", title)


def _without_site(title: str) -> str:
    """A <title> without the names of column and site behind (or before) it."""
    parts = [
        part
        for part in re.split(r"\s*[_|｜]+\s*|\s+[-–—]+\s+|(?<=[\u4e00-\u9fff])-+(?=[\u4e00-\u9fff])", title)
        if part
    ]
    own = [part for part in parts if not _SITE_NAME.search(part)]
    return (own or parts or [""])[0]


def _base(nodes: Sequence[LexborNode], url: str) -> str:
    return urljoin(url, nodes[0].attributes.get("href") or "") if nodes else url


def _embedded(nodes: Mapping[str, Sequence[LexborNode]], base: str) -> list[tuple[str, str]]:
    """Files shown in a frame or a viewer."""
    found = []
    for node in (node for tag in ("iframe", "embed", "object") for node in nodes.get(tag, ())):
        address = node.attributes.get("src") or node.attributes.get("data") or ""
        for candidate in (address, *parse_qs(urlsplit(address).query).get("file", ())):
            absolute = absolute_url(base, candidate)
            if absolute and _FILE.search(urlsplit(absolute).path):
                found.append((absolute, ""))
    return found


def _files(content: LexborNode, scales: Scales, linked: bool) -> list[LexborNode]:
    """The links to files in the article's box or beside it (two boxes up).

    linked: whether the address of any of the page's links names a file; a link's text may do so as well.
    """
    node = content
    for _ in range(2):
        node = node.parent if node.parent is not None and node.parent.tag != "html" else node
    if not linked and not any(_FILE_NAME.search(scales.text(child)) for child in children(node)):
        return []
    return [anchor for anchor in node.css("a[href]") if _is_file(anchor)]


def _addresses(files: Iterable[LexborNode], base: str) -> Iterator[tuple[str, str]]:
    for anchor in files:
        absolute = absolute_url(base, anchor.attributes.get("href") or "")
        if absolute:
            yield absolute, text_of(anchor) or squeeze(anchor.attributes.get("title") or "")


def _is_file(anchor: LexborNode) -> bool:
    address = (anchor.attrs.get("href") or "").strip()
    try:
        path = urlsplit(address).path
    except ValueError:
        return False
    return bool(_FILE.search(path) or (address and _FILE.search(text_of(anchor))))


def absolute_url(base: str, address: str) -> str:
    """An absolute http(s) address without fragment, '' for everything else (scripts, mail, broken ones).

    One spelling for one address: the host in small letters, without the port that is meant anyway.
    """
    try:
        parts = urlsplit(urldefrag(urljoin(base, address.strip()))[0])
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in _DEFAULT_PORTS or not host:
        return ""
    host = f"[{host}]" if ":" in host else host
    return parts._replace(
        netloc=host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    ).geturl()


def _unique(files: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for url, text in files:
        found[url] = found.get(url) or text
    return list(found.items())
