"""An article that a site's script would draw, answered as JSON → Document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from nianbao.model import Document, Outcome, UnreadableError
from nianbao.reading.decoding import Decoded
from nianbao.reading.html import absolute_url, read_html
from nianbao.reading.lines import Line, document, split, squeeze
from nianbao.reading.sniffing import JSON

_START = re.compile(r"\s{0,100}(?:[A-Za-z_$][\w$.]{0,100}\s{0,10}\(\s{0,10})?[\[{]")
_END = re.compile(r"\)?\s{0,100};?\s{0,100}$")
_CHARACTERS = 20_000_000
_VALUES = 200_000
_DEPTH = 60
# Shorter texts are titles and summaries.
_CONTENT = 100
_TITLE = re.compile(
    r"^(?:(?:article|info|doc|news|main|xx)?_?(?:title|biaoti|bt)|headline|name|subject)$", re.IGNORECASE
)
# What a name says about its value, and the label under which it is written.
_FACTS = (
    (
        "发布日期",
        re.compile(
            r"^(?:(?:pub(?:lish)?|release|display|issue|fb|show|web)_?(?:ed)?_?(?:date|time|rq|sj|on)|pubdate|fbrq|fbsj|docreltime|time|date)$",
            re.IGNORECASE,
        ),
    ),
    (
        "成文日期",
        re.compile(
            r"^(?:cwrq|(?:write|written|create[dn]?_?doc|sign|doc|generate)_?(?:date|time))$", re.IGNORECASE
        ),
    ),
    (
        "发布机构",
        re.compile(
            r"^(?:(?:pub(?:lish)?(?:er|ing)?|issu(?:ing|e|er))_?(?:org(?:an|anization)?|dept|department|unit|agency|name)?|fbjg|organ|organ_?name|dept_?name|org_?name|fwjg|fwdw)$",
            re.IGNORECASE,
        ),
    ),
    ("来源", re.compile(r"^(?:source|source_?name|ly|info_?source|docsourcename)$", re.IGNORECASE)),
    (
        "文号",
        re.compile(r"^(?:file_?num(?:ber)?|doc_?(?:num(?:ber)?|no)|wh|file_?no|wenhao)$", re.IGNORECASE),
    ),
    ("索引号", re.compile(r"^(?:index_?(?:num(?:ber)?|no|code)|idxid|syh|suoyinhao)$", re.IGNORECASE)),
)
_FILE = re.compile(r"^[^\s<>\"]{1,2000}\.(?:pdf|docx?|wps|ofd)(?:\?[^\s<>\"]{0,500})?$", re.IGNORECASE)
_HTML = re.compile(r"<\s{0,3}/?\s{0,3}(?:p|div|br|span|table|section|h[1-6])\b", re.IGNORECASE)


def is_json(text: str) -> bool:
    """Whether decoded text is JSON or JSONP, by its form; a header that says so makes no page JSON."""
    return bool(_START.match(text)) and text[-200:].rstrip().rstrip(";").rstrip()[-1:] in ("}", "]", ")")


def read_json(decoded: Decoded, url: str) -> Document | None:
    """The longest text of a JSON answer as an article, with title, dates, organ and files; None if it is no JSON.

    Raises UnreadableError for answers without an article in them (UNSUPPORTED_FORMAT) and for those beyond the bounds.
    """
    if len(decoded.text) > _CHARACTERS:
        raise UnreadableError(
            f"the JSON answer has {len(decoded.text)} characters, far more than a report; look at it by hand",
            Outcome.OVERSIZED,
        )
    try:
        data = json.loads(_bare(decoded.text))
    except RecursionError as error:
        raise UnreadableError("the JSON answer is nested as no site does; look at it by hand") from error
    except ValueError:
        return None
    found = list(_values(data))
    content = max((text for _, text, _ in found if isinstance(text, str)), key=len, default="")
    files = dict(_files(found, url))
    if len(content) < _CONTENT:
        if not files:
            raise UnreadableError(
                "is a JSON answer without an article in it; look at the address by hand",
                Outcome.UNSUPPORTED_FORMAT,
            )
        return _cover(found, files, decoded)
    beside = _beside(found, content)
    title = _title(beside)
    inner = _inner(content, decoded, url)
    facts = [line for line in ([title] if title else []) + _fact_lines(beside) if line not in inner.text]
    lines = [Line(text) for text in facts] + [Line(inner.text[b.start : b.end]) for b in inner.blocks]
    files |= dict(inner.attachments)
    made = document(lines, JSON, encoding=decoded.encoding, title=title, warnings=decoded.warnings)
    return replace(made, attachments=tuple(files.items()), meta=inner.meta)


def _cover(found: list[tuple[str, Any, int]], files: dict[str, str], decoded: Decoded) -> Document:
    """An answer that only points at the files that hold the article."""
    values = [(name, value) for name, value, _ in found]
    title = _title(values)
    lines = [Line(text) for text in ([title] if title else []) + _fact_lines(values)]
    made = document(lines, JSON, encoding=decoded.encoding, title=title, warnings=decoded.warnings)
    return replace(made, attachments=tuple(files.items()))


def _title(values: list[tuple[str, Any]]) -> str:
    said = (v for n, v in values if _TITLE.match(n) and isinstance(v, str) and v.strip())
    return next((squeeze(_plain(text)) for text in said), "")


def _bare(text: str) -> str:
    """JSON without the function call of JSONP around it."""
    match = _START.match(text)
    if match is None:
        return text
    begin = match.end() - 1
    return text[begin : _END.search(text).start()] if "(" in match[0] else text  # type: ignore[union-attr]


def _values(data: Any) -> Iterator[tuple[str, Any, int]]:
    """(name, value, number of the object it stands in) of all that is no container, in order."""
    stack: list[tuple[str, Any, int, int]] = [("", data, 0, 0)]
    objects = seen = 0
    while stack:
        name, value, owner, depth = stack.pop()
        if isinstance(value, dict | list):
            if depth >= _DEPTH:
                continue
            objects += isinstance(value, dict)
            inside = objects if isinstance(value, dict) else owner
            items = value.items() if isinstance(value, dict) else ((name, item) for item in value)
            stack.extend(reversed([(str(key), item, inside, depth + 1) for key, item in items]))
        else:
            seen += 1
            if seen > _VALUES:
                raise UnreadableError(
                    f"the JSON answer holds more than {_VALUES} values; look at it by hand", Outcome.OVERSIZED
                )
            yield name, value, owner


def _beside(found: list[tuple[str, Any, int]], content: str) -> list[tuple[str, Any]]:
    """The values of the object that holds the content first, then those of all others."""
    owner = next(number for _, value, number in found if value is content or value == content)
    here = [(name, value) for name, value, number in found if number == owner]
    return here + [(name, value) for name, value, number in found if number < owner]


def _fact_lines(beside: list[tuple[str, Any]]) -> list[str]:
    lines = []
    for label, pattern in _FACTS:
        for name, value in beside:
            shown = _shown(value, "日期" in label) if pattern.match(name) else ""
            if shown:
                lines.append(f"{label}：{shown}")
                break
    return lines


def _shown(value: Any, is_date: bool) -> str:
    """A value as a line shows it; moments in seconds or milliseconds since 1970 as the day in China."""
    if is_date and not isinstance(value, bool):
        number = (
            value
            if isinstance(value, int)
            else int(value)
            if isinstance(value, str) and re.fullmatch(r"\d{10}(?:\d{3})?", value)
            else 0
        )
        seconds = number // 1000 if number > 10**11 else number
        if 10**8 < seconds < 10**10:
            return datetime.fromtimestamp(seconds + 8 * 3600, UTC).strftime("%Y-%m-%d")
    if not isinstance(value, str) or not value.strip() or len(value) > 100:
        return ""
    return squeeze(_plain(value)) if not is_date or re.search(r"\d{4}", value) else ""


def _plain(text: str) -> str:
    return re.sub(r"<[^<>]{0,200}>", "", text)


def _inner(content: str, decoded: Decoded, url: str) -> Document:
    """The content as a page of its own, or as plain lines."""
    if _HTML.search(content):
        page = f"<html><body><div>{content}</div></body></html>"
        return read_html(Decoded(page, decoded.encoding), url)
    return document(split(content), JSON)


def _files(found: list[tuple[str, Any, int]], url: str) -> Iterator[tuple[str, str]]:
    names = {
        number: value
        for name, value, number in found
        if re.search("name|title", name, re.IGNORECASE) and isinstance(value, str)
    }
    for _, value, number in found:
        if isinstance(value, str) and _FILE.match(value) and ("/" in value):
            absolute = absolute_url(url, value)
            if absolute:
                yield absolute, squeeze(names.get(number, ""))[:200]
