"""The bodies that a text and what stands around it name, with the place of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ...model import Issuer
from ..front.dates import with_arabic_years
from ..front.front_matter import FrontMatter
from ..text.cleaning import fold
from ..text.script import simplify
from .naming import Name, lead_names, title_names
from .recognition import bare_title

META_TITLES = ("articletitle", "og:title")
META_SOURCES = ("contentsource", "source")
# Rules whose names may only say who put a page up.
POSTING = ("issuer.source", "issuer.publisher", "issuer.meta", "issuer.site")
_SITE_TAIL = re.compile(r"[_|]\s*([\u4e00-\u9fff]{3,40})$")
_SITE_WORDS = re.compile(r"(?:政务)?(?:门户)?(?:网站|网)$")
_LONGEST_NAME = 45


@dataclass(frozen=True, slots=True)
class Stated:
    """What is at hand about one text: the address, the titles around it, and what was read at its front."""

    text: str
    front: FrontMatter
    title: str | None
    lead: str
    url: str
    page_title: str
    link_title: str
    meta: Mapping[str, str]
    default_issuer: Issuer | None


def first_meta(meta: Mapping[str, str], names: Sequence[str]) -> str:
    """The first of the named meta tags that is filled in, '' if none is; names in small letters, tags in any."""
    filled = {name.lower(): value.strip() for name, value in meta.items() if value.strip()}
    return next((filled[name] for name in names if name in filled), "")


def named_bodies(stated: Stated) -> list[Name]:
    """Every body named where an issuer is named, the likeliest first."""
    front = stated.front
    found: list[Name] = []
    head = front.fields.get("letterhead")
    if head is not None:
        found.append(Name(head[0], "text", "issuer.letterhead", head[1], head[2]))
    own = front.fields.get("title")
    for value, place, span in (
        (stated.title or "", "text" if own else "title", own[1:] if own else (None, None)),
        (bare_title(stated.page_title), "title", (None, None)),
        (bare_title(stated.link_title), "link", (None, None)),
    ):
        found += [
            Name(name, place, "issuer.title", span[0], span[1])
            for name in title_names(with_arabic_years(simplify(value[:160])))
        ]
    if front.signature is not None:
        name, start, end = front.signature
        found.append(Name(name, "text", "issuer.signature", start, end))
    found += [Name(name, "text", "issuer.lead") for name in lead_names(stated.lead)]
    for key in ("byline", "source", "publisher"):
        label = front.fields.get(key)
        if label is not None:
            found.append(Name(re.sub(r"\s", "", label[0]), "text", f"issuer.{key}", label[1], label[2]))
    posted = first_meta(stated.meta, META_SOURCES)
    if posted:
        found.append(Name(re.sub(r"\s", "", posted), "meta", "issuer.meta"))
    site = _site_name(stated)
    if site:
        found.append(Name(site, "title", "issuer.site"))
    return [
        replace(name, text=simplify(name.text))
        for name in found
        if name.text and len(name.text) <= _LONGEST_NAME
    ]


def _site_name(stated: Stated) -> str:
    """The site's name as it stands behind a page's title: 标题_栏目_某市某局; '' if there is none."""
    first_line = stated.text[:300].lstrip().split("\n", 1)[0]
    for title in (stated.page_title, first_line):
        match = _SITE_TAIL.search(fold(title).rstrip())
        if match is not None:
            return _SITE_WORDS.sub("", match[1])
    return ""
