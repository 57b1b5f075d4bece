"""Where a source may lead: its hosts and ports, and the one way of writing an address there."""

from __future__ import annotations

from urllib.parse import quote, urldefrag, urljoin, urlsplit

from nianbao.harvest import addresses
from nianbao.model import Source

_ORDINARY_PORTS = frozenset({80, 443})
_LOCATION_SAFE = "%/:?#[]@!$&'()*+,;=-._~|"


class Bounds:
    """The hosts of a source's listings and `hosts`, with the unusual ports that are named there, and its aliases."""

    def __init__(self, source: Source) -> None:
        self._simulated = source.simulated
        self._places = addresses.places_of(source.listings, source.aliases)
        self._ports: dict[str, frozenset[int]] = {}
        self._canonical: dict[str, str] = {}  # a visit asks for each link of a listing several times
        for address in (*source.listings, *(f"//{host}" for host in source.hosts)):
            parts = urlsplit(address)
            host = addresses.ascii_host(parts.hostname or "")
            named = frozenset() if parts.port is None else frozenset({parts.port})
            self._ports[host] = self._ports.get(host, frozenset()) | named

    def canonical(self, url: str) -> str:
        """The one address of a page, as the source writes it."""
        found = self._canonical.get(url)
        if found is None:
            found = self._canonical[url] = addresses.canonical(url, self._places)
        return found

    def at_home(self, url: str) -> str:
        """`url` with an alias replaced by the listing's host."""
        try:
            return addresses.at_home(url, self._places)
        except ValueError:
            return url  # refused as no address

    def onward(self, url: str, location: str) -> str:
        """Where a Location header in the answer of `url` leads."""
        # Headers are read as Latin-1; the bytes behind, UTF-8 or GBK, are what the site means.
        location = quote(location.strip().encode("latin-1", "replace"), safe=_LOCATION_SAFE)
        try:
            return self.at_home(urldefrag(urljoin(url, location)).url)
        except ValueError:
            return location  # refused as no address

    def is_elsewhere(self, url: str) -> bool:
        """True for a page on the web on a host that the source does not allow."""
        try:
            place = addresses.place_of(urlsplit(url))
        except ValueError:
            return False
        return place is not None and place.host not in self._ports

    def refusal(self, url: str) -> str:
        """A sentence why `url` lies out of bounds, '' if it does not."""
        try:
            parts = urlsplit(url)
            host = addresses.ascii_host(parts.hostname or "")
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            return f"{url} is not an address"
        if parts.scheme not in ("http", "https"):
            return f"{url} is neither http nor https"
        if host not in self._ports:
            return f"{url} lies on {host}, which the source does not allow; add it to `hosts` if it is the issuer's"
        if "@" in parts.netloc:
            return f"{url} carries a user's name, which no public page needs"
        if not self._simulated and port not in _ORDINARY_PORTS | self._ports[host]:
            return f"{url} lies on port {port}, which no listing of the source names"
        return ""
