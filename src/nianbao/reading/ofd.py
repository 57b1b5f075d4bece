"""OFD files (GB/T 33190), the page format of Chinese authorities → Document: ZIP and XML, read directly."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from lxml import etree

from nianbao.model import Document, Outcome, UnreadableError
from nianbao.reading.lines import Line, document
from nianbao.reading.ofd_text import Glyph, glyphs, page_lines
from nianbao.reading.packed import Packed
from nianbao.reading.pdf_layout import PageLine, paragraphs, without_running_lines
from nianbao.reading.sniffing import OFD

_PAGES = 2_000
_GLYPHS = 5_000_000


def read_ofd(body: bytes) -> Document:
    """The text of an OFD file in the order of reading; running headers and page numbers removed, lines joined.

    Raises UnreadableError for damaged files, for those beyond the bounds, and for pages of pictures or bare glyphs.
    """
    packed = Packed(body)
    pages: list[list[PageLine]] = []
    bare = []
    for root in _documents(packed):
        for page, height in _pages(packed, root):
            found = list(page)
            if len(pages) >= _PAGES:
                raise UnreadableError(
                    f"the OFD file has more than {_PAGES} pages; look at it by hand", Outcome.OVERSIZED
                )
            if len(found) > _GLYPHS:
                raise UnreadableError(
                    "a page of the OFD file holds more text than any report; look at it by hand",
                    Outcome.OVERSIZED,
                )
            pages.append(page_lines(found, len(pages) + 1, height))
            if not pages[-1]:
                bare.append(len(pages))
    if not any(pages):
        raise UnreadableError(
            f"the OFD file has {len(pages)} page(s) of pictures or of glyphs without characters, and no text;"
            " bring the report as PDF with text, Word or web page"
        )
    warnings = (
        [f"page(s) {', '.join(map(str, bare))} of the OFD file hold no text; look at the original"]
        if bare
        else []
    )
    joined = paragraphs(without_running_lines(pages))
    return document((Line(text, page=number) for text, number in joined), OFD, warnings=warnings)


def _documents(packed: Packed) -> list[str]:
    """The names of the documents' root files."""
    roots = [(node.text or "").strip() for node in packed.xml("OFD.xml").iter("{*}DocRoot")]
    if not roots:
        raise UnreadableError("the OFD file is damaged (it names no document); fetch it again")
    return [root.lstrip("/") for root in roots]


def _pages(packed: Packed, root: str) -> Iterator[tuple[Iterator[Glyph], float]]:
    """The glyphs of each page, and the page's height in millimetres."""
    tree = packed.xml(root)
    templates = {node.get("ID"): node.get("BaseLoc") or "" for node in tree.iter("{*}TemplatePage")}
    default = _height(tree.find("{*}CommonData/{*}PageArea"), 297.0)
    for node in tree.iterfind("{*}Pages/{*}Page"):
        name = _resolve(root, node.get("BaseLoc") or "")
        content = packed.xml(name)
        height = _height(content.find("{*}Area"), default)
        layers = [content]
        for used in content.iterfind("{*}Template"):
            where = templates.get(used.get("TemplateID"))
            if where:
                layers.append(packed.xml(_resolve(root, where)))
        yield _all_glyphs(layers), height


def _all_glyphs(layers: list[etree._Element]) -> Iterator[Glyph]:
    for layer in layers:
        yield from glyphs(layer)


def _resolve(root: str, place: str) -> str:
    """A place in the file: from its top, or beside the document's root. It is only ever looked up in the archive."""
    if place.startswith("/"):
        return place.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(root), place))


def _height(area: etree._Element | None, default: float) -> float:
    box = None if area is None else area.find("{*}PhysicalBox")
    try:
        return float((box.text or "").split()[3]) if box is not None else default
    except (IndexError, ValueError):
        return default
