"""One address for one page: what may differ in an address without another page being meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# Everything that RFC 3986 lets stand in a path or a query, and the sign of an escape.
_LEGAL = "/%:?@!$&'()*+,;=-._~"
_SESSION_SEGMENT = re.compile(r"/\([SAF]\([0-9A-Za-z_-]{1,64}\)\)(?=/)")  # ASP.NET without cookies
_SESSION_SUFFIX = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
# What names a visitor or a moment, not a page. `sid`, `id`, `infoid` and `page` choose pages and stay.
_VISITOR = re.compile(
    r"(?:jsessionid|phpsessid|aspsessionid\w{0,32}|asp\.net_sessionid|_t|_|timestamp|utm_\w{1,32})",
    re.IGNORECASE,
)
_GATEWAY = re.compile(r"/gate/big5/(?P<host>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+(?::\d{1,5})?)(?P<path>/.*|)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a host's pages are asked for: scheme, host, and the port where it is not the scheme's own."""

    scheme: str
    host: str
    port: int | None = None

    @property
    def netloc(self) -> str:
        """Host and port as they stand in an address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"


def canonical(url: str, places: Mapping[str, Place] | None = None) -> str:
    """The one address of a page; the address of anything but a page on the web comes back as it is.

    Host in lower case and ASCII, no port that goes without saying, no dot segments, escapes in normal form (the bytes
    behind an escape stay, since they may be GBK), no session id, no cache buster, no fragment; a page behind the big5
    gateway is the page itself. places: where the pages of a host or `host:port` stand (`places_of`).
    canonical(canonical(url)) is canonical(url).
    """
    try:
        parts = urlsplit(url.strip())
        place = place_of(parts)
    except ValueError:
        return url
    if place is None:
        return url
    path = _path(parts.path)
    for _ in range(len(url)):  # a gateway may stand before a gateway
        behind = _GATEWAY.fullmatch(path)
        if behind is None:
            break
        try:
            inner = place_of(urlsplit(f"{place.scheme}://{behind['host']}"))
        except ValueError:
            break
        if inner is None:
            break
        place, path = inner, _path(behind["path"])
    place = (places or {}).get(place.netloc, place)
    return urlunsplit((place.scheme, place.netloc, path, _query(parts.query), ""))


def at_home(url: str, places: Mapping[str, Place]) -> str:
    """`url` with an alias of a host replaced by the host, and nothing else changed.

    Raises ValueError when it is no address.
    """
    parts = urlsplit(url)
    place = place_of(parts)
    if place is None:
        return url
    home = places.get(place.netloc, place)
    if home.host == place.host:
        return url
    return urlunsplit(parts._replace(scheme=home.scheme, netloc=home.netloc))


def places_of(listings: Iterable[str], aliases: Iterable[str]) -> dict[str, Place]:
    """Where the pages of the listings' hosts stand, by host (or host:port), and the aliases of the first of them."""
    places: dict[str, Place] = {}
    for listing in listings:
        try:
            place = place_of(urlsplit(listing))
        except ValueError:
            continue  # the registry has told its owner
        if place is not None:
            places.setdefault(place.netloc, place)
    first = next(iter(places.values()), None)
    if first is not None:
        for alias in aliases:
            places.setdefault(ascii_host(alias), first)
    return places


def place_of(parts: SplitResult) -> Place | None:
    """Where an address leads; None when it does not lead to a website. Raises ValueError for a port that is none."""
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return None
    scheme, port = parts.scheme, parts.port
    # Addresses are written with the other scheme's port by mistake; a browser would fail there.
    if port in _DEFAULT_PORTS.values():
        scheme, port = ("https" if port == 443 else "http"), None
    return Place(scheme, ascii_host(parts.hostname), port)


def ascii_host(host: str) -> str:
    """A host in lower case, without the dot at its end, in the ASCII that is looked up."""
    host = host.lower().rstrip(".")
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return host  # no name that can be looked up: asking says so


def escaped(text: str) -> str:
    """A path or query with escapes in normal form: upper case, only where needed, non-ASCII text as UTF-8."""
    text = _LONE_PERCENT.sub("%25", text)
    text = _ESCAPE.sub(_unescape_unreserved, text)
    return quote(text, safe=_LEGAL, errors="replace")


def _unescape_unreserved(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()


def _path(path: str) -> str:
    path = _SESSION_SUFFIX.sub("", escaped(path))
    path = _without_dots(path)
    # Removing one may bring another together with its neighbours, never more often than there are segments.
    while (shorter := _SESSION_SEGMENT.sub("", path)) != path:
        path = shorter
    return path or "/"


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _query(query: str) -> str:
    pieces = (piece for piece in escaped(query).split("&") if piece)
    return "&".join(piece for piece in pieces if not _VISITOR.fullmatch(piece.partition("=")[0]))
