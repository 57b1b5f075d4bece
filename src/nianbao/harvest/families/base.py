"""What a family of sites is: where its listings begin, what a listing page says, and which addresses are articles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from nianbao.model import Family
from nianbao.reading import Link


@dataclass(frozen=True, slots=True)
class Page:
    """An answer of a site: its address, its bytes, its Content-Type header."""

    url: str
    body: bytes
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class ListingPage:
    """What one page of a listing says.

    links: its entries in the order of the page, each with title and date as far as shown. next_url: where the listing
    goes on, None at its end. total: how many entries the listing says it has, None where it does not say.
    """

    links: tuple[Link, ...]
    next_url: str | None = None
    total: int | None = None


class SiteFamily(Protocol):
    """One way of publishing. Stateless: what a page says depends on the page and on the parameters alone.

    parameters: those of the source, and `listing`, the registry's address of the listing that the page belongs to.
    """

    @property
    def name(self) -> Family:
        """Which family this is."""

    def start(self, listing: str, parameters: Mapping[str, str]) -> str:
        """The address to ask for first, for a listing of the registry."""

    def read(self, page: Page, parameters: Mapping[str, str]) -> ListingPage:
        """The entries of a page and where the listing goes on. Never raises for what a page holds."""

    def is_article(self, url: str) -> bool:
        """True for an address that has the shape of this family's articles."""

    def recognise(self, page: Page) -> str:
        """What in this page speaks for the family, in a sentence; '' if nothing does."""
