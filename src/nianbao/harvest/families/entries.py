"""Listings that are JSON: the entries in an answer, whatever its fields are called."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote

from nianbao.reading import Link
from nianbao.reading.html import absolute_url

_CALLBACK = re.compile(r"^[\s;]*(?:/\*\*/)?\s*[\w$.]{1,100}\s*\((?P<json>.*)\)[\s;]*$", re.DOTALL)
_TAG = re.compile(r"<[^<>]{0,500}>")
_TITLE = re.compile(r"title|^name$|subject|headline|^biaoti$", re.IGNORECASE)
_ADDRESS = re.compile(r"url|link|href|path$", re.IGNORECASE)
# Titles and addresses of something else than the article.
_OTHER = re.compile(
    r"sub|site|column|channel|chnl|cate|class|im(?:a)?g|pic|cover|thumb|icon|logo|wap|mobile|video|file",
    re.IGNORECASE,
)
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
_DATE = re.compile(
    r"(20[0-9]{2})\s*[-/.年]\s*(1[0-2]|0?[1-9])\s*[-/.月]\s*(3[01]|[12][0-9]|0?[1-9])(?![0-9])"
)
_TOTAL = re.compile(
    r"^(?:total|totalcount|totalrecords?|count|num|records?|total_num|rowcount)$", re.IGNORECASE
)
_FILE = re.compile(r"\.(?:pdf|docx?|wps|ofd|rtf)$", re.IGNORECASE)
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
                said = str(content) if isinstance(content, str | int) else ""
                if _TOTAL.match(str(key)) and re.fullmatch(r"[0-9]{1,8}", said):
                    return int(said)
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
    return Link(_whole(url), _whole(title), date=_day(fields)) if title and url else None


def _whole(text: str) -> str:
    """A text without halves of surrogate pairs, which can be neither stored nor sent."""
    return text.encode("utf-8", "replace").decode()


def _title(fields: Mapping[str, Any]) -> str:
    named = [(key, value) for key, value in fields.items() if _TITLE.search(key) and isinstance(value, str)]
    said = [value for key, value in named if not _OTHER.search(key)] or [value for _, value in named]
    plain = [" ".join(html.unescape(_TAG.sub("", value)).split()) for value in said]
    # A short title may stand beside the whole one.
    return max(plain, key=len, default="")


def _address(fields: Mapping[str, Any], base_url: str, article: str) -> str:
    own = _own_address(fields, base_url)
    # An entry that leads to a file has no article of its own.
    if not article or _FILE.search(own.partition("?")[0]):
        return own
    lowered = {key.lower(): value for key, value in fields.items()}
    names = [name for name in _IDS if name in lowered] or [key for key in lowered if key.endswith("id")]
    ident = next((lowered[name] for name in names if isinstance(lowered[name], str | int)), "")
    known = quote(str(ident), safe="", errors="replace")
    return article.replace("{id}", known) if known else own


def _own_address(fields: Mapping[str, Any], base_url: str) -> str:
    named = [(key, value) for key, value in fields.items() if _ADDRESS.search(key) and isinstance(value, str)]
    said = [value.strip() for key, value in named if not _OTHER.search(key)]
    said = [value for value in said if re.match(r"https?://|/|\.{1,2}/|[\w-]+/|[\w-]+\.s?html?", value)]
    return next((url for value in said if (url := absolute_url(base_url, value))), "")


def _day(fields: Mapping[str, Any]) -> str:
    dated = [(key, day) for key, value in fields.items() if (day := _as_day(key, value))]
    dated.sort(key=lambda pair: (not _PUBLISHED.search(pair[0]), bool(_CHANGED.search(pair[0]))))
    return dated[0][1] if dated else ""


def _as_day(key: str, value: Any) -> str:
    """A field as an ISO day in China, '' if it is none: text with a date, seconds or milliseconds since 1970."""
    if isinstance(value, dict):  # tip: {dates: …}
        inner = [_as_day(str(name), each) for name, each in value.items() if not isinstance(each, dict)]
        return next((day for day in inner if day), "")
    if not _DAY.search(key) or isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value)
    match = _DATE.search(text)
    if match:
        return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"
    if re.fullmatch(r"[0-9]{10}(?:[0-9]{3})?(?:\.0)?", text):
        seconds = int(text[:10])
        return datetime.fromtimestamp(seconds, UTC).astimezone(_CHINA).date().isoformat()
    return ""
