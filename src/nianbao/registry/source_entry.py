"""What one entry of sources/ may hold, checked key by key; `source_checks` looks at keys and entries together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from nianbao.model import Family
from nianbao.registry.entries import Code, Day, Entry, Slug

# What a family can be told beyond its listing; families that are not here have nothing to be told.
FAMILY_PARAMETERS: Mapping[Family, tuple[str, ...]] = MappingProxyType(
    {
        Family.GKMLPT: ("category",),
        Family.DETAILS_JSON: ("article", "first_page"),
    }
)
# Families whose listings may number their pages in the address, where {page} stands.
PAGED_FAMILIES = frozenset({Family.DETAILS_JSON, Family.JSONP, Family.GENERIC})

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?")
_WINDOW = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_LONGEST_SEEN = 200
_FEWEST_REQUESTS, _MOST_REQUESTS = 3, 100_000


def is_web_address(address: str) -> bool:
    """True for an http or https address with a host name or a bare address."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return False
    return bool(host) and parts.scheme in ("http", "https") and "{" not in (host or "")


def _listing(address: str) -> str:
    if not is_web_address(address):
        raise ValueError(f"'{address}' is no web address; a listing starts with http:// or https://")
    return address


def _host_name(host: str) -> str:
    if not _HOST.fullmatch(host.lower()):
        raise ValueError(f"'{host}' is no host name; give it without http:// and path, such as www.a.gov.cn")
    return host.lower()


def _plain_text(value: object) -> object:
    # A category is a number to YAML; nobody should have to quote it.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _requests(value: int) -> int:
    if not _FEWEST_REQUESTS <= value <= _MOST_REQUESTS:
        raise ValueError(
            f"`max_requests: {value}` is not sensible; give {_FEWEST_REQUESTS} (robots.txt, the listing and one"
            f" report) to {_MOST_REQUESTS}, or leave it out"
        )
    return value


def _window(value: str) -> str:
    match = _WINDOW.fullmatch(value)
    if not match or not all(_TIME.fullmatch(time) for time in match.groups()):
        raise ValueError(
            f"'{value}' is no window; give two times of day in China such as 20:00-07:00, or leave it out"
        )
    if match[1] == match[2]:
        raise ValueError(f"'{value}' begins when it ends; leave the window out if any hour will do")
    return value


def _seen(value: object) -> str:
    given = value if isinstance(value, list) else [value]
    texts = [_plain_text(each) for each in given]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError(
            f"'{value}' is not what was seen; give a short text, or a list of years such as [2020, 2023–2025]"
        )
    text = ", ".join(str(each).strip() for each in texts)
    if len(text) > _LONGEST_SEEN:
        raise ValueError(
            f"`seen` has {len(text)} characters; give years and bodies in {_LONGEST_SEEN}, the rest under `notes`"
        )
    return text


Listing = Annotated[str, AfterValidator(_listing)]
HostName = Annotated[str, AfterValidator(_host_name)]
Parameter = Annotated[str, BeforeValidator(_plain_text), Field(min_length=1)]


class SourceEntry(Entry):
    """One place on a website, of sources/**/*.yml. Exactly one of `listing` and `listings`."""

    id: Slug
    region: Code
    kind: Slug = "rule_of_law"
    listing: Listing | None = None
    listings: list[Listing] | None = None
    family: str = Family.GENERIC.value
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    issuer: Slug | None = None
    hosts: list[HostName] = Field(default_factory=list)
    aliases: list[HostName] = Field(default_factory=list)
    follow: Literal["titles", "all"] = "titles"
    delay_seconds: float = Field(default=1.0, ge=0, le=3600)
    max_pages: int = Field(default=20, ge=1)
    max_requests: Annotated[int, AfterValidator(_requests)] = 500
    window: Annotated[str, AfterValidator(_window)] = ""
    expected_issuers: list[Slug] = Field(default_factory=list)
    expected_since: int | None = Field(default=None, ge=2000, le=2100)
    simulated: bool = False
    verified: Day = None
    seen: Annotated[str, BeforeValidator(_seen)] = ""
    notes: str = ""

    @model_validator(mode="after")
    def _one_way_to_list(self) -> SourceEntry:
        if bool(self.listing) == bool(self.listings):
            raise ValueError("give either `listing` (one address) or `listings` (a list of addresses)")
        return self

    @property
    def addresses(self) -> tuple[str, ...]:
        """All listing addresses."""
        return tuple(self.listings or ()) + ((self.listing,) if self.listing else ())
