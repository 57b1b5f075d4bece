"""A requests transport adapter that connects to a given address for given hosts, as curl's --connect-to does.

The address in the request, the Host header and the archive keep the host's name; only the connection differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connectionpool import ConnectionPool


class ConnectToAdapter(HTTPAdapter):
    """connect_to: host → (address, port). Hosts that are not listed are looked up as usual.

    A stand-in for a site has no certificate of the site's: it is spoken to in plain HTTP, whatever the address says,
    unless its port is 443.
    """

    def __init__(self, connect_to: Mapping[str, tuple[str, int]]) -> None:
        self._connect_to = connect_to
        # A refused connection is not tried again here: the fetcher decides about that.
        super().__init__(max_retries=0, pool_maxsize=4)

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: bool | str | None,
        proxies: Mapping[str, str] | None = None,
        cert: tuple[str, str] | str | None = None,
    ) -> ConnectionPool:
        """The connection pool for a request, of the mapped address where there is one."""
        parts = urlsplit(request.url or "")
        mapped = self._connect_to.get((parts.hostname or "").lower())
        if mapped is None:
            return super().get_connection_with_tls_context(request, bool(verify), proxies, cert)
        # The Host header would otherwise be made from the pool's address.
        request.headers["Host"] = parts.netloc.rpartition("@")[2]
        scheme = parts.scheme if mapped[1] == 443 else "http"
        pool: ConnectionPool = self.poolmanager.connection_from_host(mapped[0], mapped[1], scheme=scheme)
        return pool
