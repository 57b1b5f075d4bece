"""Listings that are JSON: the entries in an answer, whatever its fields are called."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote, urljoin

from nianbao.reading import Link

_CALLBACK = re.compile(r"^[\s;]*[\w$.]{1,100}\s*\((?P<json>.*)\)[\s;]*$", re.DOTALL)
_TAG = re.compile(r"<[^<>]{0,500}>")
_TITLE = re.compile(r"title|^name$|subject|headline|^biaoti$", re.IGNORECASE)
_ADDRESS = re.compile(r"url|link|href|path$", re.IGNORECASE)
_IDS = (
    "id",
    "uuid",
    "guid",
    "infoid",
    "info_id",
    "docid",
    "articleid",
    "article_id",
    "contentid",
    "content_id",
)
_DAY = re.compile(r"date|time|day|_at$|^rq$|riqi", re.IGNORECASE)
# A field's name tells how near its day is to the one of publication.
_PUBLISHED = re.compile(r"pub|display|issue|release|show|fabu", re.IGNORECASE)
_CHANGED = re.compile(r"update|modif|create|expire|end|offline", re.IGNORECASE)
_DATE = re.compile(r"(20\d\d)\s*[-/.年]\s*(1[0-2]|0?[1-9])\s*[-/.月]\s*(3[01]|[12]\d|0?[1-9])(?!\d)")
_TOTAL = re.compile(
    r"^(?:total|totalcount|totalrecords?|count|num|records?|total_num|rowcount)$", re.IGNORECASE
)
_CHINA = timezone(timedelta(hours=8))
_DEEPEST, _MOST_NODES, _LONGEST = 12, 200_000, 5_000_000


def json_of(text: str) -> Any | None:
    """The value of a JSON or JSONP answer; None for what is neither."""
    text = text.strip().lstrip("\ufeff")
    if not text or len(text) > _LONGEST or text[0] == "<":
        return None
    if text[0] not in "{[":
        match = _CALLBACK.match(text)
        text = match["json"] if match else ""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def entries(value: Any, base_url: str, article: str = "") -> tuple[Link, ...]:
    """The longest list of objects that have a title and an address, as links.

    article: template of an article's address with {id}; without it the entry's own address is taken.
    """
    best: tuple[Link, ...] = ()
    for found in _lists(value):
        links = tuple(link for item in found if (link := _entry(item, base_url, article)) is not None)
        if len(links) > len(best):
            best = links
    return best


def total_in(value: Any) -> int | None:
    """How many entries the answer says there are."""
    for node in _nodes(value):
        if isinstance(node, dict):
            for key, content in node.items():
                if _TOTAL.match(str(key)) and str(content).isdecimal() and len(str(content)) < 9:
                    return int(content)
    return None


def html_in(value: Any) -> str:
    """The longest text with tags in it, '' if there is none."""
    texts = (node for node in _nodes(value) if isinstance(node, str) and "<" in node)
    return max(texts, key=len, default="")


def objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """All objects of an answer, outer ones first."""
    return (node for node in _nodes(value) if isinstance(node, dict))


def _nodes(value: Any) -> Iterator[Any]:
    queue: list[tuple[Any, int]] = [(value, 0)]
    for count, (node, depth) in enumerate(queue):
        yield node
        if depth < _DEEPEST and count < _MOST_NODES and isinstance(node, dict | list):
            inner = node.values() if isinstance(node, dict) else node
            queue.extend((each, depth + 1) for each in inner)


def _lists(value: Any) -> Iterator[list[Any]]:
    return (
        node for node in _nodes(value) if isinstance(node, list) and any(isinstance(n, dict) for n in node)
    )


def _entry(item: Any, base_url: str, article: str) -> Link | None:
    if not isinstance(item, dict):
        return None
    fields = {str(key): content for key, content in item.items()}
    title = _title(fields)
    url = _address(fields, base_url, article)
    return Link(url, title, date=_day(fields)) if title and url else None


def _title(fields: Mapping[str, Any]) -> str:
    said = [value for key, value in fields.items() if _TITLE.search(key) and isinstance(value, str)]
    plain = [" ".join(html.unescape(_TAG.sub("", value)).split()) for value in said]
    # A short title may stand beside the whole one.
    return max(plain, key=len, default="")


def _address(fields: Mapping[str, Any], base_url: str, article: str) -> str:
    if article:
        lowered = {key.lower(): value for key, value in fields.items()}
        names = [name for name in _IDS if name in lowered] or [key for key in lowered if key.endswith("id")]
        ident = next((lowered[name] for name in names if isinstance(lowered[name], str | int)), "")
        return article.replace("{id}", quote(str(ident), safe="")) if str(ident) else ""
    said = [value.strip() for key, value in fields.items() if _ADDRESS.search(key) and isinstance(value, str)]
    said = [value for value in said if re.match(r"https?://|//|/|[\w-]+/|[\w-]+\.s?html?", value)]
    try:
        return urljoin(base_url, said[0]) if said else ""
    except ValueError:
        return ""


def _day(fields: Mapping[str, Any]) -> str:
    dated = [(key, day) for key, value in fields.items() if (day := _as_day(key, value))]
    dated.sort(key=lambda pair: (not _PUBLISHED.search(pair[0]), bool(_CHANGED.search(pair[0]))))
    return dated[0][1] if dated else ""


def _as_day(key: str, value: Any) -> str:
    """A field as an ISO day in China, '' if it is none: text with a date, seconds or milliseconds since 1970."""
    if isinstance(value, dict):  # tip: {dates: …}
        inner = [_as_day(str(name), each) for name, each in value.items() if not isinstance(each, dict)]
        return next((day for day in inner if day), "")
    if not _DAY.search(key) or isinstance(value, bool):
        return ""
    text = str(value)
    match = _DATE.search(text)
    if match:
        return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"
    if re.fullmatch(r"\d{10}(?:\d{3})?", text):
        seconds = int(text[:10])
        return datetime.fromtimestamp(seconds, UTC).astimezone(_CHINA).date().isoformat()
    return ""
