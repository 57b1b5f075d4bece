"""Families whose listings are web pages with links: what differs is the shape of their addresses and their pager."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from nianbao.harvest.families.base import ListingPage, Page
from nianbao.harvest.families.dates import day_in, numbered_day_in
from nianbao.harvest.families.script import next_numbered, turned
from nianbao.model import Family, UnreadableError
from nianbao.reading import Link, decode, links, next_page

# Scripts that say how many pages there are stand anywhere in a page, but never in its first megabytes of nothing else.
_LONGEST_TEXT = 2_000_000
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class PageFamily:
    """A listing of links. article: shape of its articles' addresses. shape: the same in words, for people.
    day: reads the day in an address.

    second: the number in the name of a listing's second page, index_1.html or index_2.html.
    """

    name: Family
    article: re.Pattern[str]
    shape: str
    second: int = 2
    day: Callable[[str], str] = day_in

    def start(self, listing: str, parameters: Mapping[str, str]) -> str:
        """The listing itself, its first page where pages are numbered in the address."""
        return listing.replace("{page}", parameters.get("first_page", "1"))

    def read(self, page: Page, parameters: Mapping[str, str]) -> ListingPage:
        """The links of a page; the next one by its pager, by what scripts say, or by the number in the address."""
        found = dated(links(page.body, page.url, page.media_type), self.day)
        onward = turned(parameters.get("listing", ""), page.url) if found else None
        if onward is None:
            onward = next_page(page.body, page.url, page.media_type)
        if onward is None:
            onward = next_numbered(text_of(page), page.url, self.second)
        return ListingPage(found, onward)

    def is_article(self, url: str) -> bool:
        """True for an address of this shape."""
        return self.article.search(url) is not None

    def recognise(self, page: Page) -> str:
        """How many of its links have this shape."""
        shaped = sum(self.is_article(link.url) for link in links(page.body, page.url, page.media_type))
        return f"{shaped} of its links have the shape {self.shape}" if shaped >= _FEWEST else ""


def dated(found: Iterable[Link], day: Callable[[str], str] = day_in) -> tuple[Link, ...]:
    """Links with the day of their address where their row shows none."""
    return tuple(link if link.date else replace(link, date=day(link.url)) for link in found)


def text_of(page: Page) -> str:
    """A page's source as text, '' for what is no text."""
    try:
        return decode(page.body[:_LONGEST_TEXT], page.media_type).text
    except UnreadableError:
        return ""


GENERIC = PageFamily(
    Family.GENERIC, re.compile(r"/[^/?#]*\d[^/?#]*\.s?html?$|[?&]\w*id=[\w-]+"), "a number in the file's name"
)
TRS = PageFamily(Family.TRS, re.compile(r"/t20\d{6}_\d+\.s?html?$"), "/YYYYMM/tYYYYMMDD_ID.html", second=1)
SHANGHAI_HEX = PageFamily(
    Family.SHANGHAI_HEX,
    re.compile(
        r"/(?:20\d{6}|20\d{4})/[0-9a-f]{32}\.s?html?$|/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.s?html?$",
        re.IGNORECASE,
    ),
    "/YYYYMMDD/HEX32.html or UUID.html",
)
DAY_OF_YEAR = PageFamily(
    Family.DAY_OF_YEAR,
    re.compile(r"/20\d\d/\d{1,3}/\d+\.html?$|/20\d{6}/\d+\.html?$"),
    "/YYYY/DDD/ID.html",
    day=numbered_day_in,
)
SNOWFLAKE = PageFamily(
    Family.SNOWFLAKE, re.compile(r"/\d{17,20}\.s?html?$"), "a snowflake number of 17 to 20 digits"
)
CONTENT_ID = PageFamily(Family.CONTENT_ID, re.compile(r"/content_\d+\.s?html?$"), "/content_ID.html")
PUBLIC_PLATFORM = PageFamily(
    Family.PUBLIC_PLATFORM, re.compile(r"/public/\w+/\d+\.html?$"), "/public/ORGAN/ID.html"
)
VSB = PageFamily(Family.VSB, re.compile(r"/info/\d+/\d+\.html?$|[?&]wbnewsid=\d+"), "/info/COLUMN/ID.htm")
