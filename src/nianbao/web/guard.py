"""What holds for every answer: which hosts and methods are answered, and which headers an answer carries."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_METHODS = ("GET", "HEAD")
# Pages of a release carry their style inside, and no script; nothing is loaded from elsewhere.
_POLICY = (
    "default-src 'self'; img-src 'self' data:; script-src 'none'; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Refuses what is not asked for by a known name, and writes; adds the headers of safety to every answer.

    hosts: names that a request may come for, besides those of the loopback. A page elsewhere whose name is made to lead
    to this machine (DNS rebinding) comes with its own name, and gets nothing.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = ()) -> None:
        self._app = app
        self._hosts = LOOPBACK_NAMES | {host.lower() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        refusal = self._refusal(scope)
        await (refusal or self._app)(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        host = host_name(Headers(scope=scope).get("host", ""))
        if host not in self._hosts:
            return PlainTextResponse(
                f"This server does not answer for the host '{host or '?'}'; NIANBAO_WEB_HOSTS names those it answers for.\n",
                status_code=421,
            )
        if scope["method"] not in _METHODS:
            return PlainTextResponse(
                "This server is for reading only: it answers GET and HEAD.\n",
                status_code=405,
                headers={"Allow": ", ".join(_METHODS)},
            )
        return None


def host_name(header: str) -> str:
    """The name or address in a Host header, lower case and without its port; '' if it holds none."""
    try:
        return (urlsplit(f"//{header}").hostname or "") if header.isascii() and "@" not in header else ""
    except ValueError:
        return ""
