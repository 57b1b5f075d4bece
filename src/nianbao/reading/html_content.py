"""Finds the part of a page that holds the article."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

_CONTAINERS = frozenset(
    {"div", "td", "article", "section", "main", "body", "form", "ucapcontent", "li", "dd"}
)
# What the common systems of government sites call the article's box.
_KNOWN = re.compile(
    r"^(?:ivs_content|webeditorview|zoom\w*|zoomcon|article|article_?content|maincontent|content|contents?_?box|con|"
    r"trs_editor|trs_editor_view|trs_uedit\w*|trs_paper_preview|custom_unionstyle|view|article[-_]con\w*|article[-_]body|"
    r"detail[-_]?con\w*|xxgk[-_]?(?:content|detail)|ucap-?content|main-txt|news[-_]?con\w*|text[-_]?con\w*|"
    r"info[-_]?con\w*|wz_?zw|nr|zw|bt_content|rich_media_content|v_news_content|vsb_content\w*|content[-_]?main)$",
    re.IGNORECASE,
)
# A box is the article's if it holds this share of the page's text outside links.
_MAIN_SHARE = 0.55
# A known box needs less, but not so little that it is only a teaser.
_KNOWN_SHARE = 0.3
# Sentences left outside a box, counted by their commas and stops: a site's own remarks, or half of the article?
_STRAY_MARKS, _STRAY_SHARE, _KNOWN_STRAY_SHARE = 3, 0.08, 0.4
# A parent that adds text and next to no links adds the article's headings, title or facts, and no furniture.
_ADDED_LINKS, _ADDED_TEXT = 4, 0.5
# So many links make a list of links.
_LIST_LINKS = 3
_MARKS = re.compile("[，。；、！？]")
_NO_BOXES = frozenset({"p", "a", "span", "font", "li", "dd"})
# Boxes deeper in the page than this are not looked into.
_DEEPEST = 40


@dataclass(slots=True)
class Weight:
    """What a node holds, its children included: characters, those in links, marks of prose, links, links to files."""

    text: int = 0
    link: int = 0
    marks: int = 0
    links: int = 0
    files: int = 0

    def add(self, child: Weight) -> None:
        """Counts a child in."""
        self.text += child.text
        self.link += child.link
        self.marks += child.marks
        self.links += child.links
        self.files += child.files


Weights = dict[int, Weight]


class Scales:
    """Weighs boxes when asked to, in C. Only the boxes on the way to the article are looked into."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}
        self._lengths: dict[int, int] = {}
        self._links: dict[int, int] = {}

    def text(self, node: LexborNode) -> str:
        """The pieces of text under a node, one a line, without the blanks around them."""
        key = node.mem_id
        found = self._texts.get(key)
        if found is None:
            found = self._texts[key] = node.text(deep=True, separator="\n", strip=True) or ""
        return found

    def length(self, node: LexborNode) -> int:
        """Characters under a node."""
        key = node.mem_id
        found = self._lengths.get(key)
        if found is None:
            text = self.text(node)
            found = self._lengths[key] = len(text) - text.count("\n")
        return found

    def add_up(self, node: LexborNode) -> None:
        """Weighs a node by its children, which are weighed anyway."""
        self._lengths[node.mem_id] = sum(map(self.length, children(node)))

    def link(self, node: LexborNode) -> int:
        """Characters in links."""
        key = node.mem_id
        found = self._links.get(key)
        if found is None:
            anchors = node.css("a") if node.is_element_node and self.length(node) else []
            texts = [anchor.text(deep=True, separator="", strip=True) for anchor in anchors]
            found = sum([len(text) - text.count("\n") for text in texts])
            self._links[key] = found
        return found

    def own(self, node: LexborNode) -> int:
        """Characters outside links, minus a penalty for those inside."""
        link = self.link(node)
        return self.length(node) - link - link // 2

    def marks(self, node: LexborNode) -> int:
        """Marks of prose outside links."""
        found = len(_MARKS.findall(self.text(node)))
        if found and node.is_element_node:
            found -= sum(len(_MARKS.findall(self.text(anchor))) for anchor in node.css("a"))
        return found


def find_content(body: LexborNode, scales: Scales) -> LexborNode:
    """The box that holds the article; the body itself where the page has no such box."""
    node, found = body, body
    scales.add_up(body)
    for _ in range(_DEEPEST):
        best = _heaviest_child(node, scales)
        if best is None:
            break
        known = _is_known(best)
        if not _holds(best, body, _KNOWN_SHARE if known else _MAIN_SHARE, scales):
            break
        beside = [child for child in children(node) if child.mem_id != best.mem_id]
        # Marks in links are none, but counting all is quicker and mostly enough.
        stray = sum([len(_MARKS.findall(scales.text(child))) for child in beside])
        if stray > _STRAY_MARKS and (stray := sum(map(scales.marks, beside))) > _STRAY_MARKS:
            allowed = _KNOWN_STRAY_SHARE if known else _STRAY_SHARE
            if stray > allowed * (stray + scales.marks(best)):
                break
        node = best
        if best.tag in _CONTAINERS:
            found = best
    return _widened(found, body, scales)


def _holds(node: LexborNode, body: LexborNode, share: float, scales: Scales) -> bool:
    """Whether a box has this share of the page's text outside links; the page's links are counted only if it matters."""
    own = scales.own(node)
    return own >= share * max(1, scales.length(body)) or own >= share * max(1, scales.own(body))


def _widened(found: LexborNode, body: LexborNode, scales: Scales) -> LexborNode:
    """The outermost box around the article that adds no links to it."""
    while found.mem_id != body.mem_id and found.parent is not None:
        inner, outer = scales.length(found), scales.length(found.parent)
        if outer - inner > max(300, _ADDED_TEXT * inner) or _adds_links(found, found.parent, scales):
            break
        found = found.parent
    return found


def _adds_links(inner: LexborNode, outer: LexborNode, scales: Scales) -> bool:
    added = 0
    beside = [child for child in children(outer) if child.is_element_node and child.mem_id != inner.mem_id]
    # The small ones first: a breadcrumb often decides it, and a menu has a hundred links.
    for child in sorted(beside, key=scales.length):
        if scales.length(child):
            for anchor in child.css("a"):
                added += scales.length(anchor)
                if added > _ADDED_LINKS:
                    return True
    return False


def children(node: LexborNode) -> Iterator[LexborNode]:
    """The nodes right below a node, texts among them."""
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _heaviest_child(node: LexborNode, scales: Scales) -> LexborNode | None:
    """The child with most text outside links; links are counted only where the text could make a child the heaviest."""
    # A paragraph or a table row is content, not a box around it.
    boxes = [child for child in children(node) if child.is_element_node and child.tag not in _NO_BOXES]
    best, heaviest = None, -1
    for box in sorted(boxes, key=scales.length, reverse=True):
        if scales.length(box) <= heaviest:
            break
        own = scales.own(box)
        if best is None or own > heaviest:
            best, heaviest = box, own
    return best


def _is_known(node: LexborNode) -> bool:
    attributes = node.attributes
    names = [attributes.get("id") or "", *(attributes.get("class") or "").split()]
    return any(_KNOWN.match(name) for name in names)


def link_lists(content: LexborNode, files: Collection[int]) -> list[LexborNode]:
    """The boxes within the article's that only hold links, such as related news; files of the article are none."""
    if len(content.css("a")) < _LIST_LINKS:
        return []
    weights = weigh(content, files)
    found = []
    for node in content.css("ul, ol, dl, div, table"):
        weight = weights[node.mem_id]
        if weight.links >= _LIST_LINKS and not weight.files and weight.link > 0.7 * max(1, weight.text):
            found.append(node)
    return found


def weigh(body: LexborNode, files: Collection[int]) -> Weights:
    """Weighs every element below a node, without recursion: pages nest deeper than Python may.

    files: mem_ids of the links that lead to files.
    """
    root = Weight()
    weights: Weights = {body.mem_id: root}
    order: list[tuple[LexborNode, Weight, Weight | None, bool]] = [(body, root, None, False)]
    for here, weight, _, linked in order:
        child = here.child
        while child is not None:
            if child.is_text_node:
                text = (child.text_content or "").strip()
                if text:
                    weight.text += len(text)
                    if linked:
                        weight.link += len(text)
                    else:
                        weight.marks += len(_MARKS.findall(text))
            elif child.is_element_node:
                inner = weights[child.mem_id] = Weight()
                is_link = child.tag == "a"
                if is_link:
                    inner.links, inner.files = 1, int(child.mem_id in files)
                order.append((child, inner, weight, linked or is_link))
            child = child.next
    for _, weight, parent, _ in reversed(order):
        if parent is not None and (weight.text or weight.links):
            parent.add(weight)
    return weights
