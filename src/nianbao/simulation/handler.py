"""How one request to a simulated host is answered: resources, 304, faults of the wire."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Protocol, cast

from . import wire
from .faults import Fault, FaultKind, error_page
from .site import HTML, Resource, Site, Validators

_SERVER_NAME = "simulated-district"
_WITH_ETAG = (Validators.STRONG, Validators.WEAK)
_NEVER_UNCHANGED = (Validators.CHANGING, Validators.NONE)


class Counts(Protocol):
    """What a handler tells about each answer."""

    def add(self, host: str, path: str, status: int) -> None:
        """Counts one answer."""


class Owner(Protocol):
    """What a handler asks of the server it belongs to."""

    hosts: Mapping[str, Site]
    stopping: threading.Event

    @property
    def requests(self) -> Counts:
        """Where answers are counted."""

    def hit(self, host: str, target: str) -> int:
        """Which request for a target this is, from 1."""


class Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection. host: the site that is asked."""

    protocol_version = "HTTP/1.1"
    server_version = _SERVER_NAME
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave in one piece
    timeout = 60
    host = ""

    def log_message(self, format: str, *args: object) -> None:
        """Requests are counted, not printed."""

    def do_GET(self) -> None:
        """Answers with the resource, a 304, or the fault that is set for the address."""
        self._answer()

    def do_HEAD(self) -> None:
        """As GET, without the body."""
        self._answer()

    @property
    def owner(self) -> Owner:
        """The server."""
        return cast(Owner, self.server)

    def _answer(self) -> None:
        self.host = self.headers.get("Host", "").rsplit(":", 1)[0].lower()
        site = self.owner.hosts.get(self.host)
        if site is None:
            self.send(Resource(f"no such host here: {self.host}".encode(), "text/plain", status=421))
            return
        # an endless redirect counts up in the query, the fault belongs to the path
        bare = self.path.split("?", 1)[0]
        target = self.path if site.fault(self.path) or not site.fault(bare) else bare
        fault = site.fault(target)
        hit = self.owner.hit(self.host, target)
        resource = site.find(self.path)
        if resource and fault and fault.kind is FaultKind.FORCED_GZIP:
            resource = wire.gzipped(resource)
        if fault and (not fault.times or hit <= fault.times) and not self._passes(fault):
            wire.misbehave(self, fault, resource or Resource(b"", HTML), hit)
        elif resource is None:
            self.send(Resource(error_page("404 Not Found").encode(), HTML, status=404))
        elif self._unchanged(resource):
            self._not_modified(resource)
        else:
            self.send(resource, hit)

    def _passes(self, fault: Fault) -> bool:
        """True for a fault that lets this request through to the resource."""
        if fault.kind is FaultKind.COOKIE_GATE:
            return wire.GATE_COOKIE in self.headers.get("Cookie", "")
        return fault.kind is FaultKind.FORCED_GZIP

    # --- what is right ---------------------------------------------------------------------------------------

    def _unchanged(self, resource: Resource) -> bool:
        """True if the request's validators say that the client has this very content (RFC 9110: the tag wins)."""
        if resource.last_modified is None or resource.status != HTTPStatus.OK:
            return False
        tags = self.headers.get("If-None-Match")
        if tags is not None and resource.validators is not Validators.DATE:
            known = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
            return resource.validators in _WITH_ETAG and (resource.etag in known or tags.strip() == "*")
        since = self.headers.get("If-Modified-Since")
        if since is None or resource.validators in _NEVER_UNCHANGED:
            return False
        try:
            return _whole(resource.last_modified) <= parsedate_to_datetime(since).astimezone(UTC)
        except (TypeError, ValueError):
            return False  # a date that cannot be read is to be ignored

    def _not_modified(self, resource: Resource) -> None:
        self.begin(304)
        self._validators(resource, 1)
        self.end_headers()

    def send(self, resource: Resource, hit: int = 1) -> None:
        """Answers with the resource. hit: which request for the address this is."""
        self.begin(resource.status)
        self.describe(resource, len(resource.body), hit)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(resource.body)

    def begin(self, status: int, counted: int | None = None) -> None:
        """The status line. counted: what the answer counts as, where it is not the status (0: broken off)."""
        self.count(status if counted is None else counted)
        self.send_response(status)

    def count(self, status: int) -> None:
        """Counts this answer; 0 for a broken one."""
        self.owner.requests.add(self.host, self.path, status)

    def describe(self, resource: Resource, length: int | None, hit: int = 1) -> None:
        """The headers. length: of the body as announced, None to announce none."""
        self.send_header("Content-Type", resource.media_type)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in resource.headers:
            self.send_header(name, value)
        self._validators(resource, hit)

    def _validators(self, resource: Resource, hit: int) -> None:
        if resource.last_modified is None or resource.validators is Validators.NONE:
            return
        if resource.validators is Validators.CHANGING:
            self.send_header("ETag", f'{resource.etag[:-1]}-{hit}"')
            return
        if resource.validators in _WITH_ETAG:
            weak = "W/" if resource.validators is Validators.WEAK else ""
            self.send_header("ETag", weak + resource.etag)
        self.send_header("Last-Modified", format_datetime(_whole(resource.last_modified), usegmt=True))


def _whole(moment: datetime) -> datetime:
    """UTC without the fraction of a second, as HTTP dates are."""
    return moment.astimezone(UTC).replace(microsecond=0)
