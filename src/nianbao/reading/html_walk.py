"""A page's nodes → lines of text, as a browser would break them.

A page has a thousand nodes and more; going from one to the next in Python costs ten times as much as parsing them. So the
parser writes a box out as markup again, now well-formed, and one expression takes that apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from nianbao.reading.lines import spaced, squeeze, visible

# What a reader never sees, or never reads. h1 may stand in a header, so that one is not here.
DROPPED = (
    "script, style, noscript, svg, object, embed, iframe, select, option, button, textarea, nav, footer,"
    " [hidden], [style*='display:none'], [style*='display: none']"
)
# The same, but of little weight: looked for only in the boxes whose lines are asked for.
_DROPPED_TOO = frozenset({"audio", "canvas", "map", "noembed", "noframes", "template", "video"})
_BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    }
)
# Ends a line. Control characters of the page itself are blanks to str.split, so one of them does no harm.
_END = "\x1e"
_BREAKS = {tag: _END for name in _BLOCKS for tag in (name, "/" + name)}
CELL_BREAK = " | "
# A row whose cells are longer than this is a page layout, not a table of values.
_LONGEST_CELL = 200
# A tag's name (! for a comment) and the text behind the tag. Within attributes and texts the parser writes < and > as entities.
_TAG = re.compile(r"<(/?[^\s>!]+|!)[^>]*>([^<]*)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LAYOUT = frozenset({"table", "ul", "ol", "h1"})

_Tags = list[tuple[str, str]]


def lines(node: LexborNode) -> list[str]:
    """The lines under a node, squeezed and not empty."""
    tags: _Tags = _TAG.findall("<->" + (node.inner_html or ""))
    seen = {tag for tag, _ in tags}
    if "!" in seen or not seen.isdisjoint(_DROPPED_TOO):
        for dropped in node.css(", ".join(_DROPPED_TOO)):
            if dropped.mem_id != node.mem_id:
                dropped.decompose()
        tags = _TAG.findall("<->" + _COMMENT.sub("", node.inner_html or ""))
    return _broken([*_rows(tags)] if "tr" in seen else tags)


def text_of(node: LexborNode) -> str:
    """All text under a node on one line."""
    return squeeze(node.text(deep=True, separator="") or "")


def _broken(tags: _Tags) -> list[str]:
    """The lines of a piece of markup."""
    text = "".join([_BREAKS.get(tag, "") + text for tag, text in tags])
    if "&" in text:
        text = text.replace("&nbsp;", "\xa0").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return [line for raw in visible(text).split(_END) if raw and not raw.isspace() and (line := spaced(raw))]


def _rows(tags: _Tags) -> Iterator[tuple[str, str]]:
    """The markup, each row of values as one line: those without another table or a list within."""
    start = done = 0
    inside = False
    for at, (tag, text) in enumerate(tags):
        if tag == "tr":
            start, inside = at, True
        elif tag in _LAYOUT:
            inside = False
        elif tag == "/tr" and inside:
            inside = False
            row = _row(tags[start + 1 : at])
            if row is not None:
                yield from tags[done:start]
                yield from (("tr", row), ("/tr", text))
                done = at + 1
    yield from tags[done:]


def _row(tags: _Tags) -> str | None:
    """A table row on one line, as markup; None if it only lays out a page."""
    starts = [at for at, (tag, _) in enumerate(tags) if tag in ("td", "th")]
    if len(starts) < 2:
        return None
    texts = [
        " ".join(_broken(tags[start:end]))
        for start, end in zip(starts, [*starts[1:], len(tags)], strict=True)
    ]
    if max(map(len, texts)) > _LONGEST_CELL:
        return None
    row = CELL_BREAK.join(texts).strip() if any(texts) else ""
    return row.replace("&", "&amp;")
