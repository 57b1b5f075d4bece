"""What a page of a listing says to its source, and how that is kept, so that a page that has not changed is not read again."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path

import nianbao.extraction
import nianbao.harvest
import nianbao.model
import nianbao.reading
from nianbao.model import ReportKind, Source
from nianbao.reading import Link


@dataclass(frozen=True, slots=True)
class ReadListing:
    """A page of a listing, read and judged; addresses are canonical, those within links as they stand on the page.

    url: where the page stands. follow: address → link that leads to a report. foreign: links to reports on hosts that the
    source does not allow. others: addresses of all links that are not followed. next_url: where the listing goes on, None
    at its end.
    """

    url: str
    follow: Mapping[str, Link]
    foreign: tuple[Link, ...]
    others: tuple[str, ...]
    next_url: str | None

    @property
    def addresses(self) -> frozenset[str]:
        """All that the page links to."""
        return frozenset((*self.follow, *self.others))

    def to_json(self) -> str:
        """One text that holds it all."""
        follow = [[address, *astuple(link)] for address, link in self.follow.items()]
        foreign = [astuple(link) for link in self.foreign]
        return json.dumps([self.url, follow, foreign, self.others, self.next_url], ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> ReadListing:
        """What `to_json` wrote."""
        url, follow, foreign, others, next_url = json.loads(text)
        links = {address: Link(*link) for address, *link in follow}
        return cls(url, links, tuple(Link(*link) for link in foreign), tuple(others), next_url)


def read_by(source: Source, kind: ReportKind) -> str:
    """An id of all that decides, beside its bytes, what a page of a listing says to a source: this code and the registry."""
    told = (
        source.listings,
        source.family,
        sorted(source.parameters.items()),
        source.hosts,
        source.aliases,
        source.follow,
    )
    return hashlib.sha256(f"{_code()} {_kind(kind)} {told}".encode()).hexdigest()[:16]


def _kind(kind: ReportKind) -> str:
    return json.dumps([kind.kind_id, kind.rules], ensure_ascii=False, sort_keys=True, default=dict)


@cache
def _code() -> str:
    """A hash over the code that reads and judges pages, and the version of the parser."""
    digest = hashlib.sha256(f"selectolax {importlib.metadata.version('selectolax')}".encode())
    for package in (nianbao.model, nianbao.reading, nianbao.extraction, nianbao.harvest):
        folder = Path(str(package.__file__)).parent
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
