"""Pages in other encodings than they were written in, with right, wrong or missing labels; traditional characters."""

from __future__ import annotations

import re
from functools import cache

from .site import HTML
from .texts import load

_CHARSET = re.compile(r"<meta[^>]*charset=[^>]*>", re.IGNORECASE)
# encoding, label: as found on sites
MIXED_LABELS = (
    ("gb18030", "gb18030"), ("gb18030", ""), ("gbk", "gb2312"), ("gb18030", "utf-8"), ("utf-8", ""), ("utf-8", "gbk"),
)  # fmt: skip


def relabelled(page: str, encoding: str, charset: str) -> tuple[bytes, str]:
    """The page in an encoding, its head and its media type naming a charset ('' for neither), and that media type."""
    said = f'<meta charset="{charset}">' if charset else ""
    body = _CHARSET.sub(said, page, count=1).encode(encoding, "xmlcharrefreplace")
    return body, f"{HTML}; charset={charset}" if charset else HTML


def page_text(body: bytes) -> tuple[str, str]:
    """The text of a page that a shape has written, and its encoding."""
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return body.decode("gb18030"), "gb18030"


@cache
def _table() -> dict[int, int]:
    pairs = load("traditional")
    return str.maketrans(str(pairs["simplified"]), str(pairs["traditional"]))


def traditional(text: str) -> str:
    """The text in traditional characters, one for one, as gateways convert them."""
    return text.translate(_table())
