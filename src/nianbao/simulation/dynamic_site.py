"""Websites whose listings come from endpoints that look at the query, as those of script-drawn pages do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from urllib.parse import parse_qsl

from .site import Resource, StaticSite

Query = Mapping[str, str]
Answer = Callable[[Query], str | None]
_LONGEST_NUMBER = 9
_SESSION = re.compile(r";jsessionid=\w{1,64}", re.IGNORECASE)
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What one path answers with for any query. answer: the text for a query, None where there is nothing."""

    answer: Answer
    media_type: str
    last_modified: datetime

    def resource(self, query: Query) -> Resource | None:
        """The answer for a query; its parameters may come in any order, and unknown ones do not matter."""
        text = self.answer(query)
        return None if text is None else Resource(text.encode(), self.media_type, self.last_modified)


@dataclass(slots=True)
class DynamicSite(StaticSite):
    """A website of fixed resources and, where there is none, of endpoints by path."""

    endpoints: dict[str, Endpoint] = field(default_factory=dict)

    def find(self, target: str) -> Resource | None:
        """The resource of exactly this target, else what the endpoint of its path answers. A session in the path, as
        servers put it there for clients without cookies, changes nothing."""
        target = _SESSION.sub("", target)
        found = StaticSite.find(self, target)
        path, _, query = target.partition("?")
        if found is None and path in self.endpoints:
            return self.endpoints[path].resource(dict(parse_qsl(query, keep_blank_values=True)))
        return found


def number(query: Query, name: str, default: int = 1) -> int:
    """A parameter as a number; the default where it is missing, 0 where it is none (no page has that number)."""
    said = query.get(name, str(default))
    return int(said) if said.isascii() and said.isdigit() and len(said) <= _LONGEST_NUMBER else 0


def page_of(rows: Sequence[_Row], page: int, size: int) -> Sequence[_Row]:
    """The rows of a page counted from 1; empty out of range."""
    return rows[(page - 1) * size : page * size] if page > 0 else rows[:0]


def page_count(rows: Sequence[object], size: int) -> int:
    """How many pages so many rows fill."""
    return -(-len(rows) // size)
