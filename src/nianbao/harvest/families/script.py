"""What the scripts of a listing page say about its pages, as text: scripts are never run."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

_TOTAL = re.compile(
    r"(?:total_?pages?|page_?count|count_?page|pages?_?total|page_?num_?total|maxpage)[\"']?\s*[:=]\s*[\"']?(\d{1,5})\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?P<stem>[^/]*?)(?:_(?P<number>\d{1,5}))?\.(?P<ext>s?html?|jsp)$", re.IGNORECASE)


def next_numbered(text: str, url: str, second: int) -> str | None:
    """The page after this one among index.html, index_N.html …, when a script says how many there are.

    second: the number in the name of the second page: 1 where pages are counted from 0, else 2.
    """
    totals = [int(found[1]) for found in _TOTAL.finditer(text)]
    if not totals:
        return None
    folder, _, file = urlsplit(url).path.rpartition("/")
    here = _NUMBERED.fullmatch(file or "index.html")
    if here is None:
        return None
    number = int(here["number"]) if here["number"] else second - 1
    if number - second + 2 >= max(totals):
        return None
    return urljoin(url, f"{folder}/{here['stem']}_{number + 1}.{here['ext']}")


def turned(listing: str, url: str) -> str | None:
    """The address of the page after `url`, of a listing whose address has {page} in it; None for other listings."""
    name = next((key for key, value in parse_qsl(urlsplit(listing).query) if value == "{page}"), None)
    if name is not None:
        return advanced(url, {name.lower()})
    before, found, after = listing.partition("{page}")
    if not found or "://" not in before:
        return None
    # The scheme may have been made the site's usual one.
    match = re.search(re.escape(before.partition("://")[2]) + r"(\d{1,6})" + re.escape(after), url)
    if match is None:
        return None
    return url[: match.start(1)] + str(int(match[1]) + 1) + url[match.end(1) :]


def advanced(url: str, names: Collection[str]) -> str | None:
    """The address with the page number in its query raised by one; None if no name of `names` (small letters) is there."""
    found = False

    def change(name: str, value: str) -> str:
        nonlocal found
        if name.lower() not in names or not re.fullmatch(r"[0-9]{1,6}", value):
            return value
        found = True
        return str(int(value) + 1)

    onward = with_query(url, change)
    return onward if found else None


def with_query(url: str, change: Callable[[str, str], str]) -> str:
    """The address with the values of its query changed: change(name, value) → value."""
    parts = urlsplit(url)
    pairs = [(key, change(key, value)) for key, value in parse_qsl(parts.query, keep_blank_values=True)]
    return urlunsplit(parts._replace(query=urlencode(pairs)))
