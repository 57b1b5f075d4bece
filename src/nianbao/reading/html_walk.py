"""A page's nodes → lines of text, as a browser would break them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from nianbao.reading.lines import squeeze

# What a reader never sees, or never reads. h1 may stand in a header, so that one is not here.
DROPPED = (
    "script, style, noscript, template, svg, canvas, object, embed, iframe, select, option, button, input, textarea,"
    " nav, footer, audio, video, map, [hidden], [style*='display:none'], [style*='display: none']"
)
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
CELL_BREAK = " | "
# A row whose cells are longer than this is a page layout, not a table of values.
_LONGEST_CELL = 200


def lines(node: LexborNode, skip: frozenset[int] = frozenset()) -> Iterator[str]:
    """The lines under a node, squeezed and not empty, without the nodes whose mem_id is in `skip`."""
    parts: list[str] = []
    for piece in _pieces(node, skip):
        if piece is not None:
            parts.append(piece)
        elif parts:
            line = squeeze("".join(parts))
            parts.clear()
            if line:
                yield line
    line = squeeze("".join(parts))
    if line:
        yield line


def text_of(node: LexborNode) -> str:
    """All text under a node on one line."""
    return squeeze(node.text(deep=True, separator="") or "")


def _pieces(root: LexborNode, skip: frozenset[int]) -> Iterator[str | None]:
    """Texts in order; None where a line ends. With a stack of its own: pages nest deeper than Python may."""
    stack: list[tuple[LexborNode | None, bool]] = []
    node = root.child
    while node is not None or stack:
        if node is None:
            node, ends_line = stack.pop()
            if ends_line:
                yield None
            continue
        if node.is_text_node:
            yield node.text_content or ""
        elif node.is_element_node and node.mem_id not in skip:
            tag = node.tag
            row = _row(node) if tag == "tr" else None
            if row is None:
                breaks = tag in _BLOCKS
                if breaks:
                    yield None
                stack.append((node.next, breaks))
                node = node.child
                continue
            yield from (None, row, None)
        node = node.next


def _row(row: LexborNode) -> str | None:
    """A table row on one line, None if it only lays out a page."""
    cells = []
    cell = row.child
    while cell is not None:
        if cell.tag in ("td", "th"):
            cells.append(cell)
        cell = cell.next
    if len(cells) < 2 or row.css_first("table, ul, ol, h1") is not None:
        return None
    texts = [" ".join(lines(cell)) for cell in cells]
    if max(map(len, texts)) > _LONGEST_CELL:
        return None
    filled = [re.sub(r"\s+", " ", text) for text in texts]
    return CELL_BREAK.join(filled).strip() if any(filled) else ""
