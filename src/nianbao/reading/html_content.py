"""Finds the part of a page that holds the article."""

from __future__ import annotations

import re
from collections.abc import Collection
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
_MARKS = re.compile("[，。；、！？]")


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

    @property
    def own(self) -> int:
        """Characters outside links, minus a penalty for those inside."""
        return self.text - self.link - self.link // 2


Weights = dict[int, Weight]


def find_content(body: LexborNode, weights: Weights) -> LexborNode:
    """The box that holds the article; the body itself where the page has no such box."""
    total = max(1, weights[body.mem_id].own)
    node, found = body, body
    while True:
        best = _heaviest_child(node, weights)
        if best is None:
            break
        known = _is_known(best)
        share = weights[best.mem_id].own / total
        if share < (_KNOWN_SHARE if known else _MAIN_SHARE):
            break
        stray = weights[node.mem_id].marks - weights[best.mem_id].marks
        allowed = _KNOWN_STRAY_SHARE if known else _STRAY_SHARE
        if stray > max(_STRAY_MARKS, allowed * weights[node.mem_id].marks):
            break
        node = best
        if best.tag in _CONTAINERS:
            found = best
    return _widened(found, body, weights)


def _widened(found: LexborNode, body: LexborNode, weights: Weights) -> LexborNode:
    """The outermost box around the article that adds no links to it."""
    while found.mem_id != body.mem_id and found.parent is not None and found.parent.mem_id in weights:
        inner, outer = weights[found.mem_id], weights[found.parent.mem_id]
        if outer.link - inner.link > _ADDED_LINKS or outer.text - inner.text > max(
            300, _ADDED_TEXT * inner.text
        ):
            break
        found = found.parent
    return found


def _heaviest_child(node: LexborNode, weights: Weights) -> LexborNode | None:
    best: LexborNode | None = None
    child = node.child
    while child is not None:
        # A paragraph or a table row is content, not a box around it.
        if child.mem_id in weights and child.tag not in ("p", "a", "span", "font", "li", "dd"):
            heavier = best is None or weights[child.mem_id].own > weights[best.mem_id].own
            best = child if heavier else best
        child = child.next
    return best


def _is_known(node: LexborNode) -> bool:
    attributes = node.attributes
    names = [attributes.get("id") or "", *(attributes.get("class") or "").split()]
    return any(_KNOWN.match(name) for name in names)


def link_lists(content: LexborNode, weights: Weights) -> frozenset[int]:
    """The boxes within the article's that only hold links, such as related news; files of the article are none."""
    found = set()
    for node in content.css("ul, ol, dl, div, table"):
        weight = weights[node.mem_id]
        if weight.links >= 3 and not weight.files and weight.link > 0.7 * max(1, weight.text):
            found.add(node.mem_id)
    return frozenset(found)


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
